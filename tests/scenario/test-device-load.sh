#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Devices for a long time: nothing is left over after many captures of each kind, no report of the pen is lost,
# the live view goes on while the main loop beats. TAMBO_LONG_TESTS=1 takes 1,000 cycles and a pen for a minute.
# shellcheck source=tests/scenario/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cycles=20 pen=5
[ "${TAMBO_LONG_TESTS:-}" != 1 ] || cycles=1000 pen=60
load=$BUILD/tests/scenario/device-load
export TAMBO_LIBEXECDIR=$BUILD/src/capture
desk_start

value() {
  sed -n "s/^$1 //p" "$ROOM/out"
}

# The stock client first.
(
  # shellcheck disable=SC1091 # made by the desk
  . "$ROOM/desk.env" && export HOME=$ROOM/home LD_PRELOAD= && mkdir -p "$HOME" && cd "$ROOM" &&
    gphoto2 --port "$TAMBO_CAMERA_PORT" --camera "PTP/IP Camera" --capture-preview --filename preview.jpg
) >"$ROOM/gphoto2.out" 2>&1 || broken "$(cat "$ROOM/gphoto2.out")"
same "a preview by gphoto2 itself" "$(identify -format "%m %wx%h" "$ROOM/thumb_preview.jpg")" "JPEG 960x640"

expect 0 '' at_desk "$load" live 5
sed 's/^/# live view: /' "$ROOM/out"
# The window's promise needs a machine of its own; here it has to go on at all.
[ "$(value frames_per_second | cut -d. -f1)" -ge 1 ] || broken "$(cat "$ROOM/out")"
held "frames a second: $(value frames_per_second)"

# The kernel keeps 64 reports, a third of a second: a machine that stalls for longer loses some, once in a while.
# whole_signature NAME COMMAND…
whole_signature() {
  local name=$1
  shift
  for _ in 1 2 3; do
    expect 0 '' "$@" "$load" pen "$pen"
    [ "$(value samples)" != $((pen * 200)) ] || break
    echo "# $(value samples) samples of $((pen * 200)): $(cut -d' ' -f1 /proc/loadavg) processes at work"
  done
  same "samples of a pen in $pen seconds $name" "$(value samples)" $((pen * 200))
}

control pad last "$pen"
whole_signature 'over USB' at_desk
control pad last 0

# The other way, as where the USB node may not be opened.
timeout 600 "$BUILD/src/simulator/tambo-simulator" pad --dir "$ROOM/pad" --only hidraw \
  --control "$ROOM/pad.control" >"$ROOM/pad.out" &
pad_pid=$!
for _ in $(seq 1200); do
  [ ! -s "$ROOM/pad.out" ] || break
  sleep 0.05
done
TAMBO_SIMULATOR_CONTROL=$ROOM/pad.control tambo_simulator control last "$pen" >/dev/null
whole_signature 'over hidraw' env UMOCKDEV_DIR="$(sed 's/^pad //' "$ROOM/pad.out")" \
  LD_PRELOAD=libumockdev-preload.so.0
kill "$pad_pid"
wait "$pad_pid" || true

expect 0 '' at_desk "$load" cycles "$cycles"
sed 's/^/# /' "$ROOM/out"
held "$cycles captures of each kind leave no thread, process or descriptor"
