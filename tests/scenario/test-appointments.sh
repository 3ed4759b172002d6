#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What headquarters tells its stations beside messages: appointments, alerts and new versions of procedures,
# through a real headquarters, with days without a line between.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

store=$ROOM/station/store.db
hq_store=$ROOM/hq/hq.db
hq_make
hq_start
station_make MIG-TEST-01
operators_make
sync() { expect 0 '' tamboctl --json sync --once; }
changed() { sync && json "$ROOM/out" changed; }
rows() { # MEMBER FIELD of the last answer, one in a line
  "$python" -c '
import json, sys
print(*(row[sys.argv[3]] for row in json.load(open(sys.argv[1]))[sys.argv[2]]))' "$ROOM/out" "$1" "$2"
}
state_of() { # CODE
  expect 0 '' tamboctl appointment show "$1"
  json "$ROOM/out" state
}
person() { # NUMBER SURNAME [MEMBER VALUE]…
  "$python" -c '
import json, sys
person = {"surname": sys.argv[2], "given_names": "ANNA MARIA", "document_type": "P",
  "issuing_state": "UTO", "document_number": sys.argv[1], "birth_date": "1974-08-12", "sex": "F",
  "nationality": "UTO", "phone": "+51 951 234 567"}
print(json.dumps(person))' "$@" >"$ROOM/person-$1.json"
}
day=$(date -d tomorrow +%F)
book() { # NUMBER REQUEST START
  expect 0 '' tambo_hq --json appointment add "$ROOM/hq" --office MIG-TEST --start "$3" \
    --procedure foreigner-card --applicant "$ROOM/person-$1.json" --request "$2"
  json "$ROOM/out" code
}

# The station tells its key with its first exchange, and has what is sealed for it.
sync
same 'the key for the alerts has come' "$(ask "$store" "SELECT count(*) FROM feed WHERE kind = 'alert-key'")" 1

# Headquarters offers places and sells each once.
expect 0 '' tambo_hq --json slot open "$ROOM/hq" MIG-TEST "$day" --from 10:05 --to 10:09 --every 2 --places 2
same 'two slots of tomorrow' "$(json "$ROOM/out" slots)" 2
person L898902C3 ERIKSSON
person D23145890 ERIKSSON
person X00000001 ERIKSSON
first=$(book L898902C3 form-1 "${day}T10:05")
same 'the same form again gives the same appointment' "$(book L898902C3 form-1 "${day}T10:07")" "$first"
second=$(book D23145890 form-2 "${day}T10:05")
status=0
tambo_hq appointment add "$ROOM/hq" --office MIG-TEST --start "${day}T10:05" --procedure foreigner-card \
  --applicant "$ROOM/person-X00000001.json" >"$ROOM/out" 2>"$ROOM/err" || status=$?
case $status:$(<"$ROOM/err") in
  3:*'no free place'*) held 'a full slot is refused' ;;
  *) broken "a full slot: $status $(<"$ROOM/err")" ;;
esac

# Nothing of the person lies in clear at headquarters or here.
same 'two appointments have come' "$(changed)" 2
for place in "$hq_store" "$hq_store-wal" "$store"; do
  [ ! -e "$place" ] || ! grep -aE 'ERIKSSON|L898902C3|951 234' "$place" >/dev/null || broken "$place names the person"
done
held 'no file names the person'
expect 0 '' tamboctl --json appointment list --all
wanted=$(printf '%s\n' "$first" "$second" | sort | xargs)
same 'the office sees them' "$(rows appointments code)" "$wanted"
same 'and whom it awaits' "$(rows appointments state)" 'awaited awaited'
refused 1 'no appointment' 'an unknown code' tamboctl appointment show 0000-0000-0000

# A day without a line: what is here stays, and the case begins with what the person wrote.
hq_stop
refused 1 '' 'no line' tamboctl sync --once
refused 3 '' 'the case begins and waits for what is missing' tamboctl enrol --appointment "$first"
same 'the place is taken' "$(state_of "$first")" arrived
newest=$(newest_case)
expect 0 '' tamboctl --json case show "$newest"
same 'nothing is typed twice' \
  "$("$python" -c '
