/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/id.h"
#include "store/data-key.h"
#include "store/db.h"
#include "store/digest.h"
#include "store/migrations.h"
#include "store/vfs.h"

#define BUSY_TIMEOUT_MS 5000
/* No row has a blob of more. */
#define MAX_ROW_SIZE (256 * 1024 * 1024)
#define INCARNATION "incarnation"

static const char *const pragmas[] = {
  "PRAGMA trusted_schema = OFF",
  "PRAGMA cell_size_check = ON",
  "PRAGMA mmap_size = 0",
  "PRAGMA journal_mode = PERSIST",
  /* What was dropped is not left in it; tambo_db_keep_journal says when there is nothing to drop. */
  "PRAGMA journal_size_limit = 0",
  "PRAGMA synchronous = EXTRA",
  "PRAGMA secure_delete = ON",
  "PRAGMA foreign_keys = ON",
  "PRAGMA temp_store = MEMORY",
  /* Little, so that a record is written over memory that the processor has at hand; a search takes more. */
  "PRAGMA cache_size = -2048",
  /* A record of several megabytes is written in one go, not in portions with a journal each. */
  "PRAGMA cache_spill = 2048",
};

static void set_errno_error (GError **error, int saved_errno, const char *what) {
  TamboStoreError code = TAMBO_STORE_ERROR_IO;

  if (saved_errno == ENOSPC || saved_errno == EDQUOT)
    code = TAMBO_STORE_ERROR_NO_SPACE;
  else if (saved_errno == EEXIST)
    code = TAMBO_STORE_ERROR_EXISTS;
  else if (saved_errno == ENOENT)
    code = TAMBO_STORE_ERROR_NOT_FOUND;
  g_set_error (error, TAMBO_STORE_ERROR, code, "%s: %s", what, g_strerror (saved_errno));
}

/* The file may have been prepared by somebody else: nothing in its schema runs. */
static int harden (sqlite3 *db) {
  static const struct {
    int option;
    int value;
  } options[] = {
    { SQLITE_DBCONFIG_DEFENSIVE, 1 },      { SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
    { SQLITE_DBCONFIG_DQS_DML, 0 },        { SQLITE_DBCONFIG_DQS_DDL, 0 },
    { SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 }, { SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
    { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
  };
  int result = sqlite3_extended_result_codes (db, 1);

  for (gsize i = 0; result == SQLITE_OK && i < G_N_ELEMENTS (options); i++)
    result = sqlite3_db_config (db, options[i].option, options[i].value, NULL);
  if (result == SQLITE_OK)
    result = sqlite3_busy_timeout (db, BUSY_TIMEOUT_MS);
  sqlite3_limit (db, SQLITE_LIMIT_LENGTH, MAX_ROW_SIZE);
  sqlite3_limit (db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit (db, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
  return result;
}

static TamboStore *connect_to (const char *path, GError **error) {
  g_autoptr (TamboStore) store = g_new0 (TamboStore, 1);
  int result;

  g_rec_mutex_init (&store->mutex);
  result = sqlite3_open_v2 (path, &store->db,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE,
                            tambo_vfs_name ());
  if (store->db == NULL)
    g_error ("no memory for a database connection");
  if (result == SQLITE_OK)
    result = harden (store->db);
  if (result != SQLITE_OK) {
    tambo_db_set_error (store, result, error);
    return NULL;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (pragmas); i++)
    if (!tambo_db_execute (store, pragmas[i], error))
      return NULL;
  return g_steal_pointer (&store);
}

/* Makes the folder entry of PATH durable. */
static gboolean sync_folder (const char *path, GError **error) {
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean is_synced = fd >= 0 && fsync (fd) == 0;

  if (!is_synced)
    set_errno_error (error, errno, "the folder of the store cannot be written");
  if (fd >= 0)
    close (fd);
  return is_synced;
}

static gboolean make_empty_file (const char *path, GError **error) {
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0) {
    set_errno_error (error, errno, "the store cannot be made");
    return FALSE;
  }
  close (fd);
  return TRUE;
}

static gboolean fill (const char *path, GError **error) {
  g_autoptr (TamboStore) store = connect_to (path, error);
  g_autofree char *application =
      g_strdup_printf ("PRAGMA application_id = %d", TAMBO_STORE_APPLICATION_ID);
  g_autofree char *incarnation = tambo_id_new ();

  return store != NULL && tambo_db_execute (store, "PRAGMA page_size = 16384", error)
         && tambo_db_execute (store, application, error) && tambo_migrations_run (store, error)
         && tambo_db_run (store, error, "INSERT INTO settings (name, value) VALUES (?, ?)", "ss",
                          INCARNATION, incarnation);
}

TamboStore *tambo_store_create (const char *path, GError **error) {
  g_autofree char *unfinished = g_strconcat (path, ".new", NULL);
  g_autofree char *journal = g_strconcat (unfinished, "-journal", NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS)) {
    set_errno_error (error, EEXIST, "the store cannot be made");
    return NULL;
  }
  /* Under another name until it is whole, so that a power cut leaves a store or none. */
  unlink (unfinished);
  unlink (journal);
  if (!make_empty_file (unfinished, error))
    return NULL;
  if (!fill (unfinished, error)) {
    unlink (unfinished);
    unlink (journal);
    return NULL;
  }
  unlink (journal);
  if (renameat2 (AT_FDCWD, unfinished, AT_FDCWD, path, RENAME_NOREPLACE) != 0) {
    set_errno_error (error, errno, "the store cannot be made");
    unlink (unfinished);
    return NULL;
  }
  if (!sync_folder (path, error))
    return NULL;
  return tambo_store_open (path, error);
}

static gboolean check_application (TamboStore *store, GError **error) {
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "application id", error, "PRAGMA application_id", "");

  if (statement == NULL)
    return FALSE;
  if (sqlite3_column_int (statement, 0) != TAMBO_STORE_APPLICATION_ID) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                         "the file is no store of this program");
    return FALSE;
  }
  return TRUE;
}

