/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Headquarters' SQLite file: rollback journal, synchronous=EXTRA, STRICT tables. One connection, shared by
 * the threads of one process; several processes may each have one. No WAL: see docs/architecture.md.
 */
#pragma once

#include <glib.h>
#include <sqlite3.h>

typedef struct _TamboDatabase TamboDatabase;

TamboDatabase *tambo_database_create (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboDatabase *tambo_database_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_database_close (TamboDatabase *database);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboDatabase, tambo_database_close)

/* A statement under way. It holds the connection until it is freed. FORMAT has one letter for each
 * parameter: s (const char *, NULL for null), i (gint64), b (GBytes *, NULL for null). */
typedef struct _TamboQuery TamboQuery;
TamboQuery *tambo_database_query (TamboDatabase *database, GError **error, const char *sql,
                                  const char *format, ...) G_GNUC_WARN_UNUSED_RESULT;
void tambo_query_free (TamboQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboQuery, tambo_query_free)
/* FALSE at the end and on failure; only then is ERROR set. */
gboolean tambo_query_next (TamboQuery *query, GError **error);
gint64 tambo_query_int (TamboQuery *query, int column);
char *tambo_query_dup_text (TamboQuery *query, int column);   /* NULL for null */
const char *tambo_query_text (TamboQuery *query, int column); /* until the next step; never NULL */
GBytes *tambo_query_dup_blob (TamboQuery *query, int column);

/* Runs a statement to its end. */
gboolean tambo_database_run (TamboDatabase *database, GError **error, const char *sql,
                             const char *format, ...);
/* The one integer of the first row; FALLBACK when there is no row or it is null. */
gboolean tambo_database_get_int (TamboDatabase *database, gint64 fallback, gint64 *out_value,
                                 GError **error, const char *sql, const char *format,
                                 ...) G_GNUC_WARN_UNUSED_RESULT;
/* Rows that the last statement changed. */
int tambo_database_changes (TamboDatabase *database);

/* BEGIN IMMEDIATE; the other threads wait. Freed without a commit it is rolled back. */
typedef struct _TamboWork TamboWork;
TamboWork *tambo_work_begin (TamboDatabase *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_work_commit (TamboWork *work, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_work_free (TamboWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboWork, tambo_work_free)

char *tambo_database_dup_setting (TamboDatabase *database, const char *name, GError **error);
gboolean tambo_database_set_setting (TamboDatabase *database, const char *name, const char *value,
                                     GError **error);
