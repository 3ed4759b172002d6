#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A station that is newer than its headquarters: what that one does not know is told once, everything else is done, and
# what waited is told when headquarters has become newer, too.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# older REQUEST…: headquarters with other names for these, so that it does not know them.
older() {
  local request words=()
  for request in "$@"; do
    words+=(-e "s|/v1/$request|/v0/$request|g")
  done
  hq_stop
  LC_ALL=C sed "${words[@]}" "$BUILD/src/hq/tambo-hq" >"$ROOM/tambo-hq"
  chmod +x "$ROOM/tambo-hq"
  hq_program=$ROOM/tambo-hq
  hq_start
}

newer() {
  hq_stop
  hq_program=$BUILD/src/hq/tambo-hq
  hq_start
}

# told WANTED: how many lines an exchange that ends well says about an older headquarters.
told() {
  expect 0 '' tamboctl --json sync --once
  same 'lines about an older headquarters' "$(grep -c '^tamboctl: headquarters: it is older' "$ROOM/err" || true)" "$1"
}

# unknown: the requests that the doctor names.
unknown() {
  tamboctl doctor | sed -n 's/^headquarters .*it is older than this station and does not know \([^;]*\).*/\1/p' |
    sed 's/ *$//'
}

reports() {
  ask "$ROOM/hq/hq.db" 'SELECT count(*) FROM stock_reports'
}

export TAMBO_DATADIR=$source_root/data # which a copy of a program does not find beside it
office_make >"$ROOM/office.out"
desk_start
files_make
desk_stop
older stock
enrol "${file_words[@]}" >/dev/null
told 1
same 'the record has gone' "$(json "$ROOM/out" sent)" 1
same 'none waits' "$(json "$ROOM/out" waiting)" 0
[ "$(json "$ROOM/out" countersigned)" -gt 0 ] || broken 'the log was not countersigned'
held 'the log is countersigned'
same 'the doctor knows' "$(unknown)" /v1/stock
told 0
same 'of blanks nothing was told' "$(reports)" 0

expect 0 '' tambo_hq --json alert add "$ROOM/hq" --document UTO/P/D23145890 --reason stolen --action 'keep it'
older stock changes
told 1
same 'the doctor knows both' "$(unknown)" '/v1/stock /v1/changes'
told 0
older stock changes receipts
told 1
enrol "${file_words[@]}" >/dev/null
told 0
same 'a record has gone there, too' "$(json "$ROOM/out" sent)" 1
order_wait >/dev/null
held 'and the order has come'

newer
told 0
same 'all is known' "$(unknown)" ''
same 'the blanks are told' "$(reports)" 1
same 'the alert has come' "$(tamboctl --json alert list | "$python" -c '
import json, sys; print(len(json.load(sys.stdin)["alerts"]))')" 1
everything_holds
