#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Where no reader works, fingers come from files: a picture, WSQ, or an ANSI/NIST-ITL transaction of another
# office. They are judged as a reader's are, and say that they are files.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# transaction WSQ POSITION: one type-14 record, in the traditional encoding.
transaction() {
  "$python" -c '
import sys
GS, US, FS = b"\x1d", b"\x1f", b"\x1c"
data = open(sys.argv[1], "rb").read()

def record(kind, fields):
    """Its first field is its length, which counts itself."""
    body = GS.join(b"%d.%03d:" % (kind, number) + value for number, value in fields) + FS
    length = 0
    while True:
        whole = b"%d.001:%d" % (kind, length) + GS + body
        if len(whole) == length:
            return whole
        length = len(whole)

finger = record(14, [(2, b"1"), (3, b"0"), (4, b"UTO"), (5, b"20261122"), (6, b"388"), (7, b"480"), (8, b"1"),
                     (9, b"500"), (10, b"500"), (11, b"WSQ20"), (12, b"8"), (13, sys.argv[2].encode()), (999, data)])
head = record(1, [(2, b"0502"), (3, b"1" + US + b"1" + b"\x1e" + b"14" + US + b"1"), (4, b"CRM"), (5, b"20261122"),
                  (7, b"UTO"), (8, b"UTO"), (9, b"UTO-1"), (11, b"00.00"), (12, b"00.00")])
sys.stdout.buffer.write(head + finger)' "$@"
}

office_make >"$ROOM/office.log" 2>&1 || { cat "$ROOM/office.log" >&2; broken 'no office'; }
for finger in 1 2 3; do
  tambo_simulator finger --seed "$finger" --press 1 --save "$ROOM/$finger.png"
done
tamboctl wsq encode "$ROOM/2.png" "$ROOM/2.wsq" >/dev/null
tamboctl wsq encode "$ROOM/3.png" "$ROOM/3.wsq" >/dev/null
transaction "$ROOM/3.wsq" 8 >"$ROOM/3.an2"

refused 3 'surname is missing' 'a picture, WSQ and a transaction' \
  tamboctl enrol --procedure passport --applicant "$practice/applicant.json" \
  --finger "right-index=$ROOM/1.png" --finger "left-index=$ROOM/2.wsq" --finger "left-middle=$ROOM/3.an2"
same 'fingers taken' "$(grep -c '^finger-.*, 388x480, quality [0-9]*, from file; durable$' "$ROOM/out")" 3
case_id=$(sed -n 's/^case \([^ ]*\) begun.*/\1/p' "$ROOM/out")
refused 5 'has no image of left-ring' 'another finger than the transaction has' \
  tamboctl case resume "$case_id" --finger "left-ring=$ROOM/3.an2"
head -c 3000 "$ROOM/3.an2" >"$ROOM/cut.an2"
refused 5 . 'a transaction that is cut short' \
  tamboctl case resume "$case_id" --finger "left-ring=$ROOM/cut.an2"
head -c 3000 "$ROOM/2.wsq" >"$ROOM/cut.wsq"
refused 5 . 'WSQ that is cut short' tamboctl case resume "$case_id" --finger "left-ring=$ROOM/cut.wsq"
refused 3 'pressed for left-ring is the finger that was taken as right-index' 'a finger under two names' \
  tamboctl case resume "$case_id" --finger "left-ring=$ROOM/1.png"
same 'fingers of the case' "$(tamboctl --json case show "$case_id" | "$python" -c '
import json, sys
print(*sorted(s["finger"] + ":" + s["device"] for s in json.load(sys.stdin)["samples"]))')" \
  'left-index:file left-middle:file right-index:file'

# ---- a hand on one picture ----

for finger in 902 903 904 905; do
  tambo_simulator finger --seed "$finger" --press 1 --save "$ROOM/$finger.png"
done
convert -size 1700x1000 xc:white \( "$ROOM/902.png" -resize 85% \) -geometry +40+190 -composite \
  \( "$ROOM/903.png" -resize 85% \) -geometry +450+40 -composite \
  \( "$ROOM/904.png" -resize 85% \) -geometry +860+120 -composite \
  \( "$ROOM/905.png" -resize 70% \) -geometry +1270+380 -composite \
  -density 500 -units PixelsPerInch "$ROOM/slap.png"
convert "$ROOM/slap.png" -fill white -draw 'rectangle 1250,0 1700,1000' -density 500 -units PixelsPerInch \
  "$ROOM/three.png"

enrol_hand() { # WORD…
  tamboctl enrol --procedure passport --applicant "$practice/applicant.json" "$@"
}

refused 3 'slap-right shows 3 fingers instead of 4' 'three fingers for four' \
  enrol_hand --finger "slap-right=$ROOM/three.png"
refused 3 'surname is missing' 'three, and a reason for the fourth' \
  enrol_hand --finger-exception right-little=amputated --finger "slap-right=$ROOM/three.png"
same 'fingers taken' "$(grep -c '^finger-right-.*, from file; durable$' "$ROOM/out")" 3
refused 3 'not of that hand|is the finger that was taken as' 'a right hand for a left one' \
  enrol_hand --finger "slap-right=$ROOM/slap.png" --finger "slap-left=$ROOM/slap.png"
same 'fingers taken' "$(grep -c '^finger-right-.*, from file; durable$' "$ROOM/out")" 4
same 'of the left hand' "$(grep -c '^finger-left-.*, from file; durable$' "$ROOM/out" || true)" 0
