#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What is wrong is said in one line with its exit code, and loses nothing that was captured before.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

store=$ROOM/station/store.db

# The station lies on a small disk where that can be mounted; a limit for the size of its file does
# otherwise.
mkdir "$ROOM/small"
mount -t tmpfs -o size=90m tmpfs "$ROOM/small" 2>/dev/null || true
export TAMBO_STATION=$ROOM/small/station
store=$TAMBO_STATION/store.db

office_make >"$ROOM/office.out"
desk_start
files_make
mrz=$(mrz_of_applicant)

samples() {
  ask "$store" "SELECT count(*) FROM samples"
}
cases() {
  ask "$store" "SELECT count(*) FROM cases"
}

# -- the MRZ --
wrong=${mrz/L898902C36/L898902C35}
[ "$wrong" != "$mrz" ] || broken 'the MRZ was not spoiled'
refused 5 'check digit' 'an MRZ with a wrong check digit' tamboctl mrz parse "$wrong"
refused 5 'check digit' 'the same at enrolment' tamboctl enrol --procedure foreigner-card \
  --mrz "$wrong" --applicant "$practice/applicant.json" "${file_words[@]}"
refused 5 . 'an MRZ that is cut off' tamboctl mrz parse "${mrz%??????}"
refused 5 . 'an MRZ that is none' tamboctl mrz parse 'HELLO'
same 'no case was begun' "$(cases)" 0

# -- applicant and procedure --
refused 1 'no procedure' 'an unknown procedure' tamboctl enrol --procedure moon-card --mrz "$mrz" \
  "${file_words[@]}"
echo '{ "surname": "ERIKSSON", ' >"$ROOM/cut.json"
refused 5 . 'an applicant file that is cut off' tamboctl enrol --procedure foreigner-card \
  --applicant "$ROOM/cut.json"
echo '{ "surname": 5 }' >"$ROOM/odd.json"
refused 3 'correct the field' 'an applicant file with a number for a name' tamboctl enrol --procedure foreigner-card \
  --applicant "$ROOM/odd.json"
refused 1 . 'an applicant file that is not there' tamboctl enrol --procedure foreigner-card \
  --applicant "$ROOM/nothing.json"
same 'no case was begun' "$(cases)" 0

# -- pictures --
# One case goes through all of them: what it has stays.
refused 3 'missing|finger|portrait|signature|document' 'a case without captures' enrol
case=$(newest_case)
resume() {
  tamboctl case resume "$case" "$@"
}
echo 'this is no image' >"$ROOM/text.jpg"
refused 5 'portrait' 'a portrait file that is no image' resume --portrait "$ROOM/text.jpg"
head -c 9000 "$ROOM/portrait.jpg" >"$ROOM/cut.jpg"
refused 5 . 'a portrait that is cut off' resume --portrait "$ROOM/cut.jpg"
: >"$ROOM/empty.jpg"
refused 5 . 'an empty portrait file' resume --portrait "$ROOM/empty.jpg"
convert -size 388x480 xc:gray80 "$ROOM/blank.png"
convert -size 388x480 -seed 7 xc:gray +noise Random -colorspace Gray "$ROOM/noise.png"
resume --portrait "$ROOM/portrait.jpg" >"$ROOM/out" 2>&1 || true
same 'a good portrait is taken' "$(samples)" 1
refused 3 'ridges' 'a finger image without ridges' resume --finger "right-index=$ROOM/blank.png"
refused 3 'ridges|quality' 'noise for a finger' resume --finger "right-index=$ROOM/noise.png"
refused 5 . 'a finger image that is no image' resume --finger "right-index=$ROOM/text.jpg"
head -c 5000 "$ROOM/right.png" >"$ROOM/cut.png"
refused 5 . 'a finger image that is cut off' resume --finger "right-index=$ROOM/cut.png"
refused 5 'finger position' 'a finger that no hand has' resume --finger "sixth=$ROOM/right.png"
refused 5 . 'a document that is no image' resume --document "travel-document=$ROOM/text.jpg"
same 'the portrait is still there' "$(case_value "$case" samples)" 1
everything_holds 'after bad pictures'

# -- devices --
refused 4 . 'a finger from a sensor that is not there' resume --finger right-index=sensor
refused 4 . 'a portrait from a camera that is not there' tamboctl capture portrait -o "$ROOM/x.jpg"
refused 4 . 'a signature on a pad that is not there' tamboctl capture signature -o "$ROOM/x.bin"
[ ! -e "$ROOM/x.jpg" ] && [ ! -e "$ROOM/x.bin" ] || broken 'a file without a capture'
refused 4 'start pcscd' 'no pcscd' env PCSCLITE_CSOCK_NAME="$ROOM/nobody" \
  "$BUILD/src/cli/tamboctl" chip verify --mrz "$mrz"
