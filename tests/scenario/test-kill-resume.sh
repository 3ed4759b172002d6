#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# kill -9 at any point: what was said to be durable is there, and `case resume` goes on with it.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

office_make >"$ROOM/office.out"
desk_start
mrz=$(mrz_of_applicant)

begin_words=(enrol --procedure foreigner-card --mrz "$mrz" --applicant "$practice/applicant.json"
  "${device_words[@]}")

# kill_after N DELAY WORD…: kills the command DELAY seconds after its Nth line that ends in "durable".
# Leaves what it printed in $ROOM/run, the number of those lines in $said, and in $ended whether it was
# faster.
kill_after() {
  local n=$1 delay=$2 pid line
  shift 2
  said=0
  : >"$ROOM/run"
  rm -f "$ROOM/lines"
  mkfifo "$ROOM/lines"
  (
    # shellcheck disable=SC1091 # made by the desk
    . "$ROOM/desk.env"
    exec "$BUILD/src/cli/tamboctl" "$@"
  ) >"$ROOM/lines" 2>"$ROOM/err" &
  pid=$!
  while read -r line; do
    printf '%s\n' "$line" >>"$ROOM/run"
    case $line in *'; durable') said=$((said + 1)) ;; esac
    [ "$said" -lt "$n" ] || break
  done <"$ROOM/lines"
  sleep "$delay"
  kill -KILL "$pid" 2>/dev/null || true
  ended=no
  wait "$pid" 2>/dev/null && ended=yes
  [ "$said" = "$n" ] || { cat "$ROOM/run" "$ROOM/err" >&2; broken "only $said of $n lines came"; }
  [ "$ended" = yes ] || killed=$((killed + 1))
}

# What is in the case after a kill: all that was said, and perhaps more, whose lines were not read.
count_after_kill() {
  local least=$1 now
  now=$(case_value "$case" samples)
  [ "$now" -ge "$least" ] || broken "$now samples are there after $least were said to be durable"
  held "kill $killed: $least samples were durable, $now are there"
  have=$now
}

killed=0

# One case, killed again and again: first at the line itself, in the second round while the next
# capture is under way.
for delay in 0 0.2; do
  have=0
  kill_after 1 "$delay" "${begin_words[@]}"
  case=$(newest_case)
  count_after_kill 0
  for round in 1 2 3 4; do
    # The last sample comes from a file, at once: no time to be killed after the one before it.
    [ "$round" != 4 ] || [ "$delay" = 0 ] || break
    before=$have
    kill_after 1 "$delay" case resume "$case" "${device_words[@]}"
    grep -q "^case $case resumed with $before samples$" "$ROOM/run" ||
      { cat "$ROOM/run" >&2; broken "resumed without its $before samples"; }
    [ "$(grep -c ': captured before$' "$ROOM/run" || true)" = "$before" ] ||
      broken 'a sample was captured again'
    [ "$ended" = no ] || break
    count_after_kill $((before + 1))
    [ "$have" -lt 4 ] || break
  done
  if [ "$(case_value "$case" state)" = draft ]; then
    expect 0 '' at_desk tamboctl case resume "$case" "${device_words[@]}"
    grep -q "^case $case resumed with $have samples$" "$ROOM/out" || broken 'samples were lost'
    held "resumed with $have samples after $killed kills and sealed"
  fi
  same 'the case is sealed and queued' "$(case_value "$case" state)" queued
done

# Killed while it seals: either a draft with everything, or sealed; never something between.
for delay in 0 0.02 0.05 0.1; do
  tamboctl enrol --procedure foreigner-card --mrz "$mrz" --applicant "$practice/applicant.json" \
    >/dev/null 2>"$ROOM/err" && broken 'sealed without captures'
  case=$(newest_case)
  [ -f "$ROOM/portrait.jpg" ] || files_make
  (exec "$BUILD/src/cli/tamboctl" case resume "$case" "${file_words[@]}") >"$ROOM/run" 2>&1 &
  pid=$!
  # A minute and more: how long the captures take is not the question.
  for _ in $(seq 12000); do
    grep -q '^document-.*; durable$' "$ROOM/run" && break
    sleep 0.005
  done
  sleep "$delay"
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  killed=$((killed + 1))
  state=$(case_value "$case" state)
  case $state in
    draft)
      same "kill $killed, while sealing: a draft, samples" "$(case_value "$case" samples)" 5
      expect 0 '' tamboctl case resume "$case" "${file_words[@]}"
      ;;
    queued) held "kill $killed, while sealing: sealed" ;;
    *) broken "the case is $state" ;;
  esac
  same 'queued' "$(case_value "$case" state)" queued
done

same 'as many sealed records as cases' \
  "$(ask "$ROOM/station/store.db" "SELECT count(*), count(DISTINCT case_id) FROM outbox")" '6|6'
same 'no draft is left behind' \
  "$(ask "$ROOM/station/store.db" "SELECT count(*) FROM cases WHERE state != 'queued'")" 0
everything_holds
expect 0 '' tamboctl sync --once
same 'headquarters has them all' \
  "$(ask "$ROOM/hq/hq.db" "SELECT count(*) FROM records WHERE receipt IS NOT NULL" 2>/dev/null)" 6
[ "$killed" -ge 10 ] || broken "killed only $killed times"
held "killed $killed times"
