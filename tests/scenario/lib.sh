# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034
#
# What the scenario tests share: a room of their own, a desk that can be set and cleared, words to say
# what is expected. Sourced; BUILD names a build folder. Prints TAP: one "ok" for each thing that was
# seen to hold. The room is removed when everything holds and kept for whoever looks otherwise.
set -euo pipefail

: "${BUILD:?BUILD has to name a build folder}"
scenario=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source_root=$(cd "$scenario/../.." && pwd)
python=/usr/bin/python3

# Sockets lie inside, whose names may have 107 bytes: not under a long TMPDIR.
ROOM=$(mktemp -d /tmp/tambo-XXXXXX)
# shellcheck source=data/practice/lib.sh
. "$source_root/data/practice/lib.sh"
practice=$source_root/data/practice
export TMPDIR=$ROOM/tmp LC_ALL=C.UTF-8
mkdir -p "$TMPDIR"
# Tests run beside each other: a scanner's service is of the test that started it.
export TAMBO_SBI_PORTS=
# So is a webcam: not the one of whoever runs the tests.
export TAMBO_WEBCAMS=no
# For a test that is started by hand.
: "${ASAN_OPTIONS:=verify_asan_link_order=0:detect_leaks=1}"
: "${LSAN_OPTIONS:=print_suppressions=0:suppressions=$source_root/tests/lsan.supp}"
: "${UBSAN_OPTIONS:=halt_on_error=1:print_stacktrace=1}"
export ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS

n_held=0
desk_pid=
started=() # other processes of a test, ended with it

# ---- results ----

held() {
  n_held=$((n_held + 1))
  printf 'ok %d - %s\n' "$n_held" "$*"
}

broken() {
  printf 'not ok - %s\n' "$*"
  exit 1
}

# check WHAT COMMAND…: the command has to succeed.
check() {
  local what=$1
  shift
  "$@" >"$ROOM/check.out" 2>&1 || {
    cat "$ROOM/check.out" >&2
    broken "$what ($* gave $?)"
  }
  held "$what"
}

# same WHAT IS WANTED
same() {
  [ "$2" = "$3" ] || broken "$1: '$2' instead of '$3'"
  held "$1: $3"
}

# same_soon WHAT WANTED COMMAND…: what the command prints is that, in a while: headquarters decides by itself.
same_soon() {
  local what=$1 wanted=$2 seen= _
  shift 2
  for _ in $(seq 300); do
    seen=$("$@")
    [ "$seen" != "$wanted" ] || break
    sleep 0.2
  done
  same "$what" "$seen" "$wanted"
}

# expect CODE PATTERN COMMAND…: exit code, and what has to stand on standard error for a code that is
# not 0: the one line "tamboctl: WHAT: CAUSE; NEXT ACTION", and it matches the pattern. Standard output
# and error stay in $ROOM/out and $ROOM/err.
expect() {
  local code=$1 pattern=$2 status=0
  shift 2
  "$@" >"$ROOM/out" 2>"$ROOM/err" || status=$?
  if [ "$status" != "$code" ]; then
    cat "$ROOM/out" "$ROOM/err" >&2
    broken "exit $status instead of $code: $*"
  fi
  if [ "$code" != 0 ] && ! one_line "$pattern"; then
    cat "$ROOM/err" >&2
    broken "not the one line of an error that says '$pattern': $*"
  fi
}

one_line() {
  [ "$(wc -l <"$ROOM/err")" = 1 ] &&
    grep -Eq '^tamboctl: [^:;]+: [^;]+; [^;]+' "$ROOM/err" && grep -Eq -- "$1" "$ROOM/err"
}

# refused CODE PATTERN WHAT COMMAND…: expect, and say so.
refused() {
  local code=$1 pattern=$2 what=$3
  shift 3
  expect "$code" "$pattern" "$@"
  held "$what: exit $code, $(cat "$ROOM/err")"
}

