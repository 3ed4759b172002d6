#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every kind of chip through pcscd and back: written from a folder, read back byte for byte, locked, and
# refused a second time; with wrong keys and without; with PACE, a card access number and the chip's own
# keys.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ ! -x /usr/sbin/pcscd ]; then
  echo '1..0 # SKIP pcscd is not installed'
  trap - EXIT
  rm -rf "$ROOM"
  exit 0
fi

reader_pid= card_pid=
card_stop() {
  [ -z "$card_pid" ] || { kill "$card_pid" 2>/dev/null || true; wait "$card_pid" 2>/dev/null || true; }
  card_pid=
}
chip_finish() {
  local status=$?
  card_stop
  [ -z "$reader_pid" ] || { kill "$reader_pid" 2>/dev/null || true; wait "$reader_pid" 2>/dev/null || true; }
  (exit "$status")
  finish
}
trap chip_finish EXIT

# wait_for WORD FILE
wait_for() {
  for _ in $(seq 200); do
    grep -q "$1" "$2" && return 0
    sleep 0.05
  done
  cat "$2" >&2
  broken "no '$1'"
}

mkdir "$ROOM/pcscd"
"$BUILD/src/simulator/tambo-simulator" reader --dir "$ROOM/pcscd" >"$ROOM/reader.out" 2>"$ROOM/reader.log" &
reader_pid=$!
wait_for '^reader ' "$ROOM/reader.out"
port=$(sed -n 's/^reader \([0-9]*\).*/\1/p' "$ROOM/reader.out")
export PCSCLITE_CSOCK_NAME=$ROOM/pcscd/pcscd.comm

# card_start PROFILE OPTION…: a blank on the reader.
card_start() {
  card_stop
  rm -rf "$ROOM/dump"
  # the reader has to miss the card before the next is seen
  [ ! -e "$ROOM/card.out" ] || sleep 0.9
  "$BUILD/src/simulator/tambo-simulator" card --vpcd "$port" --profile "$@" --dump "$ROOM/dump" \
    --control "$ROOM/card.control" >"$ROOM/card.out" 2>&1 &
  card_pid=$!
  wait_for 'card ready' "$ROOM/card.out"
}
card_says() {
  python3 - "$ROOM/card.control" "$1" <<'PYTHON'
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(sys.argv[2].encode() + b"\n")
print(s.makefile().readline().strip())
PYTHON
}

printf '{"enc":"404142434445464748494a4b4c4d4e4f","mac":"404142434445464748494a4b4c4d4e4f"}' \
  >"$ROOM/keys.json"
printf '{"enc":"404142434445464748494a4b4c4d4e4f","mac":"404142434445464748494a4b4c4d4e4f","scp":2,"kvn":1}' \
  >"$ROOM/keys-scp02.json"
printf '{"enc":"00112233445566778899aabbccddeeff","mac":"404142434445464748494a4b4c4d4e4f"}' \
  >"$ROOM/keys-wrong.json"
printf '{"enc":"0011"}' >"$ROOM/keys-short.json"

convert -size 600x800 plasma:fractal -seed 1 -quality 90 "$ROOM/portrait.jpg"
tamboctl lds build --applicant "$source_root/data/practice/travel-document.json" \
  --portrait "$ROOM/portrait.jpg" -o "$ROOM/lds" >"$ROOM/out" 2>&1 || { cat "$ROOM/out" >&2; broken 'no LDS'; }
mrz=$(tamboctl mrz make "$source_root/data/practice/travel-document.json")

write() { tamboctl chip write --lds "$ROOM/lds" --profile "$@"; }

# round PROFILE KEYS OPTION…
round() {
  local profile=$1 keys=$2 key_option=()
  shift 2
  [ -z "$keys" ] || key_option=(--keys "$keys")
  card_start "$profile" "$@"
  if [ -n "$keys" ]; then
    expect 3 'personalisation keys' "$profile $*: not without keys" write "$profile"
    expect "${wrong:-5}" "${why:-personalisation}" "$profile $*: not with wrong keys" \
      write "$profile" --keys "$ROOM/keys-wrong.json"
  fi
  expect 0 'locked +passed' "$profile $*: written and locked" write "$profile" "${key_option[@]}"
  rm -rf "$ROOM/read"
  expect 0 . "$profile $*: read" tamboctl chip read --mrz "$mrz" -o "$ROOM/read"
  cp "$ROOM/lds/csca.der" "$ROOM/read"
  diff -r "$ROOM/lds" "$ROOM/read" >&2 || broken 'what was read differs'
  held "$profile $*: equal byte for byte"
  expect 0 'document-signer +passed' "$profile $*: verified" \
    tamboctl chip verify --mrz "$mrz" --csca "$ROOM/lds/csca.der"
  expect 3 . "$profile $*: not written again" write "$profile" "${key_option[@]}"
}
round jmrtd ''
round iso7816 "$ROOM/keys.json"
round gp-scp03 "$ROOM/keys.json"
wrong=3 why='protocol 02' round gp-scp03 "$ROOM/keys-scp02.json" --scp 2
expect 5 'key of 16' 'a key that is too short' write gp-scp03 --keys "$ROOM/keys-short.json"

