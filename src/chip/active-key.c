/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/active-key.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "chip/active-authentication.h"

#define NUMBER_SIZE 128 /* RSA-1024 */
#define MAX_CURVE_KEY 1024

static void put_number (GByteArray *array, GBytes *number) {
  gsize size;
  gconstpointer data = g_bytes_get_data (number, &size);

  tambo_put_u16 (array, (guint16) size);
  tambo_put_bytes (array, data, size);
}

GBytes *tambo_active_key_encode (const TamboActiveKey *key) {
  g_autoptr (GByteArray) array = g_byte_array_new ();

  if (key->curve_key) {
    tambo_put_u16 (array, 0); /* no modulus */
    put_number (array, key->curve_key);
  } else {
    put_number (array, key->modulus);
    put_number (array, key->private_exponent);
  }
  GBytes *secret = tambo_secret_new (array->data, array->len);
  tambo_secret_wipe (array->data, array->len);
  return secret;
}

static GBytes *take_secret (TamboReader *reader, guint16 size) {
  const guint8 *data;

  return tambo_reader_take (reader, size, &data) ? tambo_secret_new (data, size) : NULL;
}

static GBytes *take_curve_key (TamboReader *reader) {
  guint16 size;
  GBytes *secret =
      tambo_reader_u16 (reader, &size) && size <= MAX_CURVE_KEY ? take_secret (reader, size) : NULL;
  const unsigned char *at = secret ? g_bytes_get_data (secret, NULL) : NULL;
  g_autoptr (EVP_PKEY) key = at ? d2i_PrivateKey (EVP_PKEY_EC, NULL, &at, size) : NULL;

  ERR_clear_error ();
  if (!key)
    g_clear_pointer (&secret, g_bytes_unref);
  return secret;
}

static gboolean take_numbers (TamboReader *reader, TamboActiveKey *key) {
  guint16 size;

  key->modulus = take_secret (reader, NUMBER_SIZE);
  if (key->modulus && tambo_reader_u16 (reader, &size) && size == NUMBER_SIZE)
    key->private_exponent = take_secret (reader, size);
  return key->private_exponent != NULL;
}

gboolean tambo_active_key_decode (GBytes *bytes, TamboActiveKey *out_key, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (bytes);
  g_auto (TamboActiveKey) key = { 0 };
  guint16 size = 0;
  gboolean whole = tambo_reader_u16 (&reader, &size);

  if (whole && size == 0)
    whole = (key.curve_key = take_curve_key (&reader)) != NULL;
  else
    whole = size == NUMBER_SIZE && take_numbers (&reader, &key);
  if (!whole || tambo_reader_left (&reader) > 0) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "the key of active authentication is not of its form");
    return FALSE;
  }
  *out_key = key;
  key = (TamboActiveKey){ 0 };
  return TRUE;
}
