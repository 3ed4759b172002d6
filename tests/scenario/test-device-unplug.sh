#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The plug is pulled at every step of every capture: each time the clerk is told in time, or the capture was
# complete, and the next one works. A stride through the steps; all of them with TAMBO_LONG_TESTS=1.
# shellcheck source=tests/scenario/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

desk_start

# sweep DEVICE KIND LAST STRIDE: pulls at each step up to LAST, or until the capture no longer gets so far.
sweep() {
  local device=$1 kind=$2 last=$3 stride=$4 step=1 n=0 told=0 status
  [ "${TAMBO_LONG_TESTS:-}" != 1 ] || stride=1
  while [ "$step" -le "$last" ]; do
    control "$device" fault "unplug@$step"
    status=0
    at_desk tamboctl capture "$kind" -o "$ROOM/capture" >"$ROOM/out" 2>"$ROOM/err" || status=$?
    if [ "$status" != 0 ]; then
      { [ "$status" = 4 ] && one_line 'unplugged|no camera answers|no signature-pad is connected'; } ||
        broken "$device, step $step: exit $status, $(cat "$ROOM/err")"
      told=$((told + 1))
    fi
    control "$device" fault none
    n=$((n + 1))
    # Not pulled: the capture has fewer steps.
    control "$device" plug 2>/dev/null || break
    step=$((step + stride))
  done
  check "a $device that was pulled at $n steps, $told times before the $kind was there, works again" \
    at_desk tamboctl capture "$kind" -o "$ROOM/capture"
}

sweep finger finger 3 1
sweep camera portrait 60 7
sweep pad signature 800 150
