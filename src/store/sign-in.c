/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/sign-in-private.h"

#include <string.h>

#include "base/bytes.h"
#include "store/audit.h"
#include "store/data-key.h"
#include "store/db.h"
#include "store/operator-key.h"

#define FREE_FAILURES 3
#define MAX_DELAY_S (15 * 60)

/* ---- the wait ---- */

static gint64 delay_after (int failures) {
  if (failures <= FREE_FAILURES)
    return 0;
  return MIN (G_GINT64_CONSTANT (1) << MIN (failures - FREE_FAILURES, 20), MAX_DELAY_S);
}

/* The name of this run of the system; "" where it has none. */
static char *dup_boot (void) {
  char *text = NULL;

  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
    return g_strdup ("");
  return g_strchomp (text);
}

gint64 tambo_sign_in_wait (int failures, gint64 retry_at, const char *retry_boot) {
  gint64 delay = delay_after (failures);
  g_autofree char *boot = dup_boot ();
  gboolean is_same_run = *boot != '\0' && g_strcmp0 (boot, retry_boot) == 0;
  gint64 end = is_same_run ? MIN (retry_at, tambo_db_uptime () + delay) : delay;

  return MAX (end - tambo_db_uptime (), 0);
}

/* DISABLED while the delay after the last failure lasts. */
static gboolean check_wait (const TamboOperatorRow *row, GError **error) {
  if (row->wait == 0)
    return TRUE;
  g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_DISABLED,
               "too many wrong passwords; %s may try again in %" G_GINT64_FORMAT " s", row->id,
               row->wait);
  return FALSE;
}

/* ---- one try ---- */

/* The failure is counted before the password is looked at, so that a program that is killed in time
 * has still used up its try. */
static gboolean count_failure (TamboStore *store, const char *id, int failures, GError **error) {
  g_autofree char *boot = dup_boot ();

  return tambo_db_run (store, error,
                       "UPDATE operators SET failures = ?, retry_at = ?, retry_boot = ?"
                       " WHERE id = ?",
                       "ilss", failures, tambo_db_uptime () + delay_after (failures), boot, id);
}

static GBytes *load_wrapping (TamboStore *store, const char *id, GError **error) {
  g_autofree char *place = g_strconcat ("operators ", id, NULL);
  g_autoptr (sqlite3_stmt) statement = tambo_db_find (
      store, place, error, "SELECT wrapping, sha256 FROM operators WHERE id = ?", "s", id);

  return statement != NULL ? tambo_db_dup_checked_blob (statement, 0, 1, place, error) : NULL;
}

/* Gives the stored wrapping of ID, NULL when there is no such operator. */
static gboolean start_attempt (TamboStore *store, const char *id, GBytes **out_wrapping,
                               GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (TamboOperatorRow) row = NULL;
  g_autoptr (GBytes) wrapping = NULL;
  g_autoptr (GError) reason = NULL;

  if (transaction == NULL)
    return FALSE;
  row = tambo_operators_get (store, id, &reason);
  if (row == NULL) {
    *out_wrapping = NULL;
    if (g_error_matches (reason, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND))
      return TRUE;
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  if (!check_wait (row, error))
    return FALSE;
  wrapping = load_wrapping (store, id, error);
  if (wrapping == NULL || !count_failure (store, id, row->failures + 1, error)
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  *out_wrapping = g_steal_pointer (&wrapping);
  return TRUE;
}

/* As much work as for an operator who exists. */
static void refuse_unknown (TamboStore *store, GBytes *password, GError **error) {
  /* The name stays out of the log: people type passwords into the wrong field. */
  if (tambo_operator_key_pretend (store, password, error)
      && tambo_audit_append (store, "station", "operator.sign-in-failed", "", NULL, error))
    tambo_operator_key_set_wrong_password (error);
}

static TamboOperatorRow *forget_failures (TamboStore *store, const char *id, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (TamboOperatorRow) row = NULL;

  if (transaction == NULL
      || !tambo_db_run (store, error,
                        "UPDATE operators SET failures = 0, retry_at = 0, retry_boot = NULL"
                        " WHERE id = ?",
                        "s", id))
    return NULL;
  row = tambo_operators_get (store, id, error);
  if (row == NULL
      || (row->disabled
          && !tambo_audit_append (store, id, "operator.sign-in-failed", id, NULL, error))
      || !tambo_transaction_commit (transaction, error))
    return NULL;
  if (!row->disabled)
    return g_steal_pointer (&row);
  g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_DISABLED,
               "the operator %s has been disabled", id);
  return NULL;
}

static GBytes *try_password (TamboStore *store, const char *id, GBytes *password, GError **error) {
  g_autoptr (GBytes) wrapping = NULL;
  g_autoptr (GError) reason = NULL;
  GBytes *unlock_key;

  if (!start_attempt (store, id, &wrapping, error))
    return NULL;
  if (wrapping == NULL) {
    refuse_unknown (store, password, error);
    return NULL;
  }
  unlock_key = tambo_operator_key_unwrap (id, wrapping, password, &reason);
  if (unlock_key == NULL
      && (!g_error_matches (reason, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_PASSWORD)
          || tambo_audit_append (store, id, "operator.sign-in-failed", id, NULL, error)))
    g_propagate_error (error, g_steal_pointer (&reason));
  return unlock_key;
}

GBytes *tambo_sign_in_open (TamboStore *store, const char *id, GBytes *password,
                            TamboOperatorRow **out_row, GError **error) {
  g_autoptr (GBytes) unlock_key = NULL;
  g_autoptr (TamboOperatorRow) row = NULL;

  if (tambo_db_in_transaction (store)) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                         "a failed sign-in has to be durable; it cannot be part of a transaction");
    return NULL;
  }
  unlock_key = try_password (store, id, password, error);
  if (unlock_key == NULL)
    return NULL;
  row = forget_failures (store, id, error);
  if (row == NULL)
    return NULL;
  *out_row = g_steal_pointer (&row);
  return g_steal_pointer (&unlock_key);
}

