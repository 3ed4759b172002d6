#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Recordings of real sensors' USB traffic, played to libfprint's drivers by umockdev: the pixels are those
# of the picture that was made when the recording was.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need_data libfprint-recordings

# played RECORDING COMMAND…: a packet capture answers for a device's path, a list of ioctls for its node.
played() {
  local recording=$1 answers
  shift
  if [ -e "$recording/capture.pcapng" ]; then
    answers=(-p "/sys$(sed -n 's/^P: //p' "$recording/device" | head -n 1)=$recording/capture.pcapng")
  else
    answers=(-i "/dev/$(sed -n 's/^N: \([^=]*\)=.*/\1/p' "$recording/device" | head -n 1)=$recording/capture.ioctl")
  fi
  FP_DEVICE_EMULATION=1 umockdev-run -d "$recording/device" "${answers[@]}" -- "$@"
}

pixels_of() { # PICTURE: their SHA-256
  convert "$1" -colorspace Gray -depth 8 gray:- | sha256sum | cut -d' ' -f1
}

n=0
for recording in "$DATA"/libfprint-recordings/*/; do
  recording=${recording%/}
  name=$(basename "$recording")
  status=0
  played "$recording" "$BUILD/src/cli/tamboctl" capture finger -o "$ROOM/$name.png" >"$ROOM/out" \
    2>"$ROOM/err" || status=$?
  [ "$status" = 0 ] || { cat "$ROOM/err" >&2; broken "$name: exit $status"; }
  held "$(cat "$ROOM/err")"
  same "$name: SHA-256 of the pixels" "$(pixels_of "$ROOM/$name.png")" \
    "$(pixels_of "$recording/capture.png")"
  [ "$(identify -format '%k' "$ROOM/$name.png")" -gt 50 ] || broken "$name: the picture is flat"
  n=$((n + 1))
done
[ "$n" -ge 4 ] || broken "only $n recordings were played"
held "$n recordings, and none gave a flat picture"

# A strip sensor is no reader for an enrolment, and nothing is lost by trying.
office_make >/dev/null
enrol --document "travel-document=$practice/travel-document.png" >/dev/null 2>&1 || true
case=$(newest_case)
samples=$(case_value "$case" samples)
refused 4 'puts a print together from strips' 'a strip sensor' \
  played "$DATA/libfprint-recordings/elan" "$BUILD/src/cli/tamboctl" --station "$ROOM/station" case resume "$case" --finger right-index=sensor
same 'samples kept' "$(case_value "$case" samples)" "$samples"
