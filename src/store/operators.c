/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/operators.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/audit.h"
#include "store/data-key.h"
#include "store/db.h"
#include "store/digest.h"
#include "store/operator-key.h"
#include "store/sign-in-private.h"

#define MIN_PASSWORD_SIZE 8

static const struct {
  TamboRole role;
  const char *name;
} roles[] = {
  { TAMBO_ROLE_CLERK, "clerk" },
  { TAMBO_ROLE_SUPERVISOR, "supervisor" },
  { TAMBO_ROLE_TECHNICIAN, "technician" },
  { TAMBO_ROLE_AUDITOR, "auditor" },
};

const char *tambo_role_to_string (TamboRole role) {
  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    if (roles[i].role == role)
      return roles[i].name;
  return "unknown";
}

gboolean tambo_role_from_string (const char *text, TamboRole *out_role) {
  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    if (g_strcmp0 (roles[i].name, text) == 0) {
      *out_role = roles[i].role;
      return TRUE;
    }
  return FALSE;
}

void tambo_operator_row_free (TamboOperatorRow *row) {
  if (row == NULL)
    return;
  g_free (row->id);
  g_free (row->created_at);
  g_free (row);
}

#define OPERATOR_COLUMNS                                                                           \
  "id, role, disabled, created_at, failures, is_first_password, retry_at, retry_boot"
#define OPERATOR_READING OPERATOR_COLUMNS ", " TAMBO_IS_SOUND (TAMBO_DIGESTED_OPERATORS)

static TamboOperatorRow *read_row (sqlite3_stmt *statement, GError **error) {
  g_autoptr (TamboOperatorRow) row = g_new0 (TamboOperatorRow, 1);
  g_autofree char *role = tambo_db_dup_text (statement, 1);
  g_autofree char *boot = tambo_db_dup_text (statement, 7);

  row->id = tambo_db_dup_text (statement, 0);
  row->disabled = sqlite3_column_int (statement, 2) != 0;
  row->created_at = tambo_db_dup_text (statement, 3);
  row->failures = sqlite3_column_int (statement, 4);
  row->is_first_password = sqlite3_column_int (statement, 5) != 0;
  row->wait = tambo_sign_in_wait (row->failures, sqlite3_column_int64 (statement, 6), boot);
  if (!tambo_digest_check (statement, 8, "operators", row->id, error))
    return NULL;
  if (!tambo_role_from_string (role, &row->role)) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                 "operators %s: the role is none", row->id);
    return NULL;
  }
  return g_steal_pointer (&row);
}

TamboOperatorRow *tambo_operators_get (TamboStore *store, const char *id, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autofree char *what = g_strconcat ("operator ", id, NULL);
  g_autoptr (sqlite3_stmt) statement = tambo_db_find (
      store, what, error, "SELECT " OPERATOR_READING " FROM operators WHERE id = ?", "s", id);

  return statement != NULL ? read_row (statement, error) : NULL;
}

GPtrArray *tambo_operators_list (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error, "SELECT " OPERATOR_READING " FROM operators ORDER BY id", "");

  return tambo_db_list (store, statement, (TamboDbRead) read_row,
                        (GDestroyNotify) tambo_operator_row_free, error);
}

static gboolean is_operator_id (const char *id) {
  gsize length = strlen (id);

  return length >= 1 && length <= 32
         && strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789._-") == length;
}

static gboolean check_new (const char *id, TamboRole role, GError **error) {
  if (!is_operator_id (id)) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                         "a sign-in name has 1 to 32 small letters, digits, '.', '_' or '-'");
    return FALSE;
  }
  if (g_str_equal (tambo_role_to_string (role), "unknown")) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                         "an operator has one role");
    return FALSE;
  }
  return TRUE;
}

static gboolean check_password (GBytes *password, GError **error) {
  if (g_bytes_get_size (password) < MIN_PASSWORD_SIZE) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                 "a password has at least %d characters", MIN_PASSWORD_SIZE);
    return FALSE;
  }
  return TRUE;
}

/* ---- adding ---- */

