#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What programs of others say of an issued chip: openssl, a second PC/SC client, ImageMagick.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$scenario/pictures.sh"

office_make >"$ROOM/office.out"
desk_start
files_make
order=$(order_make)
at_desk tamboctl issue "$order" >/dev/null
mrz=$(tamboctl --json inbox show "$order" | json - mrz)
expect 0 '' at_desk tamboctl chip read --mrz "$mrz" -o "$ROOM/own"
same 'files on the chip' "$(ls "$ROOM/own" | tr '\n' ' ')" 'COM DG1 DG11 DG2 DG7 SOD '

# -- openssl --
"$python" - "$ROOM/own/SOD" "$ROOM/sod.der" <<'PYTHON'
import sys
data = open(sys.argv[1], "rb").read()
if data[0] != 0x77 or data[1] != 0x82 or int.from_bytes(data[2:4], "big") != len(data) - 4:
    sys.exit("not EF.SOD")
open(sys.argv[2], "wb").write(data[4:])
PYTHON
check 'openssl reads the SOD as CMS' openssl asn1parse -inform DER -in "$ROOM/sod.der"
check 'the signature holds for openssl cms' openssl cms -verify -inform DER -in "$ROOM/sod.der" \
  -noverify -out "$ROOM/signed"
openssl pkcs7 -inform DER -in "$ROOM/sod.der" -print_certs 2>/dev/null |
  sed -n '/-----BEGIN/,/-----END/p' >"$ROOM/ds.pem"
same 'document signers in the SOD' "$(grep -c BEGIN "$ROOM/ds.pem")" 1
# The chain to the CSCA is for `chip verify`: see docs/decisions/0003-explicit-ec-parameters.md.
check 'openssl trusts its signer' openssl cms -verify -inform DER -in "$ROOM/sod.der" \
  -CAfile "$ROOM/ds.pem" -partial_chain -purpose any -out "$ROOM/signed.again"
check 'both give the same content' cmp "$ROOM/signed" "$ROOM/signed.again"
tambo_hq ca export "$ROOM/hq" --csca "$ROOM/csca.pem"
check 'the CSCA has signed itself' openssl verify -CAfile "$ROOM/csca.pem" "$ROOM/csca.pem"
same 'the document signer names the CSCA' "$(openssl x509 -in "$ROOM/ds.pem" -noout -issuer_hash)" \
  "$(openssl x509 -in "$ROOM/csca.pem" -noout -subject_hash)"
for group in DG1 DG2 DG7 DG11; do
  openssl asn1parse -inform DER -in "$ROOM/signed" |
    grep -qi "$(sha256sum "$ROOM/own/$group" | cut -d ' ' -f 1)" || broken "no hash of $group"
done
held 'the signed content has the SHA-256 of DG1, DG2, DG7 and DG11'
"$python" - "$ROOM/sod.der" "$ROOM/sod.bad" <<'PYTHON'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[-5] ^= 1
open(sys.argv[2], "wb").write(data)
PYTHON
openssl cms -verify -inform DER -in "$ROOM/sod.bad" -noverify -out /dev/null 2>/dev/null &&
  broken 'openssl accepts a changed signature'
held 'openssl refuses a changed signature'

# -- another PC/SC client --
second() {
  # pyscard's process is none of ours: without the sanitizers' and the testbed's libraries.
  at_desk env -u LD_PRELOAD -u UMOCKDEV_DIR "$python" \
    "$source_root/tests/independent/read_chip.py" --mrz "$1" -o "$2"
}
second "${mrz//$'\n'/}" "$ROOM/theirs" >"$ROOM/out" 2>"$ROOM/err" ||
  { cat "$ROOM/out" "$ROOM/err" >&2; broken 'the second client'; }
same 'a second client reads all hashes' "$(grep -c 'hash holds$' "$ROOM/out")" 4
check 'and reads the same bytes' diff -r "$ROOM/own" "$ROOM/theirs"
status=0
second "$(mrz_of_applicant | tr -d '\n')" "$ROOM/none" >"$ROOM/out" 2>&1 || status=$?
same 'with another MRZ the chip refuses it, exit' "$status" 5

# -- the pictures --
if has_jpeg2000; then
  shows_face "$ROOM/own/DG2" "$ROOM/portrait.jpg" 20
else
  echo '# skipped: ImageMagick has no JPEG 2000'
fi
