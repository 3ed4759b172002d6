/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/operators.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "store/audit.h"
#include "store/db.h"

#define SALT_SIZE 16
#define DEFAULT_LOG2_N 17
#define MIN_LOG2_N 10
#define MAX_LOG2_N 20 /* 1 GiB */
#define CALIBRATION_LOG2_N 13
#define MIN_CALIBRATED_LOG2_N 16
#define MAX_CALIBRATED_LOG2_N 19 /* 512 MiB */
#define SIGN_IN_US (300 * 1000)
#define MIN_PASSWORD_SIZE 8
#define FREE_FAILURES 3
#define MAX_DELAY_S (15 * 60)

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

#define OPERATOR_COLUMNS "id, role, disabled, created_at, failures"

static TamboOperatorRow *read_row (sqlite3_stmt *statement, GError **error) {
  g_autoptr (TamboOperatorRow) row = g_new0 (TamboOperatorRow, 1);
  g_autofree char *role = tambo_db_dup_text (statement, 1);

  row->id = tambo_db_dup_text (statement, 0);
  row->disabled = sqlite3_column_int (statement, 2) != 0;
  row->created_at = tambo_db_dup_text (statement, 3);
  row->failures = sqlite3_column_int (statement, 4);
  if (!tambo_role_from_string (role, &row->role)) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                 "operators %s: the role is none", row->id);
    return NULL;
  }
  return g_steal_pointer (&row);
}

GPtrArray *tambo_operators_list (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error, "SELECT " OPERATOR_COLUMNS " FROM operators ORDER BY id", "");
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_operator_row_free);
  TamboDbStep step;

  if (statement == NULL)
    return NULL;
  while ((step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW) {
    TamboOperatorRow *row = read_row (statement, NULL);

    /* One rotten row hides nobody else; tambo_store_verify names it. */
    if (row != NULL)
      g_ptr_array_add (rows, row);
  }
  return step == TAMBO_DB_DONE ? g_steal_pointer (&rows) : NULL;
}

static gboolean is_operator_id (const char *id) {
  gsize length = strlen (id);

  return length >= 1 && length <= 32
         && strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789._-") == length;
}

static gboolean check_new (const char *id, GBytes *password, GError **error) {
  if (!is_operator_id (id)) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                         "a sign-in name has 1 to 32 small letters, digits, '.', '_' or '-'");
    return FALSE;
  }
  if (g_bytes_get_size (password) < MIN_PASSWORD_SIZE) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                 "a password has at least %d characters", MIN_PASSWORD_SIZE);
    return FALSE;
  }
  return TRUE;
}

static gboolean get_log2_n (TamboStore *store, guint *out_log2_n, GError **error) {
  g_autoptr (GError) reason = NULL;
  g_autofree char *text = tambo_store_dup_setting (store, "scrypt-log2-n", &reason);
  guint64 value = DEFAULT_LOG2_N;

  if (reason != NULL) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  if (text != NULL
      && !g_ascii_string_to_unsigned (text, 10, MIN_LOG2_N, MAX_LOG2_N, &value, NULL)) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                 "the setting scrypt-log2-n is not a number from %d to %d", MIN_LOG2_N, MAX_LOG2_N);
    return FALSE;
  }
  *out_log2_n = (guint) value;
  return TRUE;
}

/* The shortest of three: what else the computer does must not make the passwords cheaper. */
static gint64 time_scrypt (guint log2_n, GError **error) {
  g_autoptr (GBytes) password = g_bytes_new_static ("calibration", 11);
  g_autoptr (GBytes) salt = g_bytes_new_static ("calibration salt", SALT_SIZE);
  gint64 shortest = G_MAXINT64;

  for (int i = 0; i < 3; i++) {
    gint64 start = g_get_monotonic_time ();
    g_autoptr (GBytes) key = tambo_scrypt (password, salt, log2_n, error);

    if (key == NULL)
      return -1;
    shortest = MIN (shortest, g_get_monotonic_time () - start);
  }
  return shortest;
}

gboolean tambo_operators_calibrate (TamboStore *store, GError **error) {
  guint log2_n = CALIBRATION_LOG2_N;
  gint64 time = time_scrypt (log2_n, error);
  g_autofree char *text = NULL;

  if (time < 0)
    return FALSE;
  /* Work and memory double with each step; the step nearest to the aim. */
  while (log2_n < MAX_CALIBRATED_LOG2_N
         && (log2_n < MIN_CALIBRATED_LOG2_N || time * 3 / 2 < SIGN_IN_US)) {
    log2_n++;
    time *= 2;
  }
  text = g_strdup_printf ("%u", log2_n);
  return tambo_store_set_setting (store, "scrypt-log2-n", text, error);
}

