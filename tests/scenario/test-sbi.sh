#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A slap scanner behind a Secure Biometric Interface: enrols hands, and whatever it or its service does
# wrong is said in a sentence, costs nothing that was captured before, and is over when its cause is.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# The played fingers are grown when they are laid for the first time.
export TAMBO_SBI_TRUST=$ROOM/trust.pem TAMBO_SBI_TIMEOUT=100

# scanner_start OPTION…: at a free port, which the station is told.
scanner_start() {
  rm -f "$ROOM/scanner.out"
  "$BUILD/src/simulator/tambo-simulator" sbi --port 0 --seed 700 --trust "$TAMBO_SBI_TRUST" \
    --control "$ROOM/scanner.control" "$@" >"$ROOM/scanner.out" 2>"$ROOM/scanner.log" &
  scanner_pid=$!
  started+=("$scanner_pid")
  for _ in $(seq 1200); do
    grep -qs '^port ' "$ROOM/scanner.out" && break
    kill -0 "$scanner_pid" 2>/dev/null || broken 'no scanner'
    sleep 0.05
  done
  TAMBO_SBI_PORTS=$(sed -n 's/^port //p' "$ROOM/scanner.out")
  export TAMBO_SBI_PORTS
}

scanner_stop() {
  kill "$scanner_pid"
  wait "$scanner_pid" 2>/dev/null || true
}

# The words of the control socket.
scanner() {
  "$python" -c '
import shlex, socket, sys
line = socket.socket(socket.AF_UNIX)
line.connect(sys.argv[1])
line.sendall((shlex.join(sys.argv[2:]) + "\n").encode())
answer = line.makefile().readline().strip()
sys.exit(None if answer == "ok" else answer)' "$ROOM/scanner.control" "$@"
}

fingers_of_case() {
  tamboctl --json case show "$1" | "$python" -c '
import json, sys
print(*sorted(s["finger"] for s in json.load(sys.stdin)["samples"] if s["kind"] == "fingerprint"))'
}

office_make >"$ROOM/office.log" 2>&1 || { cat "$ROOM/office.log" >&2; broken 'no office'; }
scanner_start
begun="enrol --procedure passport --applicant $practice/applicant.json"

# ---- well ----

same 'the scanner' "$(tamboctl devices list | awk '/sbi/ { print $2, $3, $4, $5, $6 }')" \
  'Tambo Practice Slap sbi-1.0 ready'
# shellcheck disable=SC2086 # words
refused 3 'surname is missing' 'a left hand at once, before anything else' \
  tamboctl $begun --finger slap-left=sensor
case_id=$(sed -n 's/^case \([^ ]*\) begun.*/\1/p' "$ROOM/out")
same 'captured' "$(fingers_of_case "$case_id")" 'left-index left-little left-middle left-ring'

# ---- what can go wrong with a capture ----

# fault NAME CODE PATTERN: during the right hand; then a capture without it.
fault() {
  scanner fault "$1"
  refused "$2" "$3" "$1" tamboctl case resume "$case_id" --finger slap-right=sensor
  same '  still there' "$(fingers_of_case "$case_id")" 'left-index left-little left-middle left-ring'
  scanner fault none
  check '  the next attempt works' tamboctl capture finger -o "$ROOM/finger.png"
}

fault fewer-fingers 4 'saw 3 of 4 fingers, without right-little; have all fingers laid flat'
fault wrong-signature 5 'has a signature that does not hold; use another scanner'
TAMBO_SBI_TIMEOUT=1
fault hang 4 'did not answer within 4 s'
TAMBO_SBI_TIMEOUT=100
# The others are told apart by the unit test of the reader; here they only take longer.
if [ -n "${TAMBO_LONG_TESTS:-}" ]; then
  fault wrong-finger 4 'saw left-index where right-index.* was asked for; have the other hand'
  fault no-finger 4 'saw no finger \(SBI error 101'
  fault stranger 5 'signed by somebody whom this desk was not told to trust'
  fault broken-chain 5 'the chain of hashes .* is broken'
  fault other-scanner 5 'taken by the scanner “TAMBO00000002” where “TAMBO00000001” was asked'
  fault other-transaction 5 'transactionId “yesterday-0001”'
  fault old 5 'more than 5 minutes from this computer'
  fault other-version 4 'specVersion “0.9.2”'
  fault nonsense 4 'answered nonsense'
  fault endless 4 'does not stop answering'
  fault error-500 4 'failed \(HTTP status 500\)'
  fault closed 4 'the connection to .* broke'
  fault cut 4 'the connection to .* broke'
