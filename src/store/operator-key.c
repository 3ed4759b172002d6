/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/operator-key.h"

#include <string.h>

#include "base/bytes.h"
#include "store/operators.h"

#define SALT_SIZE 16
#define DEFAULT_LOG2_N 17
#define MIN_LOG2_N 10
#define MAX_LOG2_N 20 /* 1 GiB */
#define CALIBRATION_LOG2_N 13
#define MIN_CALIBRATED_LOG2_N 16
#define MAX_CALIBRATED_LOG2_N 19 /* 512 MiB */
#define SIGN_IN_US (300 * 1000)

/* ---- the cost ---- */

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

/* ---- a password's key ---- */

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

GBytes *tambo_operator_key_wrap (TamboStore *store, const char *id, GBytes *password,
                                 GBytes *unlock_key, GError **error) {
  g_autoptr (GBytes) place = operator_place (id);
  g_autoptr (GBytes) sealed = NULL;
  g_auto (PasswordKey) key = { 0 };
  GByteArray *wrapping;

  if (!derive_new (store, &key, password, error))
    return NULL;
  sealed = tambo_aead_seal (key.key_encryption_key, place, unlock_key);
  wrapping = g_byte_array_new ();
  tambo_put_u8 (wrapping, (guint8) key.log2_n);
  tambo_put_bytes (wrapping, key.salt, SALT_SIZE);
  tambo_put_bytes (wrapping, g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  return g_byte_array_free_to_bytes (wrapping);
}

void tambo_operator_key_set_wrong_password (GError **error) {
  g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_PASSWORD,
                       "unknown operator or wrong password");
}

GBytes *tambo_operator_key_unwrap (const char *id, GBytes *wrapping, GBytes *password,
                                   GError **error) {
  TamboReader reader = tambo_reader_for_bytes (wrapping);
  g_autoptr (GBytes) place = operator_place (id);
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (GBytes) unlock_key = NULL;
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
  unlock_key = tambo_aead_open (key.key_encryption_key, place, sealed, NULL);
  if (unlock_key == NULL || g_bytes_get_size (unlock_key) != TAMBO_AES256_KEY_SIZE) {
    tambo_operator_key_set_wrong_password (error);
    return NULL;
  }
  return g_steal_pointer (&unlock_key);
}

gboolean tambo_operator_key_pretend (TamboStore *store, GBytes *password, GError **error) {
  g_auto (PasswordKey) key = { 0 };

  return derive_new (store, &key, password, error);
}
