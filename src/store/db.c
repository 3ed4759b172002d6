/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/db.h"

#include <errno.h>

#include "base/hash.h"

#define MAX_KEPT 64

/* SQLite calls a full quota an I/O error, and a folder without room for a journal "cannot open". */
static gboolean is_no_space (TamboStore *store, int result) {
  int system_error = sqlite3_system_errno (store->db);

  if ((result & 0xff) == SQLITE_FULL)
    return TRUE;
  return (result == SQLITE_IOERR_WRITE || (result & 0xff) == SQLITE_CANTOPEN)
         && (system_error == ENOSPC || system_error == EDQUOT);
}

static TamboStoreError code_for_result (TamboStore *store, int result) {
  if (is_no_space (store, result))
    return TAMBO_STORE_ERROR_NO_SPACE;
  switch (result & 0xff) {
  case SQLITE_IOERR:
    return TAMBO_STORE_ERROR_IO;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return TAMBO_STORE_ERROR_BUSY;
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return TAMBO_STORE_ERROR_CORRUPT;
  case SQLITE_CONSTRAINT:
    if (result == SQLITE_CONSTRAINT_PRIMARYKEY || result == SQLITE_CONSTRAINT_UNIQUE)
      return TAMBO_STORE_ERROR_EXISTS;
    return TAMBO_STORE_ERROR_FAILED;
  default:
    return TAMBO_STORE_ERROR_FAILED;
  }
}

void tambo_db_set_error (TamboStore *store, int result, GError **error) {
  TamboStoreError code = code_for_result (store, result);

  /* After a failed fsync the kernel may have dropped the pages that were not written, and a second
   * fsync says "done": nothing that this connection has cached can be believed any more. */
  if (code == TAMBO_STORE_ERROR_IO)
    store->has_io_error = TRUE;
  g_set_error (error, TAMBO_STORE_ERROR, code, "the database says: %s (%d)",
               sqlite3_errmsg (store->db), result);
}

static gboolean check_usable (TamboStore *store, GError **error) {
  if (store->has_io_error) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_IO,
                         "the disk failed before; the store has to be opened anew");
    return FALSE;
  }
  /* A full disk rolls the whole transaction back; what followed would be committed one by one. */
  if (store->depth > 0 && sqlite3_get_autocommit (store->db)) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_FAILED,
                         "the transaction was rolled back by an earlier error");
    return FALSE;
  }
  return TRUE;
}

gboolean tambo_db_execute (TamboStore *store, const char *sql, GError **error) {
  int result;

  if (!check_usable (store, error))
    return FALSE;
  result = sqlite3_exec (store->db, sql, NULL, NULL, NULL);
  if (result != SQLITE_OK)
    tambo_db_set_error (store, result, error);
  return result == SQLITE_OK;
}

static int bind_bytes (sqlite3_stmt *statement, int index, GBytes *bytes) {
  gsize size;
  gconstpointer data;

  if (bytes == NULL)
    return sqlite3_bind_null (statement, index);
  data = g_bytes_get_data (bytes, &size);
  /* A blob at NULL would be bound as NULL. */
  return sqlite3_bind_blob64 (statement, index, size > 0 ? data : "", size, SQLITE_STATIC);
}

static int bind_one (sqlite3_stmt *statement, int index, char type, va_list *arguments) {
  switch (type) {
  case 'i':
    return sqlite3_bind_int (statement, index, va_arg (*arguments, int));
  case 'l':
    return sqlite3_bind_int64 (statement, index, va_arg (*arguments, gint64));
  case 's':
    return sqlite3_bind_text (statement, index, va_arg (*arguments, const char *), -1,
                              SQLITE_TRANSIENT);
  case 'b':
    return bind_bytes (statement, index, va_arg (*arguments, GBytes *));
  default:
    g_assert_not_reached ();
  }
}

/* KEPT, one that was compiled before, or NULL. */
static sqlite3_stmt *prepare_valist (TamboStore *store, sqlite3_stmt *kept, GError **error,
                                     const char *sql, const char *types, va_list *arguments) {
  g_autoptr (sqlite3_stmt) statement = kept;
  int result = SQLITE_OK;

  if (!check_usable (store, error))
    return NULL;
  if (statement == NULL)
    result = sqlite3_prepare_v2 (store->db, sql, -1, &statement, NULL);
  for (int i = 0; result == SQLITE_OK && types[i] != '\0'; i++)
    result = bind_one (statement, i + 1, types[i], arguments);
  if (result != SQLITE_OK) {
    tambo_db_set_error (store, result, error);
    return NULL;
  }
  return g_steal_pointer (&statement);
}

sqlite3_stmt *tambo_db_prepare (TamboStore *store, GError **error, const char *sql,
                                const char *types, ...) {
  sqlite3_stmt *statement;
  va_list arguments;

  va_start (arguments, types);
  statement = prepare_valist (store, NULL, error, sql, types, &arguments);
  va_end (arguments);
  return statement;
}

TamboDbStep tambo_db_step (TamboStore *store, sqlite3_stmt *statement, GError **error) {
  int result;

  if (!check_usable (store, error))
    return TAMBO_DB_FAILED;
  result = sqlite3_step (statement);
  if (result == SQLITE_ROW)
    return TAMBO_DB_ROW;
  if (result == SQLITE_DONE)
    return TAMBO_DB_DONE;
  tambo_db_set_error (store, result, error);
  return TAMBO_DB_FAILED;
}

/* ---- statements that are compiled once ---- */

static void finalize (gpointer data) {
  sqlite3_finalize (data);
}

