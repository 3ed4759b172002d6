/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/checksum.h"

#include <openssl/evp.h>

struct _TamboChecksum {
  EVP_CIPHER_CTX *context;
};

/* The key stays: OpenSSL looks for a cipher longer than it sums a page. */
void tambo_checksum_begin (TamboChecksum *checksum) {
  static const guint8 nonce[12] = { 0 };

  if (EVP_EncryptInit_ex (checksum->context, NULL, NULL, NULL, nonce) != 1)
    g_error ("OpenSSL cannot start a GMAC");
}

TamboChecksum *tambo_checksum_new (void) {
  static const guint8 key[16] = "tambo checksum 1";
  TamboChecksum *checksum = g_new (TamboChecksum, 1);

  checksum->context = EVP_CIPHER_CTX_new ();
  if (checksum->context == NULL)
    g_error ("no memory for a checksum");
  if (EVP_EncryptInit_ex (checksum->context, EVP_aes_128_gcm (), NULL, key, NULL) != 1)
    g_error ("OpenSSL cannot start AES-128-GCM");
  tambo_checksum_begin (checksum);
  return checksum;
}

void tambo_checksum_update (TamboChecksum *checksum, gconstpointer data, gsize size) {
  const guint8 *bytes = data;
  int written;

  while (size > 0) {
    int part = (int) MIN (size, 1 << 30);

    if (EVP_EncryptUpdate (checksum->context, NULL, &written, bytes, part) != 1)
      g_error ("OpenSSL cannot add to a GMAC");
    bytes += part;
    size -= (gsize) part;
  }
}

void tambo_checksum_finish (TamboChecksum *checksum, guint8 out[TAMBO_CHECKSUM_SIZE]) {
  guint8 unused[16];
  int written;

  if (EVP_EncryptFinal_ex (checksum->context, unused, &written) != 1
      || EVP_CIPHER_CTX_ctrl (checksum->context, EVP_CTRL_AEAD_GET_TAG, TAMBO_CHECKSUM_SIZE, out)
             != 1)
    g_error ("OpenSSL cannot finish a GMAC");
  tambo_checksum_begin (checksum);
}

void tambo_checksum_free (TamboChecksum *checksum) {
  if (checksum == NULL)
    return;
  EVP_CIPHER_CTX_free (checksum->context);
  g_free (checksum);
}