# A document with fingers, details and a key of its own.
openssl genrsa -out "$ROOM/active.pem" 1024 2>/dev/null
convert -size 300x400 -colorspace Gray plasma:fractal -seed 2 "$ROOM/finger.png"
python3 - "$source_root/data/practice/travel-document.json" "$ROOM/person.json" <<'PYTHON'
import json, sys
person = json.load(open(sys.argv[1]))
person.update(place_of_birth="ZENITH", other_names=["ERIKSSON MARIA"])
json.dump(person, open(sys.argv[2], "w"))
PYTHON
cp -r "$ROOM/lds" "$ROOM/plain"
rm -rf "$ROOM/lds"
expect 0 . 'fingers, details and a key are built' tamboctl lds build --applicant "$ROOM/person.json" \
  --portrait "$ROOM/portrait.jpg" --finger "right-index=$ROOM/finger.png" \
  --finger "left-thumb=$ROOM/finger.png" --active-key "$ROOM/active.pem" -o "$ROOM/lds"
[ "$(ls "$ROOM/lds" | tr '\n' ' ')" = 'COM DG1 DG11 DG15 DG2 DG3 SOD csca.der ' ] || broken "$(ls "$ROOM/lds")"
held 'DG3, DG11 and DG15 are there'
card_start jmrtd
expect 3 'cannot hold DG3' 'the open applet takes no fingers' write jmrtd
for profile in iso7816 gp-scp03; do
  card_start "$profile"
  expect 0 'active-authentication +passed' "$profile: written with its key" \
    write "$profile" --keys "$ROOM/keys.json" --active-key "$ROOM/active.pem"
  rm -rf "$ROOM/read"
  expect 0 . "$profile: read" tamboctl chip read --mrz "$mrz" -o "$ROOM/read"
  cp "$ROOM/lds/csca.der" "$ROOM/read"
  diff -r "$ROOM/lds" "$ROOM/read" >&2 || broken 'what was read differs'
  held "$profile: equal byte for byte"
done
openssl genrsa -out "$ROOM/other.pem" 1024 2>/dev/null
card_start iso7816
expect 5 'key in DG15' 'another key than that of DG15 is found out' \
  write iso7816 --keys "$ROOM/keys.json" --active-key "$ROOM/other.pem"
card_says status | grep -q 'locked=no' || broken 'it was locked all the same'
held 'and the chip is not locked'

# A document that speaks PACE and proves its chip: both keys of the chip's own, one of them made by it.
openssl ecparam -name prime256v1 -genkey -noout -out "$ROOM/chip.pem"
openssl ec -in "$ROOM/chip.pem" -pubout -out "$ROOM/chip-public.pem" 2>/dev/null

# pace_document NAME OPTION…: into $ROOM/lds
pace_document() {
  local name=$1
  shift
  rm -rf "$ROOM/lds"
  expect 0 . "$name: a document with PACE is built" tamboctl lds build \
    --applicant "$source_root/data/practice/travel-document.json" --portrait "$ROOM/portrait.jpg" \
    --pace --chip-key "$ROOM/chip-public.pem" "$@" -o "$ROOM/lds"
}

# pace_seen NAME: what a border sees of it
pace_seen() {
  expect 0 'access-control +passed .*PACE' "$1: opened by its number" \
    tamboctl chip verify --can 123456 --csca "$ROOM/lds/csca.der"
  expect 0 'chip-authentication +passed' "$1: opened by its MRZ, and no clone" \
    tamboctl chip verify --mrz "$mrz" --csca "$ROOM/lds/csca.der"
  expect 5 'access-control +FAILED' "$1: not by another number" \
    tamboctl chip verify --can 654321 --csca "$ROOM/lds/csca.der"
}

card_start iso7816
expect 0 . 'iso7816: the blank makes a key' \
  tamboctl chip generate --profile iso7816 --keys "$ROOM/keys.json" -o "$ROOM/active.der"
pace_document iso7816 --active-public-key "$ROOM/active.der"
expect 0 'active-authentication +passed' 'iso7816: written, and the chip proves the key it has made' \
  write iso7816 --keys "$ROOM/keys.json" --chip-key "$ROOM/chip.pem" --can 123456
pace_seen iso7816
pace_document gp
for version in 3 2; do
  card_start gp-scp03 --scp $version
  keys=$ROOM/keys.json
  [ $version = 3 ] || keys=$ROOM/keys-scp02.json
  expect 0 'pace +passed' "gp-scp0$version: written with PACE" \
    write gp-scp03 --keys "$keys" --chip-key "$ROOM/chip.pem" --can 123456
  pace_seen "gp-scp0$version"
done
card_start jmrtd
expect 3 'takes no' 'jmrtd: takes no such keys' write jmrtd --chip-key "$ROOM/chip.pem" --can 123456
expect 3 'makes no keys' 'jmrtd: makes none' \
  tamboctl chip generate --profile jmrtd -o "$ROOM/none.der"

# What comes and goes is said as it happens.
"$BUILD/src/cli/tamboctl" chip readers --watch >"$ROOM/watch" &
watch_pid=$!
wait_for card-inserted "$ROOM/watch"
card_stop
wait_for card-removed "$ROOM/watch"
kill "$watch_pid"
wait "$watch_pid" || broken "chip readers --watch ended with $?"
held "seen by chip readers --watch: $(cut -d' ' -f2- "$ROOM/watch" | tr '\n' ',')"
