/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/crypto.h"
#include "base/error.h"

/* The P-256 key of RFC 6979 appendix A.2.5. */
#define SCALAR "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
#define POINT                                                                                      \
  "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"                             \
  "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"

static TamboKey *key_of_rfc6979 (void) {
  g_autoptr (GBytes) scalar = tambo_hex_decode (SCALAR);
  g_autoptr (GError) error = NULL;
  TamboKey *key = tambo_key_new_from_scalar (scalar, &error);

  g_assert_no_error (error);
  return key;
}

static TamboKey *key_from_point_hex (const char *hex) {
  g_autoptr (GBytes) point = tambo_hex_decode (hex);

  return tambo_key_new_from_point (g_bytes_get_data (point, NULL), g_bytes_get_size (point), NULL);
}

static void test_scalar_gives_point (void) {
  g_autoptr (TamboKey) key = key_of_rfc6979 ();
  g_autoptr (GBytes) point = tambo_key_dup_point (key);
  g_autofree char *hex =
      tambo_hex_encode (g_bytes_get_data (point, NULL), g_bytes_get_size (point));
  g_autofree char *id = tambo_key_dup_id (key);

  g_assert_cmpstr (hex, ==, POINT);
  g_assert_true (tambo_key_is_private (key));
  g_assert_cmpuint (strlen (id), ==, 16);
}

/* The signature that the RFC gives for "sample" under SHA-256. */
static void test_verifies_known_signature (void) {
  g_autoptr (TamboKey) key = key_from_point_hex (POINT);
  g_autoptr (GBytes) signature =
      tambo_hex_decode ("3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                        "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");

  g_assert_false (tambo_key_is_private (key));
  g_assert_true (tambo_key_verify (key, "sample", 6, signature));
  g_assert_false (tambo_key_verify (key, "Sample", 6, signature));
}

static void test_refuses_every_changed_signature (void) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autoptr (TamboKey) other = tambo_key_generate ();
  g_autoptr (GBytes) signature = tambo_key_sign (key, "data", 4);
  g_autoptr (GBytes) of_nothing = tambo_key_sign (key, NULL, 0);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  gsize size = g_bytes_get_size (signature);

  g_assert_true (tambo_key_verify (key, "data", 4, signature));
  g_assert_true (tambo_key_verify (key, NULL, 0, of_nothing));
  g_assert_false (tambo_key_verify (other, "data", 4, signature));
  g_assert_false (tambo_key_verify (key, "data", 4, empty));
  for (gsize i = 0; i < size * 8; i++) {
    g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (signature, NULL), size);
    g_autoptr (GBytes) changed = NULL;

    copy[i / 8] ^= (guint8) (1 << i % 8);
    changed = g_bytes_new (copy, size);
    g_assert_false (tambo_key_verify (key, "data", 4, changed));
  }
}

/* The first vector of NIST's CAVS file for ECC CDH on P-256. */
static void test_derives_known_secret (void) {
  g_autoptr (GBytes) scalar =
      tambo_hex_decode ("7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534");
  g_autoptr (TamboKey) ours = tambo_key_new_from_scalar (scalar, NULL);
  g_autoptr (TamboKey) theirs =
      key_from_point_hex ("04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287"
                          "db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac");
  g_autoptr (GBytes) shared = tambo_key_derive (ours, theirs, NULL);
  g_autofree char *hex =
      tambo_hex_encode (g_bytes_get_data (shared, NULL), g_bytes_get_size (shared));

  g_assert_cmpstr (hex, ==, "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b");
}

static void test_derives_the_same_on_both_sides (void) {
  for (int i = 0; i < 20; i++) {
    g_autoptr (TamboKey) a = tambo_key_generate ();
    g_autoptr (TamboKey) b = tambo_key_generate ();
    g_autoptr (GBytes) ab = tambo_key_derive (a, b, NULL);
    g_autoptr (GBytes) ba = tambo_key_derive (b, a, NULL);

    g_assert_cmpuint (g_bytes_get_size (ab), ==, 32);
    g_assert_true (tambo_bytes_equal_secret (ab, ba));
  }
}

static void test_pem_round_trip (void) {
  g_autoptr (TamboKey) key = key_of_rfc6979 ();
  g_autoptr (GBytes) private_pem = tambo_key_dup_private_pem (key);
  g_autofree char *public_pem = tambo_key_dup_public_pem (key);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboKey) from_private = NULL;
  g_autoptr (TamboKey) from_public = NULL;
  g_autofree char *id = tambo_key_dup_id (key);
  g_autofree char *id_private = NULL;
  g_autofree char *id_public = NULL;

  from_private = tambo_key_new_from_pem (g_bytes_get_data (private_pem, NULL),
                                         (gssize) g_bytes_get_size (private_pem), &error);
  g_assert_no_error (error);
  from_public = tambo_key_new_from_pem (public_pem, -1, &error);
  g_assert_no_error (error);
  id_private = tambo_key_dup_id (from_private);
  id_public = tambo_key_dup_id (from_public);
  g_assert_true (tambo_key_is_private (from_private));
  g_assert_false (tambo_key_is_private (from_public));
  g_assert_cmpstr (id_private, ==, id);
  g_assert_cmpstr (id_public, ==, id);
}

