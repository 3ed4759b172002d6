/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: the connection behind a TamboStore, and statements over it. All of these
 * want the store's mutex held.
 */
#pragma once

#include <sqlite3.h>

#include "store/store.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

struct _TamboStore {
  GRecMutex mutex;
  sqlite3 *db;
  GHashTable *kept_statements; /* by their SQL; NULL before the first */
  char *incarnation;
  GBytes *data_key;    /* NULL: locked */
  GBytes *unlock_key;  /* what the passwords open; there while data_key is */
  char *data_key_mark; /* SHA-256 of the wrapping that data_key came from; NULL before version 3 */
  char *operator_id;   /* who unlocked it; NULL when locked */
  /* Of the data key, or of who is at the desk: seconds since the system started, asleep or not. Atomic, as whether
   * somebody is watched for. */
  int last_use;
  gboolean has_watch;
  int depth; /* open transactions of the thread that has the mutex, one inside the other */
  gboolean is_key_new;      /* the data key was made in the open transaction */
  gboolean is_journal_kept; /* the open transaction drops nothing */
  gboolean is_cache_large;
  gboolean has_io_error; /* the disk failed: what it holds is unknown until it is read anew */
};

/* The error of the connection's last call, which gave RESULT. */
void tambo_db_set_error (TamboStore *store, int result, GError **error);
/* SQL without parameters and without interest in rows. */
gboolean tambo_db_execute (TamboStore *store, const char *sql, GError **error);

/* TYPES has a letter for each "?": i int, l gint64, s text or NULL, b GBytes or NULL. Texts are
 * copied, bytes have to outlive the statement. */
sqlite3_stmt *tambo_db_prepare (TamboStore *store, GError **error, const char *sql,
                                const char *types, ...) G_GNUC_WARN_UNUSED_RESULT;
/* Runs a statement to its end. */
gboolean tambo_db_run (TamboStore *store, GError **error, const char *sql, const char *types, ...);
/* A statement that stands on its first row; NOT_FOUND "there is no WHAT" without one. */
sqlite3_stmt *tambo_db_find (TamboStore *store, const char *what, GError **error, const char *sql,
                             const char *types, ...) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
  TAMBO_DB_FAILED,
  TAMBO_DB_ROW,
  TAMBO_DB_DONE,
} TamboDbStep;

TamboDbStep tambo_db_step (TamboStore *store, sqlite3_stmt *statement,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What READ makes of each row of STATEMENT (NULL when it was not prepared). One that has rotted hides no other: it is
 * left out, and tambo_store_verify names it. */
typedef gpointer (*TamboDbRead) (sqlite3_stmt *statement, GError **error);
GPtrArray *tambo_db_list (TamboStore *store, sqlite3_stmt *statement, TamboDbRead read,
                          GDestroyNotify free_row, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A question that comes with every record; its statement is kept for the next time. */
typedef struct {
  TamboStore *store; /* borrowed */
  sqlite3_stmt *row;
} TamboDbQuery;

/* The first row of the answer. */
TamboDbStep tambo_db_ask (TamboStore *store, TamboDbQuery *query, GError **error, const char *sql,
                          const char *types, ...) G_GNUC_WARN_UNUSED_RESULT;
void tambo_db_query_clear (TamboDbQuery *query);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboDbQuery, tambo_db_query_clear)

/* NULL for NULL; always UTF-8, whatever the disk made of it. */
char *tambo_db_dup_text (sqlite3_stmt *statement, int column);
GBytes *tambo_db_dup_blob (sqlite3_stmt *statement, int column);
/* The blob, when the SHA-256 (hexadecimal) beside it is its own; otherwise CORRUPT naming PLACE. */
GBytes *tambo_db_dup_checked_blob (sqlite3_stmt *statement, int column, int hash_column,
                                   const char *place, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The one id that ids from SQL ("… substr (id, 1, length (?1)) = ?1") agree on; WHAT says of what
 * in NOT_FOUND and INVALID (several begin so). */
char *tambo_db_resolve (TamboStore *store, const char *what, const char *sql, const char *text,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The open data key; LOCKED without one. */
GBytes *tambo_db_ref_data_key (TamboStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Seconds since the system started, asleep or not: nobody sets this clock. */
gint64 tambo_db_uptime (void);
void tambo_db_restart_idle_time (TamboStore *store);

/* Of the open transaction, when it is the outermost: it only adds. The pages that its journal has of the
 * store as it was hold nothing that is dropped, and the next journal may be written over it, which is
 * quicker than into a file that was emptied. */
gboolean tambo_db_keep_journal (TamboStore *store, GError **error);

/* Before rows are read that lie all over the store. */
gboolean tambo_db_enlarge_cache (TamboStore *store, GError **error);

/* Whether the calling thread has a transaction open. */
gboolean tambo_db_in_transaction (TamboStore *store);
