#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Pages drawn by ImageMagick and read by tamboctl: what is plain, what leans, what is wrong, what is none.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
typeface=/usr/share/fonts/opentype/ocr-b/OCRB.otf
[ -f "$typeface" ] || skip 'no OCR-B typeface'
first='P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<'
second='L898902C36UTO7408122F1204159ZE184226B<<<<<10'

# page FILE LINES [ARGUMENTS OF CONVERT…]: a page of 200 ppi with the lines at its foot.
page() {
  local file=$1 lines=$2
  shift 2
  convert -size 984x692 xc:'#eeeeee' -fill '#202020' -draw 'rectangle 40,60 260,360' \
    -font "$typeface" -pointsize 27.8 -interline-spacing 13.8 -annotate +52+590 "$lines" "$@" "$file"
}

page "$ROOM/plain.png" "$first"$'\n'"$second"
same 'a plain page' "$(tamboctl mrz read "$ROOM/plain.png" | sed -n '/^[A-Z0-9<]*$/p')" "$first"$'\n'"$second"
page "$ROOM/leaning.jpg" "$first"$'\n'"$second" -background '#888888' -rotate 4 -quality 60
same 'a leaning page' "$(tamboctl --json mrz read "$ROOM/leaning.jpg" | "$python" -c '
import json, sys
page = json.load(sys.stdin)
print(page["format"], page["applicant"]["surname"], all(page["check_digits"].values()), round(page["skew"]))')" \
  'TD3 ERIKSSON True 4'
# A date that the digit after it does not belong to is no misreading.
page "$ROOM/wrong.png" "$first"$'\n'"${second/7408122/1111111}"
refused 5 'MRZ not accepted: .*birth' 'a wrong check digit' tamboctl mrz read "$ROOM/wrong.png"
convert -size 900x700 plasma:fractal -seed 3 "$ROOM/none.png"
refused 5 'MRZ not read: the picture has no machine-readable zone' 'no zone' tamboctl mrz read "$ROOM/none.png"
printf 'not a picture' >"$ROOM/bad.png"
refused 5 'MRZ not read: ' 'no picture' tamboctl mrz read "$ROOM/bad.png"
