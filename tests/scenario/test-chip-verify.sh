#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A border's inspection of passports that somebody else made, on a real PC/SC reader: the good ones pass by
# every protocol, and each kind of bad one fails with a verdict of its own and no other, exit 5.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

state=$ROOM/state
csca=(--csca "$state/csca.der")
passport() {
  "$python" "$scenario/passport.py" passport "$state" "$ROOM/$1" "${@:2}"
}
"$python" "$scenario/passport.py" state "$state"

# wait_for PATTERN FILE
wait_for() {
  for _ in $(seq 200); do
    grep -qs "$1" "$2" && return 0
    sleep 0.05
  done
  broken "no '$1' in $2"
}

# lay NAME OPTION…: $ROOM/NAME as the only passport on the only reader.
n_readers=0
lay() {
  local name=$1 folder port
  shift
  n_readers=$((n_readers + 1))
  folder=$ROOM/reader$n_readers
  if [ ${#started[@]} -gt 0 ]; then
    kill "${started[@]}"
    wait "${started[@]}" 2>/dev/null || true
    started=()
  fi
  mkdir "$folder"
  "$BUILD/src/simulator/tambo-simulator" reader --dir "$folder" >"$folder/reader.out" 2>"$folder/reader.log" &
  started+=($!)
  wait_for '^reader ' "$folder/reader.out"
  port=$(sed -n 's/^reader //p' "$folder/reader.out")
  "$BUILD/src/simulator/tambo-simulator" card --profile passport --lds "$ROOM/$name/lds" \
    --keys "$ROOM/$name/keys" --vpcd "$port" "$@" >"$folder/card.out" 2>"$folder/card.log" &
  started+=($!)
  wait_for '^card ready' "$folder/card.out"
  export PCSCLITE_CSOCK_NAME=$folder/pcscd.comm
}

# rows RESULT: the checks of the last JSON that ended so, and why.
rows() {
  "$python" -c '
import json, sys
document = json.load(open(sys.argv[1]))
rows = [row for row in document["checks"] if row["result"] == sys.argv[2]]
assert document["passed"] == (not any(row["result"] == "failed" for row in document["checks"]))
for row in rows:
    print(row["check"] + ": " + row["detail"])' "$ROOM/out" "$1"
}

# passes WHAT CHECK… -- OPTION…: exit 0, none failed, and these passed.
passes() {
  local what=$1 wanted=() check
  shift
  while [ "$1" != -- ]; do
    wanted+=("$1")
    shift
  done
  shift
  expect 0 '' tamboctl --json chip verify "$@"
  for check in "${wanted[@]}"; do
    case "$(rows passed)" in *"$check: "*) ;; *) broken "$what: $check: $(cat "$ROOM/out")" ;; esac
  done
  held "$what"
}

# fails CHECK PATTERN WHAT OPTION…: exit 5, and this row alone failed, for this reason. The same row
# without --json.
fails() {
  local check=$1 pattern=$2 what=$3 status=0 failed
  shift 3
  tamboctl --json chip verify "$@" >"$ROOM/out" 2>"$ROOM/err" || status=$?
  [ "$status" = 5 ] || broken "$what: exit $status, $(cat "$ROOM/out" "$ROOM/err")"
  failed=$(rows failed)
  [[ $failed =~ ^"$check: "[^$'\n']*$ && $failed =~ $pattern ]] ||
    broken "$what: '$failed' instead of $check, $pattern"
  held "$what: $failed"
}

mrz_of() {
  tail -c 88 "$ROOM/$1/lds/DG1"
}

# ---- what is in order ----

passport good chip=ecdh-aes active=rsa terminal=CVCA.cvcert
mrz=$(mrz_of good)
keys=(--mrz "$mrz")
lay good --can 271828
expect 0 '' tamboctl chip verify "${keys[@]}" "${csca[@]}" --crl "$state/crl.der"
for row in access-control active-authentication chip-authentication sod-format sod-signature \
  document-signer signer-usage signer-validity signer-revocation country hash-DG1 hash-DG11 \
  hash-DG14 hash-DG15 lds-groups mrz; do
  grep -Eq "^  $row +passed" "$ROOM/out" || broken "$row: $(cat "$ROOM/out")"
