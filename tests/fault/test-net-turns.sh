#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# How a line is used: resuming, goodput against curl -T, turns, limits, progress.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

office_make
tamboctl sync --once >"$ROOM/sync.out"
hq_stop
# In memory: thousands of durable writes, of which none has to last.
shm=$(mktemp -d /dev/shm/tambo-turns-XXXXXX)
status=0
cp -a "$ROOM/station" "$ROOM/hq" "$shm"
/usr/bin/python3 "$source_root/tests/fault/net-turns.py" "$BUILD" "$shm" "$@" >"$ROOM/verdict" || status=$?
rm -rf "$shm"
while IFS= read -r line; do
  case $line in held:*) held "${line#held: }" ;; *) echo "# $line" ;; esac
done <"$ROOM/verdict"
[ "$status" = 0 ] || broken 'a line was not used well'
