#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A headquarters whose document signer lies in a PKCS#11 token, and that knows its blanks: the chip gets a
# key of its own. The token is taken away and comes back; the signer is changed.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

module=
for candidate in /usr/lib/softhsm/libsofthsm2.so /usr/lib64/pkcs11/libsofthsm2.so; do
  if [ -e "$candidate" ]; then module=$candidate; fi
done
if [ -z "$module" ] || ! command -v pkcs11-tool >/dev/null; then
  skip 'SoftHSM and pkcs11-tool are not installed'
fi
mkdir "$ROOM/tokens"
printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$ROOM/tokens" \
  >"$ROOM/softhsm2.conf"
export SOFTHSM2_CONF=$ROOM/softhsm2.conf
printf '123456\n' >"$ROOM/pin"
softhsm2-util --init-token --free --label hq --pin 123456 --so-pin 87654321 >/dev/null
token_key() {
  pkcs11-tool --module "$module" --token-label hq --login --pin 123456 --keypairgen \
    --key-type "$3" --label "$1" --id "$2" >/dev/null 2>&1
}
uri() {
  printf 'pkcs11:token=hq;object=%s?module-path=%s&pin-source=file:%s/pin' "$1" "$module" "$ROOM"
}
token_key first 01 EC:secp384r1
token_key second 02 rsa:2048

hq_words=(--signer "$(uri first)" --chip-profile jmrtd)
office_make >"$ROOM/office.out"
same 'private keys of headquarters' \
  "$(cd "$ROOM/hq/private" && ls | tr '\n' ' ')" \
  'authority.pem csca.pem envelope.pem server.pem signer.uri signing.pem '
desk_start
files_make

# rows NAME…: of the last `chip verify`.
rows() {
  local name
  for name in "$@"; do
    grep -Eq "^  $name +passed" "$ROOM/out" || { cat "$ROOM/out" >&2; broken "$name"; }
  done
}

# issued WHAT: the order is written, and a border reads it with the CSCA alone.
issued() {
  local mrz
  expect 0 '' at_desk tamboctl issue "$order"
  mrz=$(tamboctl --json inbox show "$order" | json - mrz)
  tambo_hq ca export "$ROOM/hq" --csca "$ROOM/csca.pem"
  expect 0 '' at_desk tamboctl chip verify --mrz "$mrz" --csca "$ROOM/csca.pem"
  rows sod-signature document-signer active-authentication hash-DG1 hash-DG2 hash-DG12 hash-DG15
  rm -rf "$ROOM/read"
  expect 0 '' at_desk tamboctl chip read --mrz "$mrz" -o "$ROOM/read"
  held "$1: issued, and the chip proves that it has the key of DG15"
}

order=$(order_make)
refused 3 'made for chips of the profile' 'another profile' at_desk tamboctl issue "$order" \
  --profile iso7816
issued 'a P-384 key in a token'
openssl asn1parse -inform DER -in "$ROOM/read/SOD" -strparse 4 -out "$ROOM/sod.der" -noout
check 'openssl takes the SOD' openssl cms -verify -inform DER -in "$ROOM/sod.der" -noverify \
  -out "$ROOM/content"
openssl asn1parse -inform DER -in "$ROOM/content" >"$ROOM/parsed"
grep -i "$(sha384sum "$ROOM/read/DG15" | cut -d ' ' -f 1)" "$ROOM/parsed" >/dev/null ||
  broken 'no SHA-384 of DG15'
held 'and it has the SHA-384 of DG15 as it lies on the chip'

# -- another signer, while headquarters is down --
hq_stop
check 'the signer is changed' tambo_hq ca signer "$ROOM/hq" --signer "$(uri second)"
status=0
tambo_hq ca signer "$ROOM/hq" --signer "$(uri nobody)" 2>"$ROOM/err" || status=$?
same "a key that is not there: $(cat "$ROOM/err"), exit" "$status" 3

# -- the token is away: nothing is lost, and no number is used up --
mv "$ROOM/tokens" "$ROOM/away"
mkdir "$ROOM/tokens"
number() {
  ask "$ROOM/hq/hq.db" "SELECT value FROM settings WHERE name = 'document_counter'"
}
before=$(number)
hq_start
enrol "${file_words[@]}" >/dev/null
expect 0 '' tamboctl sync --once
sleep 1
same 'the case waits in state' "$(ask "$ROOM/hq/hq.db" \
  "SELECT state FROM cases ORDER BY created_at DESC LIMIT 1")" received
same 'document numbers used' "$(number)" "$before"
hq_stop
rmdir "$ROOM/tokens" 2>/dev/null || rm -rf "$ROOM/tokens"
mv "$ROOM/away" "$ROOM/tokens"
card_new
hq_start
order=$(order_wait)
issued 'an RSA key, when the token was back'
