#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# office.sh BUILD PICTURES TEST WORD: a practice office with its desk and a screen for one test, which is
# told the window, tamboctl, WORD and where pictures go. With a word that begins with "orders" headquarters
# stays.
set -euo pipefail

BUILD=$1 pictures=$2 test=$3 word=$4
tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for program in Xvfb xdotool import dbus-run-session; do
  command -v "$program" >/dev/null || { echo "1..0 # SKIP $program is not installed"; exit 0; }
done

# Sockets lie inside, whose names may have 107 bytes.
ROOM=$(mktemp -d /tmp/tambo-XXXXXX)
# shellcheck source=data/practice/lib.sh
. "$tests/../../data/practice/lib.sh"
trap 'hq_stop; rm -rf "$ROOM"' EXIT

{
  hq_make
  hq_start
  station_make MIG-PRACTICE-01
  operators_make
  # It is away while the clerk works: the record has to wait. Unless orders are to come from it.
  [[ $word == orders* ]] || hq_stop
} >&2

mkdir -p "$pictures"
export ROOM TAMBO_TAMBOCTL=$BUILD/src/cli/tamboctl
# The window ends at a warning; the test itself hears of objects that went away, and goes on.
export TAMBO_G_DEBUG=${G_DEBUG:-fatal-warnings}
unset G_DEBUG
"$tests/headless.sh" "$BUILD/src/simulator/tambo-simulator" desk --dir "$ROOM/desk" -- \
  /usr/bin/python3 "$test" "$BUILD/src/app/tambo" "$TAMBO_TAMBOCTL" "$word" "$pictures"
