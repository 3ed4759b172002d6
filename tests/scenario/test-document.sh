#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Supporting documents: pages of a scanner (SANE's own test driver), of the camera and of files, in one PDF.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# scanner [LINE…]: one that SANE plays, with these settings.
scanner() {
  export SANE_CONFIG_DIR=$TMPDIR/sane
  mkdir -p "$SANE_CONFIG_DIR"
  echo test >"$SANE_CONFIG_DIR/dll.conf"
  printf '%s\n' 'number_of_devices 1' 'mode Gray' 'test-picture "Grid"' 'br_x 80' 'br_y 100' "$@" \
    >"$SANE_CONFIG_DIR/test.conf"
}
pages_of() { pdfinfo "$1" | sed -n 's/^Pages: *//p'; }
# size_of PDF PAGE: of the picture on it.
size_of() { pdfimages -list "$1" | awk -v page="$2" '$1 == page { print $4 "x" $5 }'; }

scanner
tamboctl capture document -o "$ROOM/scan.pdf" --pages 2 2>"$ROOM/err" </dev/null || broken "$(cat "$ROOM/err")"
same 'pages of the scanner' "$(pages_of "$ROOM/scan.pdf")" 2
held "$(head -n 1 "$ROOM/err")"
pdftoppm -r 75 -png -f 1 -l 1 "$ROOM/scan.pdf" "$ROOM/scan"
[ "$(identify -format '%k' "$ROOM"/scan-1.png)" -gt 1 ] || broken 'the page is flat'
held 'there is something on the page'
scanner 'read-status-code "SANE_STATUS_JAMMED"' 'enable-test-options true'
refused 4 'jammed' 'paper is stuck' tamboctl capture document -o "$ROOM/no.pdf"
scanner 'read-status-code "SANE_STATUS_NO_DOCS"' 'enable-test-options true'
refused 4 'no sheet.*; lay the page into the feeder' 'an empty feeder' tamboctl capture document -o "$ROOM/no.pdf"
[ ! -e "$ROOM/no.pdf" ] || broken 'half a document was left'
scanner
: >"$SANE_CONFIG_DIR/dll.conf"
refused 4 'no scanner is connected' 'no scanner' tamboctl capture document -o "$ROOM/no.pdf"
scanner
tamboctl capture document --scanner test:0 -o "$ROOM/again.pdf" 2>/dev/null || broken 'not after the cause was gone'
held 'the next attempt works'

# A sheet that leans on a dark table, as a telephone takes it.
convert -size 600x800 xc:white -fill black -draw 'rectangle 60,80 540,100 rectangle 60,140 480,160' \
  -background gray15 -rotate 5 -gravity center -extent 900x1100 "$ROOM/telephone.jpg"
tamboctl capture document -o "$ROOM/files.pdf" "$ROOM/telephone.jpg" "$ROOM/scan-1.png" 2>/dev/null ||
  broken 'no PDF of files'
same 'pages of files' "$(pages_of "$ROOM/files.pdf")" 2
size=$(size_of "$ROOM/files.pdf" 1)
[ "${size%x*}" -gt 590 ] && [ "${size%x*}" -lt 610 ] && [ "${size#*x}" -gt 790 ] && [ "${size#*x}" -lt 810 ] ||
  broken "the sheet of 600x800 was cut out as $size"
held "a leaning sheet of 600x800 is cut out as $size"
echo no picture >"$ROOM/out.txt"
refused 5 'not a PNG' 'a file that is no picture' \
  tamboctl capture document -o "$ROOM/no.pdf" "$ROOM/out.txt" "$ROOM/telephone.jpg"
[ ! -e "$ROOM/no.pdf" ] || broken 'half a document was left'

desk_start
at_desk tamboctl capture document --camera -o "$ROOM/camera.pdf" 2>/dev/null || broken 'no PDF of the camera'
same 'pages of the camera' "$(pages_of "$ROOM/camera.pdf")" 1
desk_stop
