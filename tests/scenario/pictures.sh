# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2154
#
# Pictures seen with ImageMagick's eyes: the face on a chip beside the one that was taken. Sourced.

# picture_of DG2 OUT: cuts the JPEG 2000 out of the data group, with no parser but its own signature.
picture_of() {
  "$python" - "$1" "$2" <<'PYTHON'
import sys
data = open(sys.argv[1], "rb").read()
start = data.find(bytes.fromhex("0000000C6A5020200D0A870A"))
if start < 0 or data[:1] != b"\x75":
    sys.exit("no JPEG 2000 file in the data group")
open(sys.argv[2], "wb").write(data[start:])
PYTHON
}

has_jpeg2000() {
  # Not -q: the list would end in a broken pipe, and the check in silence.
  identify -list format | grep -E '^ +JP2\*? +JP2 +r' >/dev/null
}

# psnr A B SIZE: of A and B, B scaled to fill SIZE and cut to it around its middle.
psnr() {
  local value
  convert "$2" -resize "$3^" -gravity center -extent "$3" "$ROOM/fitted.png"
  value=$(compare -metric PSNR "$1" "$ROOM/fitted.png" null: 2>&1) || true
  printf '%s\n' "${value%% *}"
}

# shows_face DG2 PORTRAIT LEAST: the data group holds that face, with so many dB.
shows_face() {
  local size value
  picture_of "$1" "$ROOM/face.jp2"
  size=$(identify -format '%wx%h' "$ROOM/face.jp2")
  convert "$ROOM/face.jp2" "$ROOM/face.png"
  value=$(psnr "$ROOM/face.png" "$2" "$size")
  "$python" -c 'import sys; sys.exit(float(sys.argv[1]) <= float(sys.argv[2]))' "$value" "$3" ||
    broken "the face in $1 is not the one in $2: $value dB at $size"
  # The same measure has to tell another picture from it.
  convert "$2" -flop "$ROOM/mirrored.png"
  value_mirrored=$(psnr "$ROOM/face.png" "$ROOM/mirrored.png" "$size")
  "$python" -c 'import sys; sys.exit(float(sys.argv[1]) <= float(sys.argv[2]) + 1)' "$value" \
    "$value_mirrored" || broken "its mirror image has $value_mirrored dB, and it $value dB"
  held "DG2, $(stat -c %s "$ROOM/face.jp2") bytes of JPEG 2000, shows that face: $value dB at $size (mirrored $value_mirrored)"
}
