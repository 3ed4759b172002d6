# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the tests of an office under attack share: a room with a headquarters and a station, and TAP. Sourced;
# BUILD names a build folder.
set -euo pipefail

: "${BUILD:?BUILD has to name a build folder}"
source_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
ROOM=$(mktemp -d /tmp/tambo-fault-XXXXXX)
# shellcheck source=data/practice/lib.sh
. "$source_root/data/practice/lib.sh"
n_held=0
before_finish=true # what a test wants done at its end in any case

finish() {
  local status=$?
  trap - EXIT
  hq_stop
  $before_finish
  mountpoint -q "$ROOM/small" && umount "$ROOM/small"
  rm -rf "$ROOM"
  [ "$status" = 0 ] && echo "1..$n_held"
  exit "$status"
}
trap finish EXIT

held() {
  n_held=$((n_held + 1))
  printf 'ok %d - %s\n' "$n_held" "$*"
}

broken() {
  printf 'not ok - %s\n' "$*"
  exit 1
}

# expect CODE PATTERN WHAT COMMAND…: exit code, and what its output matches.
expect() {
  local code=$1 pattern=$2 what=$3 status=0
  shift 3
  "$@" >"$ROOM/out" 2>&1 || status=$?
  if [ "$status" != "$code" ] || ! grep -Eq -- "$pattern" "$ROOM/out"; then
    cat "$ROOM/out" >&2
    broken "$what: exit $status, and '$pattern' was wanted with $code"
  fi
  held "$what"
}

office_make() {
  hq_make
  hq_start
  station_make MIG-FAULT-01
  operators_make
} >"$ROOM/office.out" 2>&1

# Entries for the log: a sign-in is one.
work() {
  for _ in $(seq "$1"); do tamboctl login >/dev/null; done
}

# set_setting NAME VALUE: as somebody would who knows the digests of the rows.
set_setting() {
  /usr/bin/python3 - "$ROOM/station/store.db" "$@" <<'PYTHON'
import hashlib, sqlite3, sys
path, name, value = sys.argv[1:]
text = b"".join(b"\3" + len(part).to_bytes(8, "big") + part for part in (name.encode(), value.encode()))
with sqlite3.connect(path) as store:
    store.execute("UPDATE settings SET value = ?, digest = ? WHERE name = ?",
                  (value, hashlib.sha256(text).digest(), name))
PYTHON
}

alarms() {
  tambo_hq alarm list "$ROOM/hq"
}
