#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Operators and keys: a given password opens nothing, wrong ones cost time, what takes two is refused to
# one, the data key is turned and bound to a token, and a backup comes back before two.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

module=
for path in /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so; do
  [ -e "$path" ] && module=$path && break
done
[ -n "$module" ] && command -v softhsm2-util pkcs11-tool >/dev/null || skip 'no SoftHSM'

hq_make >"$ROOM/office.out"
hq_start
station_make MIG-TEST-01 >>"$ROOM/office.out"
operators_make >>"$ROOM/office.out"

# state_of ID: of `operator list`.
state_of() {
  tamboctl --json operator list | "$python" -c '
import json, sys
print(next(row["state"] for row in json.load(sys.stdin)["operators"] if row["id"] == sys.argv[1]))' "$1"
}

# as ID PASSWORD COMMAND…
as() {
  local id=$1
  printf '%s' "$2" >"$ROOM/typed.password"
  shift 2
  TAMBO_OPERATOR=$id TAMBO_PASSWORD_FILE=$ROOM/typed.password tamboctl "$@"
}

# ---- a password that somebody else chose ----

printf 'given-by-another' >"$ROOM/given.password"
printf 'my-own-password' >"$ROOM/own.password"
check 'an operator is added' as_supervisor operator add anna --new-password-file "$ROOM/given.password"
same 'state of anna' "$(state_of anna)" first-password
refused 3 'change the password first' 'the given password' as anna given-by-another login
refused 3 'change the password first' 'nor does it enrol' as anna given-by-another case discard nothing
refused 3 'the new password is the old one' 'the same again' \
  as anna given-by-another operator passwd anna --new-password-file "$ROOM/given.password"
check 'anna chooses her own' \
  as anna given-by-another operator passwd anna --new-password-file "$ROOM/own.password"
same 'state of anna' "$(state_of anna)" active
check 'anna signs in' as anna my-own-password login
refused 3 'a clerk may not' 'a clerk gives nobody a password' \
  as anna my-own-password operator passwd clerk --new-password-file "$ROOM/given.password"

# ---- wrong passwords ----

# Three are free; then the wait doubles.
for wait in 0 0 0 2.2 4.2 0; do
  refused 3 'wrong password' 'a wrong password' as anna not-the-password login
  sleep "$wait"
done
refused 3 'try again in [0-9]+ s' 'after many wrong ones' as anna my-own-password login
same 'state of anna' "$(state_of anna)" locked-out
refused 3 'a clerk may not' 'a clerk unlocks nobody' tamboctl operator unlock anna
check 'a supervisor ends the wait' as_supervisor operator unlock anna
check 'anna signs in' as anna my-own-password login
check 'a supervisor shuts anna out' as_supervisor operator disable anna
same 'state of anna' "$(state_of anna)" disabled
refused 3 'has been disabled' 'anna is out' as anna my-own-password login
refused 3 'oneself' 'nobody shuts oneself out' as_supervisor operator disable supervisor

# ---- what takes two ----

refused 3 'second person' 'a supervisor alone receives nothing' \
  as_supervisor stock receive --kind card --from C1 --to C9
refused 3 'somebody else' 'nor with oneself' \
  env TAMBO_SECOND=supervisor TAMBO_SECOND_PASSWORD_FILE="$ROOM/supervisor.password" \
  TAMBO_OPERATOR=supervisor TAMBO_PASSWORD_FILE="$ROOM/supervisor.password" \
  "$BUILD/src/cli/tamboctl" stock receive --kind card --from C1 --to C9
refused 3 'may not be the second' 'nor with a clerk' \
  env TAMBO_SECOND=clerk TAMBO_SECOND_PASSWORD_FILE="$ROOM/clerk.password" \
  TAMBO_OPERATOR=supervisor TAMBO_PASSWORD_FILE="$ROOM/supervisor.password" \
  "$BUILD/src/cli/tamboctl" stock receive --kind card --from C1 --to C9
exec 7<"$ROOM/deputy.password"
check 'two receive blanks' as_supervisor stock receive --kind card --from C1 --to C9 \
  --second deputy --second-password-fd 7
exec 7<&-
refused 3 'second person' 'nobody spoils alone' as_supervisor stock spoil C3 --reason torn
check 'two spoil a blank' before_deputy stock spoil C3 --reason torn
refused 3 'second person' 'nobody changes a role alone' as_supervisor operator role clerk auditor
refused 3 'second person' 'nobody adds a supervisor alone' \
  as_supervisor operator add puppet --role supervisor --new-password-file "$ROOM/given.password"
check 'two let anna in again' before_deputy operator enable anna
check 'both names stand in the log' grep -q 'supervisor+deputy' <(tamboctl --json audit list)

# ---- the data key ----

mrz=$(mrz_of_applicant)
tamboctl enrol --procedure foreigner-card --mrz "$mrz" --applicant "$practice/applicant.json" \
  >/dev/null 2>&1 || true
draft=$(newest_case)
sealed() { ask "$ROOM/station/store.db" "SELECT sha256 FROM cases WHERE id = '$draft'"; }
before=$(sealed)
refused 3 'second person' 'nobody turns the key alone' as_supervisor operator rotate-key
check 'two turn the key' before_deputy operator rotate-key
[ "$(sealed)" != "$before" ] || broken 'the draft lies under the old key'
held 'the draft lies under another key'
expect 3 'is missing|needs|no portrait|MISSING|missing' tamboctl case resume "$draft"
held "a clerk opens it: $(cat "$ROOM/err")"

export SOFTHSM2_CONF=$ROOM/softhsm.conf
mkdir -m 700 "$ROOM/tokens"
printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$ROOM/tokens" >"$SOFTHSM2_CONF"
# token_make LABEL: a token with an EC key "unlock".
token_make() {
  softhsm2-util --init-token --free --label "$1" --pin 123456 --so-pin 12345678 >/dev/null 2>&1
  pkcs11-tool --module "$module" --token-label "$1" --login --pin 123456 --keypairgen \
    --key-type EC:prime256v1 --usage-derive --label unlock --id 01 >/dev/null 2>&1
}
token_make station
uri="pkcs11:token=station;object=unlock?module-path=$module"
printf '123456' >"$ROOM/pin"
printf '654321' >"$ROOM/wrong-pin"
export TAMBO_PIN_FILE=$ROOM/pin
refused 3 'second person' 'nobody enrols a token alone' as_supervisor operator token "$uri"
before=$(sealed)
check 'two bind the key to a token' before_deputy operator token "$uri"
[ "$(sealed)" != "$before" ] || broken 'the draft lies under a key that a password alone opens'
held 'what a password alone opened is no key any more'
check 'password and token sign in' tamboctl login
refused 3 'PIN|pin' 'a wrong PIN' env TAMBO_PIN_FILE="$ROOM/wrong-pin" "$BUILD/src/cli/tamboctl" login
mv "$ROOM/tokens" "$ROOM/away"
mkdir -m 700 "$ROOM/tokens"
refused 4 'token' 'without the token' tamboctl login
token_make station
refused 4 'another one' "another token's key" tamboctl login
rm -rf "$ROOM/tokens"
mv "$ROOM/away" "$ROOM/tokens"
check 'with the token again' tamboctl login
check 'the key is turned under the token' before_deputy operator rotate-key
check 'password and token sign in' tamboctl login
check 'two take the token off' before_deputy operator token --remove
mv "$ROOM/tokens" "$ROOM/away"
check 'a password is enough again' tamboctl login
everything_holds 'after all of it'
check 'every row holds' before_deputy backup "$ROOM/backup"