import json, sys
case = json.load(open(sys.argv[1]))
who = case["applicant"]
print(case["procedure"], who["surname"], who["phone"])' "$ROOM/out")" 'foreigner-card ERIKSSON +51 951 234 567'
refused 3 'was begun for this appointment' 'the place is taken once' tamboctl enrol --appointment "$first"
other=$(tamboctl mrz make <("$python" -c '
import json
print(json.dumps({"surname": "NILSSON", "given_names": "BO", "document_type": "P", "issuing_state": "UTO",
  "document_number": "Z0000009", "nationality": "UTO", "birth_date": "1980-01-01", "sex": "M",
  "expiry_date": "2030-01-01"}))'))
before=$(ask "$store" 'SELECT count(*) FROM cases')
refused 3 "another person's" 'a place is not handed on' tamboctl enrol --appointment "$second" --mrz "$other"
same 'and no case is left of it' "$(ask "$store" 'SELECT count(*) FROM cases')" "$before"

# Meanwhile one is cancelled and an alert made; the line comes back.
expect 0 '' tambo_hq appointment cancel "$ROOM/hq" "$second"
expect 0 '' tambo_hq --json alert add "$ROOM/hq" --document UTO/P/D23145890 --reason 'reported stolen' \
  --action 'keep the document and call the supervisor'
alert=$(json "$ROOM/out" id)
hq_start
same 'the difference alone comes' "$(changed)" 2
same 'nothing comes twice' "$(changed)" 0
refused 1 'no appointment' 'the cancelled one has gone' tamboctl appointment show "$second"
expect 0 '' tamboctl --json alert list
same 'the alert is here' "$(rows alerts reason)" 'reported stolen'
case $(<"$ROOM/out") in *D23145890*) broken 'the list names the document' ;; esac
held 'and names no document'
tamboctl enrol --procedure foreigner-card --applicant "$ROOM/person-D23145890.json" >"$ROOM/out" 2>"$ROOM/err" || true
case $(<"$ROOM/err") in
  *'alert about this document: reported stolen; keep the document and call the supervisor'*) held 'the clerk is warned' ;;
  *) broken "no warning: $(<"$ROOM/err")" ;;
esac
tamboctl case resume "$(newest_case)" >"$ROOM/out" 2>"$ROOM/err" || true
case $(<"$ROOM/err") in
  *'alert about this document: reported stolen; keep the document and call the supervisor'*)
    held 'and again when the case goes on' ;;
  *) broken "no warning: $(<"$ROOM/err")" ;;
esac
tamboctl enrol --procedure foreigner-card --applicant "$ROOM/person-X00000001.json" >"$ROOM/out" 2>"$ROOM/err" || true
case $(<"$ROOM/err") in *alert*) broken 'a warning about another document' ;; esac
held 'and not of another document'
same 'the hit is in the audit log' \
  "$(ask "$store" "SELECT count(*) FROM audit_entries WHERE json_extract(entry, '\$.action') = 'alert.hit'
    AND json_extract(entry, '\$.subject') = '$alert'")" 1

# A key that has rotted, or is not there, or an alert that has rotted: nobody can be compared with all of them, so nothing
# is begun and nothing goes on until the next exchange has brought it anew.
before=$(ask "$store" 'SELECT count(*) FROM cases')
while IFS='|' read -r what harm; do
  sqlite3 "$store" "$harm"
  refused 5 '; exchange with headquarters' "$what" \
    tamboctl enrol --procedure foreigner-card --applicant "$ROOM/person-D23145890.json"
  same 'and no case is left of it' "$(ask "$store" 'SELECT count(*) FROM cases')" "$before"
  refused 5 '; exchange with headquarters' "$what, and a case that goes on" tamboctl case resume "$(newest_case)"
  sync
  tamboctl enrol --procedure foreigner-card --applicant "$ROOM/person-D23145890.json" >"$ROOM/out" 2>"$ROOM/err" || true
  case $(<"$ROOM/err") in
    *'alert about this document'*) held 'after an exchange the clerk is warned again' ;;
    *) broken "no warning: $(<"$ROOM/err")" ;;
  esac
  before=$((before + 1))
