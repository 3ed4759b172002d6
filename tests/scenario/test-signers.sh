#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every kind of document signer, with keys and certificates that openssl or a PKCS#11 token has made, and
# openssl's word on every SOD.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

convert -size 413x531 plasma:grey40-tan "$ROOM/portrait.jpg"
applicant=$ROOM/applicant.json
cat >"$applicant" <<'JSON'
{"surname": "ERIKSSON", "given_names": "ANNA MARIA", "birth_date": "1974-08-12", "sex": "F",
 "nationality": "UTO", "issuing_state": "UTO", "document_type": "P", "document_number": "L898902C3",
 "expiry_date": "2032-04-15", "place_of_birth": "ZENITH"}
JSON

# make_ca NAME GENPKEY-OPTIONS…: a key and its own certificate.
make_ca() {
  local name=$1
  shift
  openssl genpkey "$@" -out "$ROOM/$name.key" 2>/dev/null
  openssl req -new -x509 -key "$ROOM/$name.key" -subj "/C=UT/CN=$name" -days 365 \
    -addext keyUsage=critical,keyCertSign,cRLSign -out "$ROOM/$name.pem"
}

# certify PUBLIC-KEY NAME: the CSCA's word on a document signer.
certify() {
  openssl req -new -key "$ROOM/csca.key" -subj "/C=UT/CN=$2" -out "$ROOM/$2.csr"
  printf 'keyUsage=critical,digitalSignature\nauthorityKeyIdentifier=keyid\n' >"$ROOM/ext"
  openssl x509 -req -in "$ROOM/$2.csr" -force_pubkey "$1" -CA "$ROOM/csca.pem" \
    -CAkey "$ROOM/csca.key" -CAcreateserial -days 90 -extfile "$ROOM/ext" -out "$ROOM/$2.pem" \
    2>/dev/null
}

make_signer() {
  local name=$1
  shift
  openssl genpkey "$@" -out "$ROOM/$name.key" 2>/dev/null
  openssl pkey -in "$ROOM/$name.key" -pubout -out "$ROOM/$name.pub"
  certify "$ROOM/$name.pub" "$name"
}

build() {
  local out=$1
  shift
  rm -rf "$out"
  expect 0 '' tamboctl lds build --applicant "$applicant" --portrait "$ROOM/portrait.jpg" -o "$out" \
    "$@"
}

# judged WHAT FOLDER HASH: openssl takes the SOD, its content has the hashes of the files as they lie
# there, and so does our own inspection with the CSCA.
judged() {
  local what=$1 folder=$2 hash=$3 group
  openssl asn1parse -inform DER -in "$folder/SOD" -strparse 4 -out "$ROOM/sod.der" -noout 2>/dev/null ||
    broken "$what: EF.SOD is not what it should be"
  openssl cms -verify -inform DER -in "$ROOM/sod.der" -CAfile "$ROOM/csca.pem" -purpose any \
    -out "$ROOM/content" 2>"$ROOM/err" || { cat "$ROOM/err" >&2; broken "$what: openssl cms -verify"; }
  openssl asn1parse -inform DER -in "$ROOM/content" >"$ROOM/parsed"
  for group in DG1 DG2 DG11; do
    grep -i "$("${hash}sum" "$folder/$group" | cut -d ' ' -f 1)" "$ROOM/parsed" >/dev/null ||
      broken "$what: no $hash of $group"
  done
  expect 0 '' tamboctl chip verify --lds "$folder" --csca "$ROOM/csca.pem"
  held "$what: openssl cms -verify and our inspection accept it, $hash of the stored bytes"
}

make_ca csca -algorithm EC -pkeyopt ec_paramgen_curve:P-384

# -- keys in files --
curve=(-algorithm EC -pkeyopt)
for name in P-256/sha256 P-384/sha384 P-521/sha512 brainpoolP256r1/sha256 brainpoolP384r1/sha384 \
  brainpoolP512r1/sha512; do
  make_signer ec "${curve[@]}" "ec_paramgen_curve:${name%/*}"
  build "$ROOM/lds" --sign "$ROOM/ec.key,$ROOM/ec.pem"
  judged "ECDSA ${name%/*}" "$ROOM/lds" "${name#*/}"
done
make_signer rsa -algorithm RSA -pkeyopt rsa_keygen_bits:3072
for hash in sha256 sha384 sha512; do
  build "$ROOM/lds" --sign "$ROOM/rsa.key,$ROOM/rsa.pem" --digest $hash
  judged "RSASSA-PKCS1-v1_5 with $hash" "$ROOM/lds" $hash
  build "$ROOM/lds" --sign "$ROOM/rsa.key,$ROOM/rsa.pem" --digest $hash --rsa-pss --sod-version 1
  judged "RSASSA-PSS with $hash, SOD version 1" "$ROOM/lds" $hash
  openssl asn1parse -inform DER -in "$ROOM/sod.der" | grep rsassaPss >/dev/null ||
    broken 'the signature algorithm is not RSASSA-PSS'
done
same 'version of the LDS in the last SOD' \
  "$(sed -n 's/.*PRINTABLESTRING *:\(01..\)$/\1/p' "$ROOM/parsed")" 0108
same 'and in its EF.COM' "$("$python" -c 'import sys
data = open(sys.argv[1], "rb").read()
print(data[data.index(b"\x5f\x01") + 3:][:4].decode())' "$ROOM/lds/COM")" 0108
refused 3 'of another key' 'a certificate of another key' tamboctl lds build --applicant "$applicant" \
  --portrait "$ROOM/portrait.jpg" -o "$ROOM/lds" --sign "$ROOM/rsa.key,$ROOM/ec.pem"

