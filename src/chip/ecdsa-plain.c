/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/ecdsa-plain.h"

#include <openssl/core_names.h>

#define MAX_SIGNATURE 1024

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ECDSA_SIG, ECDSA_SIG_free)

const EVP_MD *tambo_ecdsa_plain_hash (guint8 number) {
  switch (number) {
  case 1:
    return EVP_sha1 ();
  case 2:
    return EVP_sha224 ();
  case 3:
    return EVP_sha256 ();
  case 4:
    return EVP_sha384 ();
  case 5:
    return EVP_sha512 ();
  default:
    return NULL;
  }
}

GBytes *tambo_ecdsa_plain_to_der (gconstpointer data, gsize size) {
  g_autoptr (BIGNUM) r = NULL;
  g_autoptr (BIGNUM) s = NULL;
  g_autoptr (ECDSA_SIG) pair = ECDSA_SIG_new ();
  unsigned char *der = NULL;

  if (size < 2 || size % 2 || size > MAX_SIGNATURE)
    return NULL;
  r = BN_bin2bn (data, (int) (size / 2), NULL);
  s = BN_bin2bn ((const guint8 *) data + size / 2, (int) (size / 2), NULL);
  if (!r || !s || !pair || !ECDSA_SIG_set0 (pair, r, s))
    return NULL;
  (void) g_steal_pointer (&r);
  (void) g_steal_pointer (&s);
  int length = i2d_ECDSA_SIG (pair, &der);
  GBytes *bytes = length > 0 ? g_bytes_new (der, (gsize) length) : NULL;
  OPENSSL_free (der);
  return bytes;
}

GBytes *tambo_ecdsa_der_to_plain (EVP_PKEY *key, gconstpointer data, gsize size) {
  const guint8 *at = data;
  g_autoptr (ECDSA_SIG) pair = d2i_ECDSA_SIG (NULL, &at, (long) size);
  g_autoptr (BIGNUM) order = NULL;
  guint8 octets[MAX_SIGNATURE];

  if (!pair || !EVP_PKEY_get_bn_param (key, OSSL_PKEY_PARAM_EC_ORDER, &order))
    return NULL;
  int half = BN_num_bytes (order);
  if (half > MAX_SIGNATURE / 2 || BN_bn2binpad (ECDSA_SIG_get0_r (pair), octets, half) != half
      || BN_bn2binpad (ECDSA_SIG_get0_s (pair), octets + half, half) != half)
    return NULL;
  return g_bytes_new (octets, (gsize) half * 2);
}
