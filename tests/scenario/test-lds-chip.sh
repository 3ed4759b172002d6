#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Files of an LDS to a chip and back without a station: built, written, read, verified, falsified.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

mrz=$(mrz_of_applicant)
desk_start
at_desk tamboctl capture portrait -o "$ROOM/portrait.jpg"
convert -size 600x200 xc:white -fill none -stroke black -strokewidth 3 \
  -draw 'path "M 50,150 C 150,10 250,190 350,60 S 500,150 560,40"' "$ROOM/ink.png"

build() {
  expect 0 '' tamboctl lds build --applicant "$practice/travel-document.json" \
    --portrait "$ROOM/portrait.jpg" --signature "$ROOM/ink.png" -o "$1"
}
build "$ROOM/lds"
same 'built' "$(ls "$ROOM/lds" | tr '\n' ' ')" 'COM DG1 DG2 DG7 SOD csca.der '
expect 0 '' tamboctl chip verify --lds "$ROOM/lds"
held 'the folder verifies with the CSCA beside it'
expect 0 '' tamboctl --json chip verify --lds "$ROOM/lds"
same 'and says so in JSON' "$(json "$ROOM/out" passed)" True

# -- to the chip and back --
expect 0 '' at_desk tamboctl chip write --profile jmrtd --lds "$ROOM/lds"
for row in read-back locked sod-signature document-signer hash-DG1 hash-DG2 hash-DG7; do
  grep -Eq "^  $row +passed" "$ROOM/out" || broken "$row: $(cat "$ROOM/out")"
done
held 'written, read back, locked'
expect 0 '' at_desk tamboctl chip read --mrz "$mrz" -o "$ROOM/read"
cp "$ROOM/lds/csca.der" "$ROOM/read/"
check 'the files are equal' diff -r "$ROOM/lds" "$ROOM/read"
expect 0 '' at_desk tamboctl chip verify --mrz "$mrz" --csca "$ROOM/lds/csca.der"
grep -Eq '^  access-control +passed' "$ROOM/out" && ! grep -q FAILED "$ROOM/out" ||
  broken "$(cat "$ROOM/out")"
held 'the chip verifies'
refused 3 'empty' 'a locked chip is not written again' at_desk tamboctl chip write --profile jmrtd \
  --lds "$ROOM/lds"
refused 5 . 'an MRZ of another document' at_desk tamboctl chip read \
  --mrz "${mrz/L898902C36UTO7408122/L898902D35UTO7408122}" -o "$ROOM/none"
[ ! -e "$ROOM/none/DG1" ] || broken 'it was read all the same'

# fails_row ROW COMMAND…: exit 5, and the row that is wrong is named.
fails_row() {
  local row=$1 status=0
  shift
  "$@" >"$ROOM/out" 2>"$ROOM/err" || status=$?
  [ "$status" = 5 ] || { cat "$ROOM/out" "$ROOM/err" >&2; broken "exit $status: $*"; }
  grep -Eq "^  $row +FAILED" "$ROOM/out" || { cat "$ROOM/out"; broken "$row did not fail"; }
}

at_desk tamboctl chip verify --mrz "${mrz/L898902C36UTO7408122/L898902D35UTO7408122}" \
  --csca "$ROOM/lds/csca.der" >"$ROOM/out" 2>"$ROOM/err" && broken 'verified with another MRZ'
status=0
at_desk tamboctl chip verify --mrz "${mrz/L898902C36UTO7408122/L898902D35UTO7408122}" \
  --csca "$ROOM/lds/csca.der" >"$ROOM/out" 2>"$ROOM/err" || status=$?
same 'chip verify with another MRZ, exit' "$status" 5

# -- another authority, falsified files --
build "$ROOM/other"
fails_row document-signer at_desk tamboctl chip verify --mrz "$mrz" --csca "$ROOM/other/csca.der"
held 'a chip under another CSCA: document-signer FAILED'

# forge NAME: a copy of the folder to be falsified.
forge() {
  rm -rf "$ROOM/forged"
  cp -r "$ROOM/lds" "$ROOM/forged"
  cp -r "$ROOM/other/$1" "$ROOM/forged/"
}
convert "$ROOM/portrait.jpg" -flop "$ROOM/another.jpg"
tamboctl lds build --applicant "$practice/travel-document.json" --portrait "$ROOM/another.jpg" \
  --signature "$ROOM/ink.png" -o "$ROOM/other" >/dev/null
forge DG2
fails_row hash-DG2 tamboctl chip verify --lds "$ROOM/forged"
held 'another face: hash-DG2 FAILED'
forge SOD
fails_row document-signer tamboctl chip verify --lds "$ROOM/forged"
held 'a SOD of another authority: document-signer FAILED'
forge DG2
cp "$ROOM/other/SOD" "$ROOM/forged/"
fails_row document-signer tamboctl chip verify --lds "$ROOM/forged"
held 'another face with its own SOD: document-signer FAILED'

# flip FILE OFFSET
flip() {
  "$python" - "$1" "$2" <<'PYTHON'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[int(sys.argv[2])] ^= 1
open(sys.argv[1], "wb").write(data)
PYTHON
}
cp -r "$ROOM/lds/." "$ROOM/forged/"
flip "$ROOM/forged/SOD" -3
fails_row sod-signature tamboctl chip verify --lds "$ROOM/forged"
held 'a bit of the signature: sod-signature FAILED'
cp -r "$ROOM/lds/." "$ROOM/forged/"
flip "$ROOM/forged/DG1" 20
fails_row hash-DG1 tamboctl chip verify --lds "$ROOM/forged"
held 'a bit of DG1: hash-DG1 FAILED'
cp -r "$ROOM/lds/." "$ROOM/forged/"
head -c 300 "$ROOM/lds/SOD" >"$ROOM/forged/SOD"
status=0
tamboctl chip verify --lds "$ROOM/forged" >"$ROOM/out" 2>"$ROOM/err" || status=$?
same 'a SOD that is cut off, exit' "$status" 5

# A chip that carries the forgery: it must not get out of the office either.
card_new
forge DG2
refused 5 'hash|inspection' 'a forgery is not locked into a chip' at_desk tamboctl chip write \
  --profile jmrtd --lds "$ROOM/forged"
case $(card_status) in *locked=no*) held 'that card is not locked' ;; *) broken "$(card_status)" ;; esac
fails_row hash-DG2 at_desk tamboctl chip verify --mrz "$mrz" --csca "$ROOM/lds/csca.der"
held 'and the chip does not verify: hash-DG2 FAILED'
