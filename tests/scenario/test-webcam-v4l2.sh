#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A webcam without PipeWire: /dev/video0 as the kernel has it, played in a umockdev testbed, which the station's helper
# drives through GStreamer: its pictures in mapped memory, another program that has it, a plug that is pulled.
# shellcheck source=tests/scenario/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Outside of the testbed it sees no webcam, and ends well.
"$BUILD/src/capture/tambo-capture-helper" list webcam </dev/zero >/dev/null 2>&1 || skip 'built without GStreamer'

unset TAMBO_WEBCAMS
export TAMBO_LIBEXECDIR=$BUILD/src/capture
export XDG_RUNTIME_DIR=$ROOM/run # where no PipeWire is
mkdir -m 0700 "$XDG_RUNTIME_DIR"
export GST_REGISTRY_1_0=$ROOM/registry.bin

webcam_start() {
  "$BUILD/src/simulator/tambo-simulator" webcam --dir "$ROOM/v4l" --control "$ROOM/webcam.control" "$@" \
    >"$ROOM/webcam.out" 2>"$ROOM/webcam.log" &
  started+=($!)
  for _ in $(seq 1200); do
    testbed=$(sed -n 's/^webcam //p' "$ROOM/webcam.out")
    [ -z "$testbed" ] || return 0
    kill -0 "${started[-1]}" 2>/dev/null || break
    sleep 0.05
  done
  cat "$ROOM/webcam.log" >&2
  broken 'no webcam'
}

at_webcam() {
  UMOCKDEV_DIR=$testbed LD_PRELOAD=$BUILD/tests/scenario/libduplicate.so:libumockdev-preload.so.0 "$@"
}

# tell WORD…: to the webcam's control socket.
tell() {
  "$python" -c '
import socket, sys
line = socket.socket(socket.AF_UNIX)
line.connect(sys.argv[1])
line.sendall((" ".join(sys.argv[2:]) + "\n").encode())
answer = line.makefile().readline().strip()
sys.exit(0 if answer.startswith("ok") else answer)' "$ROOM/webcam.control" "$@" ||
    broken "the webcam refused: $*"
}

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

shoot() {
  rm -f "$ROOM/portrait.jpg"
  at_webcam tamboctl capture portrait -o "$ROOM/portrait.jpg"
}

convert -size 1200x1600 gradient:red-blue -quality 95 "$ROOM/person.jpg"
webcam_start --portrait "$ROOM/person.jpg"
listed=$(at_webcam tamboctl devices list)
case $listed in
  *'Practice webcam'*v4l2*ready*) held "$(grep v4l2 <<<"$listed")" ;;
  *) broken "the list: $listed" ;;
esac
# ---- pictures ----

check 'a portrait is taken' shoot
same '  … of the largest size there is' "$(identify -format '%m %wx%h' "$ROOM/portrait.jpg")" 'JPEG 1200x1600'
difference=$(compare -metric RMSE "$ROOM/person.jpg" "$ROOM/portrait.jpg" null: 2>&1 |
  sed 's/.*(\(.*\))/\1/') || true
"$python" -c 'import sys; sys.exit(float(sys.argv[1]) > 0.02)' "$difference" || broken "another picture: $difference"
held "  … and the one that was shown: $difference off"
at_webcam "$BUILD/tests/scenario/device-load" live 2 >"$ROOM/live" 2>&1 || broken "$(cat "$ROOM/live")"
frames=$(sed -n 's/^frames_per_second //p' "$ROOM/live")
[ "${frames%.*}" -ge 5 ] || broken "live view: $frames frames a second"
held "live view: $frames frames a second"

# ---- trouble ----

tell fault busy
refused 4 'the camera is held by another program' 'a webcam that another program has' shoot
tell fault none
at_webcam "$BUILD/tests/scenario/device-load" loss 60 >"$ROOM/loss" 2>"$ROOM/loss.err" &
loss=$!
started+=("$loss")
wait_for 'the live view' grep -q '^live$' "$ROOM/loss"
tell unplug
wait_for 'the loss' grep -q '^lost' "$ROOM/loss"
same 'a webcam that is pulled in its live view' "$(grep '^lost' "$ROOM/loss")" \
  'lost the camera was unplugged or switched off'
tell plug
wait "$loss" || broken "it did not come back: $(cat "$ROOM/loss" "$ROOM/loss.err")"
held '  … gives its live view again once it is back'
