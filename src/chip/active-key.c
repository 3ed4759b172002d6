/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/active-key.h"

#include "base/bytes.h"
#include "chip/active-authentication.h"

#define NUMBER_SIZE 128 /* RSA-1024 */

static void put_number (GByteArray *array, GBytes *number) {
  gsize size;
  gconstpointer data = g_bytes_get_data (number, &size);

  tambo_put_u16 (array, (guint16) size);
  tambo_put_bytes (array, data, size);
}

GBytes *tambo_active_key_encode (const TamboActiveKey *key) {
  g_autoptr (GByteArray) array = g_byte_array_new ();

  put_number (array, key->modulus);
  put_number (array, key->private_exponent);
  GBytes *secret = tambo_secret_new (array->data, array->len);
  tambo_secret_wipe (array->data, array->len);
  return secret;
}

static GBytes *take_number (TamboReader *reader) {
  guint16 size;
  const guint8 *data;

  if (!tambo_reader_u16 (reader, &size) || size != NUMBER_SIZE
      || !tambo_reader_take (reader, size, &data))
    return NULL;
  return tambo_secret_new (data, size);
}

gboolean tambo_active_key_decode (GBytes *bytes, TamboActiveKey *out_key, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (bytes);
  g_auto (TamboActiveKey) key = { .modulus = take_number (&reader) };

  key.private_exponent = key.modulus ? take_number (&reader) : NULL;
  if (!key.private_exponent || tambo_reader_left (&reader) > 0) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "the key of active authentication is not of its form");
    return FALSE;
  }
  *out_key = key;
  key = (TamboActiveKey){ 0 };
  return TRUE;
}
