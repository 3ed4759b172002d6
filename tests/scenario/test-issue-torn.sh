#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A card that leaves the reader while it is written: the blank stays accounted for, the same card can be
# finished, another one is refused, a spoiled blank is replaced by the next.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

store=$ROOM/station/store.db
office_make >"$ROOM/office.out"
desk_start
files_make

# blank_is NUMBER STATE
blank_is() {
  same "blank $1 is" "$(ask "$store" "SELECT state FROM blanks WHERE number = '$1'")" "$2"
}

# Nothing is lost and nothing is in two places, whatever was torn.
blanks_add_up() {
  local kinds
  kinds=$(ask "$store" "SELECT count(*), sum(state IN ('in-stock', 'in-work', 'issued', 'spoiled')),
    sum(state = 'in-work' AND order_id IS NULL) FROM blanks")
  same 'every blank is accounted for' "$kinds" '20|20|0'
}

# verdicts_passed: every row of the last issue; these cards have no key to prove, and a new office no
# revocation list.
verdicts_passed() {
  local rows
  rows=$(grep -vE '^  (active-authentication  *skipped  *the chip has no DG15|(signer-revocation|lds-version)  *skipped)' \
    "$ROOM/out")
  grep -q '^  read-back  *passed' <<<"$rows" && grep -q '^  locked  *passed' <<<"$rows" &&
    ! grep -qE '^  [a-zA-Z0-9-]+ +(FAILED|skipped)' <<<"$rows"
}

# card_value NAME: of the card's status, such as locked.
card_value() {
  card_status | tr ' ' '\n' | sed -n "s/^$1=//p"
}

# -- one order, one card, torn at many places --
order=$(order_make)
for n in 1 2 17 60; do
  control card tear "$n"
  expect 4 "^tamboctl: document not issued: blank C0000001: .*same card" at_desk tamboctl issue "$order"
  held "torn at command $n: $(cat "$ROOM/err")"
  blank_is C0000001 in-work
  card_insert
done
for n in 30 160; do
  control card tear "$n" before
  expect 4 'same card' at_desk tamboctl issue "$order"
  held "torn before command $n: exit 4"
  card_insert
done
blanks_add_up
everything_holds 'while a card is half written'
same 'the order is still open' "$(ask "$store" "SELECT state FROM inbox WHERE id = '$order'")" new
expect 0 '' at_desk tamboctl issue "$order"
verdicts_passed || { cat "$ROOM/out"; broken 'a verdict'; }
held 'the same card is finished, all verdicts passed'
blank_is C0000001 issued
same 'locked' "$(card_value locked)" yes
refused 3 'issued already' 'the order cannot be issued twice' at_desk tamboctl issue "$order"

# -- at the lock itself: only the card knows whether it came --
order=$(order_make)
card_new
expect 0 '' at_desk tamboctl issue "$order"
whole=$(card_value commands)
lock=$(card_value locked-at)
blank_is C0000002 issued
number=2
locked_then=
for cut in "$((lock - 1))" "$lock before" "$lock" "$whole"; do
  order=$(order_make)
  number=$((number + 1))
  card_new
  # shellcheck disable=SC2086 # two words
  control card tear $cut
  expect 4 'same card' at_desk tamboctl issue "$order"
  locked_then+="$(card_value locked) "
  [ "$(ask "$store" "SELECT state FROM blanks WHERE number = 'C000000$number'")" = in-work ] ||
    broken "torn at command $cut: the blank is not in work"
  card_insert
  expect 0 '' at_desk tamboctl issue "$order"
  verdicts_passed || { cat "$ROOM/out"; broken 'a verdict'; }
  [ "$(card_value locked)" = yes ] || broken "torn at command $cut: issued a card that is not locked"
  held "torn at command $cut of $whole, where $lock locks: finished and locked"
  blank_is "C000000$number" issued
done
same 'cards of both kinds were among them' "$locked_then" 'no no yes yes '

# -- another card in its place --
order=$(order_make)
card_new
control card tear 60
expect 4 'same card' at_desk tamboctl issue "$order"
blank_is C0000007 in-work
mkdir "$ROOM/foreign"
tamboctl lds build --applicant "$practice/travel-document.json" --portrait "$ROOM/portrait.jpg" \
  -o "$ROOM/foreign" >/dev/null
card_new
at_desk tamboctl chip write --profile jmrtd --lds "$ROOM/foreign" >/dev/null
[ "$(card_value locked)" = yes ] || broken 'the foreign card is not finished'
expect '3' '^tamboctl: document not issued: blank C0000007: ' at_desk tamboctl issue "$order"
held "a foreign finished card is refused: $(cat "$ROOM/err")"
blank_is C0000007 in-work
at_desk tamboctl chip read --mrz "$(mrz_of_applicant)" -o "$ROOM/foreign.read" >/dev/null
rm -f "$ROOM/foreign/csca.der"
check 'and is as it was' diff -r "$ROOM/foreign" "$ROOM/foreign.read"

# -- spoiled: the order goes to the next blank --
refused 3 'a clerk may not' 'a clerk spoils nothing' tamboctl stock spoil C0000007 --reason torn
refused 3 'second person' 'nobody spoils alone' as_supervisor stock spoil C0000007 --reason torn
expect 0 '' before_deputy stock spoil C0000007 --reason 'torn while it was written'
blank_is C0000007 spoiled
card_new
expect 0 '' at_desk tamboctl issue "$order"
verdicts_passed || { cat "$ROOM/out"; broken 'a verdict'; }
grep -q ' issued on blank C0000008;' "$ROOM/out" || broken "$(cat "$ROOM/out")"
held 'the order is issued on the next blank'
blank_is C0000008 issued
blanks_add_up

# -- the station dies while it writes --
order=$(order_make)
card_new
card=$(pgrep -f "tambo-simulator card .*--control $ROOM/")
for steps in 2 5 8; do
  seen=$(at_desk "$python" "$scenario/kill_at.py" "$store" "$steps" "$card" \
    "$BUILD/src/cli/tamboctl" issue "$order" 2>"$ROOM/err") ||
    { cat "$ROOM/err" >&2; broken 'it had ended before it was killed'; }
  held "killed after $seen steps of the journal"
  blank_is C0000009 in-work
done
expect 0 '' at_desk tamboctl issue "$order"
verdicts_passed || { cat "$ROOM/out"; broken 'a verdict'; }
blank_is C0000009 issued
same 'locked' "$(card_value locked)" yes

# -- no card, another card that cannot be written --
order=$(order_make)
refused 3 'spoiled' 'a spoiled blank stays spoiled' at_desk tamboctl issue "$order" --blank C0000007
card_remove
refused 4 'put the card on the reader' 'no card on the reader' at_desk tamboctl issue "$order"
card_insert
refused 3 'empty' 'a finished card that was never ours to write' at_desk tamboctl issue "$order"
blank_is C0000010 in-work
card_new
expect 0 '' at_desk tamboctl issue "$order"
blank_is C0000010 issued
blanks_add_up
everything_holds
expect 0 '' tamboctl sync --once
same_soon 'headquarters knows of the documents and of the spoiled blank' '9|1' \
  ask "$ROOM/hq/hq.db" "SELECT sum(kind = 'issued'), sum(kind = 'spoiled') FROM events"
