#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A recording of a real sensor's USB traffic, played to libfprint's driver by umockdev.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need_data libfprint-recordings/uru4000-msv2/capture.pcapng
recording=$DATA/libfprint-recordings/uru4000-msv2

path=$(sed -n 's/^P: //p' "$recording/device" | head -n 1)
played() {
  FP_DEVICE_EMULATION=1 umockdev-run -d "$recording/device" -p "/sys$path=$recording/capture.pcapng" \
    -- "$@"
}
status=0
played "$BUILD/src/cli/tamboctl" capture finger -o "$ROOM/finger.png" >"$ROOM/out" 2>"$ROOM/err" ||
  status=$?
[ "$status" = 0 ] || { cat "$ROOM/err" >&2; broken "exit $status"; }
held "$(cat "$ROOM/err")"
same 'the picture' "$(identify -format '%m %wx%h' "$ROOM/finger.png")" 'PNG 384x290'
same 'pixels that differ from the recording' \
  "$(compare -metric AE "$ROOM/finger.png" "$recording/capture.png" null: 2>&1 || true)" 0
[ "$(identify -format '%k' "$ROOM/finger.png")" -gt 50 ] || broken 'the picture is flat'
held 'and it is no flat picture'