same 'the portrait is still there' "$(case_value "$case" samples)" 1

# -- who asks --
printf 'wrong' >"$ROOM/wrong.password"
refused 3 'password' 'a wrong password' env TAMBO_PASSWORD_FILE="$ROOM/wrong.password" \
  "$BUILD/src/cli/tamboctl" case show "$case"
refused 3 'password|name' 'nobody of that name' env TAMBO_OPERATOR=nobody \
  "$BUILD/src/cli/tamboctl" case show "$case"
refused 3 'operator|sign' 'nobody at all' env -u TAMBO_OPERATOR "$BUILD/src/cli/tamboctl" case show \
  "$case"
refused 1 . 'a case that is not there' tamboctl case show TB-AAAA-AAAA-A
refused 1 . 'an order that is not there' tamboctl issue 11111111-1111-4111-8111-111111111111
refused 1 'no station' 'a folder that is no station' tamboctl --station "$ROOM/home" audit verify
sleep 1 # a wrong password has to be waited for
check 'the right password opens again' tamboctl login

# -- the disk is full --
resume --finger "right-index=$ROOM/right.png" >"$ROOM/out" 2>&1 || true
same 'captured before the disk was full' "$(case_value "$case" samples)" 2
if mountpoint -q "$ROOM/small"; then
  dd if=/dev/zero of="$ROOM/small/fill" bs=4k status=none 2>/dev/null || true
  refused 1 'free disk space' 'not a byte is left' resume --finger "left-index=$ROOM/left.png"
  # Room for the signing in, not for the sample.
  truncate -s -128K "$ROOM/small/fill"
  refused 1 'free disk space' 'the disk becomes full' resume --finger "left-index=$ROOM/left.png"
  refused 1 'free disk space' 'and again' resume --finger "left-index=$ROOM/left.png"
  refused 1 'MiB left' 'a new case on a full disk' enrol "${file_words[@]}"
  same 'nothing captured is lost' "$(case_value "$case" samples)" 2
  everything_holds 'on a full disk'
  rm "$ROOM/small/fill"
else
  echo '# no small disk could be mounted: a limit of the file size instead'
  limit=$(($(stat -c %s "$store") / 1024 + 64))
  limited() (
    trap '' XFSZ
    ulimit -f "$limit"
    tamboctl "$@"
  )
  refused 1 . 'a full disk' limited case resume "$case" --finger "left-index=$ROOM/left.png"
  same 'nothing captured is lost' "$(case_value "$case" samples)" 2
  everything_holds 'on a full disk'
fi
expect 0 '' resume "${file_words[@]}"
grep -q "^case $case resumed with 2 samples$" "$ROOM/out" || broken "$(cat "$ROOM/out")"
same 'with space again the case goes on and is sealed' "$(case_value "$case" state)" queued

# -- headquarters that is another one --
hq_stop
cp -a "$ROOM/hq" "$ROOM/hq.right"
rm -r "$ROOM/hq"
tambo_hq init "$ROOM/hq" --name 'Another headquarters' --practice
hq_start
refused 5 'send nothing' 'a headquarters with a foreign certificate' tamboctl sync --once
same 'the record waits' "$(ask "$store" "SELECT state FROM outbox")" queued
token=$(tambo_hq station invite "$ROOM/hq" MIG-TEST-02)
refused 5 'send nothing|certificate' 'a new station with the wrong authority' tamboctl \
  --station "$ROOM/second" init --name MIG-TEST-02 --hq "https://127.0.0.1:$hq_port" \
  --ca "$ROOM/hq.right/ca.pem" --token "$token"
refused 3 'ask headquarters for a new invitation' 'a wrong invitation' tamboctl --station "$ROOM/third" init \
  --name MIG-TEST-03 --hq "https://127.0.0.1:$hq_port" --ca "$ROOM/hq/ca.pem" --token wrong
hq_stop
rm -r "$ROOM/hq"
mv "$ROOM/hq.right" "$ROOM/hq"
hq_start
expect 0 '' tamboctl --json sync --once
same 'the right one gets it' "$(json "$ROOM/out" sent)" 1

# -- what has been tampered with --
everything_holds 'after all that'
cp "$store" "$ROOM/store.db.right"
sqlite3 "$store" "UPDATE audit_entries SET entry = replace (entry, 'clerk', 'clarc') WHERE number =
  (SELECT min (number) FROM audit_entries WHERE entry LIKE '%clerk%')"
refused 5 . 'an audit entry that was changed' tamboctl audit verify
cp "$ROOM/store.db.right" "$store"
sqlite3 "$store" "UPDATE outbox_records SET sealed = zeroblob (length (sealed))"
refused 5 . 'a sealed record that was changed' tamboctl outbox verify
