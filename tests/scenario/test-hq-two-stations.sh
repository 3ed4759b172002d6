#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two stations send to the same receiver at once, while it decides what came before: all of both arrives, once,
# in one log and without a gap, every case is decided, and each station gets the orders of its own cases.
# TAMBO_LONG_TESTS=1 sends more.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cases=2
[ -z "${TAMBO_LONG_TESTS:-}" ] || cases=25
hq_db=$ROOM/hq/hq.db
stations=(MIG-TEST-01 MIG-TEST-02)

# at STATION COMMAND…
at() {
  local station=$1
  shift
  TAMBO_STATION=$ROOM/$station "$@"
}

hq_make
hq_start
for station in "${stations[@]}"; do
  at "$station" station_make "$station"
  at "$station" operators_make >"$ROOM/operators.out"
done
desk_start
export TAMBO_STATION=$ROOM/${stations[0]}
files_make
for station in "${stations[@]}"; do
  for _ in $(seq $cases); do at "$station" enrol "${file_words[@]}" >/dev/null; done
done
held "two stations with $cases cases each"

# -- both send --
declare -A sync_of
for station in "${stations[@]}"; do
  # Slowly enough that they meet.
  at "$station" "$BUILD/src/cli/tamboctl" sync --once --limit-rate 150000 >"$ROOM/$station.out" \
    2>"$ROOM/$station.err" &
  sync_of[$station]=$!
  started+=($!)
done
# Parts of two records at the same moment.
parts=0
while [ "$parts" -lt 2 ] && kill -0 "${sync_of[@]}" 2>/dev/null; do
  parts=$(find "$ROOM/hq/partial" -type f | wc -l)
  sleep 0.02
done
[ "$parts" -ge 2 ] || broken 'they did not send at the same time'
held 'records of both come at the same time'
for station in "${stations[@]}"; do
  wait "${sync_of[$station]}" || broken "$station: $(cat "$ROOM/$station.err")"
  held "$station has sent all: $(tail -n 1 "$ROOM/$station.out")"
done

# -- what is there --
records=0
for station in "${stations[@]}"; do
  at "$station" ask "$ROOM/$station/store.db" "SELECT id || ' ' || sha256 FROM outbox"
done | sort >"$ROOM/sent"
records=$(wc -l <"$ROOM/sent")
ask "$hq_db" "SELECT id || ' ' || sha256 FROM records WHERE receipt IS NOT NULL" | sort >"$ROOM/known"
check "headquarters has all $records records, and nothing else" cmp "$ROOM/sent" "$ROOM/known"
for station in "${stations[@]}"; do
  same "receipts at $station" "$(at "$station" ask "$ROOM/$station/store.db" \
    'SELECT count(*) = count(receipt) FROM outbox')" 1
  same "numbers of $station without a gap" "$(ask "$hq_db" "SELECT count(*) = max(sequence)
    AND count(DISTINCT sequence) = count(*) FROM records WHERE station = '$station'")" 1
done
same 'the log has no gap and no place twice' "$(ask "$hq_db" 'SELECT count(*), count(DISTINCT record),
  min(number), max(number) FROM intake_log')" "$records|$records|0|$((records - 1))"

# -- what became of it --
same_soon 'cases without a decision' 0 \
  ask "$hq_db" "SELECT count(*) FROM records WHERE state = 'received'"
same 'cases that are ordered or wait for a person' "$(ask "$hq_db" "SELECT count(*) FROM cases
  WHERE state IN ('ordered', 'pending')")" $((2 * cases))
same 'records that failed' "$(ask "$hq_db" "SELECT count(*) FROM records WHERE state = 'failed'")" 0
same 'alarms' "$(ask "$hq_db" 'SELECT count(*) FROM alarms')" 0
for station in "${stations[@]}"; do
  expect 0 '' at "$station" tamboctl sync --once
  same "messages at $station about cases of others" "$(at "$station" ask "$ROOM/$station/store.db" \
    'SELECT count(*) FROM inbox WHERE case_id IS NOT NULL AND case_id NOT IN (SELECT id FROM cases)')" 0
done
same 'orders, and messages of them' "$(for station in "${stations[@]}"; do
  at "$station" ask "$ROOM/$station/store.db" "SELECT id FROM inbox WHERE kind = 'order'"
done | sort -u | wc -l)" "$(ask "$hq_db" 'SELECT count(*) FROM orders')"
for station in "${stations[@]}"; do
  export TAMBO_STATION=$ROOM/$station
  everything_holds "at $station"
done
