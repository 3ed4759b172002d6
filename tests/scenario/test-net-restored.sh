#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Headquarters is brought back from an older backup: what it receipted since comes again, what it ordered
# since is looked at by a person before it is ordered twice, and its new messages reach the station.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

store=$ROOM/station/store.db
hq_store=$ROOM/hq/hq.db
hq_make
sqlite3 "$hq_store" "UPDATE settings SET value = '0' WHERE name = 'practice'"
hq_start
station_make MIG-TEST-01
operators_make
desk_start
files_make
desk_stop

at_station() {
  ask "$store" "SELECT (SELECT count(*) FROM outbox WHERE state = 'acknowledged'),
    (SELECT group_concat(number || ':' || kind, ' ') FROM (SELECT * FROM inbox ORDER BY number))"
}
alarms() { ask "$hq_store" "SELECT group_concat(kind, ' ') FROM (SELECT kind FROM alarms ORDER BY number)"; }
# Headquarters takes records in in one thread and opens them in another.
wait_for_state() { # ID STATE
  for _ in $(seq 300); do
    [ "$(ask "$hq_store" "SELECT state FROM cases WHERE id = '$1'")" = "$2" ] && return 0
    sleep 0.1
  done
  broken "the case $1 is $(ask "$hq_store" "SELECT state FROM cases WHERE id = '$1'")"
}

enrol "${file_words[@]}" >/dev/null
first=$(newest_case)
expect 0 '' tamboctl sync --once
wait_for_state "$first" pending
hq_stop
cp -a "$ROOM/hq" "$ROOM/backup"
hq_start

tambo_hq case decide "$ROOM/hq" "$first" --accept >"$ROOM/decide.out"
enrol "${file_words[@]}" >/dev/null
second=$(newest_case)
expect 0 '' tamboctl sync --once
wait_for_state "$second" pending
expect 0 '' tamboctl sync --once
same 'two records, one order' "$(at_station)" '2|1:order'

hq_stop
rm -rf "$ROOM/hq"
mv "$ROOM/backup" "$ROOM/hq"
hq_start
# Decided again before the station came by: an order under a number that the station has.
tambo_hq case decide "$ROOM/hq" "$first" --accept >"$ROOM/decide.out"

expect 0 '' tamboctl --json sync --once
same 'the forgotten record waits again' "$(json "$ROOM/out" requeued)" 1
same 'and is sent' "$(json "$ROOM/out" sent)" 1
same 'headquarters rings' "$(alarms)" 'rewound inbox'
same 'the new order came under a new number' "$(at_station)" '2|1:order 2:order'
wait_for_state "$second" pending
case $(ask "$hq_store" "SELECT detail FROM cases WHERE id = '$second'") in
*'before this headquarters was restored'*) held 'a person looks at what may have been ordered before' ;;
*) broken 'nobody is told that the case was here before' ;;
esac
# The same applicant came twice: the search for duplicates objected, and that takes two persons.
tambo_hq case decide "$ROOM/hq" "$second" --accept --person first >"$ROOM/decide.out"
tambo_hq case decide "$ROOM/hq" "$second" --accept --person second >"$ROOM/decide.out"
expect 0 '' tamboctl --json sync --once
same 'nothing waits again' "$(json "$ROOM/out" requeued)" 0
same 'the next order stands behind it' "$(at_station)" '2|1:order 2:order 3:order'
expect 0 '' tamboctl --json sync --once
same 'no bell rings twice' "$(alarms)" 'rewound inbox'
check 'the receipts are those of headquarters' test \
  "$(ask "$store" "SELECT group_concat(receipt) FROM (SELECT receipt FROM outbox ORDER BY id)")" = \
  "$(ask "$hq_store" "SELECT group_concat(receipt) FROM (SELECT receipt FROM records ORDER BY id)")"

# -- what is not kept here any more is told --
hq_stop
cp -a "$ROOM/hq" "$ROOM/backup"
hq_start
enrol "${file_words[@]}" >/dev/null
expect 0 '' tamboctl sync --once
as_supervisor outbox retention 0
expect 0 '' tamboctl sync --once
same 'its bytes are purged' "$(ask "$store" "SELECT count(*) FROM outbox WHERE state = 'purged'")" 3
hq_stop
rm -rf "$ROOM/hq"
mv "$ROOM/backup" "$ROOM/hq"
hq_start
refused 5 'tell headquarters' 'a record that is gone at both ends' tamboctl sync --once
same 'headquarters rings' "$(alarms)" 'rewound inbox lost rewound'
expect 0 '' tamboctl sync --once
held 'and the station goes on'
everything_holds