done
grep -Eq '^  terminal-authentication +skipped' "$ROOM/out" || broken "$(cat "$ROOM/out")"
held 'every check is printed by name'
sed 's/^/# /' "$ROOM/out"
passes 'with the CAN' access-control -- --can 271828 "${csca[@]}"
passes 'a master list beside the CSCA' document-signer -- "${keys[@]}" "${csca[@]}" --csca "$state/list.ml"
passes 'a bundle of PEM' document-signer -- "${keys[@]}" --csca "$state/bundle.pem"

terminal=(--terminal-key "$state/terminal.pem" --terminal-certificate "$state/dv.cvcert"
  --terminal-certificate "$state/is.cvcert")
passes 'terminal authentication behind PACE' terminal-authentication hash-DG3 -- "${keys[@]}" \
  "${csca[@]}" "${terminal[@]}"
expect 0 '' tamboctl chip read "${keys[@]}" -o "$ROOM/without"
[ ! -e "$ROOM/without/DG3" ] || broken 'DG3 was given to nobody'
held 'DG3 stays shut without a terminal'
expect 0 '' tamboctl chip read "${keys[@]}" "${terminal[@]}" -o "$ROOM/with"
check 'and is read with one, byte for byte' diff -r "$ROOM/good/lds" "$ROOM/with"
refused 5 'terminal-authentication: .*; give the terminal' \
  'a terminal that is not let in reads nothing' \
  tamboctl chip read "${keys[@]}" --terminal-key "$state/terminal.pem" \
  --terminal-certificate "$state/is.cvcert" -o "$ROOM/none"

# ---- keys that do not open it ----

fails access-control 'PACE' 'wrong CAN' --can 271829 "${csca[@]}"
fails access-control 'PACE' 'wrong MRZ' --mrz "${mrz/L898902C36UTO/L898902D35UTO}" "${csca[@]}"

# ---- the document's signer ----

fails document-signer 'unknown CSCA' 'unknown CSCA' "${keys[@]}" --csca "$state/csca-new.der"
fails document-signer 'did not sign it|unknown CSCA' 'a CSCA of the same name' "${keys[@]}" \
  --csca "$state/csca-other.der"
fails signer-revocation 'expired on' 'expired revocation list' "${keys[@]}" "${csca[@]}" \
  --crl "$state/crl-expired.der"
fails signer-revocation 'not signed by its CSCA' 'revocation list of a stranger' "${keys[@]}" \
  "${csca[@]}" --crl "$state/crl-forged.der"
fails document-signer 'master list is not vouched for' 'master list of a stranger' "${keys[@]}" \
  "${csca[@]}" --csca "$state/list-stranger.ml"
fails document-signer 'may not sign master lists' 'master list of a document signer' "${keys[@]}" \
  "${csca[@]}" --csca "$state/list-signer.ml"

# ---- terminals that are not let in ----

as_terminal() {
  local check=$1 pattern=$2 what=$3 certificate words=("${keys[@]}" "${csca[@]}" --terminal-key)
  words+=("$state/$4")
  shift 4
  for certificate in "$@"; do words+=(--terminal-certificate "$state/$certificate"); done
  if [ "$check" = passed ]; then
    passes "$what" terminal-authentication "$pattern" -- "${words[@]}"
  else
    fails "$check" "$pattern" "$what" "${words[@]}"
  fi
}
as_terminal terminal-authentication 6300 'expired verifier' terminal.pem dv-expired.cvcert is.cvcert
as_terminal terminal-authentication 6300 'forged verifier' terminal.pem dv-forged.cvcert is.cvcert
as_terminal terminal-authentication 'no certificate leads' 'no verifier' terminal.pem is.cvcert
as_terminal passed terminal-authentication 'a terminal for irises alone' terminal.pem dv.cvcert is-iris.cvcert
case "$(rows passed)" in *hash-DG3*) broken 'DG3 was given to a terminal for irises' ;; esac
held 'does not get fingerprints'
as_terminal passed hash-DG3 'a link to a newer authority' terminal.pem link.cvcert dv-new.cvcert is.cvcert
as_terminal passed hash-DG3 'which the chip knows from now on' terminal.pem dv-new.cvcert is.cvcert
refused 5 'none of the terminal.*; give the terminal' 'certificates of another key' tamboctl chip verify "${keys[@]}" \
  --terminal-key "$state/other.pem" --terminal-certificate "$state/is.cvcert"

