#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The played camera on USB: what the stock client of libgphoto2 makes of it, and the station, through its helper; a
# claim by another program, a plug that is pulled.
# shellcheck source=tests/scenario/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# camera_start [OPTION…]: until the end of the test; at_camera runs a command that sees it.
camera_start() {
  : >"$ROOM/camera.out"
  "$BUILD/src/simulator/tambo-simulator" camera --usb --dir "$ROOM/usb" --control "$ROOM/camera.control" "$@" \
    >"$ROOM/camera.out" 2>"$ROOM/camera.log" &
  started+=($!)
  for _ in $(seq 1200); do
    testbed=$(sed -n 's/^usb //p' "$ROOM/camera.out")
    [ -z "$testbed" ] || return 0
    kill -0 "${started[-1]}" 2>/dev/null || break
    sleep 0.05
  done
  cat "$ROOM/camera.log" >&2
  broken 'no camera'
}

at_camera() {
  UMOCKDEV_DIR=$testbed LD_PRELOAD=libumockdev-preload.so.0 "$@"
}

# tell WORD…: to the camera's control socket.
tell() {
  "$python" -c '
import socket, sys
line = socket.socket(socket.AF_UNIX)
line.connect(sys.argv[1])
line.sendall((" ".join(sys.argv[2:]) + "\n").encode())
answer = line.makefile().readline().strip()
sys.exit(0 if answer.startswith("ok") else answer)' "$ROOM/camera.control" "$@" ||
    broken "the camera refused: $*"
}

# is_redder PICTURE Y: in the middle of its width.
is_redder() {
  local width
  width=$(identify -format '%w' "$1")
  convert "$1" -crop "40x40+$((width / 2 - 20))+$2" -resize '1x1!' -format '%[fx:u.r>u.b]' info:
}

# ---- the stock client ----

convert -size 600x400 xc:red xc:blue -append "$ROOM/person.png"
listed=$(tambo_simulator camera --usb -- gphoto2 --auto-detect)
case $listed in
  *'Nikon DSC D750'*'usb:001,007'*) held 'gphoto2 --auto-detect: Nikon DSC D750 at usb:001,007' ;;
  *) broken "gphoto2 --auto-detect: $listed" ;;
esac
status=0
tambo_simulator camera --usb --busy -- gphoto2 --capture-preview --stdout >"$ROOM/out" 2>"$ROOM/err" || status=$?
case $status,$(cat "$ROOM/err") in
  1,*'Could not claim interface 0'*'-53'*) held 'a camera that another program has: error -53 of libgphoto2' ;;
  *) broken "a busy camera: exit $status, $(cat "$ROOM/err")" ;;
esac

camera_start --portrait "$ROOM/person.png"
at_camera gphoto2 --capture-preview --stdout >"$ROOM/preview.jpg" 2>"$ROOM/err" || broken "$(cat "$ROOM/err")"
same 'gphoto2 --capture-preview' "$(identify -format '%m %wx%h' "$ROOM/preview.jpg")" 'JPEG 960x640'
same '  … with the person that sits there' \
  "$(is_redder "$ROOM/preview.jpg" 100) $(is_redder "$ROOM/preview.jpg" 500)" '1 0'
(cd "$ROOM" && at_camera gphoto2 --capture-image-and-download --filename still.jpg) >"$ROOM/out" 2>"$ROOM/err" ||
  broken "$(cat "$ROOM/err")"
same 'gphoto2 --capture-image-and-download' "$(identify -format '%m %wx%h' "$ROOM/still.jpg")" 'JPEG 1200x1600'
same '  … with the same person' "$(is_redder "$ROOM/still.jpg" 300) $(is_redder "$ROOM/still.jpg" 1300)" '1 0'
tell portrait drawn

# ---- the station ----

office_make >"$ROOM/office.out"
enrol --document "travel-document=$practice/travel-document.png" >"$ROOM/enrol.out" 2>&1 || true
case=$(newest_case)
same 'samples of the case so far' "$(case_value "$case" samples)" 1

# The portrait for the case.
shoot() {
  at_camera "$BUILD/src/cli/tamboctl" case resume "$case" --portrait camera
}

# told PATTERN WHAT: exit 4, the sentence, and the samples as before.
told() {
  refused 4 "$1" "$2" shoot
  [ "$(case_value "$case" samples)" = 1 ] || broken 'a sample was lost'
}

# Another program takes the camera; it is one that the clerk could have started.
env UMOCKDEV_DIR="$testbed" LD_PRELOAD=libumockdev-preload.so.0 \
  gphoto2 --debug --debug-logfile="$ROOM/holder.log" --wait-event=1000s >"$ROOM/holder.out" 2>&1 &
holder=$!
started+=("$holder")
for _ in $(seq 1200); do
  ! grep -qs 'ptp_usb_getresp' "$ROOM/holder.log" || break
  kill -0 "$holder" 2>/dev/null || broken "no holder: $(cat "$ROOM/holder.out")"
  sleep 0.05
done
told "the camera is held by gphoto2 \(process $holder\); close the program" 'a camera that another program has claimed'
kill "$holder"
wait "$holder" 2>/dev/null || true
check '  … the next attempt works' at_camera "$BUILD/src/cli/tamboctl" capture portrait -o "$ROOM/again.jpg"

tell fault busy
told 'the camera is held by .*; close the program' 'a claim by somebody who cannot be seen'
tell fault unplug@10
told 'the camera was unplugged or switched off; connect the device again' 'a camera that is pulled'
tell fault none
refused 4 'no camera is connected' 'no camera' shoot
tell plug
listed=$(at_camera "$BUILD/src/cli/tamboctl" devices list)
case $listed in *'Nikon DSC D750'*ready*) held 'it is there again' ;; *) broken "$listed" ;; esac

# What the case lacks still is said with another exit code.
shoot >"$ROOM/out" 2>"$ROOM/err" || true
same 'the portrait is in the case' "$(case_value "$case" samples)" 2
everything_holds