/* One that has rotted shuts nobody out: what was captured is read and sent without it, and only the audit
 * log cannot be countersigned. */
static gboolean load_incarnation (TamboStore *store, GError **error) {
  g_autoptr (GError) reason = NULL;

  store->incarnation = tambo_store_dup_setting (store, INCARNATION, &reason);
  if (reason == NULL || g_error_matches (reason, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

TamboStore *tambo_store_open (const char *path, GError **error) {
  g_autoptr (TamboStore) store = NULL;

  /* SQLite says "unable to open" for whatever the reason is. */
  if (access (path, R_OK | W_OK) != 0) {
    set_errno_error (error, errno, "the store cannot be opened");
    return NULL;
  }
  store = connect_to (path, error);
  if (store == NULL || !check_application (store, error) || !tambo_migrations_run (store, error))
    return NULL;
  return load_incarnation (store, error) ? g_steal_pointer (&store) : NULL;
}

void tambo_store_close (TamboStore *store) {
  if (store == NULL)
    return;
  g_assert (store->depth == 0);
  tambo_store_lock (store);
  g_clear_pointer (&store->kept_statements, g_hash_table_unref);
  sqlite3_close_v2 (store->db);
  g_free (store->incarnation);
  g_rec_mutex_clear (&store->mutex);
  g_free (store);
}

void tambo_store_settle (TamboStore *store) {
  g_autofree char *journal =
      g_strconcat (sqlite3_db_filename (store->db, "main"), "-journal", NULL);
  int fd = open (journal, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    return;
  if (fdatasync (fd) != 0)
    g_info ("the end of the journal was not synced: %s", g_strerror (errno));
  close (fd);
}

char *tambo_store_dup_setting (TamboStore *store, const char *name, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_auto (TamboDbQuery) query = { 0 };
  TamboDbStep step = tambo_db_ask (
      store, &query, error,
      "SELECT value, " TAMBO_IS_SOUND (TAMBO_DIGESTED_SETTINGS) " FROM settings WHERE name = ?",
      "s", name);

  if (step != TAMBO_DB_ROW || !tambo_digest_check (query.row, 1, "settings", name, error))
    return NULL;
  return tambo_db_dup_text (query.row, 0);
}

gboolean tambo_store_set_setting (TamboStore *store, const char *name, const char *value,
                                  GError **error) {
  g_autoptr (TamboTransaction) transaction = NULL;

  if (g_str_equal (name, INCARNATION)) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                         "the incarnation id of a store never changes");
    return FALSE;
  }
  transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL)
    return FALSE;
  if (value == NULL) {
    if (!tambo_db_run (store, error, "DELETE FROM settings WHERE name = ?", "s", name))
      return FALSE;
  } else if (!tambo_db_run (store, error,
                            "INSERT INTO settings (name, value) VALUES (?, ?)"
                            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                            "ss", name, value)) {
    return FALSE;
  }
  return tambo_transaction_commit (transaction, error);
}

const char *tambo_store_get_incarnation (TamboStore *store) {
  return store->incarnation;
}

/* A laptop that was closed over lunch was idle too. */
gint64 tambo_db_uptime (void) {
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return now.tv_sec;
}

void tambo_db_restart_idle_time (TamboStore *store) {
  g_atomic_int_set (&store->last_use, (int) tambo_db_uptime ());
}

static gboolean is_idle (TamboStore *store) {
  return tambo_db_uptime () - g_atomic_int_get (&store->last_use) >= TAMBO_STORE_IDLE_SECONDS;
}

gboolean tambo_store_is_unlocked (TamboStore *store) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);

  if (store->data_key != NULL && is_idle (store))
    tambo_store_lock (store);
  return store->data_key != NULL;
}

