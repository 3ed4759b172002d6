/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The database as a SQLite file: WAL, every commit synced, STRICT tables. One connection, shared by the threads
 * of one process; several processes may each have one. SQLite before 3.51.3 can lose commits when one
 * connection writes while another one resets the WAL (https://www.sqlite.org/wal.html#walresetbug): here
 * nobody writes or checkpoints without the lock of the file beside it, "….lock".
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"
#include "hq/database-private.h"
#include "hq/hq-error.h"

#define APPLICATION_ID 0x54414851 /* "TAHQ" */
#define BUSY_MILLISECONDS 10000
#define MAX_KEPT 64

typedef struct {
  TamboDatabase base;
  sqlite3 *handle;
  GRecMutex lock;
  int writer_fd;    /* whose lock the writer among the processes holds */
  guint writers;    /* how often this thread holds it */
  GHashTable *kept; /* char *sql -> sqlite3_stmt, compiled and not in use */
} Sqlite;

typedef struct {
  TamboQuery base;
  sqlite3_stmt *statement;
  gboolean is_writer;
} SqliteQuery;

static void set_error (Sqlite *sqlite, GError **error) {
  int code = sqlite3_errcode (sqlite->handle) & 0xff;

  if (code == SQLITE_FULL) {
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NO_SPACE,
                         "the database: no space is left");
    return;
  }
  g_set_error (error, TAMBO_HQ_ERROR,
               code == SQLITE_BUSY || code == SQLITE_LOCKED ? TAMBO_HQ_ERROR_UNAVAILABLE
                                                            : TAMBO_HQ_ERROR_FAILED,
               "the database: %s", sqlite3_errmsg (sqlite->handle));
}

/* This thread has the connection, and with this the right to write. */
static gboolean become_writer (Sqlite *sqlite, GError **error) {
  int result = 0;

  if (sqlite->writers == 0)
    do
      result = flock (sqlite->writer_fd, LOCK_EX);
    while (result != 0 && errno == EINTR);
  if (result == 0) {
    sqlite->writers++;
    return TRUE;
  }
  tambo_error_set_errno (error, errno, "the lock of the database");
  return FALSE;
}

static void be_no_writer (Sqlite *sqlite) {
  if (--sqlite->writers == 0)
    flock (sqlite->writer_fd, LOCK_UN);
}

