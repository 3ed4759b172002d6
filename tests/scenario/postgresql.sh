# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034
#
# A PostgreSQL server of the test's own, in $ROOM/postgresql, on a socket there and on no network. Sourced
# after ROOM is set. The server refuses to run as root: it then gets an unprivileged user.

pg_words= # more options of the server
pg_bin=
for pg_bin in /usr/lib/postgresql/*/bin ''; do
  [ -x "$pg_bin/initdb" ] && break
done

[ "${started+is}" ] || started=()

pg_available() {
  [ -n "$pg_bin" ]
}

# As the server's user, in a folder that it may see.
pg_as() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u "$pg_user" -- env -u LD_PRELOAD "$@")
  else
    env -u LD_PRELOAD "$@"
  fi
}

# pg_make: a cluster. PGHOST and PGUSER are set, so that "postgresql:///NAME" is one of its databases.
pg_make() {
  pg_user=$(id -un)
  if [ "$(id -u)" = 0 ]; then
    pg_user=postgres
    id postgres >/dev/null 2>&1 || pg_user=nobody
    chmod a+x "$ROOM"
    install -d -o "$pg_user" -m 700 "$ROOM/postgresql"
  else
    mkdir -m 700 "$ROOM/postgresql"
  fi
  pg_as "$pg_bin/initdb" -D "$ROOM/postgresql/data" -U tambo --auth=trust -E UTF8 --locale=C.UTF-8 \
    --data-checksums >"$ROOM/initdb.log"
  export PGHOST=$ROOM/postgresql PGUSER=tambo
}

pg_start() {
  pg_as "$pg_bin/pg_ctl" -D "$ROOM/postgresql/data" -l "$ROOM/postgresql/log" -w -t 60 \
    -o "-k $ROOM/postgresql -c listen_addresses= -c max_connections=100 $pg_words" start >/dev/null
  started+=("$(head -n 1 "$ROOM/postgresql/data/postmaster.pid")") # ended with a test that breaks off
}

# pg_stop MODE: fast, or immediate as by a power cut of the server alone.
pg_stop() {
  pg_as "$pg_bin/pg_ctl" -D "$ROOM/postgresql/data" -w -t 60 -m "$1" stop >/dev/null
}

# pg_ask DATABASE SQL
pg_ask() {
  "$pg_bin/psql" -X -q -A -t -d "$1" -c "$2"
}