gboolean tambo_store_note_use (TamboStore *store) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  gboolean is_unlocked = tambo_store_is_unlocked (store);

  if (is_unlocked && !g_atomic_int_get (&store->has_watch))
    tambo_db_restart_idle_time (store);
  return is_unlocked;
}

void tambo_store_watch_presence (TamboStore *store) {
  g_atomic_int_set (&store->has_watch, TRUE);
}

void tambo_store_note_presence (TamboStore *store) {
  if (!is_idle (store))
    tambo_db_restart_idle_time (store);
}

void tambo_store_lock (TamboStore *store) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);

  g_clear_pointer (&store->data_key, g_bytes_unref);
  g_clear_pointer (&store->unlock_key, g_bytes_unref);
  g_clear_pointer (&store->data_key_mark, g_free);
  g_clear_pointer (&store->operator_id, g_free);
}

/* Another process may have turned the key: nothing is sealed under the one before. */
static gboolean check_mark (TamboStore *store, GError **error) {
  g_autoptr (GError) reason = NULL;
  g_autofree char *mark = tambo_data_key_dup_mark (store, &reason);

  /* Who turns the key writes all copies of it anew: when all have rotted, what is open stays open. */
  if (g_error_matches (reason, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT))
    return TRUE;
  if (reason != NULL) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  if (g_strcmp0 (mark, store->data_key_mark) == 0)
    return TRUE;
  tambo_store_lock (store);
  g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED,
                       "the data key has been changed at another desk");
  return FALSE;
}

GBytes *tambo_db_ref_data_key (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);

  if (!tambo_store_note_use (store)) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED,
                         "no operator has unlocked the store");
    return NULL;
  }
  return check_mark (store, error) ? g_bytes_ref (store->data_key) : NULL;
}

GBytes *tambo_store_seal (TamboStore *store, const char *place, GBytes *plaintext, GError **error) {
  g_autoptr (GBytes) key = tambo_db_ref_data_key (store, error);
  g_autoptr (GBytes) associated_data = g_bytes_new (place, strlen (place));

  return key != NULL ? tambo_aead_seal (key, associated_data, plaintext) : NULL;
}

GBytes *tambo_store_unseal (TamboStore *store, const char *place, GBytes *sealed, GError **error) {
  g_autoptr (GBytes) key = tambo_db_ref_data_key (store, error);
  g_autoptr (GBytes) associated_data = g_bytes_new (place, strlen (place));
  g_autoptr (GBytes) plaintext = NULL;
  g_autoptr (GError) reason = NULL;

  if (key == NULL)
    return NULL;
  plaintext = tambo_aead_open (key, associated_data, sealed, &reason);
  if (plaintext == NULL)
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT, "%s: %s", place,
                 reason->message);
  return g_steal_pointer (&plaintext);
}
