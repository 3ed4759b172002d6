#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sealing, sending and purging, struck at each call that writes, at both ends: nothing that was said to be
# done is lost or doubled. TAMBO_SWEEP_SECONDS=0 goes through all of it.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if ! strace -qq -o /dev/null true 2>/dev/null; then
  echo '1..0 # SKIP there is no strace here'
  trap - EXIT
  rm -rf "$ROOM"
  exit 0
fi
office_make
as_supervisor outbox retention 0
tamboctl sync --once >"$ROOM/sync.out"
hq_stop
# In memory: thousands of durable writes, of which none has to last.
shm=$(mktemp -d /dev/shm/tambo-sweep-XXXXXX)
status=0
cp -a "$ROOM/station" "$ROOM/hq" "$shm"
/usr/bin/python3 "$source_root/tests/fault/exchange-sweep.py" "$BUILD" "$shm" >"$ROOM/verdict" || status=$?
rm -rf "$shm"
[ "$status" = 0 ] || { cat "$ROOM/verdict" >&2; broken "the sweep: $(tail -n 1 "$ROOM/verdict")"; }
held "$(tail -n 1 "$ROOM/verdict")"
