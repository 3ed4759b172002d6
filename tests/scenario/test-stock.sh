#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Blanks from the vault to an operator and into a document: who has none of a kind that was given out issues
# nothing, two persons count, what differs is named by its number, and the forecast follows what was used.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

office_make >"$ROOM/office.out"
desk_start
files_make

# keepers: how many blanks in stock each has.
keepers() {
  tamboctl --json stock list | "$python" -c '
import collections, json, sys
rows = [row for row in json.load(sys.stdin)["blanks"] if row["state"] == "in-stock"]
print(" ".join(f"{name}={n}" for name, n in sorted(collections.Counter(row.get("keeper", "vault") for row in rows).items())))'
}

# value PATH: of the last document on $ROOM/out.
value() {
  json "$ROOM/out" "$1"
}

# ---- given to operators ----

same 'at the beginning' "$(keepers)" vault=20
refused 3 'second person' 'one alone gives nothing' as_supervisor stock assign --keeper clerk --from C0000001
refused 3 'a clerk may not' 'a clerk takes nothing' tamboctl stock assign --keeper clerk --from C0000001
refused 2 'either --keeper or --vault' 'to whom has to be said' before_deputy stock assign --from C0000001
refused 3 'no blank has the number C0000021' 'all or none' \
  before_deputy stock assign --keeper clerk --from C0000005 --to C0000021
expect 0 '' before_deputy --json stock assign --keeper deputy --from C0000001 --to C0000010
same 'given' "$(value .assigned) to $(value .keeper)" '10 to deputy'
same 'who has them' "$(keepers)" 'deputy=10 vault=10'

order=$(order_make)
refused 3 'clerk has no card blank left' 'who was given none issues nothing' at_desk tamboctl issue "$order"
refused 3 'was given to deputy' 'nor on what somebody else has' \
  at_desk tamboctl issue "$order" --blank C0000001
refused 3 'is in the vault' 'nor out of the vault' at_desk tamboctl issue "$order" --blank C0000011
check 'the clerk gets some' before_deputy stock assign --keeper clerk --from C0000011 --to C0000012
check 'and issues on them' at_desk tamboctl issue "$order"
same 'the blank' "$(ask "$ROOM/station/store.db" "SELECT number FROM blanks WHERE state = 'issued'")" C0000011
check 'the deputy brings them back' before_deputy stock assign --vault --from C0000001 --to C0000010
same 'who has them' "$(keepers)" 'clerk=1 vault=18'

# ---- counted ----

# count COMMAND-WORD…: by the clerk, before the deputy.
count() {
  TAMBO_SECOND=deputy TAMBO_SECOND_PASSWORD_FILE=$ROOM/deputy.password tamboctl --json stock reconcile "$@"
}

refused 3 'second person' 'nobody counts alone' tamboctl stock reconcile C0000001..C0000020
expect 0 '' count C0000001..C0000010 C0000012..C0000020
same 'counted, all there' "$(value .counted)/$(value .expected)" 19/19
check 'the statement lies there' test -f "$(value .statement)"
printf '%s\r\n' C0000001..C0000009 C0000011 C0000013..C0000020 C0000013 X77 >"$ROOM/scanned"
refused 3 '5 numbers differ from the book, the first is C0000010 \(missing\)' 'what differs is named' \
  count --kind card --remark 'drawer 2' --numbers "$ROOM/scanned"
same 'by number' "$("$python" -c '
import json, sys
print(*(row["number"] + "=" + row["what"] for row in json.load(open(sys.argv[1]))["differences"]))' "$ROOM/out")" \
  'C0000010=missing C0000011=gone C0000012=missing C0000013=twice X77=unknown'
expect 0 '' count --kind card --keeper clerk C0000012
same 'of one keeper' "$(value .counted)/$(value .expected)" 1/1
refused 3 'letters' 'what is no number' count C1-DROP
same 'in the log' "$(ask "$ROOM/station/store.db" \
  "SELECT count(*) FROM audit_entries WHERE entry LIKE '%stock.count%'")" 3

# ---- for how long ----

check 'one is spoiled' before_deputy stock spoil C0000020 --reason bent
expect 0 '' tamboctl --json stock forecast
same 'used, and left' "$(value .forecast.0.used) of $(value .forecast.0.in_stock), $(value .forecast.0.days_left) days" \
  '2 of 18, 9 days'
same 'enough' "$(value .forecast.0.low)" False
expect 0 '' tamboctl stock forecast
check 'in words' grep -E 'card +18 in stock, 2.0 used a day of work, 9 days left, until 20' "$ROOM/out"
everything_holds