static char *certificate_pem (TamboKey *key) {
  g_autoptr (X509) certificate = X509_new ();
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *data;
  long size;

  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 1);
  X509_gmtime_adj (X509_getm_notBefore (certificate), 0);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 3600);
  X509_set_pubkey (certificate, tambo_key_get_evp_pkey (key));
  g_assert_cmpint (X509_sign (certificate, tambo_key_get_evp_pkey (key), EVP_sha256 ()), >, 0);
  g_assert_cmpint (PEM_write_bio_X509 (bio, certificate), ==, 1);
  size = BIO_get_mem_data (bio, &data);
  return g_strndup (data, (gsize) size);
}

static void test_certificate_gives_public_key (void) {
  g_autoptr (TamboKey) key = key_of_rfc6979 ();
  g_autofree char *pem = certificate_pem (key);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboKey) from_certificate = tambo_key_new_from_pem (pem, -1, &error);
  g_autofree char *id = tambo_key_dup_id (key);
  g_autofree char *id_certificate = NULL;

  g_assert_no_error (error);
  id_certificate = tambo_key_dup_id (from_certificate);
  g_assert_cmpstr (id_certificate, ==, id);
  g_assert_false (tambo_key_is_private (from_certificate));
}

static void test_pem_refuses_truncation (void) {
  g_autoptr (TamboKey) key = key_of_rfc6979 ();
  g_autofree char *pem = certificate_pem (key);
  g_autoptr (GBytes) private_pem = tambo_key_dup_private_pem (key);
  const char *end = strstr (pem, "-----END CERTIFICATE-----") + 25;

  for (gssize i = 0; i < end - pem; i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (tambo_key_new_from_pem (pem, i, &error));
    g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED);
  }
  for (gssize i = 0; i < (gssize) g_bytes_get_size (private_pem) - 1; i++)
    g_assert_null (tambo_key_new_from_pem (g_bytes_get_data (private_pem, NULL), i, NULL));
}

static void assert_pem_refused (EVP_PKEY *pkey, const EVP_CIPHER *cipher) {
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  g_autoptr (GError) error = NULL;
  char *data;
  long size;

  g_assert_cmpint (PEM_write_bio_PKCS8PrivateKey (bio, pkey, cipher, cipher ? "password" : NULL,
                                                  cipher ? 8 : 0, NULL, NULL),
                   ==, 1);
  size = BIO_get_mem_data (bio, &data);
  g_assert_null (tambo_key_new_from_pem (data, size, &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED);
}

static void test_pem_refuses_other_keys (void) {
  g_autoptr (EVP_PKEY) p384 = EVP_EC_gen ("secp384r1");
  g_autoptr (EVP_PKEY) ed25519 = EVP_PKEY_Q_keygen (NULL, NULL, "ED25519");
  g_autoptr (TamboKey) key = tambo_key_generate ();

  assert_pem_refused (p384, NULL);
  assert_pem_refused (ed25519, NULL);
  /* Nobody is asked for a password. */
  assert_pem_refused (tambo_key_get_evp_pkey (key), EVP_aes_256_cbc ());
  g_assert_null (tambo_key_new_from_pem ("", -1, NULL));
  g_assert_null (tambo_key_new_from_pem ("-----BEGIN PUBLIC KEY-----\n", -1, NULL));
}

static void test_refuses_bad_points_and_scalars (void) {
  static const char *const scalars[] = {
    "",
    "01",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", /* the order */
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "00c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
  };
  g_autoptr (GBytes) point = tambo_hex_decode (POINT);
  const guint8 *data = g_bytes_get_data (point, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (scalars); i++) {
    g_autoptr (GBytes) scalar = tambo_hex_decode (scalars[i]);
    g_autoptr (GError) error = NULL;

    g_assert_null (tambo_key_new_from_scalar (scalar, &error));
    g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED);
  }
  for (gsize i = 0; i < TAMBO_P256_POINT_SIZE; i++) {
    guint8 changed[TAMBO_P256_POINT_SIZE];

    memcpy (changed, data, sizeof changed);
    changed[i] ^= 0x01;
    g_assert_null (tambo_key_new_from_point (changed, sizeof changed, NULL));
    g_assert_null (tambo_key_new_from_point (data, i, NULL));
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/key/scalar-gives-point", test_scalar_gives_point);
  g_test_add_func ("/key/verifies-known-signature", test_verifies_known_signature);
  g_test_add_func ("/key/refuses-every-changed-signature", test_refuses_every_changed_signature);
  g_test_add_func ("/key/derives-known-secret", test_derives_known_secret);
  g_test_add_func ("/key/derives-the-same-on-both-sides", test_derives_the_same_on_both_sides);
  g_test_add_func ("/key/pem-round-trip", test_pem_round_trip);
  g_test_add_func ("/key/certificate-gives-public-key", test_certificate_gives_public_key);
  g_test_add_func ("/key/pem-refuses-truncation", test_pem_refuses_truncation);
  g_test_add_func ("/key/pem-refuses-other-keys", test_pem_refuses_other_keys);
  g_test_add_func ("/key/refuses-bad-points-and-scalars", test_refuses_bad_points_and_scalars);
  return g_test_run ();
}
