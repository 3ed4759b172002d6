#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A headquarters with blanks that take fingers, PACE and chip authentication: the order brings all of it,
# and a border sees it proved.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

hq_words=(--chip-profile iso7816 --chip-fingers)
office_make >"$ROOM/office.out"
desk_start
files_make
order=$(order_make)
desk_stop

# A reader of its own, with a blank of that kind.
mkdir "$ROOM/pcscd"
"$BUILD/src/simulator/tambo-simulator" reader --dir "$ROOM/pcscd" >"$ROOM/reader.out" \
  2>"$ROOM/reader.log" &
started+=($!)
for _ in $(seq 200); do
  if grep -q '^reader ' "$ROOM/reader.out"; then break; fi
  sleep 0.05
done
port=$(sed -n 's/^reader \([0-9]*\).*/\1/p' "$ROOM/reader.out")
export PCSCLITE_CSOCK_NAME=$ROOM/pcscd/pcscd.comm
"$BUILD/src/simulator/tambo-simulator" card --vpcd "$port" --profile iso7816 >"$ROOM/card.out" \
  2>&1 &
started+=($!)
for _ in $(seq 200); do
  if grep -q 'card ready' "$ROOM/card.out"; then break; fi
  sleep 0.05
done
printf '{"enc":"404142434445464748494a4b4c4d4e4f","mac":"404142434445464748494a4b4c4d4e4f"}' \
  >"$ROOM/keys.json"

expect 0 '' tamboctl issue "$order" --keys "$ROOM/keys.json"
held 'the order is issued with the profile that it names'
mrz=$(tamboctl --json inbox show "$order" | json - mrz)
tambo_hq ca export "$ROOM/hq" --csca "$ROOM/csca.pem"
expect 0 '' tamboctl chip verify --mrz "$mrz" --csca "$ROOM/csca.pem"
for name in access-control sod-signature document-signer active-authentication chip-authentication \
  card-access hash-DG1 hash-DG2 hash-DG12 hash-DG14 hash-DG15; do
  grep -Eq "^  $name +passed" "$ROOM/out" || { cat "$ROOM/out" >&2; broken "$name"; }
done
grep '^  access-control' "$ROOM/out" | grep PACE >/dev/null || broken 'it was not opened by PACE'
held 'opened by PACE; both keys are proved, and DG14 repeats what EF.CardAccess offers'
