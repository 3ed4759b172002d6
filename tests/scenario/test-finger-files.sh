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
same 'fingers of the case' "$(tamboctl --json case show "$case_id" | "$python" -c '
import json, sys
print(*sorted(s["finger"] + ":" + s["device"] for s in json.load(sys.stdin)["samples"]))')" \
  'left-index:file left-middle:file right-index:file'
