#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Records that go on a stick as sticks are: with a FAT file system, which knows no owners, tells "a" from "A"
# in no name and is not told when it is pulled.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

desk=$BUILD/tests/fault/exchange-desk
store=$ROOM/station/store.db
stick=$ROOM/stick
image=$ROOM/stick.img
mapped=tambo-stick-$$
loop=
PATH=$PATH:/usr/sbin:/sbin
skip() {
  echo "1..0 # SKIP $*"
  trap - EXIT
  rm -rf "$ROOM"
  exit 0
}
for program in mkfs.vfat fsck.vfat losetup dmsetup; do
  command -v "$program" >/dev/null || skip "no $program"
done
mkdir "$stick"
# stick_in: the stick is there. stick_out: it was told to go. stick_pull: nobody asked it.
stick_in() {
  loop=$(losetup -f --show "$image") &&
    dmsetup create "$mapped" --table "0 $(blockdev --getsz "$loop") linear $loop 0" &&
    dmsetup mknodes "$mapped" && mount -t vfat "/dev/mapper/$mapped" "$stick"
}
stick_away() {
  mountpoint -q "$stick" && umount -l "$stick"
  dmsetup remove --force "$mapped" 2>/dev/null || true
  [ -z "$loop" ] || losetup -d "$loop"
  loop=
  return 0
}
stick_out() {
  umount "$stick"
  stick_away
}
stick_pull() {
  dmsetup wipe_table --force --noflush "$mapped"
  stick_away
}
stick_make() { # SIZE
  rm -f "$image"
  truncate -s "$1" "$image"
  mkfs.vfat "$image" >"$ROOM/mkfs.log"
}
stick_make 64M
stick_in >"$ROOM/mount.log" 2>&1 || {
  stick_away
  skip 'this kernel mounts no FAT through device mapper'
}
before_finish=stick_away

office_make
tamboctl sync --once >"$ROOM/sync.out"
hq_stop
ask() { sqlite3 -readonly -cmd '.timeout 5000' "$1" "$2"; }
waiting() { ask "$store" "SELECT count(*) FROM outbox WHERE state <> 'acknowledged'"; }
same() {
  [ "$2" = "$3" ] || broken "$1: '$2' instead of '$3'"
  held "$1: $3"
}
bundle() { find "$stick" -mindepth 1 -maxdepth 1 -type d ! -name '*.partial' | head -n 1; }

# -- there and back, and pulled out in order between --
"$desk" fill "$ROOM/station" 5 30000 >"$ROOM/fill.out"
expect 0 '^5 records of' 'five records go onto the stick' tamboctl outbox export "$stick"
stick_out
stick_in
largest=$(find "$stick" -type f -printf '%s\n' | sort -n | tail -n 1)
[ "$largest" -lt 4294967295 ] || broken 'a file that FAT cannot hold'
held "no file is near 4 GB: $largest bytes"
expect 0 ': 5 records taken, 0 known, 0 refused' 'headquarters takes them' \
  tambo_hq import "$ROOM/hq" "$(bundle)"
stick_out
stick_in
expect 0 '^5 receipts taken' 'the receipts come back' tamboctl outbox receipts "$(bundle)"
same 'nothing waits' "$(waiting)" 0

# -- another computer wrote the names in capitals --
"$desk" fill "$ROOM/station" 2 3000 >"$ROOM/fill.out"
rm -rf "${stick:?}"/*
expect 0 '^2 records of' 'two more' tamboctl outbox export "$stick"
for record in "$(bundle)"/*; do
  name=${record##*/}
  [ "$name" = "${name^^}" ] || { mv "$record" "$record.x" && mv "$record.x" "${record%/*}/${name^^}"; }
done
expect 0 ': 2 records taken, 0 known, 0 refused' 'names in capitals are the same names' \
  tambo_hq import "$ROOM/hq" "$(bundle)"
expect 0 '^2 receipts taken' 'and their receipts' tamboctl outbox receipts "$(bundle)"

# -- pulled while it is written --
"$desk" fill "$ROOM/station" 30 300000 >"$ROOM/fill.out"
shopt -s nullglob
for after in 0 5 12 20; do
  rm -rf "${stick:?}"/*
  before=$(ask "$store" 'SELECT group_concat(id || state) FROM outbox')
  tamboctl outbox export "$stick" >"$ROOM/out" 2>"$ROOM/err" &
  export_pid=$!
  # As soon as so many records lie there; one that is quicker than this look has ended whole.
  while kill -0 "$export_pid" 2>/dev/null; do
    files=("$stick"/*.partial/*)
    [ ${#files[@]} -le "$after" ] || break
  done
  stick_pull
  status=0
  wait "$export_pid" || status=$?
  case $status in 0 | 1) ;; *) broken "pulled after $after: exit $status: $(<"$ROOM/err")" ;; esac
  same "pulled after $after records (exit $status): the outbox is as before" \
    "$(ask "$store" 'SELECT group_concat(id || state) FROM outbox' | sha256sum)" \
    "$(printf '%s\n' "$before" | sha256sum)"
  # As a computer does with a stick that was not taken leave of.
  fsck.vfat -a "$image" >"$ROOM/fsck.log" 2>&1 || true
  stick_in || broken 'the stick cannot be mounted again'
done
expect 0 '^30 records of' 'the next export goes' tamboctl outbox export "$stick"
same 'and leaves no half of an earlier one' "$(find "$stick" -name '*.partial' | wc -l)" 0
whole=$(find "$stick" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d' ' -f2-)
expect 0 ': 30 records taken, 0 known, 0 refused' 'headquarters takes it' tambo_hq import "$ROOM/hq" "$whole"
expect 0 '^30 receipts taken' 'and receipts it' tamboctl outbox receipts "$whole"
same 'each is at headquarters once' \
  "$(ask "$ROOM/hq/hq.db" 'SELECT count(*), count(receipt), (SELECT count(*) FROM intake_log) FROM records')" '37|37|37'

# -- too small --
stick_out
stick_make 1M
stick_in || broken 'a small stick cannot be mounted'
"$desk" fill "$ROOM/station" 4 400000 >"$ROOM/fill.out"
expect 1 'has room for' 'a stick that is too small' tamboctl outbox export "$stick"
same 'nothing was left on it' "$(ls -A "$stick")" ''
stick_out
