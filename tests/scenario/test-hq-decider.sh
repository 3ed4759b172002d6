#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two users of the system: one takes records in and cannot read what they are sealed with, the other decides;
# the key of the envelopes is in a PKCS#11 token of the second. The token is away for a while. Nothing is
# practice: what passes is ordered by the procedure, who comes twice is a matter for two persons, who have no
# key at all.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ "$(id -u)" = 0 ] || skip 'only the superuser can be two other users'
command -v setpriv >/dev/null || skip 'setpriv is not installed'
module=
for candidate in /usr/lib/softhsm/libsofthsm2.so /usr/lib64/pkcs11/libsofthsm2.so; do
  if [ -e "$candidate" ]; then module=$candidate; fi
done
if [ -z "$module" ] || ! command -v pkcs11-tool >/dev/null; then
  skip 'SoftHSM and pkcs11-tool are not installed'
fi

# Numbers that nobody has: no user has to be made.
receiver=61801 decider=61802 supervisor=61803 both=61800
as() {
  local user=$1
  shift
  TAMBO_DATADIR=$ROOM/data setpriv --reuid="$user" --regid=$both --clear-groups "$@"
}
# In the background: the program itself is the job, so that it can be ended.
start_as() {
  local user=$1
  shift
  export TAMBO_DATADIR=$ROOM/data
  exec setpriv --reuid="$user" --regid=$both --clear-groups "$@"
}
chmod 711 "$ROOM"
hq_db=$ROOM/hq/hq.db
# The folders of the build and of the sources may be closed to others.
program=$ROOM/tambo-hq
install -m 755 "$BUILD/src/hq/tambo-hq" "$program"
cp -r "$source_root/data" "$ROOM/data"
chmod -R u=rwX,go=rX "$ROOM/data"
install -m 644 "$source_root/tests/lsan.supp" "$ROOM/lsan.supp"
export LSAN_OPTIONS=${LSAN_OPTIONS//"$source_root/tests"/"$ROOM"}

# -- a token of the decider's --
mkdir "$ROOM/tokens"
printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$ROOM/tokens" \
  >"$ROOM/softhsm2.conf"
export SOFTHSM2_CONF=$ROOM/softhsm2.conf
printf '123456\n' >"$ROOM/pin"
softhsm2-util --init-token --free --label hq --pin 123456 --so-pin 87654321 >/dev/null
pkcs11-tool --module "$module" --token-label hq --login --pin 123456 --keypairgen \
  --key-type EC:prime256v1 --usage-derive --label seal --id 01 >/dev/null 2>&1
pkcs11-tool --module "$module" --token-label hq --login --pin 123456 --keypairgen \
  --key-type EC:secp384r1 --label sign --id 02 >/dev/null 2>&1
uri() {
  printf 'pkcs11:token=hq;object=%s?module-path=%s&pin-source=file:%s/pin' "$1" "$module" "$ROOM"
}

hq_words=(--envelope-key "$(uri seal)" --signer "$(uri sign)")
hq_make
sqlite3 "$hq_db" "UPDATE settings SET value = '0' WHERE name = 'practice'"
sed -i 's/"minimum_finger_quality"/"automatic": true,\n  "minimum_finger_quality"/' \
  "$ROOM/data/procedures/foreigner-card.json"
tambo_hq ca split "$ROOM/hq" --user $decider --group $both
chown -R $decider:$both "$ROOM/tokens" "$ROOM/pin"
chmod -R go= "$ROOM/tokens" "$ROOM/pin"
chown -R $receiver "$ROOM/hq/private" "$ROOM/hq/partial" "$ROOM/hq/records"
chgrp $both "$ROOM/hq/partial"
same 'keys of who takes in' "$(ls "$ROOM/hq/private" | tr '\n' ' ')" \
  'authority.pem server.pem signing.pem '
same 'keys of who decides' "$(ls "$ROOM/hq/decider" | tr '\n' ' ')" \
  'csca.pem envelope.uri signer.uri signing.pem '

# unreadable USER PATH: not even its name can be listed, or it is there and cannot be opened.
unreadable() {
  ! as "$1" cat "$2" >/dev/null 2>&1 || broken "user $1 reads $2"
}
for name in envelope.uri signer.uri csca.pem signing.pem; do
  unreadable $receiver "$ROOM/hq/decider/$name"
done
unreadable $receiver "$ROOM/pin"
! as $receiver ls "$ROOM/hq/decider" >/dev/null 2>&1 || broken 'the receiver lists the keys'
for name in authority.pem server.pem; do
  unreadable $decider "$ROOM/hq/private/$name"
done
held 'neither user reads the keys of the other'

# -- who takes in, and nobody who decides --
start_receiver() {
  rm -f "$ROOM/receiver.out"
  start_as $receiver "$program" serve "$ROOM/hq" --listen "127.0.0.1:${hq_port:-0}" \
    >"$ROOM/receiver.out" 2>"$ROOM/receiver.log" &
  receiver_pid=$!
  started+=("$receiver_pid")
  for _ in $(seq 600); do
    grep -qs '^listening on ' "$ROOM/receiver.out" && break
    kill -0 "$receiver_pid" || broken "the receiver: $(cat "$ROOM/receiver.log")"
    sleep 0.1
  done
  hq_port=$(sed -n 's/^listening on .*://p' "$ROOM/receiver.out")
}
start_receiver
same 'it says that it takes in only' \
  "$(grep -c "keys of who decides are another user's" "$ROOM/receiver.log")" 1
station_make MIG-TEST-01
operators_make >"$ROOM/operators.out"
desk_start
files_make
enrol "${file_words[@]}" >/dev/null
expect 0 '' tamboctl sync --once
same 'the record is there, and not opened' \
  "$(ask "$hq_db" 'SELECT state FROM records')" received
same 'the receiver cannot decide' "$(as $receiver "$program" decide "$ROOM/hq" \
  >"$ROOM/out" 2>"$ROOM/err" || echo refused)" refused

# -- who decides --
start_decider() { # OPTION…
  rm -f "$ROOM/decider.out"
  start_as $decider "$program" decide "$ROOM/hq" --watch "$@" >"$ROOM/decider.out" \
    2>"$ROOM/decider.log" &
  decider_pid=$!
  started+=("$decider_pid")
}
start_decider
order=$(order_wait)
held "the other user decided, with a key that never left its token: order $order"
same 'keys of the gallery' "$(ls "$ROOM/hq/decider" | grep -c gallery)" 1
unreadable $receiver "$ROOM/hq/decider/gallery.key"

decider_end() {
  kill "$decider_pid"
  wait "$decider_pid" 2>/dev/null || true
}

# -- the token is taken away: nothing is lost --
decider_end
mv "$ROOM/tokens" "$ROOM/away"
install -d -o $decider -g $both -m 700 "$ROOM/tokens"
start_decider
enrol "${file_words[@]}" >/dev/null
case_id=$(newest_case)
expect 0 '' tamboctl sync --once
for _ in $(seq 600); do
  [ -s "$ROOM/decider.log" ] && break
  sleep 0.1
done
sleep 3 # it is tried again and again, and said once
same 'complaints' "$(wc -l <"$ROOM/decider.log")" 1
same "it waits: $(head -n 1 "$ROOM/decider.log")" \
  "$(ask "$hq_db" "SELECT count(*) FROM records WHERE state = 'received'")" 1
rmdir "$ROOM/tokens" 2>/dev/null || rm -rf "$ROOM/tokens"
mv "$ROOM/away" "$ROOM/tokens"

# state_wait STATE
state_wait() {
  for _ in $(seq 600); do
    [ "$(ask "$hq_db" "SELECT state FROM cases WHERE id = '$case_id'")" = "$1" ] && break
    sleep 0.1
  done
  same 'the second case' "$(ask "$hq_db" "SELECT state FROM cases WHERE id = '$case_id'")" "$1"
}
state_wait pending
held 'the token came back to the same process'
same 'because of' "$(ask "$hq_db" "SELECT name || ' ' || state FROM validations
  WHERE case_id = '$case_id' AND state <> 'passed'")" 'duplicates objected'

# -- two persons without a key say yes; who decides carries it out --
say_yes() {
  as $supervisor "$program" case decide "$ROOM/hq" "$case_id" --accept --person "$1"
}
same 'the first' "$(say_yes ana)" 'it is carried out by who decides'
for _ in $(seq 600); do
  [ "$(ask "$hq_db" 'SELECT state FROM verdicts')" = first ] && break
  sleep 0.1
done
same 'words' "$(ask "$hq_db" 'SELECT state FROM verdicts')" first
decider_end
start_decider --key "$(uri seal)"
same 'the second' "$(say_yes eva)" 'it is carried out by who decides'
state_wait ordered
for name in envelope.uri signing.pem gallery.key; do
  unreadable $supervisor "$ROOM/hq/decider/$name"
done
unreadable $supervisor "$ROOM/hq/private/signing.pem"
same 'orders' "$(ask "$hq_db" 'SELECT count(*) FROM orders')" 2
same 'alarms' "$(ask "$hq_db" 'SELECT count(*) FROM alarms')" 0
