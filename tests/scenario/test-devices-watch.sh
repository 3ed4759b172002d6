#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Devices that come and go while somebody watches: each change is told once, a burst of events is one look, and
# looking, opening and capturing start no look of their own.
# shellcheck source=tests/scenario/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

desk_start
lines=$ROOM/watch.lines
looks=$lines # what is for developers goes there as well
G_MESSAGES_DEBUG=all at_desk "$BUILD/src/cli/tamboctl" --json devices watch >"$lines" 2>"$ROOM/watch.log" &
started+=($!)
watcher=$!

# told COUNT PATTERN: waits until so many lines have said it.
told() {
  for _ in $(seq 600); do
    [ "$(grep -Ec -- "$2" "$lines" || true)" -ge "$1" ] && return 0
    sleep 0.1
  done
  cat "$lines" >&2
  broken "not told $1 times: $2"
}

n_looks() {
  grep -c 'looking at the devices' "$looks" || true
}

# Until no look is planned any more.
rest() {
  for _ in $(seq 600); do
    case $(grep -E 'looking at the devices|the devices are known' "$looks" | tail -n 1) in *known) return 0 ;; esac
    sleep 0.1
  done
  broken 'it does not come to rest'
}

pad_came='"event":"added","kind":"signature-pad"'
pad_went='"event":"removed","kind":"signature-pad".*"state":"removed"'
told 1 "$pad_came"
told 1 '"event":"added","kind":"camera"'
told 1 '"event":"added","kind":"fingerprint-reader"'
told 1 '"kind":"card-reader"'
held 'the devices at the start are told'

control pad unplug
told 1 "$pad_went"
held 'a pad that is pulled out is told'
control pad plug
told 2 "$pad_came"
held 'a pad that is plugged in is told'
control card remove
told 1 '"event":"card-removed","kind":"card-reader"'
held 'so is a card that is taken away'

rest
before=$(n_looks)
for _ in 1 2 3 4 5; do
  control pad unplug
  control pad plug
done
# Over USB a pad that came back in the same place is the same pad: it has to stay away to be missed.
control pad unplug
told 2 "$pad_went"
rest
after=$(n_looks)
# A burst is one look and a second one; a slow machine may tear it apart.
[ $((after - before)) -le 6 ] || broken "$((after - before)) looks at a burst of 22 events"
held "a burst of 22 events: $((after - before)) looks"
control pad plug
told 3 "$pad_came"
rest

before=$(n_looks)
check 'the pad gives a signature to another program' at_desk tamboctl capture signature -o "$ROOM/signature"
check 'the finger likewise' at_desk tamboctl capture finger -o "$ROOM/finger.png"
sleep 1
rest
same 'looks because of that' "$(n_looks)" "$before"

kill -TERM "$(pgrep -P "$watcher")"
status=0
wait "$watcher" || status=$?
same 'a signal ends the watch, with exit code' "$status" 0
