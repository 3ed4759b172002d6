#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The main job with a headquarters in PostgreSQL: what a station sends to one receiver, another one answers;
# a database that is away is said so, and the exchange goes on when it is back; a headquarters that began
# in a file moves.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$scenario/postgresql.sh"
pg_available || skip 'no PostgreSQL'

pg_make
pg_start
pg_ask postgres 'CREATE DATABASE moved'
uri="postgresql:///moved?host=$PGHOST&user=$PGUSER"

# -- from a file --
hq_make
hq_start
station_make MIG-TEST-01
operators_make
desk_start
files_make
desk_stop
enrol "${file_words[@]}" >/dev/null
expect 0 '' tamboctl sync --once
hq_stop
same 'one case, in a file' "$(ask "$ROOM/hq/hq.db" 'SELECT count(*) FROM cases')" 1
receipt=$(ask "$ROOM/hq/hq.db" 'SELECT receipt FROM records')

# -- to PostgreSQL: the same folder, and a second receiver --
start_on() { # start_on NAME: on a free port, in hq_pid_NAME and the port in hq_port_NAME
  rm -f "$ROOM/$1.out"
  "$BUILD/src/hq/tambo-hq" serve "$ROOM/hq" --listen "127.0.0.1:$2" "${@:3}" \
    >"$ROOM/$1.out" 2>"$ROOM/$1.log" &
  started+=($!)
  for _ in $(seq 600); do
    grep -qs '^listening on' "$ROOM/$1.out" && return 0
    sleep 0.05
  done
  cat "$ROOM/$1.log" >&2
  broken "the receiver $1 did not start"
}
start_on first "$hq_port" --database "$uri"
first=${started[-1]}
same 'it moved' "$(pg_ask moved 'SELECT count(*) FROM cases')" 1
same 'with its receipts' "$(pg_ask moved 'SELECT receipt FROM records')" "$receipt"
[ ! -e "$ROOM/hq/hq.db" ] || broken 'the file is still in use'
held 'and the file is out of use'
check 'other commands find it' tambo_hq case list "$ROOM/hq"
expect 0 '' tamboctl --json sync --once
same 'a station sends nothing again' "$(json "$ROOM/out" sent)" 0
kill "$first"
wait "$first" || broken 'the first receiver did not end well'

start_on second "$hq_port"
second=${started[-1]}
orders() {
  for _ in $(seq 200); do
    tamboctl sync --once >/dev/null || true
    [ "$(tamboctl --json inbox list | "$python" -c '
import json, sys
print(sum(m["kind"] == "order" for m in json.load(sys.stdin)["messages"]))')" = "$1" ] && return 0
    sleep 0.2
  done
  return 1
}
check 'another receiver delivers the order' orders 1

# -- the database is away --
pg_stop immediate
enrol "${file_words[@]}" >/dev/null
refused 1 'headquarters answered 503, unavailable.*; ' 'the database is away' tamboctl sync --once
pg_start
came() {
  for _ in $(seq 200); do
    tamboctl sync --once >/dev/null 2>&1 && return 0
    sleep 0.2
  done
  return 1
}
check 'it is back' came
check 'and the next order comes' orders 2
same 'nothing is doubled' \
  "$(pg_ask moved 'SELECT (SELECT count(*) FROM records), (SELECT count(*) FROM cases),
    (SELECT count(*) FROM orders), (SELECT count(*) FROM inbox), (SELECT count(*) FROM alarms)')" \
  '2|2|2|2|0'
everything_holds

# -- another headquarters' database --
tambo_hq init "$ROOM/other" --practice
status=0
tambo_hq serve "$ROOM/other" --listen 127.0.0.1:0 --database "$uri" >"$ROOM/out" 2>"$ROOM/err" ||
  status=$?
same "the database of others is left alone ($(cat "$ROOM/err")), exit" "$status" 3
kill "$second"
wait "$second" || broken 'the second receiver did not end well'
pg_stop fast
