#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# DG2 and DG3 in both families of standards: written, read by a reader of another hand, put on a chip and
# verified.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

mrz=$(mrz_of_applicant)
desk_start
files_make

# build FOLDER WORD…
build() {
  local folder=$1
  shift
  expect 0 '' tamboctl lds build --applicant "$practice/travel-document.json" \
    --portrait "$ROOM/portrait.jpg" --finger "right-index=$ROOM/right.png" \
    --finger "left-index=$ROOM/left.png" -o "$folder" "$@"
}
build "$ROOM/new" --encoding 39794
build "$ROOM/old" --encoding 19794
build "$ROOM/default"
tag() {
  "$python" -c 'import sys
data = open(sys.argv[1], "rb").read()
print("7F2E" if b"\x7f\x2e" in data[:64] else "5F2E" if b"\x5f\x2e" in data[:64] else "neither")' "$1"
}
for group in DG2 DG3; do
  same "$group with --encoding 39794" "$(tag "$ROOM/new/$group")" 7F2E
  same "$group with --encoding 19794" "$(tag "$ROOM/old/$group")" 5F2E
done
wanted=5F2E
[ "$(date -u +%Y)" -lt 2030 ] || wanted=7F2E
same 'DG2 as the date has it' "$(tag "$ROOM/default/DG2")" $wanted
expect 2 'is 19794 or 39794' tamboctl lds build --applicant "$practice/travel-document.json" \
  --portrait "$ROOM/portrait.jpg" -o "$ROOM/none" --encoding 19785
held 'another number is refused'

# -- a reader of another hand --
reader=$source_root/tests/independent/read_39794.py
"$python" "$reader" "$ROOM/new/DG2" "$ROOM/face-" >"$ROOM/face.json"
"$python" "$reader" "$ROOM/new/DG3" "$ROOM/finger-" >"$ROOM/finger.json"
face() { json "$ROOM/face.json" "0.$1"; }
finger() { json "$ROOM/finger.json" "$1"; }
same 'face: generation and year' "$(face version)" '[3, 2019]'
same 'face: format, JPEG 2000 lossy' "$(face format)" 3
same 'face: kind mrtd' "$(face kind)" 0
same 'face: size' "$(face width) x $(face height)" '413 x 531'
same 'face: CBEFF owner, format, type' "$(face owner) $(face format_type) $(face type)" '0101 002a 2'
same 'fingers' "$("$python" -c 'import json, sys; print(len(json.load(open(sys.argv[1]))))' \
  "$ROOM/finger.json")" 2
same 'fingers: positions' "$(finger 0.position) $(finger 1.position)" '2 7'
same 'fingers: plain contact, WSQ' "$(finger 0.impression) $(finger 0.format)" '0 1'
same 'fingers: 500 per inch' "$(finger 0.samples) $(finger 0.unit)" '500 0'
same 'fingers: CBEFF format, subtypes' \
  "$(finger 0.format_type) $(finger 0.subtype) $(finger 1.subtype)" '0028 9 10'

# The images are the same as in the older encoding, byte for byte.
"$python" - "$ROOM" <<'PYTHON' || broken 'the images differ'
import sys
room = sys.argv[1]
for group, images in (("DG2", ["face-0"]), ("DG3", ["finger-0", "finger-1"])):
    old = open(f"{room}/old/{group}", "rb").read()
    for image in images:
        if open(f"{room}/{image}", "rb").read() not in old:
            sys.exit(1)
PYTHON
held 'the images are those of the older encoding, byte for byte'
check 'a finger decodes' tamboctl wsq decode "$ROOM/finger-0" "$ROOM/finger.png"

# -- on a chip and back --
expect 0 '' tamboctl chip verify --lds "$ROOM/new" --csca "$ROOM/new/csca.der"
held 'our inspection accepts the folder'
rm "$ROOM/new/DG3" # which this profile cannot have
expect 0 '' tamboctl lds sign "$ROOM/new"
expect 0 '' at_desk tamboctl chip write --profile jmrtd --lds "$ROOM/new"
expect 0 '' at_desk tamboctl chip verify --mrz "$mrz" --csca "$ROOM/new/csca.der"
expect 0 '' at_desk tamboctl chip read --mrz "$mrz" -o "$ROOM/read"
check 'DG2 on the chip is the one that was built' cmp "$ROOM/new/DG2" "$ROOM/read/DG2"