static gboolean has_operators (TamboStore *store, gboolean *out_any, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "operators", error, "SELECT count (*) FROM operators", "");

  if (statement == NULL)
    return FALSE;
  *out_any = sqlite3_column_int64 (statement, 0) > 0;
  return TRUE;
}

static GBytes *ref_unlock_key (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);

  if (tambo_store_note_use (store))
    return g_bytes_ref (store->unlock_key);
  g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED,
                       "no operator has unlocked the store");
  return NULL;
}

static gboolean check_unknown (TamboStore *store, const char *id, GError **error) {
  g_autoptr (sqlite3_stmt) existing =
      tambo_db_prepare (store, error, "SELECT 1 FROM operators WHERE id = ?", "s", id);
  TamboDbStep step = TAMBO_DB_FAILED;

  if (existing != NULL)
    step = tambo_db_step (store, existing, error);
  if (step == TAMBO_DB_ROW)
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_EXISTS,
                 "there is an operator %s already", id);
  return step == TAMBO_DB_DONE;
}

static gboolean insert_operator (TamboStore *store, const char *id, TamboRole role,
                                 GBytes *wrapping, gboolean is_first_password, GError **error) {
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *hash = tambo_sha256_hex (wrapping);

  return check_unknown (store, id, error)
         && tambo_db_run (store, error,
                          "INSERT INTO operators"
                          " (id, role, created_at, wrapping, sha256, is_first_password)"
                          " VALUES (?, ?, ?, ?, ?, ?)",
                          "sssbsi", id, tambo_role_to_string (role), now, wrapping, hash,
                          is_first_password ? 1 : 0);
}

/* The first operator brings the keys. */
static gboolean save_first_keys (TamboStore *store, GBytes *unlock_key, const char *id,
                                 GError **error) {
  g_autoptr (GBytes) data_key = tambo_data_key_new ();

  if (!tambo_data_key_save_first (store, unlock_key, data_key, error))
    return FALSE;
  tambo_sign_in_unlock (store, unlock_key, data_key, id);
  store->is_key_new = TRUE;
  return TRUE;
}

static gboolean add (TamboStore *store, const char *id, TamboRole role, GBytes *password,
                     gboolean is_first_password, const char *actor, GError **error) {
  g_autoptr (TamboTransaction) transaction = NULL;
  g_autoptr (GBytes) unlock_key = NULL, wrapping = NULL;
  gboolean any, any_since;

  if (!check_new (id, role, error) || !check_password (password, error)
      || !has_operators (store, &any, error))
    return FALSE;
  unlock_key = any ? ref_unlock_key (store, error) : tambo_data_key_new ();
  if (unlock_key == NULL)
    return FALSE;
  /* Before the transaction: nobody else waits for half a second of scrypt. */
  wrapping = tambo_operator_key_wrap (store, id, password, unlock_key, error);
  if (wrapping == NULL)
    return FALSE;
  transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL || !has_operators (store, &any_since, error))
    return FALSE;
  if (any_since != any) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED,
                         "somebody else has made the first operator");
    return FALSE;
  }
  return insert_operator (store, id, role, wrapping, is_first_password, error)
         && tambo_audit_append (store, actor, "operator.add", id, wrapping, error)
         && (any || save_first_keys (store, unlock_key, id, error))
         && tambo_transaction_commit (transaction, error);
}

gboolean tambo_operators_add (TamboStore *store, const char *id, TamboRole role, GBytes *password,
                              const char *actor, GError **error) {
  return add (store, id, role, password, FALSE, actor, error);
}

gboolean tambo_operators_invite (TamboStore *store, const char *id, TamboRole role,
                                 GBytes *password, const char *actor, GError **error) {
  return add (store, id, role, password, TRUE, actor, error);
}

/* ---- changing ---- */

/* UPDATE of one operator; NOT_FOUND when it changed nothing. */
static gboolean check_changed (TamboStore *store, const char *id, GError **error) {
  if (sqlite3_changes (store->db) == 0)
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND, "there is no operator %s",
                 id);
  return sqlite3_changes (store->db) != 0;
}

