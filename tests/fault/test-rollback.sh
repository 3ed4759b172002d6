#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A station whose whole folder was put back, or copied to a second computer, holds in itself: only
# headquarters can tell, and does at the next contact.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

sync_once() { tamboctl sync --once; }
fork_alarms() { alarms | grep -c fork || true; }
expect_alarms() {
  [ "$(fork_alarms)" = "$1" ] || { alarms >&2; broken "not $1 alarms after: $2"; }
  held "headquarters has $1 alarms after: $2"
}

office_make
work 2
expect 0 '.' 'the first contact' sync_once
cp -a "$ROOM/station" "$ROOM/old"
work 6
expect 0 '.' 'the second contact' sync_once
expect_alarms 0 'two contacts'
cp -a "$ROOM/station" "$ROOM/true"

# The log counts in seconds: what two lives do alike within one of them is no fork.
put_back() {
  sleep 1.1
  rm -rf "$ROOM/station"
  cp -a "$ROOM/$1" "$ROOM/station"
}

put_back old
expect 0 'entries hold' 'a folder put back holds in itself' tamboctl audit verify
expect 5 'shorter' 'put back: refused at the next contact' sync_once
expect_alarms 1 'a shorter log'
expect 5 'shorter' 'and at the one after' sync_once
expect_alarms 1 'a retry'

put_back old
work 9
expect 0 'entries hold' 'put back and worked on, it holds in itself' tamboctl audit verify
expect 5 'audit log' 'put back and longer than before: refused' sync_once
expect_alarms 2 'a log that goes another way'
expect 5 'audit log' 'and when it tries again' sync_once
expect_alarms 2 'a second try'

put_back true
work 1
expect 0 '.' 'the true station goes on' sync_once
expect_alarms 2 'the true station'

# Two computers with the same folder, each working on.
cp -a "$ROOM/station" "$ROOM/clone"
work 2
expect 0 '.' 'of two clones, the first to call goes on' sync_once
mv "$ROOM/station" "$ROOM/first"
put_back clone
work 5
expect 5 'audit log' 'and the second is refused' sync_once
expect_alarms 3 'a clone'
put_back first
work 1
expect 0 '.' 'the first still goes on' sync_once
expect_alarms 3 'its next contact'

cp -a "$ROOM/station" "$ROOM/latest"

# Another database under the same certificate.
put_back old
set_setting incarnation 00000000-0000-4000-8000-000000000001
expect 5 'another database' 'another database: refused' sync_once
expect_alarms 4 'another database'

# A backup, brought back as it should be: encrypted, under another incarnation, and told to headquarters.
put_back latest
seal() { "$BUILD/tests/fault/exchange-desk" seal "$TAMBO_STATION"; }
before=$(seal)
expect 0 'verified' 'a backup is made and read back' as_supervisor backup "$ROOM/backup"
work 2
expect 0 '1 sent' 'the station works on' sync_once
between=$(seal)
expect 0 '1 sent' 'and sends what the backup does not have' sync_once
expect 3 'already' 'no restoring over a station' as_supervisor restore "$ROOM/backup"
expect 5 'password' "not with another's password" tamboctl restore --force "$ROOM/backup"
expect 3 'second person' 'nobody restores alone' as_supervisor restore --force "$ROOM/backup"
expect 0 'restored' 'restored' before_deputy restore --force "$ROOM/backup"
expect 0 'entries hold' 'the restored log holds' tamboctl audit verify
expect 0 'clerk signed in' 'the operators have their passwords' tamboctl login
expect 5 'another database' 'headquarters sees that it was restored' sync_once
expect_alarms 5 'a restored station'

# A person who knows of it accepts the restored station, that database and no other.
accept() { tambo_hq station accept-restore "$ROOM/hq" "$1"; }
restored=$(sqlite3 "$ROOM/station/store.db" "SELECT value FROM settings WHERE name = 'incarnation'")
expect 1 'no station' 'nobody is accepted who is not registered' accept MIG-FAULT-02
expect 0 "$restored" 'the restored station is accepted' accept MIG-FAULT-01
expect 3 'not come with another' 'once' accept MIG-FAULT-01
cp -a "$ROOM/station" "$ROOM/restored"
put_back latest
expect 5 'another database' 'the one before has lost its place' sync_once
put_back restored
after=$(seal)
expect 0 '.' 'station and headquarters agree again' sync_once
taken_in() { sqlite3 "$ROOM/hq/hq.db" "SELECT count(*) FROM intake_log WHERE record = '$1'"; }
for record in "$before" "$between" "$after"; do
  [ "$(taken_in "$record")" = 1 ] || broken "record $record was taken in $(taken_in "$record") times"
done
held 'what was sent before, between and after the backup was taken in once'
expect 0 '2 sealed records hold' 'the outbox holds what it has' tamboctl outbox verify
[ "$(tambo_hq --json station list "$ROOM/hq" | json - stations.0.missing)" = 0 ] || broken 'numbers are missing'
held 'and no number is missing'
expect 0 'countersigned the first [1-9]' 'and the whole log is countersigned' tamboctl audit verify
work 1
expect 0 '.' 'and go on' sync_once
expect_alarms 6 'going on'

# A record that headquarters can make nothing of: what it says of it is read at the next sign-in.
lost=$("$BUILD/tests/fault/exchange-desk" botch "$TAMBO_STATION")
sync_once >/dev/null
for _ in $(seq 50); do
  sync_once >/dev/null
  message=$(sqlite3 "$ROOM/station/store.db" "SELECT id FROM inbox WHERE kind = 'failure' AND case_id = '$lost'")
  [ -z "$message" ] || break
  sleep 0.2
done
[ -n "$message" ] || broken 'no failure came'
expect 0 "$lost.*refused.*message $message" 'the outbox names the message' tamboctl outbox list
expect 0 "the record could not be judged" 'which says why' tamboctl inbox show "$message"
expect 0 "$lost.*refused.*the record could not be judged" 'and so does the outbox then' tamboctl outbox list
expect 0 "last_error.*the record could not be judged" 'and the record by itself' tamboctl outbox show "$lost"
expect 0 'verified|hold' 'the outbox holds' tamboctl outbox verify