/* How an operator's password opens the data key: LOG2_N(1) | SALT(16) | sealed data key. */
typedef struct {
  guint log2_n;
  guint8 salt[SALT_SIZE];
  GBytes *key_encryption_key;
} PasswordKey;

static void password_key_clear (PasswordKey *key) {
  g_clear_pointer (&key->key_encryption_key, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PasswordKey, password_key_clear)

static gboolean derive (PasswordKey *key, GBytes *password, GError **error) {
  g_autoptr (GBytes) salt = g_bytes_new (key->salt, SALT_SIZE);

  key->key_encryption_key = tambo_scrypt (password, salt, key->log2_n, error);
  return key->key_encryption_key != NULL;
}

static gboolean derive_new (TamboStore *store, PasswordKey *key, GBytes *password, GError **error) {
  tambo_random (key->salt, SALT_SIZE);
  return get_log2_n (store, &key->log2_n, error) && derive (key, password, error);
}

static GBytes *operator_place (const char *id) {
  g_autofree char *place = g_strconcat ("operator/", id, NULL);
  gsize size = strlen (place);

  return g_bytes_new_take (g_steal_pointer (&place), size);
}

static GBytes *wrap (const PasswordKey *key, const char *id, GBytes *data_key) {
  g_autoptr (GBytes) place = operator_place (id);
  g_autoptr (GBytes) sealed = tambo_aead_seal (key->key_encryption_key, place, data_key);
  GByteArray *wrapping = g_byte_array_new ();

  tambo_put_u8 (wrapping, (guint8) key->log2_n);
  tambo_put_bytes (wrapping, key->salt, SALT_SIZE);
  tambo_put_bytes (wrapping, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  return g_byte_array_free_to_bytes (wrapping);
}

static GBytes *new_data_key (void) {
  guint8 key[TAMBO_AES256_KEY_SIZE];
  GBytes *secret;

  tambo_random (key, sizeof key);
  secret = tambo_secret_new (key, sizeof key);
  tambo_secret_wipe (key, sizeof key);
  return secret;
}

/* The data key for a new wrapping: the open one, or a fresh one for the first operator. */
static GBytes *prepare_data_key (TamboStore *store, GError **error) {
  g_autoptr (sqlite3_stmt) statement = NULL;

  if (tambo_store_note_use (store))
    return g_bytes_ref (store->data_key);
  statement = tambo_db_find (store, "operators", error, "SELECT count (*) FROM operators", "");
  if (statement == NULL)
    return NULL;
  if (sqlite3_column_int64 (statement, 0) > 0) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED,
                         "no operator has unlocked the store");
    return NULL;
  }
  return new_data_key ();
}

static gboolean insert_operator (TamboStore *store, const char *id, TamboRole role,
                                 GBytes *wrapping, GError **error) {
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *hash = tambo_sha256_hex (wrapping);
  g_autoptr (sqlite3_stmt) existing =
      tambo_db_prepare (store, error, "SELECT 1 FROM operators WHERE id = ?", "s", id);
  TamboDbStep step = TAMBO_DB_FAILED;

  if (existing != NULL)
    step = tambo_db_step (store, existing, error);
  if (step == TAMBO_DB_ROW)
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_EXISTS,
                 "there is an operator %s already", id);
  return step == TAMBO_DB_DONE
         && tambo_db_run (store, error,
                          "INSERT INTO operators (id, role, created_at, wrapping, sha256)"
                          " VALUES (?, ?, ?, ?, ?)",
                          "sssbs", id, tambo_role_to_string (role), now, wrapping, hash);
}

/* Keeps DATA_KEY open for OPERATOR_ID. */
static void unlock (TamboStore *store, GBytes *data_key, const char *operator_id) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);

  g_bytes_ref (data_key);
  g_clear_pointer (&store->data_key, g_bytes_unref);
  store->data_key = data_key;
  tambo_db_restart_idle_time (store);
  g_free (store->operator_id);
  store->operator_id = g_strdup (operator_id);
}

