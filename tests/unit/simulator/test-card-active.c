/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include "base/cleanup.h"
#include "simulator/card-active.h"

typedef struct {
  GBytes *modulus, *private_exponent;
  EVP_PKEY *key;
} Key;

static GBytes *number (EVP_PKEY *key, const char *name) {
  g_autoptr (BIGNUM) value = NULL;
  guint8 octets[TAMBO_CARD_ACTIVE_KEY_SIZE * 2];

  g_assert_true (EVP_PKEY_get_bn_param (key, name, &value));
  int size = BN_bn2bin (value, octets);
  return g_bytes_new (octets, (gsize) size);
}

static void key_set_up (Key *key, gconstpointer bits) {
  key->key = EVP_RSA_gen (GPOINTER_TO_UINT (bits));
  g_assert_nonnull (key->key);
  key->modulus = number (key->key, OSSL_PKEY_PARAM_RSA_N);
  key->private_exponent = number (key->key, OSSL_PKEY_PARAM_RSA_D);
}

static void key_tear_down (Key *key, gconstpointer bits) {
  g_bytes_unref (key->modulus);
  g_bytes_unref (key->private_exponent);
  EVP_PKEY_free (key->key);
}

/* Recovers the message with the public key and reads it as ISO/IEC 9796-2 has it. */
static void test_recover (Key *key, gconstpointer bits) {
  static const guint8 challenge[] = { 0xF1, 0x73, 0x58, 0x99, 0x74, 0xBF, 0x40, 0xC6 };
  guint8 m1[106], recovered[128], hashed[106 + 8], hash[20];

  for (gsize i = 0; i < sizeof m1; i++)
    m1[i] = (guint8) (i + 1);
  g_autoptr (GBytes) signature =
      tambo_card_active_sign (key->modulus, key->private_exponent, m1, challenge, sizeof challenge);
  g_assert_cmpuint (g_bytes_get_size (signature), ==, 128);

  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new (key->key, NULL);
  gsize size = sizeof recovered;
  g_assert_cmpint (EVP_PKEY_encrypt_init (context), ==, 1);
  g_assert_cmpint (EVP_PKEY_CTX_set_rsa_padding (context, RSA_NO_PADDING), ==, 1);
  g_assert_cmpint (
      EVP_PKEY_encrypt (context, recovered, &size, g_bytes_get_data (signature, NULL), 128), ==, 1);
  g_assert_cmpuint (size, ==, 128);

  memcpy (hashed, m1, sizeof m1);
  memcpy (hashed + sizeof m1, challenge, sizeof challenge);
  g_assert_true (EVP_Digest (hashed, sizeof hashed, hash, NULL, EVP_sha1 (), NULL));
  g_assert_cmphex (recovered[0], ==, 0x6A);
  g_assert_cmpmem (recovered + 1, 106, m1, sizeof m1);
  g_assert_cmpmem (recovered + 107, 20, hash, sizeof hash);
  g_assert_cmphex (recovered[127], ==, 0xBC);
}

static void test_other_size (Key *key, gconstpointer bits) {
  static const guint8 m1[106];

  g_assert_null (tambo_card_active_sign (key->modulus, key->private_exponent, m1, "12345678", 8));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/simulator/card-active/recover", Key, GUINT_TO_POINTER (1024), key_set_up,
              test_recover, key_tear_down);
  g_test_add ("/simulator/card-active/other-size", Key, GUINT_TO_POINTER (1536), key_set_up,
              test_other_size, key_tear_down);
  return g_test_run ();
}
