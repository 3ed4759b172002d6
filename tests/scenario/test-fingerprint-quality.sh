#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What tamboctl tells of a print's quality: the published measures by their names, a score only with a model,
# reasons for a print that was spoiled.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need_data fingers/sfinge/SFinGe_Test01.pgm

prints=("$DATA"/fingers/sfinge/SFinGe_Test0?.pgm)
forest=$source_root/tests/fuzz/corpus/random-forest/forest.yaml
export XDG_DATA_HOME=$ROOM/data XDG_DATA_DIRS=$ROOM/data

# -- measures --
expect 0 '' tamboctl --json fingerprint quality "${prints[@]}"
compared=$("$python" - "$ROOM/out" <<'PYTHON'
import json, sys
compared = 0
for image in json.load(open(sys.argv[1]))['images']:
    for line in open(image['id'].replace('.pgm', '_output.txt')):
        name, value = line.strip().split(': ')
        if name == 'UnifiedQualityScore':
            assert 'nfiq2' not in image, 'a score without a model'
            continue
        ours = image['measures'][name]
        assert abs(ours - float(value)) <= 1e-3 * abs(float(value)) + 1e-9, (image['id'], name, ours)
        compared += 1
print(compared)
PYTHON
)
same 'values equal to the published' "$compared" $((5 * 73))

# -- a model --
score() {
  "$python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["images"][0]["nfiq2"])' "$ROOM/out"
}
expect 0 '' tamboctl --json fingerprint quality --model "$forest" --position 1 "${prints[0]}"
same 'the score of a model' "$(score)" 100
mkdir -p "$ROOM/data/tambo"
cp "$forest" "$ROOM/data/tambo/model.yaml"
printf 'Name = Test\nPath = model.yaml\nHash = %s\n' "$(md5sum <"$forest" | cut -d ' ' -f 1)" \
  >"$ROOM/data/tambo/nist_plain_tir-ink.txt"
expect 0 '' tamboctl --json fingerprint quality "${prints[0]}"
same 'the score of the model that is installed' "$(score)" 100
echo >>"$ROOM/data/tambo/model.yaml"
refused 5 'hash' 'a model that was changed' tamboctl fingerprint quality "${prints[0]}"
refused 5 . 'a model that is none' tamboctl fingerprint quality --model "${prints[0]}" "${prints[0]}"
export TAMBO_NFIQ2_MODEL=$ROOM/missing
refused 1 . 'a model that is missing' tamboctl fingerprint quality "${prints[0]}"
unset TAMBO_NFIQ2_MODEL
rm -r "$ROOM/data"

# -- reasons --
# The tip of a finger, far from the middle, with little ink.
"$python" - "${prints[0]}" "$ROOM/spoiled.pgm" <<'PYTHON'
import sys
data = open(sys.argv[1], 'rb').read()
pixels, (width, height) = bytearray(data[-416 * 560:]), (416, 560)
for y in range(height):
    for x in range(width):
        inside = (x - 90) ** 2 + (y - 300) ** 2 < 75 ** 2
        pixels[y * width + x] = 255 - (255 - pixels[y * width + x]) // 4 if inside else 255
open(sys.argv[2], 'wb').write(b'P5\n%d %d\n255\n' % (width, height) + pixels)
PYTHON
expect 0 '' tamboctl --json fingerprint quality "$ROOM/spoiled.pgm"
reasons=$("$python" -c 'import json, sys
print(*[r["reason"] for r in json.load(open(sys.argv[1]))["images"][0]["reasons"]])' "$ROOM/out")
same 'reasons' "$reasons" 'too-light off-centre small-area'
expect 0 '' tamboctl fingerprint quality "$ROOM/spoiled.pgm"
same 'reasons with advice' "$(grep -c '^     [a-z-]*: [A-Z].*\. .* wanted)$' "$ROOM/out")" 3