skip() {
  echo "skipped: $*"
  trap - EXIT
  rm -rf "$ROOM"
  exit 77
}

# need_data FILE…: the names under the folder of test data that this test wants.
need_data() {
  DATA=${TAMBO_TEST_DATA:-$source_root/../shared/data}
  local name
  for name in "$@"; do
    [ -e "$DATA/$name" ] || skip 'no data'
  done
}

# ---- what runs ----

# Processes that belong to this room, by their words or their environment; not this shell and its pipes.
leftovers() {
  local entry pid
  for entry in /proc/[0-9]*; do
    pid=${entry#/proc/}
    [ "$pid" != $$ ] && [ "$pid" != "$BASHPID" ] || continue
    # Not -q: it would end at the first hit, and the pipe with an error.
    { tr '\0' '\n' <"$entry/cmdline" && tr '\0' '\n' <"$entry/environ"; } 2>/dev/null |
      grep -F "$ROOM" >/dev/null || continue
    [ "$(ps -o ppid= -p "$pid" 2>/dev/null | tr -d ' ')" != "$BASHPID" ] || continue
    ps -o pid=,ppid=,stat=,args= -p "$pid" 2>/dev/null | grep -v ' Z' || true
  done
}

wait_for_nobody() {
  local left
  for _ in $(seq 50); do
    left=$(leftovers)
    [ -n "$left" ] || return 0
    sleep 0.1
  done
  printf '%s\n' "$left"
  return 1
}

# Everything that stands in a test's way out: undone in any case.
finish() {
  local status=$?
  trap - EXIT
  set +e
  hq_stop
  desk_stop
  [ ${#started[@]} = 0 ] || kill "${started[@]}" 2>/dev/null
  mountpoint -q "$ROOM/small" 2>/dev/null && umount "$ROOM/small"
  if ! wait_for_nobody >"$ROOM/left"; then
    echo 'not ok - left running:'
    cat "$ROOM/left"
    sed 's/^ *\([0-9]*\).*/\1/' "$ROOM/left" | xargs -r kill -KILL
    status=1
  fi
  if [ "$status" = 0 ]; then
    echo "1..$n_held"
    rm -rf "$ROOM"
  else
    echo "# the room is kept: $ROOM"
    tail -n 20 "$ROOM"/*.log 2>/dev/null
  fi
  exit "$status"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

# desk_start [OPTION…]: the devices, until desk_stop; at_desk runs a command among them.
desk_start() {
  rm -f "$ROOM/desk.env"
  # shellcheck disable=SC2016 # the desk's shell has to see them
  "$BUILD/src/simulator/tambo-simulator" desk --dir "$ROOM/desk" "$@" -- sh -c '
    for name in FP_VIRTUAL_IMAGE TAMBO_CAMERA_PORT PCSCLITE_CSOCK_NAME UMOCKDEV_DIR LD_PRELOAD \
      TAMBO_SIMULATOR_CONTROL; do
      eval "printf \"export %s=%s\n\" \$name \"\$$name\""
    done >"$0.new" && mv "$0.new" "$0" && LD_PRELOAD= exec sleep 100000' "$ROOM/desk.env" \
    >"$ROOM/desk.out" 2>"$ROOM/desk.log" &
  desk_pid=$!
  for _ in $(seq 2000); do
    [ -f "$ROOM/desk.env" ] && return 0
    kill -0 "$desk_pid" 2>/dev/null || break
    sleep 0.05
  done
  cat "$ROOM/desk.log" >&2
  broken 'no desk'
}

desk_stop() {
  [ -n "$desk_pid" ] || return 0
  kill "$desk_pid" 2>/dev/null || true
  wait "$desk_pid" 2>/dev/null || true
  desk_pid=
}

at_desk() {
  (
    # shellcheck disable=SC1091 # made by the desk
    . "$ROOM/desk.env"
    "$@"
  )
}

# control DEVICE COMMAND…
control() {
  tambo_simulator control --dir "$ROOM/desk" "$@" >/dev/null
}

# card_status: "ok present ready=yes locked=no commands=12 …"
card_status() {
  "$python" -c '
import socket, sys
line = socket.socket(socket.AF_UNIX)
line.connect(sys.argv[1])
line.sendall(b"status\n")
print(line.makefile().readline().strip())' "$ROOM/desk/card.control"
}

# Waits until pcscd has seen the card that was inserted.
card_wait() {
  for _ in $(seq 100); do
    case $(card_status) in *ready=yes*) sleep 0.5; return 0 ;; esac
    sleep 0.1
  done
  broken 'the card did not become ready'
}

# card_new: another blank card lies on the reader. card_insert: the same one again.
card_new() {
  control card new
  control card insert
  card_wait
}

card_insert() {
  control card insert
  card_wait
}

# card_remove: nothing lies on the reader, and pcscd has noticed.
card_remove() {
  control card remove
  for _ in $(seq 100); do
    case $(at_desk tamboctl chip readers) in *'card present'*) sleep 0.1 ;; *) return 0 ;; esac
  done
  broken 'the card did not leave'
}

# ---- an office ----

# Headquarters, a station, three operators, blanks. Headquarters stays up.
office_make() {
  hq_make
  hq_start
  station_make "${1:-MIG-TEST-01}"
  operators_make
  before_deputy stock receive --kind card --from C0000001 --to C0000020
}

# Files as the desk's devices give them: portrait.jpg, right.png, left.png, signature.bin.
files_make() {
  at_desk tamboctl capture portrait -o "$ROOM/portrait.jpg"
  at_desk tamboctl capture finger -o "$ROOM/right.png"
  at_desk tamboctl capture finger -o "$ROOM/left.png"
  at_desk tamboctl capture signature -o "$ROOM/signature.bin"
}

mrz_of_applicant() {
  tamboctl mrz make "$practice/travel-document.json"
}

file_words=(--portrait "$ROOM/portrait.jpg" --finger "right-index=$ROOM/right.png"
  --finger "left-index=$ROOM/left.png" --signature "$ROOM/signature.bin"
  --document "travel-document=$practice/travel-document.png")
device_words=(--portrait camera --finger right-index=sensor --finger left-index=sensor
  --signature pad --document "travel-document=$practice/travel-document.png")

# enrol WORD…: begins a case for the practice applicant with these captures.
enrol() {
  tamboctl enrol --procedure foreigner-card --mrz "$(mrz_of_applicant)" \
    --applicant "$practice/applicant.json" "$@"
}

newest_case() {
  tamboctl --json case list | "$python" -c '
import json, sys
print(max(json.load(sys.stdin)["cases"], key=lambda row: row["created_at"])["id"])'
}

# case_value ID MEMBER: of `case show`; "samples" gives their number.
case_value() {
  tamboctl --json case show "$1" | "$python" -c '
import json, sys
value = json.load(sys.stdin)[sys.argv[1]]
print(len(value) if isinstance(value, list) else value)' "$2"
}

# order_make: an applicant enrolled from the files, sent, decided; prints the order's id.
order_make() {
  enrol "${file_words[@]}" >/dev/null
  order_wait
}

# ask DATABASE SQL, read only.
ask() {
  sqlite3 -readonly -cmd '.timeout 5000' "$1" "$2" 2>"$ROOM/ask.err" && return
  # What a killed program left half done is undone by whoever opens the store to write.
  tamboctl audit verify >/dev/null 2>&1 || true
  sqlite3 -readonly -cmd '.timeout 5000' "$1" "$2" 2>"$ROOM/ask.err" && return
  # A journal that was never sealed is nothing to the store, and lies there until the next write.
  sqlite3 "file:$1?immutable=1" "$2"
}

# The records, the log and the database hold, whatever happened before.
everything_holds() {
  check "the outbox holds${1:+ $1}" tamboctl outbox verify
  check "the audit log holds${1:+ $1}" tamboctl audit verify
}
