#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# USB that is refused for a moment, as where two programs begin with it at once, is no device unplugged; and when it
# stays refused, that is what is told.
# shellcheck source=tests/scenario/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

desk_start
"$BUILD/src/simulator/tambo-simulator" camera --usb --dir "$ROOM/usb" >"$ROOM/camera.out" 2>"$ROOM/camera.log" &
started+=($!)
for _ in $(seq 1200); do
  testbed=$(sed -n 's/^usb //p' "$ROOM/camera.out")
  [ -z "$testbed" ] || break
  sleep 0.05
done
[ -n "$testbed" ] || broken "no camera: $(cat "$ROOM/camera.log")"

preload=$BUILD/tests/scenario/librefuse-udev.so:libumockdev-preload.so.0

# pad_refused N WORD…, camera_refused N WORD…: tamboctl with that device; each process is refused udev so often.
pad_refused() {
  local times=$1
  shift
  at_desk env TAMBO_REFUSED="$times" LD_PRELOAD="$preload" "$BUILD/src/cli/tamboctl" "$@"
}

camera_refused() {
  local times=$1
  shift
  env UMOCKDEV_DIR="$testbed" TAMBO_REFUSED="$times" LD_PRELOAD="$preload" "$BUILD/src/cli/tamboctl" "$@"
}

# listed WHAT PATTERN COMMAND…
listed() {
  local what=$1 pattern=$2
  shift 2
  "$@" devices list >"$ROOM/out" 2>"$ROOM/err" || broken "$(cat "$ROOM/err")"
  grep -Eq -- "$pattern" "$ROOM/out" || broken "$what: $(cat "$ROOM/out" "$ROOM/err")"
  held "$what"
}

listed 'a camera is listed after three refusals' '^camera .*Nikon DSC D750 .*ready' camera_refused 3
check '  … and takes the portrait' camera_refused 3 capture portrait -o "$ROOM/portrait.jpg"
listed 'a pad is listed after three refusals' '^signature-pad .*Wacom STU-530 .*ready' pad_refused 3
check '  … and takes the signature' pad_refused 3 capture signature -o "$ROOM/signature"

for kind in camera fingerprint-reader signature-pad; do
  listed "$kind: that USB stays refused is told" "^$kind +USB .*failed +USB .*" camera_refused 1000
done
refused 4 'USB is not available: .*libusb_init' 'no portrait then' \
  camera_refused 1000 capture portrait -o "$ROOM/portrait.jpg"