fi

# ---- what can go wrong before one ----

# state STATUS STATE PATTERN
state() {
  scanner status "$1"
  same "$1" "$(tamboctl devices list | awk '/sbi/ { print $6 }')" "$2"
  refused 4 "$3" "  a capture" tamboctl capture finger -o "$ROOM/finger.png"
  scanner status Ready
}

if [ -n "${TAMBO_LONG_TESTS:-}" ]; then
  state Busy busy 'the scanner is busy'
  state 'Not Ready' failed 'the scanner is not ready'
fi
state 'Not Registered' not-registered 'not registered .*; have the scanner registered'
step_faults=(device:nonsense)
[ -z "${TAMBO_LONG_TESTS:-}" ] || step_faults=({device,info}:{nonsense,endless,hang,error-500,closed})
for words in "${step_faults[@]}"; do
  scanner fault "$words"
  refused 4 'scanner' "$words" tamboctl capture finger -o "$ROOM/finger.png"
  scanner fault none
done
scanner fault info:wrong-signature
same 'a stranger in the list' "$(tamboctl devices list | awk '/sbi/ { print $6 }')" untrusted
scanner fault none
refused 5 'no certificate of a device provider' 'nobody is trusted' \
  env TAMBO_SBI_TRUST="$ROOM/none" "$BUILD/src/cli/tamboctl" capture finger -o "$ROOM/finger.png"
check 'after all of it' tamboctl capture finger -o "$ROOM/finger.png"

# ---- and on with the case ----

refused 3 'surname is missing' 'a hand without a finger, and two thumbs' \
  tamboctl case resume "$case_id" --finger-exception right-little=amputated \
  --finger slap-right=sensor --finger slap-thumbs=sensor
same 'captured' "$(fingers_of_case "$case_id")" "left-index left-little left-middle left-ring left-thumb \
right-index right-middle right-ring right-thumb"
refused 3 'surname is missing' 'the same again' tamboctl case resume "$case_id" --finger slap-right=sensor

# told N PATTERN: N lines of the watch say so, sooner or later.
told() {
  for _ in $(seq 600); do
    [ "$(grep -Ec "$2" "$ROOM/watch.out" || true)" = "$1" ] && return 0
    sleep 0.1
  done
  cat "$ROOM/watch.out" >&2
  broken "not told $1 times: $2"
}

# Udev knows nothing of a service: its port is watched.
"$BUILD/src/cli/tamboctl" devices watch >"$ROOM/watch.out" 2>"$ROOM/watch.log" &
watch_pid=$!
started+=("$watch_pid")
told 1 ' added .* Tambo Practice Slap: ready'
scanner_stop
told 1 ' removed .* Tambo Practice Slap'
held 'a service that ends is told'
scanner_start --port "$TAMBO_SBI_PORTS"
told 2 ' added .* Tambo Practice Slap'
held 'a service that starts is told'
kill "$watch_pid"
wait "$watch_pid" || broken "the watch ended with $?"
scanner_stop
refused 4 'no fingerprint-reader is connected' 'the service is gone' \
  tamboctl capture finger -o "$ROOM/finger.png"

# ---- other makes ----

scanner_start --spec 0.9.5 --single --es256 --compression wsq --record-2005 --hash-digits
check 'a scanner of 0.9.5 for one finger' tamboctl capture finger -o "$ROOM/finger.png"
# shellcheck disable=SC2086 # words
refused 4 'no fingerprint reader that takes a slap-right is connected' '  it takes no slaps' \
  tamboctl $begun --finger slap-right=sensor
scanner_stop
