#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# An office issues on every kind of chip: torn away, put back, exchanged, spoiled; the stock, the journal
# and headquarters agree afterwards.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

store=$ROOM/station/store.db
factory=404142434445464748494a4b4c4d4e4f
printf '{"enc":"%s","mac":"%s"}' $factory $factory >"$ROOM/keys.json"
printf '{"enc":"%s","mac":"%s","scp":2,"kvn":1}' $factory $factory >"$ROOM/keys-scp02.json"
office_make >"$ROOM/office.out"
desk_start
files_make

# blank_of ORDER: state and number of the blank that has it
blank_of() {
  ask "$store" "SELECT state || ' ' || number FROM blanks WHERE order_id = '$1' ORDER BY number DESC LIMIT 1"
}

# journal_of ORDER: how its newest card ended
journal_of() {
  ask "$store" "SELECT step FROM chip_journal WHERE order_id = '$1' ORDER BY number DESC LIMIT 1"
}

# lay_blank CARD…: another blank of this kind lies on the reader
lay_blank() {
  control card new "$@"
  control card insert
  card_wait
}

verdicts_passed() {
  grep -q '^  read-back  *passed' "$ROOM/out" && grep -q '^  locked  *passed' "$ROOM/out" &&
    ! grep -E '^  [a-zA-Z0-9-]+ +FAILED' "$ROOM/out"
}

# issue_on NAME PROFILE KEYS CARD…
issue_on() {
  local name=$1 profile=$2 keys=$3 order n words
  shift 3
  words=(--profile "$profile")
  [ -z "$keys" ] || words+=(--keys "$keys")
  order=$(order_make)
  lay_blank "$@"
  for n in 3 12 '30 before' 60; do
    # shellcheck disable=SC2086 # two words
    control card tear $n
    expect 4 'same card' at_desk tamboctl issue "$order" "${words[@]}"
    case $(blank_of "$order") in in-work*) ;; *) broken "$name torn at $n: $(blank_of "$order")" ;; esac
    card_insert
  done
  held "$name: torn four times, the blank is in work"
  expect 0 '' at_desk tamboctl issue "$order" "${words[@]}"
  verdicts_passed || { cat "$ROOM/out"; broken 'a verdict'; }
  case $(blank_of "$order") in issued*) ;; *) broken "$(blank_of "$order")" ;; esac
  same "$name: the journal ends with" "$(journal_of "$order")" 'done'
  case $(card_status) in *locked=yes*) held "$name: the card is locked" ;; *) broken 'not locked' ;; esac

  # another blank in the place of one that was begun: refused, spoiled, replaced
  order=$(order_make)
  lay_blank "$@"
  control card tear 40
  expect 4 'same card' at_desk tamboctl issue "$order" "${words[@]}"
  lay_blank "$@"
  expect 5 'not the one that was begun' at_desk tamboctl issue "$order" "${words[@]}"
  held "$name: another card is refused: $(cat "$ROOM/err")"
  case $(card_status) in *locked=no*memory=0/*) ;; *) broken "$(card_status)" ;; esac
  expect 0 '' before_deputy stock spoil "$(blank_of "$order" | cut -d' ' -f2)" --reason torn
  same "$name: the journal ends with" "$(journal_of "$order")" spoiled
  expect 0 '' at_desk tamboctl issue "$order" "${words[@]}"
  case $(blank_of "$order") in issued*) held "$name: the next blank is issued" ;; *) broken "$(blank_of "$order")" ;; esac
}
issue_on jmrtd jmrtd '' jmrtd
issue_on iso7816 iso7816 "$ROOM/keys.json" iso7816
issue_on gp-scp03 gp-scp03 "$ROOM/keys.json" gp-scp03 3
issue_on gp-scp02 gp-scp03 "$ROOM/keys-scp02.json" gp-scp03 2

same 'blanks issued, spoiled, in stock, in work' \
  "$(ask "$store" "SELECT sum(state = 'issued'), sum(state = 'spoiled'), sum(state = 'in-stock'),
    sum(state = 'in-work') FROM blanks")" '8|4|8|0'
everything_holds
expect 0 '' tamboctl sync --once
same_soon 'headquarters knows of them' '8|4' \
  ask "$ROOM/hq/hq.db" "SELECT sum(kind = 'issued'), sum(kind = 'spoiled') FROM events"
