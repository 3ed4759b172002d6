/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Headquarters' database, whichever it is: a SQLite file in the folder for one machine, or PostgreSQL for
 * several receivers. Statements are written in what both understand: parameters are "?" (or "?1", "?2" …
 * all through), "ON CONFLICT … DO NOTHING", no functions of one alone, a name for each subquery.
 *
 * Every transaction sees the ones before it and none beside it: they follow each other, over all threads,
 * processes and receivers (SQLite: BEGIN IMMEDIATE; PostgreSQL: one advisory lock). What has to be fast
 * is done by several threads in one transaction (tambo_database_share).
 *
 * Errors: UNAVAILABLE when the database is not there, busy or went away: whether what was under way has
 * happened is then open. FAILED for anything else.
 */
#pragma once

#include <glib.h>

typedef struct _TamboDatabase TamboDatabase;

/* LOCATION is the path of a SQLite file or a URI, "postgresql://…" (libpq's, with all its parameters; a
 * password is better kept in ~/.pgpass). EXISTS when there are tables of ours already. */
TamboDatabase *tambo_database_create (const char *location,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NOT_FOUND when a PostgreSQL database has no tables of ours. */
TamboDatabase *tambo_database_open (const char *location, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_database_close (TamboDatabase *database);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboDatabase, tambo_database_close)
/* Whether several receivers may share it. */
gboolean tambo_database_is_shared (TamboDatabase *database);
/* A PostgreSQL URI rather than the path of a file. */
gboolean tambo_database_is_uri (const char *location);

/* Everything of FROM, a file, into TO, PostgreSQL with empty tables. */
gboolean tambo_database_copy (TamboDatabase *from, TamboDatabase *to, GError **error);

/* A statement under way. It holds its connection until it is freed. FORMAT has one letter for each
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
/* Rows that this thread's last statement changed. */
int tambo_database_changes (TamboDatabase *database);

/* The other threads' transactions wait. Freed without a commit it is rolled back. */
typedef struct _TamboWork TamboWork;
TamboWork *tambo_work_begin (TamboDatabase *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Runs a statement of which nothing but its failure is wanted, and that is told by the commit at the latest:
 * over a network it is sent together with what follows. */
gboolean tambo_work_post (TamboWork *work, GError **error, const char *sql, const char *format,
                          ...);
gboolean tambo_work_commit (TamboWork *work, GError **error);
void tambo_work_free (TamboWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboWork, tambo_work_free)

/* Places for what a step leaves to the next ones of its transaction. */
typedef enum {
  TAMBO_SLOT_LOG,       /* intake-log.c */
  TAMBO_SLOT_ANNOUNCED, /* intake.c */
  TAMBO_N_SLOTS,
} TamboSlot;

gpointer tambo_work_get (TamboWork *work, TamboSlot slot);
void tambo_work_put (TamboWork *work, TamboSlot slot, gpointer data, GDestroyNotify free_data);

/* Does STEP in a transaction and returns when it is committed. Steps that several threads bring at once
 * share a transaction, and so one wait for the disk. STEP may be done again from its beginning, when
 * another one failed: it changes nothing but the database and its own DATA, which it fills anew. */
typedef gboolean (*TamboStep) (TamboWork *work, gpointer data, GError **error);
/* Does STEP once with DATA when all others of the transaction are done. */
void tambo_work_set_last (TamboWork *work, TamboStep step, gpointer data);

/* The same where STEP begins with a question: the questions of all who share the transaction are asked
 * together, before the first step, and over a network that is one wait for all. What a step before this one
 * has changed may or may not be in the answer. NULL in OUT_QUERY: there is none to ask any more. */
typedef gboolean (*TamboAsk) (TamboWork *work, gpointer data, TamboQuery **out_query,
                              GError **error);
gboolean tambo_database_share_asking (TamboDatabase *database, TamboAsk ask, TamboStep step,
                                      gpointer data, GError **error);
/* In a TamboAsk; its rows are there in the step. */
TamboQuery *tambo_work_ask (TamboWork *work, GError **error, const char *sql, const char *format,
                            ...) G_GNUC_WARN_UNUSED_RESULT;
/* The answer to this step's question; borrowed. NULL when it asked none. */
TamboQuery *tambo_work_get_answer (TamboWork *work);
gboolean tambo_database_share (TamboDatabase *database, TamboStep step, gpointer data,
                               GError **error);

/* Whether this process, of all that share the database, is the one to decide. It stays the one until it
 * ends or loses the database. A database for one machine lets anybody. */
gboolean tambo_database_lead (TamboDatabase *database);

char *tambo_database_dup_setting (TamboDatabase *database, const char *name, GError **error);
gboolean tambo_database_set_setting (TamboDatabase *database, const char *name, const char *value,
                                     GError **error);