gboolean tambo_operators_add (TamboStore *store, const char *id, TamboRole role, GBytes *password,
                              const char *actor, GError **error) {
  g_autoptr (TamboTransaction) transaction = NULL;
  g_autoptr (GBytes) data_key = NULL;
  g_autoptr (GBytes) wrapping = NULL;
  g_auto (PasswordKey) key = { 0 };
  gboolean is_first;

  if (g_str_equal (tambo_role_to_string (role), "unknown")) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                         "an operator has one role");
    return FALSE;
  }
  /* Before the transaction: nobody else waits for half a second of scrypt. */
  if (!check_new (id, password, error) || !derive_new (store, &key, password, error))
    return FALSE;
  transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL)
    return FALSE;
  data_key = prepare_data_key (store, error);
  if (data_key == NULL)
    return FALSE;
  wrapping = wrap (&key, id, data_key);
  is_first = store->data_key == NULL;
  if (!insert_operator (store, id, role, wrapping, error)
      || !tambo_audit_append (store, actor, "operator.add", id, wrapping, error))
    return FALSE;
  if (is_first) {
    unlock (store, data_key, id);
    store->is_key_new = TRUE;
  }
  return tambo_transaction_commit (transaction, error);
}

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

gboolean tambo_operators_set_password (TamboStore *store, const char *id, GBytes *password,
                                       const char *actor, GError **error) {
  g_autoptr (TamboTransaction) transaction = NULL;
  g_autoptr (GBytes) wrapping = NULL;
  g_autofree char *hash = NULL;
  g_auto (PasswordKey) key = { 0 };

  if (!check_new (id, password, error) || !derive_new (store, &key, password, error))
    return FALSE;
  transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL)
    return FALSE;
  if (!tambo_store_note_use (store)) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED,
                         "no operator has unlocked the store");
    return FALSE;
  }
  wrapping = wrap (&key, id, store->data_key);
  hash = tambo_sha256_hex (wrapping);
  return tambo_db_run (store, error,
                       "UPDATE operators SET wrapping = ?, sha256 = ?, failures = 0, retry_at = 0"
                       " WHERE id = ?",
                       "bss", wrapping, hash, id)
         && check_changed (store, id, error)
         && tambo_audit_append (store, actor, "operator.password", id, wrapping, error)
         && tambo_transaction_commit (transaction, error);
}

static gint64 delay_after (int failures) {
  if (failures <= FREE_FAILURES)
    return 0;
  return MIN (G_GINT64_CONSTANT (1) << MIN (failures - FREE_FAILURES, 20), MAX_DELAY_S);
}

/* DISABLED while the delay after the last failure lasts. */
static gboolean check_delay (TamboStore *store, const char *id, sqlite3_stmt *row, GError **error) {
  gint64 left = sqlite3_column_int64 (row, 1) - tambo_clock_now_unix ();
  gint64 delay = delay_after (sqlite3_column_int (row, 0));

  if (left <= 0 || delay == 0)
    return TRUE;
  /* A clock that was set back must not lock anybody out for longer than the delay is. */
  if (left > delay
      && !tambo_db_run (store, error, "UPDATE operators SET retry_at = ? WHERE id = ?", "ls",
                        tambo_clock_now_unix () + delay, id))
    return FALSE;
  g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_DISABLED,
               "too many wrong passwords; %s may try again in %" G_GINT64_FORMAT " s", id,
               MIN (left, delay));
  return FALSE;
}

/* The failure is counted before the password is looked at, so that a program that is killed in time
 * has still used up its try. */
static gboolean count_failure (TamboStore *store, const char *id, int failures, GError **error) {
  return tambo_db_run (store, error, "UPDATE operators SET failures = ?, retry_at = ? WHERE id = ?",
                       "ils", failures, tambo_clock_now_unix () + delay_after (failures), id);
}

/* Gives the stored wrapping of ID, NULL when there is no such operator. */
static gboolean start_attempt (TamboStore *store, const char *id, GBytes **out_wrapping,
                               GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (sqlite3_stmt) row = NULL;
  g_autoptr (GBytes) wrapping = NULL;
  g_autoptr (GError) reason = NULL;
  g_autofree char *place = g_strconcat ("operators ", id, NULL);
  TamboDbStep step = TAMBO_DB_FAILED;

  if (transaction == NULL)
    return FALSE;
  row = tambo_db_prepare (store, error,
                          "SELECT failures, retry_at, wrapping, sha256 FROM operators WHERE id = ?",
                          "s", id);
  if (row != NULL)
    step = tambo_db_step (store, row, error);
  if (step == TAMBO_DB_FAILED)
    return FALSE;
  if (step == TAMBO_DB_DONE) {
    *out_wrapping = NULL;
    return TRUE;
  }
  if (!check_delay (store, id, row, &reason)) {
    g_clear_pointer (&row, sqlite3_finalize);
    if (tambo_transaction_commit (transaction, error))
      g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  wrapping = tambo_db_dup_checked_blob (row, 2, 3, place, error);
  if (wrapping == NULL || !count_failure (store, id, sqlite3_column_int (row, 0) + 1, error))
    return FALSE;
  g_clear_pointer (&row, sqlite3_finalize);
  if (!tambo_transaction_commit (transaction, error))
    return FALSE;
  *out_wrapping = g_steal_pointer (&wrapping);
  return TRUE;
}

static void set_wrong_password (GError **error) {
  g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_PASSWORD,
                       "unknown operator or wrong password");
}

