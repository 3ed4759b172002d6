#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# audit-verify.sh EXPORT [HEADQUARTERS.pem] proves what `tamboctl audit export` wrote, with openssl and
# sha256sum alone. The station signed the number and the root (RFC 6962) of all entries, headquarters
# those of the first ones. Without HEADQUARTERS.pem, compare the id of its key with the one you know.
set -euo pipefail
export LC_ALL=C
file=$1 work=$(mktemp -d) number=0
trap 'rm -rf "$work"' EXIT
fail() { echo "audit-verify: $*" >&2; exit 1; }
value() { sed -n "1,/^\$/s/^$1 //p" "$file"; }
member() { value "$1-statement" | sed -n "s/.*[{,]\"$2\":\"\{0,1\}\([^,\"]*\).*/\1/p"; }
key() { value "$1-key" | openssl base64 -d -A; }
# The hashes of every file of the folder, in order, as printf takes them.
hash_all() { (cd "$work/$1" && printf '%s\0' * | xargs -0 sha256sum) | sed 's/ .*//; s/../\\x&/g'; }
root() { # of the first $1 entries
  local hashes=("${leaves[@]:0:$1}") i
  while [ ${#hashes[@]} -gt 1 ]; do
    rm -rf "$work/nodes" && mkdir "$work/nodes"
    for ((i = 0; i + 1 < ${#hashes[@]}; i += 2)); do
      printf "\\x01${hashes[i]}${hashes[i + 1]}" >"$work/nodes/$(printf %09d "$i")"
    done
    mapfile -t hashes < <(hash_all nodes; ((${#hashes[@]} % 2 == 0)) || echo "${hashes[-1]}")
  done
  echo "${hashes[0]//\\x/}"
}
check() { # the head that $1 signed
  key "$1" | openssl pkey -pubin -inform DER -out "$work/key" || fail "there is no key of the $1"
  value "$1-signature" | openssl base64 -d -A >"$work/signature"
  value "$1-statement" | tr -d '\n' | openssl dgst -sha256 -verify "$work/key" \
    -signature "$work/signature" >/dev/null || fail "the signature of the $1 does not hold"
  [ "$(member "$1" type)" = tambo-checkpoint/1 ] || fail "the $1 signed something else"
  [ "$(member "$1" size)" -le $number ] || fail "entries that the $1 signed are missing"
  [ "$(root "$(member "$1" size)")" = "$(member "$1" root)" ] || fail "the $1 signed other entries"
}
[ "$(head -n 1 "$file")" = 'tambo-audit-export 1' ] || fail 'this is no export of an audit log'
mkdir "$work/entries"
while IFS= read -r entry || [ -n "$entry" ]; do
  printf '\0%s' "$entry" >"$work/entries/$(printf %09d $number)" && number=$((number + 1))
done < <(sed '1,/^$/d' "$file")
mapfile -t leaves < <(hash_all entries)
check station
[ "$(member station size)" = $number ] || fail 'there are entries that the station did not sign'
echo "$number entries of $(member station station) hold"
[ -n "$(value headquarters-key)" ] || { echo 'headquarters countersigned none'; exit 0; }
check headquarters
[ "$(member headquarters station)" = "$(member station station)" ] || fail 'two stations'
[ -z "${2:-}" ] || openssl pkey -pubin -in "$2" -outform DER | cmp -s - <(key headquarters) || fail 'another key'
echo "headquarters (key $(key headquarters | tail -c 65 | sha256sum | head -c 16)) signed the first $(member headquarters size)"
