#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What headquarters asks others about a case: an identity register, a bank, the police. Each of them breaks
# in each way that it can; a person who applies again is known; whom a check objects to, two accept.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

hq_db=$ROOM/hq/hq.db
value() { ask "$hq_db" "$1"; }
set_value() { sqlite3 -cmd '.timeout 10000' "$hq_db" "$1"; }
faults() { printf '%s\n' "$*" >"$ROOM/faults.new" && mv "$ROOM/faults.new" "$ROOM/faults"; }
asked() { grep -c "^$1 " "$ROOM/services.out" || true; }

# wait_for WHAT WANTED SQL
wait_for() {
  local got
  for _ in $(seq 600); do
    got=$(value "$3")
    [ "$got" != "$2" ] || { held "$1: $2"; return 0; }
    sleep 0.1
  done
  value "SELECT id, state, detail FROM cases; SELECT * FROM validations; SELECT * FROM rechecks;
    SELECT * FROM alarms" >&2
  cat "$ROOM/services.out" >&2
  broken "$1: '$got' instead of '$2'"
}

case_new() {
  enrol "${file_words[@]}" >/dev/null
  case_id=$(newest_case)
  tamboctl sync --once >/dev/null
}

# check_is NAME STATE [DETAIL-PATTERN]
check_is() {
  wait_for "$1" "$2" "SELECT state FROM validations WHERE case_id = '$case_id' AND name = '$1'"
  [ $# -lt 3 ] || [[ $(value "SELECT detail FROM validations WHERE case_id = '$case_id'
    AND name = '$1'") == *$3* ]] || broken "$1 does not say '$3'"
}

state_is() {
  wait_for "${1}" "$1" "SELECT state FROM cases WHERE id = '$case_id'"
}

: >"$ROOM/faults"
"$BUILD/src/simulator/tambo-simulator" services --control "$ROOM/faults" >"$ROOM/services.out" \
  2>"$ROOM/services.log" &
started+=($!)
for _ in $(seq 600); do
  grep -q '^port ' "$ROOM/services.out" && break
  sleep 0.1
done
port=$(sed -n 's/^port //p' "$ROOM/services.out")

office_make >"$ROOM/office.out"
desk_start
files_make

# -- set up --
connector() {
  local name=$1
  shift
  tambo_hq connector set "$ROOM/hq" "$name" --url "http://127.0.0.1:$port/$name" --timeout 700 \
    --rest 1 "$@"
}
connector identity
connector voucher --offline person
printf 'a-token\n' >"$ROOM/token"
connector police --token-file "$ROOM/token"
set_value "INSERT INTO settings VALUES ('recheck_seconds', '1')"
same 'three services' "$(tambo_hq --json connector list "$ROOM/hq" | grep -c '"kind"')" 3
same 'and no token is shown' "$(tambo_hq --json connector list "$ROOM/hq" | grep -c 'a-token' || true)" 0
check 'one answers' tambo_hq connector test "$ROOM/hq" police
status=0
tambo_hq connector set "$ROOM/hq" bank --kind voucher --url http://bank.example/ 2>"$ROOM/err" || status=$?
same "in clear to another machine: $(cat "$ROOM/err"), exit" "$status" 2

# -- all is well --
case_new
state_is ordered
same 'each was asked once' "$(asked identity) $(asked voucher)" '1 1'
check_is connector-police passed reference=SIM-
check_is completeness passed
check_is quality passed
check_is duplicates passed

# -- one objects: it takes two persons --
faults police=hit
case_new
state_is pending
check_is connector-police objected result=hit
check_is duplicates passed practice=objected
accept() { tambo_hq case decide "$ROOM/hq" "$case_id" --accept --person "$1" >"$ROOM/decide.out" 2>&1; }
accept ana
same 'the first of two' "$(cat "$ROOM/decide.out")" 'a check objected: another person has to agree'
status=0
accept ana || status=$?
same "the same person again: $(cat "$ROOM/decide.out"), exit" "$status" 3
accept eva
state_is ordered
same 'who said it' "$(value "SELECT group_concat(person || ' ' || state) FROM verdicts")" \
  'ana first,eva done'

# -- they are not there, or answer nonsense or without end: the case waits, and is decided when all are back;
# for a bank nobody waits: a person looks --
while read -r police identity reason; do
  faults "police=$police identity=$identity"
  case_new
  state_is pending
  check_is connector-police waiting reason=not-there
  check_is connector-identity waiting "reason=$reason"
  faults ''
  state_is ordered
  held "police $police, register $identity: the case waited for both"
done <<'LINES'
offline nonsense no-answer
slow huge no-answer
LINES
faults voucher=offline
case_new
state_is pending
check_is connector-voucher unavailable reason=not-there
accept ana
state_is ordered

# What the refusal of the case names, as the station has it.
recapture() {
  local message
  message=$(tamboctl --json inbox list | "$python" -c '
import json, sys
for row in json.load(sys.stdin)["messages"]:
    if row["case"] == sys.argv[1]: print(row["id"])' "$case_id")
  tamboctl inbox show "$message" | "$python" -c '
import json, sys; print(*json.load(sys.stdin)["recapture"])'
}

# -- one that keeps failing is left alone; a case that waits for it can be refused --
connector police --rest 600
faults police=error
case_new
check_is connector-police waiting reason=not-there
before=$(asked police)
sleep 3 # asked again each second, if it did not rest
same 'asked while it rests' "$(($(asked police) - before))" 0
decide() {
  status=0
  tambo_hq case decide "$ROOM/hq" "$case_id" --person ana "$@" >"$ROOM/decide.out" 2>&1 || status=$?
}
decide --accept --recapture portrait
same 'accepted, and to be captured anew' "$status" 2
decide --refuse 'the voucher is a copy' --recapture 'her face'
same "no name of a sample: $(cat "$ROOM/decide.out"), exit" "$status" 2
decide --refuse 'the voucher is a copy' --recapture finger-left-little
same "a sample that the case has not: $(cat "$ROOM/decide.out"), exit" "$status" 3
state_is pending
decide --refuse 'the voucher is a copy' --recapture portrait --recapture finger-right-index --recapture portrait
same "refused: $(cat "$ROOM/decide.out"), exit" "$status" 0
state_is refused
same 'cases to ask about again' "$(value "SELECT count(*) FROM rechecks WHERE case_id = '$case_id'")" 0
tamboctl sync --once >/dev/null
same 'the station knows' "$(case_value "$case_id" state)" refused
same 'what the station is to capture anew' "$(recapture)" 'portrait finger-right-index'
same 'the reason in clear at headquarters' \
  "$(cat "$hq_db" "$hq_db"-wal "$ROOM/hq.log" 2>/dev/null | grep -ac 'voucher is a copy' || true)" 0

# -- a finger that is not good enough at headquarters: the station is told which --
hq_stop
cp -r "$source_root/data" "$ROOM/strict"
sed -i 's/"minimum_finger_quality": 20/"minimum_finger_quality": 85/' \
  "$ROOM/strict/procedures/foreigner-card.json"
TAMBO_DATADIR=$ROOM/strict hq_start
# As little blurred as will do, so that minutiae are left.
for blur in 1.5 2 2.25 2.5 2.75 3; do
  convert "$ROOM/right.png" -blur "0x$blur" "$ROOM/blurred.png"
  quality=$(tamboctl fingerprint quality "$ROOM/blurred.png" | awk '{print $1; exit}')
  [ "$quality" -ge 85 ] || break
done
mv "$ROOM/blurred.png" "$ROOM/right.png"
case_new
state_is refused
tamboctl sync --once >/dev/null
same 'to be captured anew' "$(recapture)" finger-right-index
same 'what the services said of whom they were asked' \
  "$(grep -c ERIKSSON "$ROOM/services.out" || true)" 0