# -- keys in a token --
module=
for candidate in /usr/lib/softhsm/libsofthsm2.so /usr/lib64/pkcs11/libsofthsm2.so; do
  [ -e "$candidate" ] && module=$candidate
done
if [ -z "$module" ] || ! command -v pkcs11-tool >/dev/null; then
  echo '# skipped: SoftHSM and pkcs11-tool are not installed'
  exit 0
fi
mkdir "$ROOM/tokens"
printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$ROOM/tokens" \
  >"$ROOM/softhsm2.conf"
export SOFTHSM2_CONF=$ROOM/softhsm2.conf
printf '123456\n' >"$ROOM/pin"
printf '000000\n' >"$ROOM/wrong-pin"
in_token() {
  pkcs11-tool --module "$module" --token-label signers --login --pin 123456 "$@" >/dev/null 2>&1
}
softhsm2-util --init-token --free --label signers --pin 123456 --so-pin 87654321 >/dev/null

# token_signer LABEL ID TYPE: a pair inside, and the CSCA's certificate beside it.
token_signer() {
  in_token --keypairgen --key-type "$3" --label "$1" --id "$2"
  in_token --read-object --type pubkey --id "$2" --output-file "$ROOM/$1.pub.der"
  openssl pkey -pubin -inform DER -in "$ROOM/$1.pub.der" -out "$ROOM/$1.pub"
  certify "$ROOM/$1.pub" "$1"
  openssl x509 -in "$ROOM/$1.pem" -outform DER -out "$ROOM/$1.der"
}
uri() {
  printf 'pkcs11:token=signers;object=%s?module-path=%s' "$1" "$module"
}

token_signer token-ec 01 EC:prime256v1
make_signer token-bp "${curve[@]}" ec_paramgen_curve:brainpoolP384r1
softhsm2-util --import "$ROOM/token-bp.key" --token signers --label token-bp --id 02 --pin 123456 >/dev/null
token_signer token-rsa 03 rsa:2048
in_token --write-object "$ROOM/token-rsa.der" --type cert --label token-rsa --id 03
export TAMBO_PIN_FILE=$ROOM/pin
build "$ROOM/lds" --sign "$(uri token-ec),$ROOM/token-ec.pem"
judged 'a P-256 key in a token' "$ROOM/lds" sha256
build "$ROOM/lds" --sign "$(uri token-bp),$ROOM/token-bp.pem" --sod-version 1
judged 'a brainpoolP384r1 key in a token' "$ROOM/lds" sha384
build "$ROOM/lds" --sign "$(uri token-rsa)"
judged 'an RSA key and its certificate in a token' "$ROOM/lds" sha256
build "$ROOM/lds" --sign "$(uri token-rsa)" --rsa-pss --digest sha512
judged 'the same with RSASSA-PSS' "$ROOM/lds" sha512
unset TAMBO_PIN_FILE
build "$ROOM/lds" --sign "$(uri token-rsa)&pin-source=file:$ROOM/pin"
judged 'the PIN in a file that the URI names' "$ROOM/lds" sha256

sign=(tamboctl lds sign "$ROOM/lds" --sign)
refused 3 'wants a PIN' 'no PIN' "${sign[@]}" "$(uri token-rsa)"
refused 3 'PIN is wrong' 'a wrong PIN' "${sign[@]}" "$(uri token-rsa)&pin-source=$ROOM/wrong-pin"
refused 3 'every user' 'a PIN on the command line' "${sign[@]}" "$(uri token-rsa)&pin-value=123456"
export TAMBO_PIN_FILE=$ROOM/pin
refused 3 'no certificate' 'no certificate in the token' "${sign[@]}" "$(uri token-ec)"
refused 3 'no private key' 'no such key' "${sign[@]}" "$(uri nobody)"
refused 4 'no token' 'no such token' "${sign[@]}" "pkcs11:token=other?module-path=$module"
refused 4 'cannot be loaded' 'no such module' "${sign[@]}" 'pkcs11:token=a?module-path=/nowhere.so'
refused 2 'PKCS#11 URI' 'no URI' "${sign[@]}" 'pkcs11:colour=red'
judged 'what was there before all that' "$ROOM/lds" sha256

# -- a key that the chip has made comes after the rest --
openssl genpkey "${curve[@]}" ec_paramgen_curve:P-256 -out "$ROOM/aa.key" 2>/dev/null
openssl pkey -in "$ROOM/aa.key" -pubout -out "$ROOM/aa.pub"
before=$(sha256sum "$ROOM/lds/DG2")
expect 0 '' "${sign[@]}" "$(uri token-rsa)" --active-public-key "$ROOM/aa.pub" --pace
same 'DG2 is as it was' "$(sha256sum "$ROOM/lds/DG2")" "$before"
judged 'DG14 and DG15 put in later' "$ROOM/lds" sha256
for group in DG14 DG15; do
  grep -i "$(sha256sum "$ROOM/lds/$group" | cut -d ' ' -f 1)" "$ROOM/parsed" >/dev/null ||
    broken "no hash of $group"
done
"$python" - "$ROOM/lds/DG15" "$ROOM/aa.pub" <<'PYTHON' || broken 'DG15 is another key'
import sys
from cryptography.hazmat.primitives import serialization
public = serialization.load_pem_public_key(open(sys.argv[2], "rb").read())
point = public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
data = open(sys.argv[1], "rb").read()
sys.exit(0 if data[0] == 0x6F and data.endswith(point) else 1)
PYTHON
held 'DG15 is the key of the chip, and the SOD names both'
