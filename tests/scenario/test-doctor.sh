#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the doctor finds: a station in health, and each of its troubles with what to do about it.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# health SUBJECT: as the doctor finds it, the worst of several.
health() {
  tamboctl --json doctor 2>/dev/null | "$python" -c '
import json, sys
order = ["good", "notice", "bad", "broken"]
found = [d["health"] for d in json.load(sys.stdin)["diagnoses"] if d["subject"] == sys.argv[1]]
print(max(found, key=order.index))' "$1"
}

# says CODE LINE: the doctor's exit code and one of its lines.
says() {
  local status=0
  tamboctl doctor >"$ROOM/out" || status=$?
  same "exit code where the doctor says $2" "$status $(grep -Ec "$2" "$ROOM/out")" "$1 1"
}

office_make >"$ROOM/office.out"
same 'headquarters was not heard yet' "$(health headquarters)" notice
expect 0 '' tamboctl sync
same 'every finding that is not good says what to do' "$(tamboctl --json doctor | "$python" -c '
import json, sys
rows = json.load(sys.stdin)["diagnoses"]
print(len({r["subject"] for r in rows}), [r["subject"] for r in rows if (r["health"] == "good") == ("action" in r)])')" \
  '15 []'
says 0 '^store +good +every row'
for subject in folder store audit-log disk clock certificate headquarters alerts outbox operators procedures blanks; do
  same "in health: $subject" "$(health "$subject")" good
done
same 'no devices are a notice' "$(health devices)" notice

chmod 755 "$ROOM/station"
same 'open to others' "$(health folder)" bad
says 1 '^folder +bad +.*chmod go='
chmod 700 "$ROOM/station"

same 'no procedures' "$(TAMBO_DATADIR=$ROOM/tmp health procedures)" bad
expect 0 '' before_deputy operator disable deputy
same 'nobody is left to be the second person' "$(health operators)" notice

# One letter of one entry.
sqlite3 "$ROOM/station/store.db" "UPDATE audit_entries SET entry = replace (entry, 'stock', 'stick')"
same 'entries that were changed' "$(health audit-log)" broken
same 'and their rows' "$(health store)" broken
says 5 '^audit-log +broken'
