/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/database.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "hq/hq-error.h"
#include "hq/schema.h"

#define APPLICATION_ID 0x54414851 /* "TAHQ" */
#define BUSY_MILLISECONDS 10000

struct _TamboDatabase {
  sqlite3 *handle;
  GRecMutex lock;
};

struct _TamboQuery {
  TamboDatabase *database;
  sqlite3_stmt *statement;
};

struct _TamboWork {
  TamboDatabase *database;
  gboolean is_open;
};

static void set_error (TamboDatabase *database, GError **error) {
  g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED, "the database: %s",
               sqlite3_errmsg (database->handle));
}

static gboolean execute (TamboDatabase *database, const char *sql, GError **error) {
  if (sqlite3_exec (database->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  set_error (database, error);
  return FALSE;
}

static TamboDatabase *connect_to (const char *path, GError **error) {
  static const char set_up[] = "PRAGMA journal_mode=DELETE;"
                               "PRAGMA synchronous=EXTRA;"
                               "PRAGMA foreign_keys=ON;"
                               "PRAGMA trusted_schema=OFF;"
                               "PRAGMA cell_size_check=ON;"
                               "PRAGMA secure_delete=ON;"
                               "PRAGMA mmap_size=0;"
                               "PRAGMA temp_store=MEMORY;";
  g_autoptr (TamboDatabase) database = g_new0 (TamboDatabase, 1);

  g_rec_mutex_init (&database->lock);
  if (sqlite3_open_v2 (path, &database->handle,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_NOFOLLOW, NULL)
      != SQLITE_OK) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED, "%s: %s", path,
                 database->handle != NULL ? sqlite3_errmsg (database->handle) : "out of memory");
    return NULL;
  }
  sqlite3_busy_timeout (database->handle, BUSY_MILLISECONDS);
  sqlite3_db_config (database->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  if (!execute (database, set_up, error))
    return NULL;
  return g_steal_pointer (&database);
}

TamboDatabase *tambo_database_create (const char *path, GError **error) {
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  g_autoptr (TamboDatabase) database = NULL;
  g_autofree char *stamp = NULL;

  if (fd < 0) {
    tambo_error_set_errno (error, errno, path);
    return NULL;
  }
  close (fd);
  database = connect_to (path, error);
  if (database == NULL)
    return NULL;
  stamp = g_strdup_printf ("PRAGMA application_id=%d; PRAGMA user_version=%d;", APPLICATION_ID,
                           TAMBO_HQ_SCHEMA_VERSION);
  if (!execute (database, "BEGIN EXCLUSIVE;", error) || !execute (database, tambo_hq_schema, error)
      || !execute (database, stamp, error) || !execute (database, "COMMIT;", error))
    return NULL;
  return g_steal_pointer (&database);
}

TamboDatabase *tambo_database_open (const char *path, GError **error) {
  g_autoptr (TamboDatabase) database = connect_to (path, error);
  gint64 version;

  if (database == NULL
      || !tambo_database_get_int (database, 0, &version, error, "PRAGMA user_version", ""))
    return NULL;
  if (version != TAMBO_HQ_SCHEMA_VERSION) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE,
                 "%s has version %" G_GINT64_FORMAT ", this program reads version %d", path,
                 version, TAMBO_HQ_SCHEMA_VERSION);
    return NULL;
  }
  return g_steal_pointer (&database);
}

void tambo_database_close (TamboDatabase *database) {
  if (database == NULL)
    return;
  sqlite3_close_v2 (database->handle);
  g_rec_mutex_clear (&database->lock);
  g_free (database);
}

/* Queries */

static void bind_all (sqlite3_stmt *statement, const char *format, va_list arguments) {
  for (int i = 0; format[i] != '\0'; i++) {
    if (format[i] == 'i') {
      sqlite3_bind_int64 (statement, i + 1, va_arg (arguments, gint64));
    } else if (format[i] == 's') {
      sqlite3_bind_text (statement, i + 1, va_arg (arguments, const char *), -1, SQLITE_TRANSIENT);
    } else {
      GBytes *bytes = va_arg (arguments, GBytes *);
      gsize size = 0;
      gconstpointer data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

      g_assert (format[i] == 'b');
      if (bytes == NULL)
        sqlite3_bind_null (statement, i + 1);
      else
        sqlite3_bind_blob64 (statement, i + 1, size > 0 ? data : "", size, SQLITE_TRANSIENT);
    }
  }
}