# ---- other ways to the same ----

passport bac terminal=CVCA.cvcert pace=none
lay bac --pace none
passes 'terminal authentication behind BAC' terminal-authentication hash-DG3 -- "${keys[@]}" \
  "${csca[@]}" "${terminal[@]}"
passport rsa chip=ecdh-3des active=ecdsa terminal=rsa-CVCA.cvcert pace=none
lay rsa --pace none
passes 'chip authentication with ECDH and 3DES, terminal with RSA' chip-authentication \
  active-authentication terminal-authentication hash-DG3 -- "${keys[@]}" "${csca[@]}" \
  --terminal-key "$state/rsa-terminal.pem" --terminal-certificate "$state/rsa-dv.cvcert" \
  --terminal-certificate "$state/rsa-is.cvcert"
for kind in dh-aes dh-3des; do
  passport "$kind" chip="$kind" terminal=CVCA.cvcert
  lay "$kind"
  passes "chip authentication $kind" chip-authentication terminal-authentication hash-DG3 -- \
    "${keys[@]}" "${csca[@]}" "${terminal[@]}"
done
passport cam chip=ecdh-aes terminal=CVCA.cvcert pace=6
lay cam --pace cam --dump "$ROOM/cam-dump"
passes 'terminal authentication behind chip authentication mapping' card-security \
  chip-authentication terminal-authentication hash-DG3 -- "${keys[@]}" "${csca[@]}" \
  --csca "$ROOM/cam-dump/chip-csca.der" "${terminal[@]}"

# ---- documents that are not in order ----

# bad NAME CHECK PATTERN WHAT WISH… [-- OPTION…]
bad() {
  local name=$1 check=$2 pattern=$3 what=$4 wishes=()
  shift 4
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    wishes+=("$1")
    shift
  done
  [ $# = 0 ] || shift
  passport "$name" "${wishes[@]}"
  lay "$name"
  fails "$check" "$pattern" "$what" --mrz "$(mrz_of "$name")" "${csca[@]}" "$@"
}
bad forged sod-signature 'does not hold' 'forged SOD' forged=1
bad replaced hash-DG11 'not what was signed' 'replaced data group' replace=DG11
bad cloned active-authentication '6985' 'cloned chip, no AA key' active=rsa wrong=AA
bad no-ca chip-authentication '69|MAC|refus' 'cloned chip, another CA key' wrong=CA
bad expired signer-validity 'expired on' 'expired signer' signer=signer-expired
bad early signer-validity 'is not valid before' 'signer before his time' signer=signer-early
bad revoked signer-revocation 'was revoked on' 'revoked signer' signer=signer-revoked -- --crl "$state/crl.der"
bad usage signer-usage 'not for signatures' 'a key for something else' signer=signer-usage
bad visa signer-usage 'type P' 'a signer of visas' signer=signer-visa
bad foreign country 'XA' 'a signer of another country' signer=signer-foreign
bad state country 'the document of' 'a document of another country' state=FRA

passport renewed signer=signer-new
lay renewed
passes 'a new CSCA by its link' document-signer -- "${keys[@]}" "${csca[@]}" --csca "$state/link.der"
passes 'a new CSCA by a master list' document-signer -- "${keys[@]}" "${csca[@]}" --csca "$state/list.ml"
fails document-signer 'unknown CSCA' 'a link without the old CSCA' "${keys[@]}" --csca "$state/link.der"
