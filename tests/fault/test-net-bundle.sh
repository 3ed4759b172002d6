#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Records that go on a stick: the same receipts as over the wire, nothing taken that was touched, and a stick
# that is pulled or full at any write harms nothing. TAMBO_LONG_TESTS=1: at every write.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

desk=$BUILD/tests/fault/exchange-desk
store=$ROOM/station/store.db
stick=$ROOM/stick
mkdir "$stick"
office_make
tamboctl sync --once >"$ROOM/sync.out"
hq_stop

ask() { sqlite3 -readonly -cmd '.timeout 5000' "$1" "$2"; }
waiting() { ask "$store" "SELECT count(*) FROM outbox WHERE state <> 'acknowledged'"; }
at_hq() { ask "$ROOM/hq/hq.db" "SELECT count(*), sum(receipt IS NOT NULL), (SELECT count(*) FROM intake_log) FROM records"; }
same() {
  [ "$2" = "$3" ] || broken "$1: '$2' instead of '$3'"
  held "$1: $3"
}
bundle() { find "$stick" -mindepth 1 -maxdepth 1 -type d ! -name '*.partial' | head -n 1; }

# -- there and back --
"$desk" fill "$ROOM/station" 5 3000 >"$ROOM/fill.out"
expect 0 '^5 records of' 'five records go onto the stick' tamboctl outbox export "$stick"
same 'they go on waiting' "$(waiting)" 5
expect 0 ': 5 records taken, 0 known, 0 refused' 'headquarters takes them' \
  tambo_hq import "$ROOM/hq" "$(bundle)"
same 'each once' "$(at_hq)" '5|5|5'
cp "$(bundle)/receipts.json" "$ROOM/receipts.json"
expect 0 ': 0 records taken, 5 known, 0 refused' 'a second time it knows them' \
  tambo_hq import "$ROOM/hq" "$(bundle)"
cmp "$(bundle)/receipts.json" "$ROOM/receipts.json" || broken 'the receipts differ'
held 'and gives the same receipts'
expect 0 '^5 receipts taken, 0 were known' 'the receipts come back' tamboctl outbox receipts "$(bundle)"
same 'nothing waits' "$(waiting)" 0
expect 0 '^0 receipts taken, 5 were known' 'a second time they are known' \
  tamboctl outbox receipts "$ROOM/receipts.json"
hq_start >"$ROOM/start.out"
expect 0 '^0 sent' 'the wire has nothing to send' tamboctl sync --once
rm -rf "${stick:?}"/*

# -- by both ways --
"$desk" fill "$ROOM/station" 3 3000 >"$ROOM/fill.out"
expect 0 '^3 records of' 'three more on the stick' tamboctl outbox export "$stick"
expect 0 '^3 sent' 'and over the wire' tamboctl sync --once
expect 0 ': 0 records taken, 3 known' 'have their effect once' tambo_hq import "$ROOM/hq" "$(bundle)"
same 'at headquarters' "$(at_hq)" '8|8|8'
rm -rf "${stick:?}"/*

# -- touched --
"$desk" fill "$ROOM/station" 3 3000 >"$ROOM/fill.out"
expect 0 '^3 records of' 'three on the stick' tamboctl outbox export "$stick"
cp -r "$(bundle)" "$ROOM/whole"
record=$(find "$(bundle)" -type f -regex '.*/[0-9a-f]*' | sort | head -n 1)
printf XXXXXXXX | dd of="$record" bs=1 seek=500 conv=notrunc 2>"$ROOM/dd.log"
expect 5 'not those that were sealed' 'a flipped byte: that record is refused' \
  tambo_hq import "$ROOM/hq" "$(bundle)"
same 'and the others are taken' "$(at_hq)" '11|10|10'
expect 0 '^2 receipts taken' 'their receipts come back' tamboctl outbox receipts "$(bundle)"
sed -i 's/"created":"2/"created":"1/' "$(bundle)/list.json"
expect 5 'integrity|signature|bundle' 'a list that was touched' tambo_hq import "$ROOM/hq" "$(bundle)"
rm "$(bundle)/list.json"
expect 1 'not finished' 'a bundle without its list' tambo_hq import "$ROOM/hq" "$(bundle)"
/usr/bin/python3 - "$ROOM" <<'PYTHON'
import json, sys
receipts = json.load(open(sys.argv[1] + "/receipts.json"))
receipts["receipts"][0] = receipts["receipts"][0].replace('"sequence":', '"sequence":1')
json.dump(receipts, open(sys.argv[1] + "/forged.json", "w"))
PYTHON
expect 5 'receipt' 'a forged receipt' tamboctl outbox receipts "$ROOM/forged.json"
expect 0 ': 1 records taken, 2 known' 'the whole copy brings the last one' \
  tambo_hq import "$ROOM/hq" "$ROOM/whole"
expect 0 '^1 receipts taken' 'and its receipt' tamboctl outbox receipts "$ROOM/whole"
same 'nothing waits' "$(waiting)" 0
same 'each is there once' "$(at_hq)" '11|11|11'
rm -rf "${stick:?}"/*

# -- too small --
if mkdir "$ROOM/small" && mount -t tmpfs -o size=1100k none "$ROOM/small" 2>"$ROOM/mount.log"; then
  "$desk" fill "$ROOM/station" 1 400000 >"$ROOM/fill.out"
  expect 1 'has room for' 'a stick that is too small' tamboctl outbox export "$ROOM/small"
  same 'nothing was left on it' "$(ls -A "$ROOM/small")" ''
else
  "$desk" fill "$ROOM/station" 1 400000 >"$ROOM/fill.out"
  echo '# nobody may mount anything here'
fi

# -- pulled, or full, at any write --
if ! strace -qq -o /dev/null true 2>/dev/null; then
  echo '# there is no strace here'
  exit 0
fi
"$desk" fill "$ROOM/station" 2 2000 >"$ROOM/fill.out"
cp -r "$ROOM/hq" "$ROOM/copy"
rm -rf "${stick:?}"/*
expect 0 'nothing harmed' 'a stick that is pulled, or full' /usr/bin/python3 \
  "$source_root/tests/fault/net-stick.py" "$BUILD" "$ROOM/station" "$stick" "$ROOM/copy"
held "$(cat "$ROOM/out")"
expect 0 ': 3 records taken' 'the bundle of the last try is taken' tambo_hq import "$ROOM/hq" "$(bundle)"
expect 0 '^3 receipts taken' 'and receipted' tamboctl outbox receipts "$(bundle)"
same 'each is there once' "$(at_hq)" '14|14|14'
