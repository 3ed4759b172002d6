#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Bad lines between a station and headquarters, and a headquarters that is killed or restored: each record
# arrives once. TAMBO_LONG_TESTS=1: 1,000 records for each fault, 5 seeds, the times of real links.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

office_make
tamboctl sync --once >"$ROOM/sync.out"
hq_stop
# In memory: thousands of durable writes, of which none has to last.
shm=$(mktemp -d /dev/shm/tambo-net-XXXXXX)
status=0
cp -a "$ROOM/station" "$ROOM/hq" "$shm"
/usr/bin/python3 "$source_root/tests/fault/net-faults.py" "$BUILD" "$shm" "$@" >"$ROOM/verdict" || status=$?
rm -rf "$shm"
while IFS= read -r line; do
  case $line in held:*) held "${line#held: }" ;; *) echo "# $line" ;; esac
done <"$ROOM/verdict"
[ "$status" = 0 ] || broken 'not every record arrived once'
