/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/bytes.h"

void tambo_sha256 (gconstpointer data, gsize size, guint8 out_hash[TAMBO_SHA256_SIZE]) {
  if (EVP_Digest (size > 0 ? data : "", size, out_hash, NULL, EVP_sha256 (), NULL) != 1)
    g_error ("OpenSSL has no SHA-256");
}

GBytes *tambo_sha256_bytes (GBytes *bytes) {
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  guint8 hash[TAMBO_SHA256_SIZE];

  tambo_sha256 (data, size, hash);
  return g_bytes_new (hash, sizeof hash);
}

char *tambo_sha256_hex (GBytes *bytes) {
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  guint8 hash[TAMBO_SHA256_SIZE];

  tambo_sha256 (data, size, hash);
  return tambo_hex_encode (hash, sizeof hash);
}

gboolean tambo_is_sha256_hex (const char *text) {
  if (text == NULL || strlen (text) != 2 * TAMBO_SHA256_SIZE)
    return FALSE;
  return strspn (text, "0123456789abcdef") == 2 * TAMBO_SHA256_SIZE;
}