static TamboQuery *query_new (TamboDatabase *database, const char *sql, const char *format,
                              va_list arguments, GError **error) {
  g_autoptr (TamboQuery) query = g_new0 (TamboQuery, 1);

  query->database = database;
  g_rec_mutex_lock (&database->lock);
  if (sqlite3_prepare_v2 (database->handle, sql, -1, &query->statement, NULL) != SQLITE_OK) {
    set_error (database, error);
    return NULL;
  }
  g_assert (sqlite3_bind_parameter_count (query->statement) == (int) strlen (format));
  bind_all (query->statement, format, arguments);
  return g_steal_pointer (&query);
}

TamboQuery *tambo_database_query (TamboDatabase *database, GError **error, const char *sql,
                                  const char *format, ...) {
  va_list arguments;
  TamboQuery *query;

  va_start (arguments, format);
  query = query_new (database, sql, format, arguments, error);
  va_end (arguments);
  return query;
}

void tambo_query_free (TamboQuery *query) {
  if (query == NULL)
    return;
  sqlite3_finalize (query->statement);
  g_rec_mutex_unlock (&query->database->lock);
  g_free (query);
}

gboolean tambo_query_next (TamboQuery *query, GError **error) {
  int result = sqlite3_step (query->statement);

  if (result != SQLITE_ROW && result != SQLITE_DONE)
    set_error (query->database, error);
  return result == SQLITE_ROW;
}

gint64 tambo_query_int (TamboQuery *query, int column) {
  return sqlite3_column_int64 (query->statement, column);
}

const char *tambo_query_text (TamboQuery *query, int column) {
  const char *text = (const char *) sqlite3_column_text (query->statement, column);

  return text != NULL ? text : "";
}

char *tambo_query_dup_text (TamboQuery *query, int column) {
  return g_strdup ((const char *) sqlite3_column_text (query->statement, column));
}

GBytes *tambo_query_dup_blob (TamboQuery *query, int column) {
  gconstpointer data = sqlite3_column_blob (query->statement, column);

  return g_bytes_new (data, (gsize) sqlite3_column_bytes (query->statement, column));
}

gboolean tambo_database_run (TamboDatabase *database, GError **error, const char *sql,
                             const char *format, ...) {
  g_autoptr (TamboQuery) query = NULL;
  g_autoptr (GError) cause = NULL;
  va_list arguments;

  va_start (arguments, format);
  query = query_new (database, sql, format, arguments, error);
  va_end (arguments);
  if (query == NULL)
    return FALSE;
  while (tambo_query_next (query, &cause))
    ;
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  return TRUE;
}

gboolean tambo_database_get_int (TamboDatabase *database, gint64 fallback, gint64 *out_value,
                                 GError **error, const char *sql, const char *format, ...) {
  g_autoptr (TamboQuery) query = NULL;
  g_autoptr (GError) cause = NULL;
  va_list arguments;
  gboolean has_row;

  va_start (arguments, format);
  query = query_new (database, sql, format, arguments, error);
  va_end (arguments);
  if (query == NULL)
    return FALSE;
  has_row = tambo_query_next (query, &cause);
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  *out_value = has_row && sqlite3_column_type (query->statement, 0) != SQLITE_NULL
                   ? tambo_query_int (query, 0)
                   : fallback;
  return TRUE;
}

int tambo_database_changes (TamboDatabase *database) {
  return sqlite3_changes (database->handle);
}

/* Transactions */

TamboWork *tambo_work_begin (TamboDatabase *database, GError **error) {
  g_autoptr (TamboWork) work = g_new0 (TamboWork, 1);

  work->database = database;
  g_rec_mutex_lock (&database->lock);
  if (!execute (database, "BEGIN IMMEDIATE", error))
    return NULL;
  work->is_open = TRUE;
  return g_steal_pointer (&work);
}

gboolean tambo_work_commit (TamboWork *work, GError **error) {
  if (!execute (work->database, "COMMIT", error))
    return FALSE;
  work->is_open = FALSE;
  return TRUE;
}

void tambo_work_free (TamboWork *work) {
  if (work == NULL)
    return;
  if (work->is_open)
    execute (work->database, "ROLLBACK", NULL);
  g_rec_mutex_unlock (&work->database->lock);
  g_free (work);
}

/* Settings */

char *tambo_database_dup_setting (TamboDatabase *database, const char *name, GError **error) {
  g_autoptr (TamboQuery) query = tambo_database_query (
      database, error, "SELECT value FROM settings WHERE name = ?", "s", name);

  if (query == NULL || !tambo_query_next (query, error))
    return NULL;
  return tambo_query_dup_text (query, 0);
}

gboolean tambo_database_set_setting (TamboDatabase *database, const char *name, const char *value,
                                     GError **error) {
  return tambo_database_run (database, error,
                             "INSERT INTO settings (name, value) VALUES (?, ?)"
                             " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                             "ss", name, value);
}
