#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# with-postgresql.sh [--durable] COMMAND…: runs it with a server of its own; TAMBO_TEST_POSTGRESQL is then set.
# The server waits for no disk, unless that is what is measured.
set -euo pipefail

ROOM=$(mktemp -d /tmp/tambo-XXXXXX)
# shellcheck source=tests/scenario/postgresql.sh
. "$(dirname "${BASH_SOURCE[0]}")/postgresql.sh"
if ! pg_available; then
  rm -rf "$ROOM"
  echo '1..0 # SKIP no PostgreSQL'
  exit 0
fi
finish() {
  pg_stop immediate 2>/dev/null || true
  rm -rf "$ROOM"
}
trap finish EXIT
if [ "$1" = --durable ]; then
  shift
else
  pg_words='-c fsync=off -c full_page_writes=off'
fi
pg_make
pg_start
TAMBO_TEST_POSTGRESQL=1 "$@"
