/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a database has to be able to do (database-sqlite.c, database-libpq.c); database.c has the rest. All
 * functions may be called from any thread.
 */
#pragma once

#include "hq/database.h"

#define TAMBO_DATABASE_MAX_VALUES 24

/* A parameter: 's', 'i' or 'b'. Borrowed. */
typedef struct {
  char type;
  gint64 number;
  const char *text;
  GBytes *bytes;
} TamboValue;

/* A statement with its parameters. Borrowed. */
typedef struct {
  const char *sql;
  TamboValue values[TAMBO_DATABASE_MAX_VALUES];
  int n_values;
} TamboStatement;

typedef struct {
  gboolean (*run_script) (TamboDatabase *database, const char *sql, GError **error);
  /* The schema's words, written for SQLite, in this database's dialect. */
  char *(*translate) (const char *sql);
  gboolean (*load_version) (TamboDatabase *database, gint64 *out_version, GError **error);
  gboolean (*save_version) (TamboDatabase *database, gint64 version, GError **error);

  TamboQuery *(*query) (TamboDatabase *database, const TamboStatement *statement, GError **error);
  /* Sends it, and gets the answer with the first row; inside a transaction. NULL: query does. */
  TamboQuery *(*ask) (TamboDatabase *database, const TamboStatement *statement, GError **error);
  gboolean (*next) (TamboQuery *query, GError **error);
  const char *(*text) (TamboQuery *query, int column); /* NULL for null */
  GBytes *(*blob) (TamboQuery *query, int column);
  int (*changes) (TamboQuery *query);
  void (*query_free) (TamboQuery *query);

  gboolean (*begin) (TamboDatabase *database, GError **error);
  gboolean (*post) (TamboDatabase *database, const TamboStatement *statement, GError **error);
  gboolean (*commit) (TamboDatabase *database, GError **error);
  void (*leave) (TamboDatabase *database, gboolean is_committed); /* after begin, in any case */

  gboolean (*lead) (TamboDatabase *database);
  void (*close) (TamboDatabase *database);
} TamboBackend;

/* The first member of each. */
struct _TamboDatabase {
  const TamboBackend *backend;
  GMutex share_lock;
  GCond shared;
  GQueue tickets;
  gboolean is_sharing;
};

struct _TamboQuery {
  TamboDatabase *database;
};

/* The place is known and may be empty. */
TamboDatabase *tambo_database_connect_sqlite (const char *path, gboolean is_new, GError **error);
TamboDatabase *tambo_database_connect_libpq (const char *uri, GError **error);
