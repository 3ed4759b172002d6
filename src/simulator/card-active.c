/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-active.h"

#include <string.h>

#include <openssl/rsa.h>

#include "base/cleanup.h"
#include "base/crypto.h"
#include "chip/ecdsa-plain.h"

#define M1_SIZE 106
#define SHA1_SIZE 20
#define HEADER 0x6A  /* partial recovery, no field of its own for the hash */
#define TRAILER 0xBC /* SHA-1 */

static GBytes *apply_key (const guint8 *message, GBytes *modulus, GBytes *private_exponent) {
  gsize n_size, d_size;
  const guint8 *n_data = g_bytes_get_data (modulus, &n_size);
  const guint8 *d_data = g_bytes_get_data (private_exponent, &d_size);
  g_autoptr (BIGNUM) n = BN_bin2bn (n_data, (int) n_size, NULL);
  g_autoptr (BIGNUM) d = BN_bin2bn (d_data, (int) d_size, NULL);
  g_autoptr (BIGNUM) m = BN_bin2bn (message, TAMBO_CARD_ACTIVE_KEY_SIZE, NULL);
  g_autoptr (BIGNUM) signature = BN_new ();
  guint8 octets[TAMBO_CARD_ACTIVE_KEY_SIZE];

  if (!n || !d || !m || !signature || BN_num_bits (n) != TAMBO_CARD_ACTIVE_KEY_SIZE * 8
      || !BN_is_odd (n))
    return NULL;
  BN_CTX *context = BN_CTX_new ();
  int done = context && BN_mod_exp (signature, m, d, n, context);
  BN_CTX_free (context);
  if (!done || BN_bn2binpad (signature, octets, sizeof octets) != sizeof octets)
    return NULL;
  return g_bytes_new (octets, sizeof octets);
}

GBytes *tambo_card_active_sign (GBytes *modulus, GBytes *private_exponent, const guint8 m1[M1_SIZE],
                                gconstpointer challenge, gsize challenge_size) {
  guint8 message[TAMBO_CARD_ACTIVE_KEY_SIZE] = { HEADER };
  g_autoptr (EVP_MD_CTX) digest = EVP_MD_CTX_new ();

  memcpy (message + 1, m1, M1_SIZE);
  if (!digest || !EVP_DigestInit_ex (digest, EVP_sha1 (), NULL)
      || !EVP_DigestUpdate (digest, m1, M1_SIZE)
      || !EVP_DigestUpdate (digest, challenge, challenge_size)
      || !EVP_DigestFinal_ex (digest, message + 1 + M1_SIZE, NULL))
    return NULL;
  message[1 + M1_SIZE + SHA1_SIZE] = TRAILER;
  return apply_key (message, modulus, private_exponent);
}

static gboolean fill_message (guint8 *message, gsize size, gconstpointer challenge,
                              gsize challenge_size) {
  g_autoptr (EVP_MD_CTX) digest = EVP_MD_CTX_new ();
  gsize m1_size = size - SHA1_SIZE - 2;

  message[0] = HEADER;
  tambo_random (message + 1, m1_size);
  message[size - 1] = TRAILER;
  return digest && EVP_DigestInit_ex (digest, EVP_sha1 (), NULL)
         && EVP_DigestUpdate (digest, message + 1, m1_size)
         && EVP_DigestUpdate (digest, challenge, challenge_size)
         && EVP_DigestFinal_ex (digest, message + 1 + m1_size, NULL);
}

/* The private operation alone: the form is made by hand. */
static GBytes *sign_rsa (EVP_PKEY *key, gconstpointer challenge, gsize challenge_size) {
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new (key, NULL);
  gsize size = (gsize) EVP_PKEY_get_size (key), signature_size = size;
  g_autofree guint8 *message = g_malloc0 (size);
  g_autofree guint8 *signature = g_malloc0 (size);

  if (!fill_message (message, size, challenge, challenge_size) || !context
      || EVP_PKEY_decrypt_init (context) != 1
      || EVP_PKEY_CTX_set_rsa_padding (context, RSA_NO_PADDING) != 1
      || EVP_PKEY_decrypt (context, signature, &signature_size, message, size) != 1)
    return NULL;
  return g_bytes_new (signature, signature_size);
}

static GBytes *sign_ecdsa (EVP_PKEY *key, gconstpointer challenge, gsize challenge_size) {
  g_autoptr (EVP_MD_CTX) digest = EVP_MD_CTX_new ();
  int bits = EVP_PKEY_get_bits (key);
  const EVP_MD *hash = bits < 256   ? EVP_sha224 ()
                       : bits < 384 ? EVP_sha256 ()
                       : bits < 512 ? EVP_sha384 ()
                                    : EVP_sha512 ();
  gsize size = (gsize) EVP_PKEY_get_size (key);
  g_autofree guint8 *der = g_malloc0 (size);

  if (!digest || EVP_DigestSignInit (digest, NULL, hash, NULL, key) != 1
      || EVP_DigestSign (digest, der, &size, challenge, challenge_size) != 1)
    return NULL;
  return tambo_ecdsa_der_to_plain (key, der, size);
}

GBytes *tambo_card_active_sign_by (EVP_PKEY *key, gconstpointer challenge, gsize challenge_size) {
  if (EVP_PKEY_is_a (key, "RSA"))
    return sign_rsa (key, challenge, challenge_size);
  return EVP_PKEY_is_a (key, "EC") ? sign_ecdsa (key, challenge, challenge_size) : NULL;
}
