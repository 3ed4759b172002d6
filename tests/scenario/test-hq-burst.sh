#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Many ask headquarters at once, stations and the public's pages: they are served, or told when to come back and
# then served; none is lost.
# TAMBO_LONG_TESTS=1 sends 1,000 at once.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

guests=300
bookers=150
[ -z "${TAMBO_LONG_TESTS:-}" ] || { guests=1000; bookers=1000; }
hq_make

# burst WHAT WORD…: headquarters serves with these options.
burst() {
  local pid url
  rm -f "$ROOM/hq.out"
  "$BUILD/src/hq/tambo-hq" serve "$ROOM/hq" --listen 127.0.0.1:0 "${@:2}" >"$ROOM/hq.out" 2>"$ROOM/hq.log" &
  pid=$!
  started+=("$pid")
  for _ in $(seq 600); do
    grep -qs '^listening on' "$ROOM/hq.out" && break
    sleep 0.05
  done
  url=https://$(sed -n 's/^listening on //p' "$ROOM/hq.out")
  "$BUILD/tests/scenario/hq-burst" "$ROOM/hq" "$ROOM" "$url" "$guests" 150 >"$ROOM/burst" 2>&1 ||
    broken "$1: $(cat "$ROOM/burst")"
  held "$1: $(cat "$ROOM/burst")"
  kill "$pid"
  wait "$pid" || broken 'headquarters did not end well'
}

burst "$guests at once"
burst "$guests at once where 60 are admitted" --connections 60
case $(cat "$ROOM/burst") in *', 0 times told'*) broken 'nobody was told to come back' ;; esac
# One line a second at most.
seconds=$(sed -n 's/.*the last after \([0-9]*\).*/\1/p' "$ROOM/burst")
[ "$(grep -c 'told to come back: too many connections' "$ROOM/hq.log")" -lt $((seconds + 30)) ] ||
  broken 'the log is flooded'
held 'the log says so in few lines'

# -- the public's pages --
tomorrow=$(date -u -d '+1 day' +%Y-%m-%d)
TZ=UTC tambo_hq slot open "$ROOM/hq" LIM "$tomorrow" --from 15:00 --to 15:15 --places 10000 >/dev/null
tomorrow+=T15:00:00Z
booked=0
# bookings WHAT WORD…: the pages serve with these options, and everybody gets an appointment.
bookings() {
  local pid url
  rm -f "$ROOM/web.out"
  "$BUILD/src/hq/tambo-hq" web "$ROOM/hq" --public 127.0.0.1:0 "${@:2}" >"$ROOM/web.out" 2>"$ROOM/web.log" &
  pid=$!
  started+=("$pid")
  for _ in $(seq 600); do
    grep -qs '^ready' "$ROOM/web.out" && break
    sleep 0.05
  done
  url=$(sed -n 's/^public pages on //p' "$ROOM/web.out")
  "$BUILD/tests/scenario/hq-burst" "$ROOM/hq" "$ROOM" "$url" "$bookers" 150 "LIM $tomorrow" >"$ROOM/burst" 2>&1 ||
    broken "$1: $(cat "$ROOM/burst" "$ROOM/web.log")"
  held "$1: $(cat "$ROOM/burst")"
  booked=$((booked + bookers))
  kill "$pid"
  wait "$pid" || broken 'the pages did not end well'
}

bookings "$bookers appointments at once"
same 'appointments that headquarters has' "$(ask "$ROOM/hq/hq.db" 'SELECT count(*), count(DISTINCT code) FROM appointments')" \
  "$booked|$booked"
sqlite3 -cmd '.timeout 5000' "$ROOM/hq/hq.db" "UPDATE appointments SET person = id"
bookings "$bookers appointments at once where 60 are admitted" --connections 60
case $(cat "$ROOM/burst") in *', 0 times told'*) broken 'nobody was told to come back' ;; esac
same 'places taken' "$(ask "$ROOM/hq/hq.db" "SELECT taken FROM slots")" "$booked"
