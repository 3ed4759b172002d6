#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A receipt on paper, scanned, is verified without headquarters and at another station; what was changed, what
# another authority certified, and what has no seal is refused with its cause.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

command -v pdftoppm >/dev/null || skip 'no pdftoppm'
office_make >"$ROOM/office.out"
desk_start
files_make
enrol "${file_words[@]}" >/dev/null
case_id=$(newest_case)
tracking=$(case_value "$case_id" tracking_number)
hq_stop

# scan FILE.pdf NAME DPI: as a scanner gives it.
scan() {
  pdftoppm -r "$3" -png -singlefile "$1" "$ROOM/$2"
}

check 'a receipt' tamboctl case receipt "$case_id" -o "$ROOM/receipt.pdf"
for dpi in 200 300; do
  scan "$ROOM/receipt.pdf" "scan-$dpi" "$dpi"
  expect 0 '' tamboctl --json qr verify "$ROOM/scan-$dpi.png"
  same "at $dpi dots" "$(json "$ROOM/out" .verdict) $(json "$ROOM/out" .type) $(json "$ROOM/out" .number)" \
    "valid receipt $tracking"
done
same 'who sealed it' "$(json "$ROOM/out" .signer)" MIG-TEST-01
same 'practice' "$(json "$ROOM/out" .practice)" True
text=$(json "$ROOM/out" .text)
expect 0 '' tamboctl qr verify "$text"
check 'in words' grep -E "^receipt $tracking, sealed by MIG-TEST-01 on 20.*PRACTICE" "$ROOM/out"
check 'by the authority alone, without a station' \
  env TAMBO_STATION="$ROOM/nowhere" "$BUILD/src/cli/tamboctl" qr verify --ca "$ROOM/hq/ca.pem" "$text"

# -- what does not hold --
middle=$((${#text} / 2))
other=A
[ "${text:middle:1}" != A ] || other=B
refused 5 '' 'one character changed' tamboctl qr verify "${text:0:middle}$other${text:middle+1}"
refused 5 '' 'cut short' tamboctl qr verify "${text:0:middle}"
tambo_hq init "$ROOM/other" --name 'Another headquarters' --practice >/dev/null
refused 5 'no authority known here has certified' 'of another authority' \
  tamboctl qr verify --ca "$ROOM/other/ca.pem" "$text"
refused 5 'neither a seal nor a file' 'a tracking number alone' tamboctl qr verify "$tracking"
pdftoppm -r 200 -png -singlefile -x 0 -y 0 -W 1165 -H 900 "$ROOM/receipt.pdf" "$ROOM/upper"
refused 5 'none of the 1 QR codes' 'a page whose seal was cut off' tamboctl qr verify "$ROOM/upper.png"
refused 1 'no QR code can be read' 'a picture of something else' \
  tamboctl qr verify "$practice/travel-document.png"
refused 2 'a seal' 'nothing at all' tamboctl qr verify