static gboolean execute (TamboDatabase *database, const char *sql, GError **error) {
  Sqlite *sqlite = (Sqlite *) database;

  if (sqlite3_exec (sqlite->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  set_error (sqlite, error);
  return FALSE;
}

static char *translate (const char *sql) {
  return g_strdup (sql);
}

static gboolean load_version (TamboDatabase *database, gint64 *out_version, GError **error) {
  return tambo_database_get_int (database, 0, out_version, error, "PRAGMA user_version", "");
}

static gboolean save_version (TamboDatabase *database, gint64 version, GError **error) {
  g_autofree char *sql =
      g_strdup_printf ("PRAGMA application_id=%d; PRAGMA user_version=%" G_GINT64_FORMAT ";",
                       APPLICATION_ID, version);

  return execute (database, sql, error);
}

/* Queries */

static void bind_value (sqlite3_stmt *statement, int i, const TamboValue *value) {
  if (value->type == 'i') {
    sqlite3_bind_int64 (statement, i, value->number);
  } else if (value->type == 's') {
    sqlite3_bind_text (statement, i, value->text, -1, SQLITE_TRANSIENT);
  } else {
    gsize size = 0;
    gconstpointer data = value->bytes != NULL ? g_bytes_get_data (value->bytes, &size) : NULL;

    g_assert (value->type == 'b');
    if (value->bytes == NULL)
      sqlite3_bind_null (statement, i);
    else
      sqlite3_bind_blob64 (statement, i, size > 0 ? data : "", size, SQLITE_TRANSIENT);
  }
}

/* Compiled once; a second one of the same words is only there while the first is in use. */
static sqlite3_stmt *take_statement (Sqlite *sqlite, const char *sql, GError **error) {
  gpointer key, statement;

  if (g_hash_table_steal_extended (sqlite->kept, sql, &key, &statement)) {
    g_free (key);
    return statement;
  }
  if (sqlite3_prepare_v3 (sqlite->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
                          (sqlite3_stmt **) &statement, NULL)
      == SQLITE_OK)
    return statement;
  set_error (sqlite, error);
  return NULL;
}

static void keep_statement (Sqlite *sqlite, sqlite3_stmt *statement) {
  const char *sql = sqlite3_sql (statement);

  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  if (g_hash_table_size (sqlite->kept) < MAX_KEPT && !g_hash_table_contains (sqlite->kept, sql))
    g_hash_table_insert (sqlite->kept, g_strdup (sql), statement);
  else
    sqlite3_finalize (statement);
}

static TamboQuery *query_new (TamboDatabase *database, const TamboStatement *statement,
                              GError **error) {
  Sqlite *sqlite = (Sqlite *) database;
  SqliteQuery *query;
  sqlite3_stmt *compiled;
  gboolean is_writer;

  g_rec_mutex_lock (&sqlite->lock);
  compiled = take_statement (sqlite, statement->sql, error);
  is_writer = compiled != NULL && sqlite3_stmt_readonly (compiled) == 0;
  if (compiled == NULL || (is_writer && !become_writer (sqlite, error))) {
    if (compiled != NULL)
      keep_statement (sqlite, compiled);
    g_rec_mutex_unlock (&sqlite->lock);
    return NULL;
  }
  g_assert (sqlite3_bind_parameter_count (compiled) == statement->n_values);
  for (int i = 0; i < statement->n_values; i++)
    bind_value (compiled, i + 1, &statement->values[i]);
  query = g_new0 (SqliteQuery, 1);
  query->base.database = database;
  query->statement = compiled;
  query->is_writer = is_writer;
  return &query->base;
}

static void query_free (TamboQuery *query) {
  Sqlite *sqlite = (Sqlite *) query->database;

  keep_statement (sqlite, ((SqliteQuery *) query)->statement);
  if (((SqliteQuery *) query)->is_writer)
    be_no_writer (sqlite);
  g_rec_mutex_unlock (&sqlite->lock);
  g_free (query);
}

static gboolean query_next (TamboQuery *query, GError **error) {
  int result = sqlite3_step (((SqliteQuery *) query)->statement);

  if (result != SQLITE_ROW && result != SQLITE_DONE)
    set_error ((Sqlite *) query->database, error);
  return result == SQLITE_ROW;
}

static const char *query_text (TamboQuery *query, int column) {
  return (const char *) sqlite3_column_text (((SqliteQuery *) query)->statement, column);
}

static GBytes *query_blob (TamboQuery *query, int column) {
  sqlite3_stmt *statement = ((SqliteQuery *) query)->statement;
  gconstpointer data = sqlite3_column_blob (statement, column);

  return g_bytes_new (data, (gsize) sqlite3_column_bytes (statement, column));
}

static int query_changes (TamboQuery *query) {
  return sqlite3_changes (((Sqlite *) query->database)->handle);
}

/* Transactions */

static gboolean begin (TamboDatabase *database, GError **error) {
  Sqlite *sqlite = (Sqlite *) database;

  g_rec_mutex_lock (&sqlite->lock);
  if (become_writer (sqlite, error)) {
    if (execute (database, "BEGIN IMMEDIATE", error))
      return TRUE;
    be_no_writer (sqlite);
  }
  g_rec_mutex_unlock (&sqlite->lock);
  return FALSE;
}

static gboolean commit (TamboDatabase *database, GError **error) {
  return execute (database, "COMMIT", error);
}

static void leave (TamboDatabase *database, gboolean is_committed) {
  Sqlite *sqlite = (Sqlite *) database;

  /* Some failures have rolled back already. */
  if (!is_committed && sqlite3_get_autocommit (sqlite->handle) == 0)
    execute (database, "ROLLBACK", NULL);
  be_no_writer (sqlite);
  g_rec_mutex_unlock (&sqlite->lock);
}

/* Opening */

/* What is in the WAL goes into the file, so that the file alone is all there is while nobody has it open. */
static void close_database (TamboDatabase *database) {
  Sqlite *sqlite = (Sqlite *) database;

  g_hash_table_unref (sqlite->kept);
  if (sqlite->writer_fd >= 0 && become_writer (sqlite, NULL)) {
    sqlite3_wal_checkpoint_v2 (sqlite->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    be_no_writer (sqlite);
  }
  sqlite3_close_v2 (sqlite->handle);
  if (sqlite->writer_fd >= 0)
    close (sqlite->writer_fd);
  g_rec_mutex_clear (&sqlite->lock);
  g_free (sqlite);
}

static const TamboBackend backend = {
  .run_script = execute,
  .translate = translate,
  .load_version = load_version,
  .save_version = save_version,
  .query = query_new,
  .next = query_next,
  .text = query_text,
  .blob = query_blob,
  .changes = query_changes,
  .query_free = query_free,
  .begin = begin,
  .commit = commit,
  .leave = leave,
  .close = close_database,
};

static gboolean make_file (const char *path, GError **error) {
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd < 0) {
    tambo_error_set_errno (error, errno, path);
    return FALSE;
  }
  close (fd);
  return TRUE;
}

static void finalize (gpointer statement) {
  sqlite3_finalize (statement);
}

static gboolean open_lock (Sqlite *sqlite, const char *path, GError **error) {
  g_autofree char *name = g_strconcat (path, ".lock", NULL);

  sqlite->writer_fd = open (name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (sqlite->writer_fd < 0)
    tambo_error_set_errno (error, errno, name);
  return sqlite->writer_fd >= 0;
}

static gboolean open_file (Sqlite *sqlite, const char *path, GError **error) {
  if (sqlite3_open_v2 (path, &sqlite->handle,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_NOFOLLOW, NULL)
      == SQLITE_OK)
    return TRUE;
  g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED, "%s: %s", path,
               sqlite->handle != NULL ? sqlite3_errmsg (sqlite->handle) : "out of memory");
  return FALSE;
}

static gboolean set_up (Sqlite *sqlite, GError **error) {
  static const char words[] = "PRAGMA journal_mode=WAL;"
                              "PRAGMA journal_size_limit=16777216;"
                              "PRAGMA synchronous=FULL;"
                              "PRAGMA foreign_keys=ON;"
                              "PRAGMA trusted_schema=OFF;"
                              "PRAGMA cell_size_check=ON;"
                              "PRAGMA secure_delete=ON;"
                              "PRAGMA mmap_size=0;"
                              "PRAGMA cache_size=-16384;"
                              "PRAGMA temp_store=MEMORY;";
  gboolean is_set_up;

  sqlite3_busy_timeout (sqlite->handle, BUSY_MILLISECONDS);
  sqlite3_db_config (sqlite->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  /* It would not ask for the lock. */
  sqlite3_db_config (sqlite->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  if (!become_writer (sqlite, error))
    return FALSE;
  is_set_up = execute (&sqlite->base, words, error);
  be_no_writer (sqlite);
  return is_set_up;
}

TamboDatabase *tambo_database_connect_sqlite (const char *path, gboolean is_new, GError **error) {
  Sqlite *sqlite;

  if (is_new && !make_file (path, error))
    return NULL;
  sqlite = g_new0 (Sqlite, 1);
  sqlite->base.backend = &backend;
  sqlite->writer_fd = -1;
  g_rec_mutex_init (&sqlite->lock);
  sqlite->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize);
  if (open_file (sqlite, path, error) && open_lock (sqlite, path, error) && set_up (sqlite, error))
    return &sqlite->base;
  close_database (&sqlite->base);
  return NULL;
}
