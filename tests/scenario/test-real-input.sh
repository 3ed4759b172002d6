#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Fingerprints of NIST's and a portrait of 1,803 pixels, from files to the chip.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$scenario/pictures.sh"
need_data faces/sfhq/sample_1x2_r0_c00.jpg fingers/nist-sd

portrait=$DATA/faces/sfhq/sample_1x2_r0_c00.jpg
same 'the portrait' "$(identify -format '%wx%h' "$portrait")" 1803x1803
office_make >"$ROOM/office.out"
desk_start
at_desk tamboctl capture signature -o "$ROOM/signature.bin"
mrz=$(mrz_of_applicant)

fingers=("$DATA"/fingers/nist-sd/*.jpg)
[ "${#fingers[@]}" -ge 4 ] || broken "only ${#fingers[@]} fingerprints"
positions=(right-index left-index right-middle left-middle)
words=()
for i in 0 1 2 3; do
  words+=(--finger "${positions[i]}=${fingers[i]}")
done
expect 0 '' tamboctl enrol --procedure foreigner-card --mrz "$mrz" \
  --applicant "$practice/applicant.json" --portrait "$portrait" "${words[@]}" \
  --signature "$ROOM/signature.bin" --document "travel-document=$practice/travel-document.png"
same 'fingerprints taken' "$(grep -c '^finger-.*; durable$' "$ROOM/out")" 4
grep '^finger-' "$ROOM/out" | sed 's/^/# /'
grep -q '^portrait: image/jpeg, .*, 1803x1803, ' "$ROOM/out" || broken "$(cat "$ROOM/out")"
held 'the portrait is taken whole'

order=$(order_wait)
expect 0 '' at_desk tamboctl issue "$order"
grep -q '^  read-back  *passed' "$ROOM/out" || broken "$(cat "$ROOM/out")"
held 'the chip was written and read back'
mrz=$(tamboctl --json inbox show "$order" | json - mrz)
expect 0 '' at_desk tamboctl chip read --mrz "$mrz" -o "$ROOM/chip"
if has_jpeg2000; then
  shows_face "$ROOM/chip/DG2" "$portrait" 25
else
  echo '# skipped: ImageMagick has no JPEG 2000'
fi