/* ---- what a right password is for ---- */

void tambo_sign_in_unlock (TamboStore *store, GBytes *unlock_key, GBytes *data_key,
                           const char *operator_id) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autofree char *id = g_strdup (operator_id);
  g_autofree char *mark = tambo_data_key_dup_mark (store, NULL);

  g_bytes_ref (unlock_key);
  g_bytes_ref (data_key);
  tambo_store_lock (store);
  store->unlock_key = unlock_key;
  store->data_key = data_key;
  store->data_key_mark = g_steal_pointer (&mark);
  store->operator_id = g_steal_pointer (&id);
  tambo_db_restart_idle_time (store);
}

static gboolean check_password_is_own (const TamboOperatorRow *row, GError **error) {
  if (row->is_first_password)
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_FIRST_PASSWORD,
                         "change the password first");
  return !row->is_first_password;
}

TamboOperatorRow *tambo_operators_check (TamboStore *store, const char *id, GBytes *password,
                                         GError **error) {
  g_autoptr (TamboOperatorRow) row = NULL;
  g_autoptr (GBytes) unlock_key = tambo_sign_in_open (store, id, password, &row, error);

  return unlock_key != NULL && check_password_is_own (row, error) ? g_steal_pointer (&row) : NULL;
}

TamboOperatorRow *tambo_operators_sign_in (TamboStore *store, const char *id, GBytes *password,
                                           GBytes *pin, GError **error) {
  g_autoptr (TamboOperatorRow) row = NULL;
  g_autoptr (GBytes) unlock_key = tambo_sign_in_open (store, id, password, &row, error);
  g_autoptr (GBytes) data_key = NULL;

  if (unlock_key == NULL || !check_password_is_own (row, error))
    return NULL;
  data_key = tambo_data_key_open (store, unlock_key, pin, error);
  if (data_key == NULL || !tambo_audit_append (store, id, "operator.sign-in", id, NULL, error))
    return NULL;
  tambo_sign_in_unlock (store, unlock_key, data_key, id);
  return g_steal_pointer (&row);
}

/* ---- unlocking again without the password ---- */

/* The unlock key, the data key, and the mark of the wrapping that it came from. */
GBytes *tambo_operators_dup_keys (TamboStore *store, GError **error) {
  g_autoptr (GBytes) data_key = tambo_db_ref_data_key (store, error);
  g_autoptr (GByteArray) keys = NULL;
  GBytes *secret;

  if (data_key == NULL)
    return NULL;
  keys = g_byte_array_sized_new (2 * TAMBO_AES256_KEY_SIZE + 64);
  tambo_put_bytes (keys, g_bytes_get_data (store->unlock_key, NULL), TAMBO_AES256_KEY_SIZE);
  tambo_put_bytes (keys, g_bytes_get_data (data_key, NULL), TAMBO_AES256_KEY_SIZE);
  if (store->data_key_mark != NULL)
    tambo_put_bytes (keys, store->data_key_mark, strlen (store->data_key_mark));
  secret = tambo_secret_new (keys->data, keys->len);
  tambo_secret_wipe (keys->data, keys->len);
  return secret;
}

static gboolean check_is_current (TamboStore *store, GBytes *keys, GError **error) {
  g_autofree char *mark = tambo_data_key_dup_mark (store, NULL);
  gsize size;
  const char *text = g_bytes_get_data (keys, &size);
  gboolean is_current = size >= 2 * TAMBO_AES256_KEY_SIZE;

  if (is_current) {
    g_autofree char *then =
        g_strndup (text + 2 * TAMBO_AES256_KEY_SIZE, size - 2 * TAMBO_AES256_KEY_SIZE);
    is_current = g_strcmp0 (then, mark != NULL ? mark : "") == 0;
  }
  if (!is_current)
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED,
                         "the data key has been changed at another desk");
  return is_current;
}

TamboOperatorRow *tambo_operators_reopen (TamboStore *store, const char *id, GBytes *keys,
                                          GError **error) {
  g_autoptr (TamboOperatorRow) row = tambo_operators_get (store, id, error);
  g_autoptr (GBytes) unlock_key = NULL, data_key = NULL;

  if (row == NULL || !check_is_current (store, keys, error))
    return NULL;
  if (row->disabled || row->is_first_password) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_DISABLED,
                 "the operator %s may not sign in without the password", id);
    return NULL;
  }
  if (!tambo_audit_append (store, id, "operator.reopen", id, NULL, error))
    return NULL;
  unlock_key = tambo_secret_new (g_bytes_get_data (keys, NULL), TAMBO_AES256_KEY_SIZE);
  data_key =
      tambo_secret_new ((const guint8 *) g_bytes_get_data (keys, NULL) + TAMBO_AES256_KEY_SIZE,
                        TAMBO_AES256_KEY_SIZE);
  tambo_sign_in_unlock (store, unlock_key, data_key, id);
  return g_steal_pointer (&row);
}
