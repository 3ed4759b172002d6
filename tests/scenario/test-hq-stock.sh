#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two stations tell headquarters of their blanks, one of them after days without a network: every movement once, every
# blank accounted for, also when headquarters comes back from an older backup.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

hq_db=$ROOM/hq/hq.db
stations=(MIG-TEST-01 MIG-TEST-02)

# at STATION COMMAND…
at() {
  local station=$1
  shift
  TAMBO_STATION=$ROOM/$station "$@"
}

# blanks STATION: kind received in-stock spoiled unaccounted, of each kind.
blanks() {
  tambo_hq report --json "$ROOM/hq" | "$python" -c '
import json, sys
print(*("{kind} {received} {in_stock} {spoiled} {unaccounted}".format(**row)
        for row in json.load(sys.stdin)["blanks"] if row["station"] == sys.argv[1]), sep=", ")' "$1"
}

movements() {
  ask "$hq_db" "SELECT count(*), count(DISTINCT number) FROM stock_movements WHERE station = '$1'"
}

hq_make
hq_start
for station in "${stations[@]}"; do
  at "$station" station_make "$station"
  at "$station" operators_make >"$ROOM/operators.out"
done
expect 0 '' at MIG-TEST-01 tamboctl sync --once
same 'nothing is told of what never moved' "$(ask "$hq_db" 'SELECT count(*) FROM stock_reports')" 0

# -- one is online, the other is not --
first() { at MIG-TEST-01 "$@"; }
second() { at MIG-TEST-02 "$@"; }
first before_deputy stock receive --kind card --from C001 --to C020 >/dev/null
first before_deputy stock assign --keeper clerk --from C001 --to C005 >/dev/null
first before_deputy stock spoil C006 --reason bent >/dev/null
second before_deputy stock receive --kind passport --from P001 --to P010 >/dev/null
second before_deputy stock receive --kind card --from D1 --to D3 >/dev/null
expect 0 '' first tamboctl sync --once
same 'the first has told' "$(blanks MIG-TEST-01)" 'card 20 19 1 0'
same 'movements' "$(movements MIG-TEST-01)" '3|3'
same 'to whom' "$(ask "$hq_db" "SELECT first_blank || '-' || last_blank || ' ' || keeper || ' ' || actor
  FROM stock_movements WHERE action = 'assign'")" 'C001-C005 clerk supervisor+deputy'
same 'the second could not' "$(blanks MIG-TEST-02)" ''
hq_stop
refused 1 'refuse|closed|connect' 'without headquarters' second tamboctl sync --once
second before_deputy stock spoil P003 --reason torn >/dev/null
hq_start
expect 0 '' second tamboctl sync --once
same 'then it tells all of it' "$(blanks MIG-TEST-02)" 'card 3 3 0 0, passport 10 9 1 0'

# -- once --
expect 0 '' first tamboctl sync --once
expect 0 '' second tamboctl sync --once
same 'nothing twice at the first' "$(movements MIG-TEST-01)" '3|3'
same 'nor at the second' "$(movements MIG-TEST-02)" '3|3'
same 'records and alarms of it' "$(ask "$hq_db" \
  'SELECT (SELECT count(*) FROM records), (SELECT count(*) FROM alarms)')" '0|0'

# -- among much else: headquarters' place follows, so that the next look into the log is a short one --
stations_place() { ask "$hq_db" "SELECT position FROM stock_reports WHERE station = '$1'"; }
third() { at MIG-TEST-03 "$@"; }
third station_make MIG-TEST-03
third operators_make >"$ROOM/operators.out"
third before_deputy stock receive --kind card --from E1 --to E4 >/dev/null
third "$BUILD/tests/bench/fill-cases" "$ROOM/MIG-TEST-03" clerk "$TAMBO_PASSWORD_FILE" 1500
expect 0 '' third tamboctl sync --once
place=$(stations_place MIG-TEST-03)
[ "$place" -gt 2900 ] || broken "headquarters' place is $place"
same 'what is told of it' "$(blanks MIG-TEST-03)" 'card 4 4 0 0'
expect 0 '' third tamboctl sync --once
same 'little is not told' "$(stations_place MIG-TEST-03)" "$place"
third "$BUILD/tests/bench/fill-cases" "$ROOM/MIG-TEST-03" clerk "$TAMBO_PASSWORD_FILE" 1500
expect 0 '' third tamboctl sync --once
[ "$(stations_place MIG-TEST-03)" -gt $((place + 2900)) ] || broken 'headquarters is behind'
third before_deputy stock spoil E2 --reason bent >/dev/null
expect 0 '' third tamboctl sync --once
same 'what came then' "$(blanks MIG-TEST-03) $(movements MIG-TEST-03)" 'card 4 3 1 0 2|2'

# -- headquarters comes back from a backup of before --
hq_stop
sqlite3 "$hq_db" "DELETE FROM stock_movements WHERE station = 'MIG-TEST-01';
  DELETE FROM stock_reports WHERE station = 'MIG-TEST-01'; DELETE FROM stock_levels"
hq_start
first before_deputy stock spoil C007 --reason bent >/dev/null
expect 0 '' first tamboctl sync --once
same 'it is told again' "$(blanks MIG-TEST-01)" 'card 20 18 2 0'
same 'each once' "$(movements MIG-TEST-01)" '4|4'

# -- one that vanished without a word --
sqlite3 "$hq_db" "UPDATE stock_levels SET in_stock = in_stock - 1 WHERE station = 'MIG-TEST-01'"
same 'is unaccounted for' "$(blanks MIG-TEST-01)" 'card 20 17 2 1'
expect 0 '' tambo_hq report "$ROOM/hq"
check 'in words' grep 'MIG-TEST-01 card: 20 received, 17 in stock, .* 1 unaccounted for' "$ROOM/out"
for station in "${stations[@]}"; do
  export TAMBO_STATION=$ROOM/$station
  everything_holds "at $station"
done
