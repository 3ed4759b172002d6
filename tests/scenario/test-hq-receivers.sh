#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two receivers share one PostgreSQL and one folder of records. One is killed in the middle of the load,
# PostgreSQL is stopped at once and started again: every record that was acknowledged is there, once, and an
# upload that one receiver began goes on at the other. TAMBO_LONG_TESTS=1 sends more.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$scenario/postgresql.sh"
pg_available || skip 'no PostgreSQL'

records=240
size=100000
[ -z "${TAMBO_LONG_TESTS:-}" ] || { records=3000; size=500000; }

pg_make
pg_start
pg_ask postgres 'CREATE DATABASE hq'
uri="postgresql:///hq?host=$PGHOST&user=$PGUSER"
tambo_hq init "$ROOM/hq" --practice --database "$uri" --blobs "$ROOM/blobs"
held 'a headquarters in PostgreSQL'

# receiver NAME PORT: pid in pid_of, url in url_of.
declare -A pid_of url_of
receiver() {
  rm -f "$ROOM/$1.out"
  "$BUILD/src/hq/tambo-hq" serve "$ROOM/hq" --listen "127.0.0.1:$2" --no-decide \
    >"$ROOM/$1.out" 2>>"$ROOM/$1.log" &
  pid_of[$1]=$!
  started+=($!)
  for _ in $(seq 600); do
    grep -qs '^listening on' "$ROOM/$1.out" && break
    kill -0 "${pid_of[$1]}" 2>/dev/null || return 1
    sleep 0.05
  done
  url_of[$1]=https://$(sed -n 's/^listening on //p' "$ROOM/$1.out")
}
port=$((20000 + RANDOM % 12000))
until receiver first "$port"; do port=$((20000 + RANDOM % 12000)); done
receiver second 0
held "two receivers: ${url_of[first]} and ${url_of[second]}"

# acknowledged N: waits until so many records have their receipt, as far as the database can be asked.
acknowledged() {
  local n
  for _ in $(seq 1200); do
    n=$(pg_ask hq 'SELECT count(*) FROM intake_log' 2>/dev/null) || n=0
    [ "$n" -ge "$1" ] && return 0
    kill -0 "$load_pid" 2>/dev/null || return 0
    sleep 0.05
  done
  broken "no $1 records came"
}

mkdir "$ROOM/load"
"$BUILD/tests/scenario/hq-load" "$ROOM/hq" "$ROOM/load" "$records" "$size" 8 240 \
  "${url_of[first]}" "${url_of[second]}" >"$ROOM/load.out" 2>"$ROOM/load.log" &
load_pid=$!
started+=("$load_pid")
acknowledged $((records / 6))
kill -KILL "${pid_of[first]}"
wait "${pid_of[first]}" 2>/dev/null || true
held 'one receiver was killed in the middle of the load'
acknowledged $((records / 3))
pg_stop immediate
held 'PostgreSQL was stopped at once'
# Both sides of the outage are seen: somebody was told to come back.
for _ in $(seq 600); do
  grep -q 'the database' "$ROOM/second.log" && break
  sleep 0.05
done
pg_start
held 'and started again'
acknowledged $((records / 2))
receiver first "$port" || broken 'the first receiver did not come back'
held 'the killed receiver came back'
status=0
wait "$load_pid" || status=$?
held "the load: $(tail -n 1 "$ROOM/load.out")"
same 'all have a receipt, exit' "$status" 0
case $(tail -n 1 "$ROOM/load.out") in
  *' 0 told to come back'*) broken 'nobody was told to come back' ;;
esac

# -- what is there --
sort "$ROOM/load/receipts" >"$ROOM/acknowledged"
pg_ask hq 'SELECT id, sha256, log_index FROM records WHERE receipt IS NOT NULL' | sort >"$ROOM/known"
check 'headquarters has what was acknowledged, and nothing else' cmp "$ROOM/acknowledged" "$ROOM/known"
same 'the log has no gap and no place twice' \
  "$(pg_ask hq 'SELECT count(*), count(DISTINCT number), min(number), max(number) FROM intake_log')" \
  "$records|$records|0|$((records - 1))"
same 'and no record twice' "$(pg_ask hq 'SELECT count(DISTINCT record) FROM intake_log')" "$records"
same 'no alarm' "$(pg_ask hq 'SELECT count(*) FROM alarms')" 0
whole() {
  (cd "$ROOM/blobs/records" && find . -type f -printf '%f  %p\n' >"$ROOM/sums" &&
    sha256sum --quiet -c "$ROOM/sums" && [ "$(wc -l <"$ROOM/sums")" = "$records" ])
}
check 'each has its bytes, once' whole
kill "${pid_of[first]}" "${pid_of[second]}"
wait "${pid_of[first]}" "${pid_of[second]}" || broken 'a receiver did not end well'
held 'both receivers end well'
pg_stop fast
