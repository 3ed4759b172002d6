#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A portrait measured and cut by tamboctl: what is good, what covers it, what shows nobody; and what of it is
# stored with an enrolment.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need_data faces/sfhq/sample_1x2_r0_c00.jpg faces/sfhq/sample_2x4_r0_c01.jpg
face=$DATA/faces/sfhq/sample_2x4_r0_c01.jpg
large=$DATA/faces/sfhq/sample_1x2_r0_c00.jpg

# failed FILE: the measures that did not pass. Sometimes none, so the exit code is not looked at.
failed() {
  tamboctl --json portrait check "$1" 2>/dev/null | "$python" -c '
import json, sys
print(*[m["measure"] for m in json.load(sys.stdin)["images"][0]["measures"] if not m["passed"]])' || true
}

# Without a detector the size and the light are judged all the same, and it says what is missing.
same 'without a detector' "$(TAMBO_FACE_MODULE=/nowhere tamboctl --json portrait check "$large" |
  "$python" -c 'import json, sys; print(json.load(sys.stdin)["images"][0]["limited"])')" True
refused 4 'no face detector: .*; install libdlib19.1 and libdlib-data$' 'nothing is cut without a detector' \
  env TAMBO_FACE_MODULE=/nowhere "$BUILD/src/cli/tamboctl" portrait crop "$face" -o "$ROOM/none.png"

[ -f "$BUILD/src/biometric/tambo-face-dlib.so" ] || skip 'no face detector'
refused 4 'cannot be read; install libdlib19.1 and libdlib-data$' 'nothing is cut without its model' \
  env TAMBO_FACE_LANDMARKS=/nowhere "$BUILD/src/cli/tamboctl" portrait crop "$face" -o "$ROOM/none.png"
refused 4 "$face is no model of landmarks: .*; install libdlib19.1 and libdlib-data\$" 'nor with a file that is none' \
  env TAMBO_FACE_LANDMARKS="$face" "$BUILD/src/cli/tamboctl" portrait crop "$face" -o "$ROOM/none.png"
convert "$face" -resize '450x450!' "$ROOM/face.png"
convert "$ROOM/face.png" -fill '#b0c0d0' -draw 'rectangle 120,250 330,400' "$ROOM/mask.png"
convert "$ROOM/face.png" -fill black -draw 'rectangle 130,185 215,240 rectangle 235,185 320,240' \
  "$ROOM/sunglasses.png"
convert "$ROOM/face.png" -virtual-pixel edge -distort SRT 15 "$ROOM/tilt.png"
convert "$ROOM/face.png" "$ROOM/face.png" +append "$ROOM/two.png"
convert -size 600x800 'gradient:#404040-#d0d0d0' "$ROOM/nobody.png"
while read -r name measure; do
  case " $(failed "$ROOM/$name.png") " in
    *" $measure "*) held "$name: $measure is named" ;;
    *) broken "$name: '$(failed "$ROOM/$name.png")' without $measure" ;;
  esac
  case " $(failed "$ROOM/face.png") " in *" $measure "*) broken "good: $measure" ;; *) ;; esac
done <<'CASES'
mask mouth-visible
sunglasses eyes-visible
tilt roll
two faces
nobody faces
CASES
refused 3 'not good enough' 'nobody is refused' tamboctl portrait check "$ROOM/nobody.png"

convert "$ROOM/face.png" -virtual-pixel edge -set option:distort:viewport 690x690-120-120 \
  -distort SRT 0 +repage "$ROOM/wide.png"
check 'the token image is cut' tamboctl portrait crop --token "$ROOM/wide.png" -o "$ROOM/token.png"
"$python" - "$(identify -format '%w %h' "$ROOM/token.png")" <<'PYTHON' || broken 'its shape'
import sys
width, height = map(int, sys.argv[1].split())
sys.exit(not (width >= 240 and abs(height - width / 0.75) <= 1))
PYTHON
held "it is $(identify -format '%wx%h' "$ROOM/token.png")"
refused 3 'shows 2 faces' 'two faces are not cut' tamboctl portrait crop "$ROOM/two.png" -o "$ROOM/2.png"

# What was measured on the face stays with the sample, the picture being good enough to be taken.
office_make
convert "$large" -resize '900x900!' -fill '#b0c0d0' -draw 'rectangle 240,500 660,800' "$ROOM/covered.jpg"
for name in "$large" "$ROOM/covered.jpg"; do
  enrol --portrait "$name" >"$ROOM/out" 2>"$ROOM/err" || true
  tamboctl --json case show "$(newest_case)" | "$python" -c '
import json, sys
print(*[sample.get("verdicts", "") for sample in json.load(sys.stdin)["samples"]])' >"$ROOM/verdicts"
  case " $(cat "$ROOM/verdicts")" in
    *' width='*' faces=1.00 '*' eye-distance='*) held "stored: $(wc -w <"$ROOM/verdicts") verdicts" ;;
    *) broken "stored: '$(cat "$ROOM/verdicts")'; $(cat "$ROOM/err")" ;;
  esac
  mouth=$(grep -o 'mouth-visible=[^ ]*' "$ROOM/verdicts") || broken 'no verdict on the mouth'
  case "$name $mouth" in
    */covered.jpg*! | "$large"*[0-9]) held "$mouth" ;;
    *) broken "$name: $mouth" ;;
  esac
done
