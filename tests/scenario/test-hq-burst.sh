#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Many ask headquarters at once: they are served, or told when to come back and then served; none is lost.
# TAMBO_LONG_TESTS=1 sends 1,000 at once.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

guests=300
[ -z "${TAMBO_LONG_TESTS:-}" ] || guests=1000
hq_make

# burst WHAT WORD…: headquarters serves with these options.
burst() {
  local pid url
  rm -f "$ROOM/hq.out"
  "$BUILD/src/hq/tambo-hq" serve "$ROOM/hq" --listen 127.0.0.1:0 "${@:2}" >"$ROOM/hq.out" 2>"$ROOM/hq.log" &
  pid=$!
  started+=("$pid")
  for _ in $(seq 600); do
    grep -qs '^listening on' "$ROOM/hq.out" && break
    sleep 0.05
  done
  url=https://$(sed -n 's/^listening on //p' "$ROOM/hq.out")
  "$BUILD/tests/scenario/hq-burst" "$ROOM/hq" "$ROOM" "$url" "$guests" 150 >"$ROOM/burst" 2>&1 ||
    broken "$1: $(cat "$ROOM/burst")"
  held "$1: $(cat "$ROOM/burst")"
  kill "$pid"
  wait "$pid" || broken 'headquarters did not end well'
}

burst "$guests at once"
burst "$guests at once where 60 are admitted" --connections 60
case $(cat "$ROOM/burst") in *', 0 times told'*) broken 'nobody was told to come back' ;; esac
[ "$(grep -c 'told to come back: too many connections' "$ROOM/hq.log")" -lt 40 ] || broken 'the log is flooded'
held 'the log says so in few lines'
