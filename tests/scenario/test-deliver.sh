#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The document and its holder: the right finger, a wrong one three times, no finger at all before two
# persons, twice, and kill -9 between the finger and the event.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

office_make >"$ROOM/office.out"
desk_start
control finger seed 11,12
files_make
store=$ROOM/station/store.db

# issue_next WORD…: an applicant enrolled with these captures has a document; $order is its order's id.
issue_next() {
  enrol "$@" >/dev/null 2>"$ROOM/err" || true
  local case
  case=$(newest_case)
  [ "$(case_value "$case" state)" != waiting ] || as_supervisor case approve "$case" >/dev/null
  order=$(order_wait)
  card_new
  at_desk tamboctl issue "$order" >/dev/null
}

# finger FILE [WORD…]: as the right index.
finger() {
  local file=$1
  shift
  tamboctl deliver "$order" --finger "right-index=$file" "$@"
}

# by_sight ID WORD…: with that second person.
by_sight() {
  local second=$1
  shift
  TAMBO_SECOND=$second TAMBO_SECOND_PASSWORD_FILE=$ROOM/$second.password \
    tamboctl deliver "$order" --by-sight "$@"
}

# Where it stands: blank, order, case, and how many events tell so.
state() {
  local events
  events=$(ask "$store" "SELECT count(*) FROM outbox o JOIN inbox i ON o.case_id = i.case_id
    WHERE o.kind = 'event' AND i.id = '$order'")
  printf '%s %s %s, %s events' \
    "$(ask "$store" "SELECT state FROM blanks WHERE order_id = '$order'")" \
    "$(ask "$store" "SELECT state FROM inbox WHERE id = '$order'")" \
    "$(ask "$store" "SELECT c.state FROM cases c JOIN inbox i ON i.case_id = c.id WHERE i.id = '$order'")" \
    "$events"
}
issued='issued done issued, 1 events'
delivered='delivered delivered delivered, 2 events'

# ---- a wrong finger, three times ----

enrol "${file_words[@]}" >/dev/null
order=$(order_wait)
refused 3 'was not issued yet' 'an order without a document' finger "$ROOM/right.png"
card_new
at_desk tamboctl issue "$order" >/dev/null
same 'the document was issued' "$(state)" "$issued"
refused 3 'not the right-index of the holder \(score [0-9]+, 300 needed\), 2 of 3' 'a wrong finger' \
  finger "$ROOM/left.png"
refused 3 'right-thumb was not enrolled, but right-index, left-index' 'a finger that nobody enrolled' \
  tamboctl deliver "$order" --finger "right-thumb=$ROOM/right.png"
refused 3 'a finger can still be verified' 'by sight, too early' by_sight supervisor 'looks like her'
convert -size 388x374 xc:white "$ROOM/white.png"
refused 3 "shows no fingerprint, 1 of 3.*--poor-because" 'no finger' finger "$ROOM/white.png"
refused 2 'not both' 'a finger and by sight' finger "$ROOM/right.png" --by-sight 'looks like her'
refused 3 'that was the last of 3 attempts; let a supervisor' 'the last attempt' finger "$ROOM/left.png"
refused 3 'no finger was verified in 3 attempts' 'the right finger comes too late' finger "$ROOM/right.png"
same 'nothing was delivered' "$(state)" "$issued"
strings -a -n 5 "$store" >"$ROOM/strings"
! grep -F -e other-finger -e minimum_quality "$ROOM/strings" || broken 'the attempts can be read'
held 'the attempts cannot be read'

refused 3 'a second person has to confirm this' 'by sight, alone' tamboctl deliver "$order" --by-sight 'her face'
refused 3 'the second person has to be somebody else' 'by sight, twice the same' by_sight clerk 'her face'
expect 0 '' by_sight supervisor 'skin is burnt, portrait and signature agree' --json
same 'all three attempts are in the event' "$("$python" -c '
import json, sys
told = json.load(open(sys.argv[1]))
print(told["manner"], told["threshold"], *[row["outcome"] for row in told["attempts"]])' "$ROOM/out")" \
  'sight 300 other-finger poor other-finger'
same 'delivered by sight' "$(state)" "$delivered"
same 'by whom' "$(tamboctl --json audit list | "$python" -c '
import json, sys
print([row["actor"] for row in json.load(sys.stdin)["entries"] if row["action"] == "document.deliver"])')" \
  "['clerk+supervisor']"

# ---- the right finger, once ----

issue_next "${file_words[@]}"
piece=$(ask "$store" "SELECT hex(substr(sealed, 201, 64)) FROM inbox_messages JOIN inbox USING (number)
  WHERE id = '$order'")
has_piece() {
  cat "$store" "$store-journal" 2>/dev/null | xxd -p -u -c 0 | grep -cF "$piece" || true
}
same 'the order lies sealed in the store' "$(has_piece)" 1
first=$order
card_remove
refused 4 'no card on the reader' 'no document on the reader' at_desk finger "$ROOM/right.png" --chip

issue_next "${file_words[@]}"
second=$order
order=$first
refused 5 'do not hand the document over' "another holder's document" at_desk finger "$ROOM/right.png" --chip
same 'nothing was delivered' "$(state)" "$issued"

order=$second
control finger seed 12
expect 0 '' at_desk tamboctl deliver "$order" --chip --finger left-index=sensor
grep -q '^chip compared: ' "$ROOM/out" || broken "no chip: $(cat "$ROOM/out")"
held "a finger on the sensor: $(grep '^holder verified' "$ROOM/out")"
same 'delivered' "$(state)" "$delivered"
refused 3 'delivered already' 'delivering twice' at_desk tamboctl deliver "$order" --finger left-index=sensor
refused 3 'delivered already' 'issuing again' at_desk tamboctl issue "$order"
same 'one event more, no two' "$(state)" "$delivered"
same 'the stock' "$(tamboctl stock list | awk '$4 != "in-stock" { print $1, $4 }' | tr '\n' ' ')" \
  'C0000001 delivered C0000002 issued C0000003 delivered '

# Nobody says which finger: it is the right index.
order=$first
control finger seed 12,11
expect 0 '' at_desk tamboctl deliver "$order"
grep -q 'once more, because the finger is not the right-index' "$ROOM/out" || broken "$(cat "$ROOM/out")"
held "a wrong finger, then the right one: $(grep '^holder verified' "$ROOM/out")"
same 'delivered' "$(state)" "$delivered"
same "what the order held is gone" "$(ask "$store" "SELECT sum(length(sealed)) FROM inbox_messages JOIN inbox
  USING (number) WHERE kind = 'order'") $(has_piece)" '0 0'

# ---- no finger that could be asked for ----

issue_next "${file_words[@]:0:2}" --finger-exception right-index=amputated --finger-exception \
  left-index=amputated "${file_words[@]:6}"
refused 3 'no finger of the holder was enrolled; let a supervisor' 'no finger' finger "$ROOM/right.png"
refused 3 'a second person has to confirm this' 'by sight, alone' tamboctl deliver "$order" --by-sight 'her face'
expect 0 '' by_sight deputy 'both hands amputated, the portrait is hers'
same 'delivered by sight' "$(state)" "$delivered"

# ---- kill -9 ----

# killed_while LOCK: the finger is handed over through a pipe, so that LOCK lies on the store when it is
# compared, and the delivery stands still behind that ("write": before its transaction; "read": with all of it
# written, before the commit). Then it is killed.
killed_while() {
  rm -f "$ROOM/finger"
  mkfifo "$ROOM/finger"
  "$python" - "$store" "$1" "$ROOM/right.png" "$ROOM/finger" "$BUILD/src/cli/tamboctl" deliver "$order" \
    --finger "right-index=$ROOM/finger" <<'PYTHON'
import os, sqlite3, subprocess, sys, time
store, lock, image, pipe = sys.argv[1:5]
database = sqlite3.connect(store, isolation_level=None, timeout=10)
process = subprocess.Popen(sys.argv[5:], stderr=subprocess.DEVNULL)
line = None
while line is None and process.poll() is None:
    try:
        line = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    except OSError: # nobody reads yet
        time.sleep(0.02)
database.execute("BEGIN IMMEDIATE" if lock == "write" else "BEGIN")
database.execute("SELECT count(*) FROM blanks").fetchone()
os.set_blocking(line, True)
with open(line, "wb") as stream:
    stream.write(open(image, "rb").read())

def cpu():
    with open("/proc/%d/stat" % process.pid, encoding="ascii") as stat:
        return sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13]))