/* Nobody else has it until it is kept again. */
static sqlite3_stmt *take_kept (TamboStore *store, const char *sql) {
  gpointer key = NULL, statement = NULL;

  if (store->kept_statements == NULL
      || !g_hash_table_steal_extended (store->kept_statements, sql, &key, &statement))
    return NULL;
  g_free (key);
  return statement;
}

/* With the triggers that write its digest a statement takes longer to compile than to run. What it was
 * bound to is let go. */
static void keep_statement (TamboStore *store, const char *sql, sqlite3_stmt *statement) {
  if (store->kept_statements == NULL)
    store->kept_statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize);
  if (g_hash_table_size (store->kept_statements) >= MAX_KEPT)
    g_hash_table_remove_all (store->kept_statements);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  g_hash_table_replace (store->kept_statements, g_strdup (sql), statement);
}

gboolean tambo_db_run (TamboStore *store, GError **error, const char *sql, const char *types, ...) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = NULL;
  TamboDbStep step = TAMBO_DB_ROW;
  va_list arguments;

  va_start (arguments, types);
  statement = prepare_valist (store, take_kept (store, sql), error, sql, types, &arguments);
  va_end (arguments);
  if (statement == NULL)
    return FALSE;
  while (step == TAMBO_DB_ROW)
    step = tambo_db_step (store, statement, error);
  if (step == TAMBO_DB_DONE)
    keep_statement (store, sql, g_steal_pointer (&statement));
  return step == TAMBO_DB_DONE;
}

TamboDbStep tambo_db_ask (TamboStore *store, TamboDbQuery *query, GError **error, const char *sql,
                          const char *types, ...) {
  va_list arguments;

  va_start (arguments, types);
  query->store = store;
  query->row = prepare_valist (store, take_kept (store, sql), error, sql, types, &arguments);
  va_end (arguments);
  return query->row != NULL ? tambo_db_step (store, query->row, error) : TAMBO_DB_FAILED;
}

void tambo_db_query_clear (TamboDbQuery *query) {
  if (query->row != NULL)
    keep_statement (query->store, sqlite3_sql (query->row), query->row);
  query->row = NULL;
}

sqlite3_stmt *tambo_db_find (TamboStore *store, const char *what, GError **error, const char *sql,
                             const char *types, ...) {
  g_autoptr (sqlite3_stmt) statement = NULL;
  TamboDbStep step;
  va_list arguments;

  va_start (arguments, types);
  statement = prepare_valist (store, NULL, error, sql, types, &arguments);
  va_end (arguments);
  if (statement == NULL)
    return NULL;
  step = tambo_db_step (store, statement, error);
  if (step == TAMBO_DB_DONE)
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND, "there is no %s", what);
  return step == TAMBO_DB_ROW ? g_steal_pointer (&statement) : NULL;
}

GPtrArray *tambo_db_list (TamboStore *store, sqlite3_stmt *statement, TamboDbRead read,
                          GDestroyNotify free_row, GError **error) {
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (free_row);
  TamboDbStep step = TAMBO_DB_FAILED;

  while (statement != NULL && (step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW) {
    gpointer row = read (statement, NULL);

    if (row != NULL)
      g_ptr_array_add (rows, row);
  }
  return step == TAMBO_DB_DONE ? g_steal_pointer (&rows) : NULL;
}

char *tambo_db_dup_text (sqlite3_stmt *statement, int column) {
  const char *text = (const char *) sqlite3_column_text (statement, column);

  return text != NULL ? g_utf8_make_valid (text, sqlite3_column_bytes (statement, column)) : NULL;
}

GBytes *tambo_db_dup_blob (sqlite3_stmt *statement, int column) {
  gconstpointer data = sqlite3_column_blob (statement, column);

  return g_bytes_new (data, (gsize) sqlite3_column_bytes (statement, column));
}

GBytes *tambo_db_dup_checked_blob (sqlite3_stmt *statement, int column, int hash_column,
                                   const char *place, GError **error) {
  g_autoptr (GBytes) bytes = tambo_db_dup_blob (statement, column);
  g_autofree char *stored = tambo_db_dup_text (statement, hash_column);
  g_autofree char *actual = tambo_sha256_hex (bytes);

  if (g_strcmp0 (stored, actual) != 0) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                 "%s: the stored bytes are not those of their SHA-256", place);
    return NULL;
  }
  return g_steal_pointer (&bytes);
}

char *tambo_db_resolve (TamboStore *store, const char *what, const char *sql, const char *text,
                        GError **error) {
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autofree char *id = NULL;
  TamboDbStep step;

  if (*text == '\0') {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND, "there is no %s", what);
    return NULL;
  }
  statement = tambo_db_find (store, what, error, sql, "s", text);
  if (statement == NULL)
    return NULL;
  id = tambo_db_dup_text (statement, 0);
  if (g_strcmp0 (id, text) == 0)
    return g_steal_pointer (&id);
  step = tambo_db_step (store, statement, error);
  if (step == TAMBO_DB_ROW)
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                 "more than one %s begins like that", what);
  return step == TAMBO_DB_DONE ? g_steal_pointer (&id) : NULL;
}

gboolean tambo_db_in_transaction (TamboStore *store) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);

  return store->depth > 0;
}

gboolean tambo_db_keep_journal (TamboStore *store, GError **error) {
  if (store->depth != 1)
    return TRUE;
  store->is_journal_kept = TRUE;
  /* What only adds changes a few pages; with a limit the journal's size would be asked for each time. */
  return tambo_db_execute (store, "PRAGMA journal_size_limit = -1", error);
}

gboolean tambo_db_enlarge_cache (TamboStore *store, GError **error) {
  if (!store->is_cache_large)
    store->is_cache_large = tambo_db_execute (store, "PRAGMA cache_size = -32768", error);
  return store->is_cache_large;
}