gboolean tambo_operators_set_disabled (TamboStore *store, const char *id, gboolean disabled,
                                       const char *actor, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  return transaction != NULL
         && tambo_db_run (store, error, "UPDATE operators SET disabled = ? WHERE id = ?", "is",
                          disabled ? 1 : 0, id)
         && check_changed (store, id, error)
         && tambo_audit_append (store, actor, disabled ? "operator.disable" : "operator.enable", id,
                                NULL, error)
         && tambo_transaction_commit (transaction, error);
}

gboolean tambo_operators_unlock (TamboStore *store, const char *id, const char *actor,
                                 GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  return transaction != NULL
         && tambo_db_run (store, error,
                          "UPDATE operators SET failures = 0, retry_at = 0, retry_boot = NULL"
                          " WHERE id = ?",
                          "s", id)
         && check_changed (store, id, error)
         && tambo_audit_append (store, actor, "operator.unlock", id, NULL, error)
         && tambo_transaction_commit (transaction, error);
}

gboolean tambo_operators_set_role (TamboStore *store, const char *id, TamboRole role,
                                   const char *actor, GError **error) {
  const char *name = tambo_role_to_string (role);
  g_autoptr (GBytes) details = g_bytes_new (name, strlen (name));
  g_autoptr (TamboTransaction) transaction = NULL;

  if (!check_new (id, role, error))
    return FALSE;
  transaction = tambo_transaction_begin (store, error);
  return transaction != NULL
         && tambo_db_run (store, error, "UPDATE operators SET role = ? WHERE id = ?", "ss", name,
                          id)
         && check_changed (store, id, error)
         && tambo_audit_append (store, actor, "operator.role", id, details, error)
         && tambo_transaction_commit (transaction, error);
}

/* ---- passwords ---- */

static gboolean replace_password (TamboStore *store, const char *id, GBytes *password,
                                  GBytes *unlock_key, gboolean is_first, const char *actor,
                                  GError **error) {
  g_autoptr (TamboTransaction) transaction = NULL;
  g_autoptr (GBytes) wrapping = tambo_operator_key_wrap (store, id, password, unlock_key, error);
  g_autofree char *hash = wrapping != NULL ? tambo_sha256_hex (wrapping) : NULL;

  if (wrapping == NULL)
    return FALSE;
  transaction = tambo_transaction_begin (store, error);
  return transaction != NULL
         && tambo_db_run (store, error,
                          "UPDATE operators SET wrapping = ?, sha256 = ?, is_first_password = ?,"
                          " failures = 0, retry_at = 0, retry_boot = NULL WHERE id = ?",
                          "bsis", wrapping, hash, is_first ? 1 : 0, id)
         && check_changed (store, id, error)
         && tambo_audit_append (store, actor,
                                is_first ? "operator.first-password" : "operator.password", id,
                                wrapping, error)
         && tambo_transaction_commit (transaction, error);
}

gboolean tambo_operators_set_password (TamboStore *store, const char *id, GBytes *password,
                                       gboolean is_first, const char *actor, GError **error) {
  g_autoptr (GBytes) unlock_key = NULL;

  if (!check_password (password, error))
    return FALSE;
  unlock_key = ref_unlock_key (store, error);
  return unlock_key != NULL
         && replace_password (store, id, password, unlock_key, is_first, actor, error);
}

gboolean tambo_operators_change_password (TamboStore *store, const char *id, GBytes *password,
                                          GBytes *new_password, GError **error) {
  g_autoptr (TamboOperatorRow) row = NULL;
  g_autoptr (GBytes) unlock_key = NULL;

  if (!check_password (new_password, error))
    return FALSE;
  unlock_key = tambo_sign_in_open (store, id, password, &row, error);
  if (unlock_key == NULL)
    return FALSE;
  if (g_bytes_equal (password, new_password)) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                         "the new password is the old one");
    return FALSE;
  }
  return replace_password (store, id, new_password, unlock_key, FALSE, id, error);
}
