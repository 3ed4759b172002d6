/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/outbox.h"

/* Between two steps others get their turn. */
#define PAGES_OF_A_STEP 256
#define PAUSE_MS 5

/* Whatever is written meanwhile through another connection begins the copy anew; a store at a desk is
 * quiet enough. */
static int run_backup (sqlite3_backup *backup) {
  int result;

  do {
    result = sqlite3_backup_step (backup, PAGES_OF_A_STEP);
    if (result == SQLITE_BUSY || result == SQLITE_LOCKED)
      sqlite3_sleep (PAUSE_MS);
  } while (result == SQLITE_OK || result == SQLITE_BUSY || result == SQLITE_LOCKED);
  return result == SQLITE_DONE ? SQLITE_OK : result;
}

static int copy_to (TamboStore *store, sqlite3 *target) {
  sqlite3_backup *backup = sqlite3_backup_init (target, "main", store->db, "main");
  int result = backup != NULL ? run_backup (backup) : sqlite3_extended_errcode (target);
  int end = backup != NULL ? sqlite3_backup_finish (backup) : SQLITE_OK;

  return result != SQLITE_OK ? result : end;
}

gboolean tambo_store_copy (TamboStore *store, const char *path, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  sqlite3 *target = NULL;
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  int result;

  if (fd < 0) {
    g_set_error (error, TAMBO_STORE_ERROR,
                 errno == EEXIST ? TAMBO_STORE_ERROR_EXISTS : TAMBO_STORE_ERROR_IO,
                 "the copy cannot be made: %s", g_strerror (errno));
    return FALSE;
  }
  close (fd);
  result = sqlite3_open_v2 (path, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, NULL);
  if (result == SQLITE_OK)
    result = copy_to (store, target);
  if (result != SQLITE_OK) {
    g_set_error (error, TAMBO_STORE_ERROR,
                 (result & 0xff) == SQLITE_FULL ? TAMBO_STORE_ERROR_NO_SPACE
                                                : TAMBO_STORE_ERROR_FAILED,
                 "the copy cannot be made: %s (%d)", sqlite3_errstr (result), result);
    unlink (path);
  }
  sqlite3_close (target);
  return result == SQLITE_OK;
}

/* Where the numbers of a new life begin: above all that the old one may have given, since nobody here knows
 * how far it came. Seconds keep two restorings of one backup apart. */
static gboolean leave_old_sequences (TamboStore *store, GError **error) {
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT,
                                           tambo_clock_now_unix () * TAMBO_SEQUENCES_OF_A_LIFE + 1);

  return tambo_store_set_setting (store, TAMBO_FIRST_SEQUENCE, text, error);
}

gboolean tambo_store_renew_incarnation (TamboStore *store, const char *actor, GError **error) {
  g_autofree char *incarnation = tambo_id_new ();
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  if (transaction == NULL
      || !tambo_db_run (store, error, "UPDATE settings SET value = ? WHERE name = 'incarnation'",
                        "s", incarnation)
      || !leave_old_sequences (store, error)
      || !tambo_audit_append (store, actor, "station.restore", incarnation, NULL, error)
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  g_free (store->incarnation);
  store->incarnation = g_steal_pointer (&incarnation);
  return TRUE;
}
