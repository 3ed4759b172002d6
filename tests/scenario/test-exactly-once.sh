#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A record has its effect at headquarters once, whatever breaks between: headquarters away, the last
# answer lost, either side killed in the middle, everything sent a second time.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

store=$ROOM/station/store.db
hq_store=$ROOM/hq/hq.db

# The station reaches headquarters through a network that can lose answers.
hq_make
hq_start
echo open >"$ROOM/network"
"$python" "$scenario/proxy.py" "$hq_port" "$ROOM/network" >"$ROOM/proxy.out" 2>"$ROOM/proxy.log" &
started+=($!)
until grep -qs '^listening on' "$ROOM/proxy.out"; do sleep 0.05; done
network_port=$(sed -n 's/^listening on //p' "$ROOM/proxy.out")

# -- the answer to the registration is lost --
token=$(tambo_hq station invite "$ROOM/hq" MIG-TEST-01)
register() {
  tamboctl init --name MIG-TEST-01 --hq "https://127.0.0.1:$network_port" --ca "$ROOM/hq/ca.pem" \
    --token "$token"
}
echo 700 >"$ROOM/network" # the request goes through, no answer does
refused 1 . 'the answer to the registration is lost' register
same 'headquarters has the station all the same' \
  "$(ask "$hq_store" "SELECT code, state, epoch FROM stations")" 'MIG-TEST-01|active|1'
echo open >"$ROOM/network"
expect 0 '' register
held 'the same invitation brings the same certificate'
same 'and is used once' "$(ask "$hq_store" "SELECT code, state, epoch FROM stations")" \
  'MIG-TEST-01|active|1'
refused 3 'registered' 'a station is not made twice' register
token_again() {
  tamboctl --station "$ROOM/thief" init --name MIG-TEST-01 --hq "https://127.0.0.1:$network_port" \
    --ca "$ROOM/hq/ca.pem" --token "$token"
}
refused 3 'ask headquarters for a new invitation' 'another key gets nothing for it' token_again
operators_make
desk_start
files_make
desk_stop

# What headquarters has: records, receipts, cases.
at_hq() {
  ask "$hq_store" "SELECT (SELECT count(*) FROM records), (SELECT count(*) FROM records
    WHERE receipt IS NOT NULL), (SELECT count(*) FROM cases), (SELECT count(*) FROM alarms)"
}

# What the station has: waiting, acknowledged.
at_station() {
  ask "$store" "SELECT sum(state != 'acknowledged'), sum(state = 'acknowledged'
    AND receipt IS NOT NULL) FROM outbox"
}

receipts_agree() {
  "$python" - "$store" "$hq_store" <<'PYTHON'
import sqlite3, sys
own, theirs = (dict(sqlite3.connect("file:%s?mode=ro" % path, uri=True).execute(sql))
               for path, sql in ((sys.argv[1], "SELECT id, receipt FROM outbox"),
                                 (sys.argv[2], "SELECT id, receipt FROM records")))
if own != theirs or None in own.values() or len(set(own.values())) != len(own):
    sys.exit("the receipts differ: %r, %r" % (own, theirs))
PYTHON
}

# -- headquarters away --
hq_stop
enrol "${file_words[@]}" >/dev/null
refused 1 '; go on working; the records wait here' 'headquarters away' tamboctl sync --once
refused 1 '; go on working' 'and again' tamboctl sync --once
same 'the record waits' "$(at_station)" '1|0'
hq_start
expect 0 '' tamboctl --json sync --once
same 'it is sent when headquarters is back' "$(json "$ROOM/out" sent)" 1
same 'and receipted' "$(at_station)" '0|1'
same 'one record and one case' "$(at_hq)" '1|1|1|0'
check 'both keep the same receipt' receipts_agree

before=$(sqlite3 -readonly "$store" '.dump outbox')
expect 0 '' tamboctl --json sync --once
same 'nothing is sent again' "$(json "$ROOM/out" sent)" 0
same 'nothing changes at headquarters' "$(at_hq)" '1|1|1|0'
[ "$before" = "$(sqlite3 -readonly "$store" '.dump outbox')" ] || broken 'the outbox has changed'
held 'nothing changes in the outbox'

