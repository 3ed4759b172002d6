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
control pad last "$pen"
for _ in 1 2 3; do
  expect 0 '' at_desk "$load" pen "$pen"
  [ "$(value samples)" != $((pen * 200)) ] || break
  echo "# $(value samples) samples of $((pen * 200)): $(cut -d' ' -f1 /proc/loadavg) processes at work"
done
same "samples of a pen in $pen seconds" "$(value samples)" $((pen * 200))
control pad last 0

expect 0 '' at_desk "$load" cycles "$cycles"
sed 's/^/# /' "$ROOM/out"
held "$cycles captures of each kind leave no thread, process or descriptor"
