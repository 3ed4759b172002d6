#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# docs/audit-verify.sh proves an export with openssl and sha256sum alone, and every change of it is seen.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

verify() { "$source_root/docs/audit-verify.sh" "$@"; }
# changed NAME AWK: a copy of the export, changed
changed() { awk "$2" "$ROOM/log" >"$ROOM/$1"; }

office_make
[ "$(wc -l <"$source_root/docs/audit-verify.sh")" -le 50 ] || broken 'the script has more than 50 lines'
work 3
expect 0 'countersigned the first 0' 'an export before the first contact' tamboctl audit export "$ROOM/log"
expect 0 'headquarters countersigned none' 'is proved as far as it goes' verify "$ROOM/log"
tamboctl sync --once >"$ROOM/sync.out"
work 5
expect 0 'entries in' 'an export after it' tamboctl audit export "$ROOM/log"
expect 0 'signed the first [1-9]' 'is proved' verify "$ROOM/log"
cp "$ROOM/out" "$ROOM/verdict"
size=$(sed '1,/^$/d' "$ROOM/log" | wc -l)
signed=$(tamboctl --json audit verify | json - countersigned)
grep -q "^$size entries of MIG-FAULT-01 hold$" "$ROOM/verdict" || broken "not $size entries"
grep -q "signed the first $signed$" "$ROOM/verdict" || broken "not $signed countersigned"
[ "$signed" -gt 2 ] && [ "$signed" -lt "$size" ] || broken "the sizes $signed and $size test nothing"
[ "$(stat -c %a "$ROOM/log")" = 600 ] || broken 'others may read the export'

openssl ec -in "$ROOM/station/station.key" -pubout -out "$ROOM/other.pem" 2>/dev/null
expect 1 'another key' "another's key is not headquarters'" verify "$ROOM/log" "$ROOM/other.pem"
{ echo '-----BEGIN PUBLIC KEY-----'; sed -n 's/^headquarters-key //p' "$ROOM/log"; echo '-----END PUBLIC KEY-----'; } >"$ROOM/hq.pem"
expect 0 'hold$' "headquarters' own key is" verify "$ROOM/log" "$ROOM/hq.pem"

# Each entry in turn with one letter more in what was done.
first=$(grep -n '^$' "$ROOM/log" | head -n 1 | cut -d: -f1)
for entry in 1 2 "$signed" "$((signed + 1))" "$size"; do
  changed flipped "NR == $((first + entry)) { sub(/\"action\":\"/, \"&x\") } { print }"
  cmp -s "$ROOM/log" "$ROOM/flipped" && broken 'nothing was changed'
  expect 1 'other entries' "entry $entry changed" verify "$ROOM/flipped"
done
for cut in 1 "$((size - signed))" "$((size - signed + 1))" "$((size - 1))" "$size"; do
  head -n "-$cut" "$ROOM/log" >"$ROOM/cut"
  expect 1 'missing|other entries' "cut by $cut" verify "$ROOM/cut"
done
changed later "NR != $((first + 1))"
expect 1 'missing' 'the first one left out' verify "$ROOM/later"
for entry in 1 "$signed" "$((size - 1))"; do
  changed order "NR == $((first + entry)) { kept = \$0; next } { print } kept { print kept; kept = \"\" }"
  expect 1 'other entries' "entries $entry and $((entry + 1)) exchanged" verify "$ROOM/order"
done
changed more "{ print } END { print }"
expect 1 'did not sign|other entries' 'one added' verify "$ROOM/more"
# Somebody who cuts, counts and hashes anew has no key.
changed forged "/^station-statement/ { sub(/\"size\":$size/, \"size\\\":$((size - 1))\") } { print }"
expect 1 'signature of the station' 'another size' verify "$ROOM/forged"
changed forged "/^headquarters-statement/ { sub(/MIG-FAULT-01/, \"MIG-FAULT-02\") } { print }"
expect 1 'signature of the headquarters' 'another station' verify "$ROOM/forged"

# The same on the station's own disk.
db=$ROOM/station/store.db
cp "$db" "$ROOM/sound.db"
spoil() {
  cp "$ROOM/sound.db" "$db"
  sqlite3 "$db" "$1" >/dev/null
}
spoil "UPDATE audit_entries SET entry = replace (entry, '\"action\":\"', '\"action\":\"x') WHERE number = $signed"
expect 5 "audit entry $signed is not" 'audit verify: an entry changed' tamboctl audit verify
expect 5 "audit entry $signed is not" 'audit export: an entry changed' tamboctl audit export "$ROOM/bad"
spoil "DELETE FROM audit_entries WHERE number = 2"
expect 5 'audit entry 2 is missing' 'audit verify: an entry left out' tamboctl audit verify
spoil "DELETE FROM audit_entries WHERE number >= $((signed - 1))"
expect 5 'is missing' 'audit verify: cut below what was countersigned' tamboctl audit verify
spoil "UPDATE audit_entries SET number = -1 WHERE number = 1;
  UPDATE audit_entries SET number = 1 WHERE number = 0; UPDATE audit_entries SET number = 0 WHERE number = -1"
expect 5 'audit entry 0' 'audit verify: two entries exchanged' tamboctl audit verify
spoil "UPDATE audit_countersigned SET size = 1"
expect 5 'audit_countersigned' 'audit verify: another countersigned size' tamboctl audit verify
spoil ""
expect 0 'entries hold' 'audit verify: as it was' tamboctl audit verify