# It waits for the lock when it works no more.
last, still, begun = cpu(), 0, time.monotonic()
while still < 10 and time.monotonic() - begun < 4 and process.poll() is None:
    time.sleep(0.1)
    now = cpu()
    still = still + 1 if now <= last + 1 else 0
    last = now
ended = process.poll()
process.kill()
process.wait()
journal = os.path.exists(store + "-journal") and os.path.getsize(store + "-journal") > 0
database.execute("ROLLBACK")
print("ended" if ended is not None else "killed, with a journal" if journal else "killed")
PYTHON
}

issue_next "${file_words[@]}"
same 'killed before the transaction' "$(killed_while write)" killed
same 'nothing was delivered' "$(state)" "$issued"
same 'killed before the commit' "$(killed_while read)" 'killed, with a journal'
check 'the store is whole' tamboctl audit verify
same 'nothing was delivered' "$(state)" "$issued"

n_killed=0
for delay in 0.1 0.3 0.4 0.5 0.6 0.7 0.8 1 1.2 1.5 2 4; do
  "$BUILD/src/cli/tamboctl" deliver "$order" --finger "right-index=$ROOM/right.png" >"$ROOM/run" 2>&1 &
  pid=$!
  sleep "$delay"
  kill -KILL "$pid" 2>/dev/null && n_killed=$((n_killed + 1))
  wait "$pid" 2>/dev/null || true
  case $(state) in
    "$issued") ;;
    "$delivered") break ;;
    *) broken "after $delay s: $(state)" ;;
  esac
done
expect "$([ "$(state)" = "$delivered" ] && echo 3 || echo 0)" 'delivered already' finger "$ROOM/right.png"
same "delivered once, after $((n_killed + 2)) kills" "$(state)" "$delivered"

# ---- headquarters ----

tamboctl sync --once >/dev/null
known() {
  tambo_hq case list "$ROOM/hq" --json | "$python" -c '
import json, sys
print(*sorted(row["state"] for row in json.load(sys.stdin)["cases"]))'
}
same_soon 'headquarters knows' 'delivered delivered delivered delivered delivered' known
same_soon 'headquarters has each event once' '5|5' \
  ask "$ROOM/hq/hq.db" "SELECT count(*), count(DISTINCT order_id) FROM events WHERE kind = 'delivered'"
same 'no alarm' "$(ask "$ROOM/hq/hq.db" 'SELECT count(*) FROM alarms')" 0
everything_holds
