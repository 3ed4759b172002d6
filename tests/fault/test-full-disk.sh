#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A small disk that fills up: nothing new is begun below the gate, and what waits is sent when there is no
# room left at all.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

mkdir "$ROOM/small"
if ! mount -t tmpfs -o size=260m tmpfs "$ROOM/small" 2>/dev/null; then
  echo '1..0 # SKIP no small disk can be mounted'
  trap - EXIT
  rm -rf "$ROOM"
  exit 0
fi
export TAMBO_STATION=$ROOM/small/station
seal() { "$BUILD/tests/fault/exchange-desk" seal "$TAMBO_STATION"; }
cases() { sqlite3 "$TAMBO_STATION/store.db" 'SELECT count(*) FROM cases'; }
enrol() {
  tamboctl enrol --procedure foreigner-card --mrz "$(tamboctl mrz make "$practice/travel-document.json")" \
    --applicant "$practice/applicant.json" --document "travel-document=$practice/travel-document.png"
}
practice=$source_root/data/practice

office_make
tamboctl sync --once >"$ROOM/sync.out"
seal >"$ROOM/first"
seal >"$ROOM/second"
[ -f "$TAMBO_STATION/ballast" ] || broken 'there is no ballast'
# Above the gate a case begins; it stops at what is missing.
enrol >"$ROOM/begun" 2>&1 || true
[ "$(cases)" = 1 ] || { cat "$ROOM/begun" >&2; broken 'no case above the gate'; }
held 'above the gate a case begins'

free=$(($(stat -f -c '%a * %S' "$ROOM/small")))
head -c "$((free - (20 << 20)))" /dev/zero >"$ROOM/small/fill"
expect 1 'space' 'below the gate none does' enrol
[ "$(cases)" = 1 ] || broken 'a case was begun below the gate'
[ -f "$TAMBO_STATION/ballast" ] || broken 'the gate cost the ballast'
held 'and nothing is left of it'

cat /dev/zero >>"$ROOM/small/fill" 2>/dev/null || true
[ "$(stat -f -c %a "$ROOM/small")" = 0 ] || broken 'the disk is not full'
expect 0 '2 sent' 'on a full disk what waits is sent' tamboctl sync --once
expect 0 'records hold' 'the outbox holds' tamboctl outbox verify
expect 0 'entries hold' 'the audit log holds' tamboctl audit verify
[ "$(sqlite3 "$TAMBO_STATION/store.db" "SELECT count(*) FROM outbox WHERE state = 'acknowledged'")" = 2 ] ||
  broken 'not both have receipts'
held 'both have their receipts'

rm "$ROOM/small/fill"
expect 0 '.' 'with room again' tamboctl sync --once
[ -f "$TAMBO_STATION/ballast" ] || broken 'the ballast is not aboard'
enrol >"$ROOM/begun" 2>&1 || true
[ "$(cases)" = 2 ] || broken 'no case with room again'
held 'the ballast is aboard, and cases begin again'
