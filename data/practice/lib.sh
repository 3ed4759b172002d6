# SPDX-License-Identifier: GPL-3.0-or-later
#
# A practice office in one folder: headquarters, a station and its desk. Sourced by `practise` and by
# the scenario tests, which set BUILD (a build folder) and ROOM (an empty folder of their own).

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

export TAMBO_STATION=$ROOM/station
export TAMBO_OPERATOR=clerk
export TAMBO_PASSWORD_FILE=$ROOM/clerk.password
export HOME=$ROOM/home
# A build with sanitizers is preloaded after the played pad.
export ASAN_OPTIONS=${ASAN_OPTIONS:-verify_asan_link_order=0}
export XDG_CACHE_HOME=$ROOM/home/.cache
mkdir -p "$HOME"

tamboctl() { "$BUILD/src/cli/tamboctl" "$@"; }
tambo_hq() { "$BUILD/src/hq/tambo-hq" "$@"; }
tambo_simulator() { "$BUILD/src/simulator/tambo-simulator" "$@"; }

hq_program=$BUILD/src/hq/tambo-hq # that serves
hq_pid=
hq_port=
hq_words=() # of its init, besides

hq_make() {
  tambo_hq init "$ROOM/hq" --name 'Practice headquarters' --practice "${hq_words[@]}"
}

# hq_listen PORT: fails when it does not come to listen there.
hq_listen() {
  rm -f "$ROOM/hq.out" # of an earlier run: it says "listening on", too
  "$hq_program" serve "$ROOM/hq" --listen "127.0.0.1:$1" \
    >"$ROOM/hq.out" 2>"$ROOM/hq.log" &
  hq_pid=$!
  for _ in $(seq 400); do
    grep -qs "^listening on .*:$1$" "$ROOM/hq.out" && return 0
    kill -0 "$hq_pid" 2>/dev/null || break
    sleep 0.05
  done
  hq_stop
  return 1
}

# Starts headquarters on the port it had before, or on a free one. Not one of those that the system gives
# to connections: it has to be free after a stop, too.
hq_start() {
  local port
  for _ in $(seq 20); do
    port=${hq_port:-$((20000 + RANDOM % 12000))}
    if hq_listen "$port"; then
      hq_port=$port
      return 0
    fi
    [ -z "$hq_port" ] || break
  done
  cat "$ROOM/hq.log" >&2
  return 1
}

hq_stop() {
  [ -n "$hq_pid" ] || return 0
  kill "$hq_pid" 2>/dev/null || true
  wait "$hq_pid" 2>/dev/null || true
  hq_pid=
}

# station_make CODE
station_make() {
  local token
  token=$(tambo_hq station invite "$ROOM/hq" "$1")
  tamboctl init --name "$1" --hq "https://127.0.0.1:$hq_port" --ca "$ROOM/hq/ca.pem" --token "$token"
}

# Two supervisors and a clerk. The first one has a password of one's own; the others are given one and
# change it.
operators_make() {
  printf 'practice-supervisor' >"$ROOM/supervisor.password"
  TAMBO_PASSWORD_FILE=$ROOM/supervisor.password tamboctl operator add supervisor --role supervisor
  operator_make deputy supervisor
  operator_make clerk clerk
}

# operator_make ID ROLE: with the password practice-ID, in $ROOM/ID.password.
operator_make() {
  printf 'first-password' >"$ROOM/first.password"
  printf 'practice-%s' "$1" >"$ROOM/$1.password"
  as_supervisor operator add "$1" --role "$2" --new-password-file "$ROOM/first.password"
  TAMBO_OPERATOR=$1 TAMBO_PASSWORD_FILE=$ROOM/first.password \
    tamboctl operator passwd "$1" --new-password-file "$ROOM/$1.password"
}

as_supervisor() {
  TAMBO_OPERATOR=supervisor TAMBO_PASSWORD_FILE=$ROOM/supervisor.password tamboctl "$@"
}

# before_deputy COMMAND…: of a supervisor, with the second person that the command wants.
before_deputy() {
  TAMBO_SECOND=deputy TAMBO_SECOND_PASSWORD_FILE=$ROOM/deputy.password as_supervisor "$@"
}

# json FILE-OR-- PATH: one value of a JSON document, such as json - .messages.0.id
json() {
  python3 -c '
import json, sys
value = json.load(sys.stdin if sys.argv[1] == "-" else open(sys.argv[1]))
for part in sys.argv[2].strip(".").split("."):
    value = value[int(part)] if part.isdigit() else value[part]
print(value)' "$1" "$2"
}

# Waits until headquarters has decided and the order is in the inbox; prints its id.
order_wait() {
  for _ in $(seq 100); do
    tamboctl sync --once >/dev/null
    tamboctl --json inbox list | python3 -c '
import json, sys
for message in json.load(sys.stdin)["messages"]:
    if message["kind"] == "order" and message["state"] == "new":
        print(message["id"]); sys.exit(0)
sys.exit(1)' && return 0
    sleep 0.2
  done
  echo 'no order came' >&2
  return 1
}
