#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A finished passport on a real PC/SC reader, opened by PACE: with the MRZ, with the card access number,
# with chip authentication mapping; and each wrong key refused by name.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

mrz=$(mrz_of_applicant)
can=271828
convert -size 480x640 gradient:gray "$ROOM/portrait.jpg"
expect 0 '' tamboctl lds build --applicant "$practice/travel-document.json" \
  --portrait "$ROOM/portrait.jpg" -o "$ROOM/lds"

# wait_for PATTERN FILE
wait_for() {
  for _ in $(seq 100); do
    grep -q "$1" "$2" && return 0
    sleep 0.05
  done
  broken "no '$1' in $2"
}

# lay NAME OPTION…: a passport on a reader of its own; it is the one that is meant from then on.
lay() {
  local folder=$ROOM/$1 port
  shift
  mkdir "$folder"
  "$BUILD/src/simulator/tambo-simulator" reader --dir "$folder" >"$folder/reader.out" 2>"$folder/reader.log" &
  started+=($!)
  wait_for '^reader ' "$folder/reader.out"
  port=$(sed -n 's/^reader //p' "$folder/reader.out")
  "$BUILD/src/simulator/tambo-simulator" card --profile passport --lds "$ROOM/lds" --vpcd "$port" \
    --dump "$folder/dump" "$@" >"$folder/card.out" 2>"$folder/card.log" &
  started+=($!)
  wait_for '^card ready' "$folder/card.out"
  export PCSCLITE_CSOCK_NAME=$folder/pcscd.comm
}

# opens PROTOCOL WHAT OPTION…: verified, and by that protocol.
opens() {
  local protocol=$1 what=$2
  shift 2
  expect 0 '' tamboctl chip verify "$@"
  grep -Eq "^  access-control +passed +$protocol" "$ROOM/out" && ! grep -q FAILED "$ROOM/out" ||
    broken "$what: $(cat "$ROOM/out")"
  held "$what: $(sed -n 's/^  access-control *//p' "$ROOM/out")"
}

# stays_shut WHAT OPTION…: exit 5, and access control says why.
stays_shut() {
  local what=$1 status=0
  shift
  tamboctl chip verify "$@" >"$ROOM/out" 2>"$ROOM/err" || status=$?
  [ "$status" = 5 ] && grep -Eq '^  access-control +FAILED' "$ROOM/out" ||
    broken "$what: exit $status, $(cat "$ROOM/out" "$ROOM/err")"
  held "$what: $(sed -n 's/^  access-control *//p' "$ROOM/out")"
}

csca=(--csca "$ROOM/lds/csca.der")
lay gm --can "$can"
opens PACE-ECDH-GM 'PACE with the MRZ' --mrz "$mrz" "${csca[@]}"
opens PACE-ECDH-GM 'PACE with the CAN' --can "$can" "${csca[@]}"
stays_shut 'another CAN' --can 271829 "${csca[@]}"
stays_shut 'half a CAN' --can 2718 "${csca[@]}"
stays_shut 'another MRZ' --mrz "${mrz/L898902C36UTO7408122/L898902D35UTO7408122}" "${csca[@]}"
refused 5 PACE 'nor is it read' tamboctl chip read --can 271829 -o "$ROOM/none"
expect 0 '' tamboctl chip read --can "$can" -o "$ROOM/read"
cp "$ROOM/lds/csca.der" "$ROOM/read/"
check 'read by PACE, byte for byte' diff -r "$ROOM/lds" "$ROOM/read"

lay cam --pace cam --can "$can"
opens PACE-ECDH-CAM 'chip authentication mapping' --mrz "$mrz" "${csca[@]}" \
  --csca "$ROOM/cam/dump/chip-csca.der"
for row in card-security chip-authentication; do
  grep -Eq "^  $row +passed" "$ROOM/out" || broken "$row: $(cat "$ROOM/out")"
done
held 'the chip is the one that was signed'
status=0
tamboctl chip verify --mrz "$mrz" "${csca[@]}" >"$ROOM/out" 2>"$ROOM/err" || status=$?
[ "$status" = 5 ] && grep -Eq '^  card-security +FAILED' "$ROOM/out" || broken "$(cat "$ROOM/out")"
held 'a stranger signed for the chip: exit 5'

lay bac --pace none
opens BAC 'a chip without PACE' --mrz "$mrz" "${csca[@]}"
stays_shut 'which a CAN does not open' --can "$can" "${csca[@]}"
