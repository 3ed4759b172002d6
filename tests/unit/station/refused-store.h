/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A store whose disk fails at one table, and one whose rows rot behind its back.
 */
#pragma once

#include "station/station.h"
#include "store/db.h"

typedef struct {
  int action; /* SQLITE_READ, SQLITE_INSERT */
  const char *table;
} RefusedStore;

static inline int refused_store_ask (void *data, int action, const char *table, const char *column,
                                     const char *database, const char *trigger) {
  const RefusedStore *refused = data;

  return action == refused->action && trigger == NULL && g_strcmp0 (table, refused->table) == 0
             ? SQLITE_DENY
             : SQLITE_OK;
}

/* NULL: it works again. */
static inline void refused_store_set (TamboStation *station, RefusedStore *refused) {
  sqlite3_set_authorizer (tambo_station_get_store (station)->db,
                          refused != NULL ? refused_store_ask : NULL, refused);
}

static inline void refused_store_rot (const char *folder, const char *sql) {
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}
