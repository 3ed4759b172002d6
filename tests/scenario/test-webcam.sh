#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A webcam: a PipeWire of the test's own, and in it a source that shows the played camera's portrait. What the
# station makes of it through its helper, and what it says when the source ends or stands still.
# shellcheck source=tests/scenario/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

for program in pipewire wireplumber gst-launch-1.0 dbus-daemon; do
  command -v "$program" >/dev/null || skip "no $program"
done
gst-launch-1.0 videotestsrc num-buffers=1 ! fakesink >/dev/null 2>&1 || skip 'no plug-ins of GStreamer'
"$BUILD/src/capture/tambo-capture-helper" list webcam </dev/zero >/dev/null 2>&1 || skip 'built without GStreamer'

name=Practice-webcam
unset TAMBO_WEBCAMS
export TAMBO_LIBEXECDIR=$BUILD/src/capture
export XDG_RUNTIME_DIR=$ROOM/run
export GST_REGISTRY_1_0=$ROOM/registry.bin

# wait_for WHAT COMMAND…: until the command succeeds.
wait_for() {
  local what=$1 _
  shift
  for _ in $(seq 1200); do
    ! "$@" 2>/dev/null || return 0
    sleep 0.05
  done
  broken "$what did not come"
}

server_start() {
  mkdir -m 0700 "$XDG_RUNTIME_DIR"
  dbus-daemon --session --nofork --print-address=1 >"$ROOM/bus" 2>"$ROOM/bus.log" &
  started+=($!)
  wait_for 'a bus' test -s "$ROOM/bus"
  DBUS_SESSION_BUS_ADDRESS=$(head -n 1 "$ROOM/bus")
  export DBUS_SESSION_BUS_ADDRESS
  pipewire >"$ROOM/pipewire.log" 2>&1 &
  started+=($!)
  wait_for "PipeWire's socket" test -S "$XDG_RUNTIME_DIR/pipewire-0"
  wireplumber >"$ROOM/wireplumber.log" 2>&1 &
  started+=($!)
}

# Somebody looks on all the time: this source of GStreamer's, once nobody does, never shows anything again.
source_start() {
  gst-launch-1.0 multifilesrc location="$ROOM/person.jpg" loop=true caps=image/jpeg,framerate=25/1 ! jpegdec ! \
    videoconvert ! video/x-raw,format=I420,pixel-aspect-ratio=1/1 ! identity sync=true ! pipewiresink mode=provide \
    stream-properties="props,media.class=Video/Source,media.role=Camera,node.name=practice,node.description=$name" \
    >"$ROOM/source.log" 2>&1 &
  source=$!
  started+=("$source")
  wait_for 'the webcam' is_listed
  gst-launch-1.0 pipewiresrc target-object=practice ! videoconvert ! video/x-raw,format=I420 ! fakesink sync=false \
    >"$ROOM/onlooker.log" 2>&1 &
  onlooker=$!
  started+=("$onlooker")
  wait_for 'a picture, or the end of who waits for it' is_shown_or_over
  is_shown
}

is_shown() {
  grep -q 'New clock: pipewireclock' "$ROOM/onlooker.log"
}

is_shown_or_over() {
  is_shown || ! kill -0 "$onlooker"
}

source_stop() {
  kill -KILL "$source"
  wait "$source" 2>/dev/null || true
  kill "$onlooker" 2>/dev/null || true
  wait "$onlooker" 2>/dev/null || true
}

is_listed() {
  case $(tamboctl devices list) in *"$name"*pipewire*ready*) return 0 ;; *) return 1 ;; esac
}

# measures FILE: what the judge of portraits says of it, without the numbers.
measures() {
  tamboctl --json portrait check "$1" 2>/dev/null | "$python" -c '
import json, sys
print(*[m["measure"] + "=" + str(m["passed"]) for m in json.load(sys.stdin)["images"][0]["measures"]])' || true
}

shoot() {
  rm -f "$ROOM/portrait.jpg"
  tamboctl capture portrait -o "$ROOM/portrait.jpg"
}

tambo_simulator camera --usb -- gphoto2 --capture-image-and-download --filename "$ROOM/person.jpg" \
  >"$ROOM/person.out" 2>&1 || broken "$(cat "$ROOM/person.out")"
refused 4 'no camera is connected' 'without PipeWire' shoot
server_start
# GStreamer's own program has to see it: a PipeWire that links nobody is no far side.
source_start || skip 'this PipeWire shows nothing to GStreamer itself'
held "$(tamboctl devices list | grep "$name")"
refused 4 'no camera is connected' 'webcams that are not wanted' \
  env TAMBO_WEBCAMS=no "$BUILD/src/cli/tamboctl" capture portrait -o "$ROOM/portrait.jpg"

# ---- pictures ----

check 'a portrait is taken' shoot
same '  … as large as the source gives it' "$(identify -format '%m %wx%h' "$ROOM/portrait.jpg")" 'JPEG 1200x1600'
difference=$(compare -metric RMSE "$ROOM/person.jpg" "$ROOM/portrait.jpg" null: 2>&1 |
  sed 's/.*(\(.*\))/\1/') || true
"$python" -c 'import sys; sys.exit(float(sys.argv[1]) > 0.02)' "$difference" || broken "another picture: $difference"
held "  … and the same: $difference off"
judged=$(measures "$ROOM/portrait.jpg")
[ -n "$judged" ] || broken 'no judgement'
same '  … and judged like it' "$judged" "$(measures "$ROOM/person.jpg")"
"$BUILD/tests/scenario/device-load" live 2 >"$ROOM/live" 2>&1 || broken "$(cat "$ROOM/live")"
frames=$(sed -n 's/^frames_per_second //p' "$ROOM/live")
[ "${frames%.*}" -ge 5 ] || broken "live view: $frames frames a second"
held "live view: $frames frames a second"

# ---- trouble ----

"$BUILD/tests/scenario/device-load" loss 60 >"$ROOM/loss" 2>"$ROOM/loss.err" &
loss=$!
started+=("$loss")
wait_for 'the live view' grep -q '^live$' "$ROOM/loss"
source_stop
wait_for 'the loss' grep -q '^lost' "$ROOM/loss"
same 'a webcam that goes in its live view' "$(grep '^lost' "$ROOM/loss")" \
  'lost the camera was unplugged or switched off'
refused 4 'no camera is connected' '  … and is away' shoot
source_start || broken 'the webcam did not come back'
wait "$loss" || broken "it did not come back: $(cat "$ROOM/loss" "$ROOM/loss.err")"
held '  … gives its live view again once it is back'
check '  … and a portrait' shoot

kill -STOP "$source"
refused 4 'the camera gave no picture within 3\.5 s' 'a webcam that stands still' shoot
kill -CONT "$source"
