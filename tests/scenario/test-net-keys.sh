#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Headquarters' next encryption key: announced in signed data, used from its day on, and the keys before it
# still open what has waited.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

store=$ROOM/station/store.db
hq_store=$ROOM/hq/hq.db
office_make
desk_start
files_make
desk_stop
recipient() { # of the newest record
  ask "$store" "SELECT json_extract(manifest, '\$.statement.recipient') FROM outbox_records
    ORDER BY sequence DESC LIMIT 1"
}

enrol "${file_words[@]}" >/dev/null
old=$(recipient)
expect 0 '' tamboctl sync --once
reference() { ask "$store" "SELECT count(*) FROM settings WHERE name = 'reference'"; }
same 'without an announcement there is no reference data' "$(reference)" 0

# In thirty days.
expect 0 '' tambo_hq --json ca envelope "$ROOM/hq"
later=$(json "$ROOM/out" key)
expect 0 '' tamboctl sync --once
same 'the announcement has come' "$(reference)" 1
enrol "${file_words[@]}" >/dev/null
same 'its day has not: the old key' "$(recipient)" "$old"

# From now on.
expect 0 '' tambo_hq --json ca envelope "$ROOM/hq" --days 0
new=$(json "$ROOM/out" key)
expect 0 '' tamboctl sync --once
waits=$(newest_case)
enrol "${file_words[@]}" >/dev/null
same 'the new key from its day on' "$(recipient)" "$new"
[ "$new" != "$later" ] && [ "$new" != "$old" ] || broken 'two keys have one id'
newest=$(newest_case)
for _ in $(seq 100); do
  expect 0 '' tamboctl sync --once
  [ "$(ask "$hq_store" "SELECT count(*) FROM cases WHERE state = 'ordered'")" != 3 ] || break
  sleep 0.2
done
same 'headquarters opens the records of both keys' \
  "$(ask "$hq_store" "SELECT count(*) FROM cases WHERE state = 'ordered' AND id IN ('$waits', '$newest')")" 2
same 'no alarm' "$(ask "$hq_store" "SELECT count(*) FROM alarms")" 0

# Older data than what is here: headquarters was restored.
before=$(ask "$store" "SELECT value FROM settings WHERE name = 'reference'")
sqlite3 -cmd '.timeout 5000' "$hq_store" \
  "UPDATE settings SET value = substr(value, 1, instr(value, 'Z')) WHERE name = 'envelope_keys'"
expect 0 '' tamboctl sync --once
same 'older reference data change nothing' \
  "$(ask "$store" "SELECT value FROM settings WHERE name = 'reference'" | sha256sum)" \
  "$(printf '%s\n' "$before" | sha256sum)"

# Data that headquarters did not sign.
forge() {
  "$python" - "$store" <<'PYTHON'
import hashlib, sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=10) as store:
    value = store.execute("SELECT value FROM settings WHERE name = 'reference'").fetchone()[0]
    value = value.replace('"version":2', '"version":3')
    text = b"".join(b"\3" + len(part).to_bytes(8, "big") + part for part in (b"reference", value.encode()))
    store.execute("UPDATE settings SET value = ?, digest = ? WHERE name = 'reference'",
                  (value, hashlib.sha256(text).digest()))
PYTHON
}
forge
enrol "${file_words[@]}" >/dev/null
same 'data that headquarters did not sign name no key' "$(recipient)" "$old"