static GBytes *unwrap (const char *id, GBytes *wrapping, GBytes *password, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (wrapping);
  g_autoptr (GBytes) place = operator_place (id);
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (GBytes) data_key = NULL;
  g_auto (PasswordKey) key = { 0 };
  const guint8 *salt;
  guint8 log2_n;

  if (!tambo_reader_u8 (&reader, &log2_n) || log2_n < MIN_LOG2_N || log2_n > MAX_LOG2_N
      || !tambo_reader_take (&reader, SALT_SIZE, &salt)) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                 "operators %s: the wrapped key is malformed", id);
    return NULL;
  }
  key.log2_n = log2_n;
  memcpy (key.salt, salt, SALT_SIZE);
  if (!derive (&key, password, error))
    return NULL;
  sealed = g_bytes_new_from_bytes (wrapping, reader.position, tambo_reader_left (&reader));
  data_key = tambo_aead_open (key.key_encryption_key, place, sealed, NULL);
  if (data_key == NULL || g_bytes_get_size (data_key) != TAMBO_AES256_KEY_SIZE) {
    set_wrong_password (error);
    return NULL;
  }
  return g_steal_pointer (&data_key);
}

/* As much work as for an operator who exists. */
static gboolean refuse_unknown (TamboStore *store, GBytes *password, GError **error) {
  g_auto (PasswordKey) key = { 0 };

  if (!derive_new (store, &key, password, error))
    return FALSE;
  /* The name stays out of the log: people type passwords into the wrong field. */
  if (tambo_audit_append (store, "station", "operator.sign-in-failed", "", NULL, error))
    set_wrong_password (error);
  return FALSE;
}

static TamboOperatorRow *find_row (TamboStore *store, const char *id, GError **error) {
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "operator of that name", error,
                     "SELECT " OPERATOR_COLUMNS " FROM operators WHERE id = ?", "s", id);

  return statement != NULL ? read_row (statement, error) : NULL;
}

static TamboOperatorRow *finish_attempt (TamboStore *store, const char *id, GBytes *data_key,
                                         GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (TamboOperatorRow) row = NULL;

  if (transaction == NULL
      || !tambo_db_run (store, error,
                        "UPDATE operators SET failures = 0, retry_at = 0 WHERE id = ?", "s", id))
    return NULL;
  row = find_row (store, id, error);
  if (row == NULL
      || !tambo_audit_append (store, id,
                              row->disabled ? "operator.sign-in-failed" : "operator.sign-in", id,
                              NULL, error)
      || !tambo_transaction_commit (transaction, error))
    return NULL;
  if (row->disabled) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_DISABLED,
                 "the operator %s has been disabled", id);
    return NULL;
  }
  unlock (store, data_key, id);
  return g_steal_pointer (&row);
}

TamboOperatorRow *tambo_operators_sign_in (TamboStore *store, const char *id, GBytes *password,
                                           GError **error) {
  g_autoptr (GBytes) wrapping = NULL;
  g_autoptr (GBytes) data_key = NULL;
  g_autoptr (GError) reason = NULL;

  if (tambo_db_in_transaction (store)) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                         "a failed sign-in has to be durable; it cannot be part of a transaction");
    return NULL;
  }
  if (!start_attempt (store, id, &wrapping, error))
    return NULL;
  if (wrapping == NULL) {
    refuse_unknown (store, password, error);
    return NULL;
  }
  data_key = unwrap (id, wrapping, password, &reason);
  if (data_key != NULL)
    return finish_attempt (store, id, data_key, error);
  if (!g_error_matches (reason, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_PASSWORD)
      || tambo_audit_append (store, id, "operator.sign-in-failed", id, NULL, error))
    g_propagate_error (error, g_steal_pointer (&reason));
  return NULL;
}