done <<'LINES'
a rotten key|UPDATE feed SET version = version + 1 WHERE kind = 'alert-key'
a key that is not there|DELETE FROM feed WHERE kind = 'alert-key'
a rotten alert|UPDATE feed SET version = version + 1 WHERE kind = 'alert'
LINES
gaps() {
  ask "$store" "SELECT count(*) FROM audit_entries WHERE json_extract(entry, '\$.action') = 'feed.spoiled'
    AND json_extract(entry, '\$.subject') = '$1'"
}
same 'each key is in the audit log, once before the exchange that mends it' "$(gaps alert-key)" 2
same 'and the alert' "$(gaps "alert/$alert")" 1
sqlite3 "$store" "UPDATE feed SET body = replace (body, 'stolen', 'stalen') WHERE kind = 'alert'"
refused 5 "alert/$alert: the row has rotted; exchange" 'a list that is not whole' tamboctl alert list
status=0
tamboctl doctor >"$ROOM/out" || status=$?
case $status:$(<"$ROOM/out") in
  5:*"alerts "*"alert/$alert: the row has rotted; exchange"*) held 'the doctor names it' ;;
  *) broken "the doctor: $status $(<"$ROOM/out")" ;;
esac
sync
expect 0 '' tamboctl --json alert list
same 'the exchange has mended it' "$(rows alerts reason)" 'reported stolen'
expect 0 '' tambo_hq alert withdraw "$ROOM/hq" "$alert"
same 'it is withdrawn' "$(changed)" 1
expect 0 '' tamboctl --json alert list
same 'no alert is left' "$(rows alerts id)" ''

# A new version of a procedure: the case in progress keeps its own.
"$python" -c '
import json, sys
procedure = json.load(open(sys.argv[1]))
procedure["version"] += 1
procedure["required_fields"].append("place_of_birth")
json.dump(procedure, open(sys.argv[2], "w"))' "$source_root/data/procedures/foreigner-card.json" "$ROOM/next.json"
expect 0 '' tambo_hq procedure publish "$ROOM/hq" "$ROOM/next.json"
expect 0 '' tambo_hq procedure publish "$ROOM/hq" "$ROOM/next.json"
held 'the same version twice is one'
sed -i s/place_of_birth/address/ "$ROOM/next.json"
status=0
tambo_hq procedure publish "$ROOM/hq" "$ROOM/next.json" 2>"$ROOM/err" || status=$?
same 'a version that was published does not change' "$status" 3
sync
tamboctl enrol --procedure foreigner-card --applicant "$ROOM/person-X00000001.json" >"$ROOM/out" 2>"$ROOM/err" || true
expect 0 '' tamboctl --json case show "$newest"
same 'the case in progress keeps its version' \
  "$("$python" -c '
import json, sys
rules = [row["rule"] for row in json.load(open(sys.argv[1]))["checks"]]
print("applicant.place_of_birth" in rules)' "$ROOM/out")" False
expect 0 '' tamboctl --json case show "$(newest_case)"
same 'a new one takes the new version' \
  "$("$python" -c '
import json, sys
rules = [row["rule"] for row in json.load(open(sys.argv[1]))["checks"]]
print("applicant.place_of_birth" in rules)' "$ROOM/out")" True

# Other data, of whatever kind.
printf '{"monday":"08:00-16:00"}' >"$ROOM/hours.json"
expect 0 '' tambo_hq reference put "$ROOM/hq" office-hours MIG-TEST "$ROOM/hours.json"
same 'office hours come' "$(changed)" 1
everything_holds