# -- the last answer is lost --
enrol "${file_words[@]}" >/dev/null
echo 300000 >"$ROOM/network"
refused 1 '; go on working' 'the last answer is lost' tamboctl sync --once
same 'headquarters has it all the same' "$(at_hq)" '2|2|2|0'
same 'the station does not know' "$(at_station)" '1|1'
echo open >"$ROOM/network"
expect 0 '' tamboctl sync --once
same 'now it does' "$(at_station)" '0|2'
same 'nothing was doubled' "$(at_hq)" '2|2|2|0'
check 'it is the receipt of the first time' receipts_agree

# -- headquarters is killed in the middle --
enrol "${file_words[@]}" >/dev/null
# uploading: how many bytes of a record have come to headquarters.
uploading() {
  find "$ROOM/hq/partial" -type f -printf '%s\n' | sort -n | tail -n 1
}
wait_for_part() {
  for _ in $(seq 200); do
    [ "$(uploading || true)" -gt 65536 ] 2>/dev/null && return 0
    sleep 0.05
  done
  broken 'nothing was uploaded'
}
"$BUILD/src/cli/tamboctl" sync --once --limit-rate 150000 >"$ROOM/out" 2>"$ROOM/err" &
sync_pid=$!
wait_for_part
kill -KILL "$hq_pid"
wait "$hq_pid" 2>/dev/null || true
status=0
wait "$sync_pid" || status=$?
same 'headquarters killed during an upload, exit' "$status" 1
one_line '; go on working' || broken "not one line: $(cat "$ROOM/err")"
held "$(cat "$ROOM/err")"
same 'the record waits' "$(at_station)" '1|2'
hq_start
part=$(uploading)
[ "$part" -gt 0 ] || broken 'headquarters kept nothing of it'
held "headquarters kept $part bytes"

# -- the station is killed in the middle --
"$BUILD/src/cli/tamboctl" sync --once --limit-rate 100000 >"$ROOM/out" 2>"$ROOM/err" &
sync_pid=$!
for _ in $(seq 200); do
  [ "$(uploading)" -gt "$part" ] && break
  sleep 0.05
done
kill -KILL "$sync_pid"
wait "$sync_pid" 2>/dev/null && broken 'the exchange had ended before it was killed'
same 'the station was killed during the upload: the record waits' "$(at_station)" '1|2'
expect 0 '' tamboctl --json sync --once
same 'and is sent' "$(json "$ROOM/out" sent)" 1
same 'once' "$(at_hq)" '3|3|3|0'
check 'both keep the same receipts' receipts_agree

# -- two exchanges at once --
enrol "${file_words[@]}" >/dev/null
"$BUILD/src/cli/tamboctl" sync --once >"$ROOM/first.out" 2>"$ROOM/first.err" &
first=$!
"$BUILD/src/cli/tamboctl" sync --once >"$ROOM/second.out" 2>"$ROOM/second.err" &
second=$!
wait "$first" || true
wait "$second" || true
expect 0 '' tamboctl sync --once
same 'two exchanges at once send one record' "$(at_hq)" '4|4|4|0'
same 'and it is receipted' "$(at_station)" '0|4'

# -- everything once more --
forget_receipts() { # as somebody would who knows the digests of the rows
  "$python" - "$store" <<'PYTHON'
import hashlib, sqlite3, sys
def digest(*values):
    text = b""
    for value in values:
        kind = {int: 1, str: 3, bytes: 4, type(None): 5}[type(value)]
        part = b"" if value is None else value if kind == 4 else str(value).encode()
        text += bytes([kind]) + len(part).to_bytes(8, "big") + part
    return hashlib.sha256(text).digest()
with sqlite3.connect(sys.argv[1]) as store:
    store.create_function("tambo_digest", -1, digest, deterministic=True)
    columns = """sequence, id, kind, case_id, state, priority, queued_at, attempts, last_error, receipt,
      receipt_entry, size, sha256, manifest_sha256"""
    before = store.execute(f"SELECT count(*) FROM outbox WHERE digest = tambo_digest ({columns})")
    assert before.fetchone()[0] == 4, "the digests are made in another way"
    store.execute("UPDATE outbox SET state = 'queued', receipt = NULL, receipt_entry = NULL")
    store.execute(f"UPDATE outbox SET digest = tambo_digest ({columns})")
PYTHON
}
check 'every receipt is taken away' forget_receipts
same 'a station that has forgotten every receipt' "$(at_station)" '4|0'
expect 0 '' tamboctl --json sync --once
same 'sends all again' "$(json "$ROOM/out" sent)" 4
same 'and headquarters has nothing twice' "$(at_hq)" '4|4|4|0'
check 'the receipts are those of the first time' receipts_agree
everything_holds
