/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/cv-certificate.h"

#include <string.h>

#include "cv-maker.h"
#include "hex.h"

static const CvWish authority_wish = {
  "UTCVCA00001", "UTCVCA00001", 0xC3, "260101", "281231", TRUE
};
static const CvWish terminal_wish = { "UTDV00001", "UTIS00001", 0x02, "260101", "260201", FALSE };

static TamboCvCertificate *parse (GBytes *bytes, GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  return tambo_cv_certificate_parse (data, size, error);
}

static void test_authority (void) {
  g_autoptr (EVP_PKEY) key = cv_key ();
  g_autoptr (EVP_PKEY) other = cv_key ();
  g_autoptr (GBytes) bytes = cv_make (&authority_wish, key, key);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboCvCertificate) certificate = parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (certificate->authority, ==, "UTCVCA00001");
  g_assert_cmpstr (certificate->holder, ==, "UTCVCA00001");
  g_assert_cmpint (certificate->role, ==, TAMBO_CV_ROLE_AUTHORITY);
  g_assert_cmphex (certificate->rights, ==, TAMBO_CV_RIGHT_DG3 | TAMBO_CV_RIGHT_DG4);
  g_assert_cmpuint (certificate->effective, ==, 20260101);
  g_assert_cmpuint (certificate->expiration, ==, 20281231);
  g_autoptr (EVP_PKEY) own = tambo_cv_certificate_dup_key (certificate, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (EVP_PKEY_eq (own, key), ==, 1);
  g_assert_true (tambo_cv_certificate_is_of (certificate, key));
  g_assert_false (tambo_cv_certificate_is_of (certificate, other));
  g_assert_true (tambo_cv_certificate_verify (certificate, own, certificate->algorithm, &error));
  g_assert_false (tambo_cv_certificate_verify (certificate, other, CV_ECDSA_SHA256, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
}

/* The key lies over its issuer's curve, and over no other. */
static void test_inherited (void) {
  g_autoptr (EVP_PKEY) issuer = cv_key ();
  g_autoptr (EVP_PKEY) key = cv_key ();
  g_autoptr (EVP_PKEY) larger = EVP_EC_gen ("P-384");
  g_autoptr (GBytes) bytes = cv_make (&terminal_wish, key, issuer);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboCvCertificate) certificate = parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpint (certificate->role, ==, TAMBO_CV_ROLE_INSPECTION_SYSTEM);
  g_assert_cmphex (certificate->rights, ==, TAMBO_CV_RIGHT_DG4);
  g_autoptr (EVP_PKEY) own = tambo_cv_certificate_dup_key (certificate, issuer, &error);
  g_assert_no_error (error);
  g_assert_cmpint (EVP_PKEY_eq (own, key), ==, 1);
  g_assert_null (tambo_cv_certificate_dup_key (certificate, NULL, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (tambo_cv_certificate_dup_key (certificate, larger, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
}

static void test_truncated (void) {
  g_autoptr (EVP_PKEY) key = cv_key ();
  g_autoptr (GBytes) bytes = cv_make (&authority_wish, key, key);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize cut = 0; cut < size; cut++) {
    g_autofree guint8 *copy = g_memdup2 (data, cut);
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_cv_certificate_parse (copy, cut, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  }
}

/* No byte may change without being noticed: by the parser, or by the signature. */
static void test_tampered (void) {
  g_autoptr (EVP_PKEY) key = cv_key ();
  g_autoptr (GBytes) bytes = cv_make (&authority_wish, key, key);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size; i++) {
    g_autofree guint8 *copy = g_memdup2 (data, size);
    copy[i] ^= 0x01;
    g_autoptr (TamboCvCertificate) certificate = tambo_cv_certificate_parse (copy, size, NULL);
    g_assert_false (certificate
                    && tambo_cv_certificate_verify (certificate, key, CV_ECDSA_SHA256, NULL));
  }
}

/* Whoever chooses the generator knows a private key for any public one. */
static void test_foreign_curve (void) {
  g_autoptr (EVP_PKEY) key = cv_key ();
  g_autoptr (GBytes) bytes = cv_make (&authority_wish, key, key);
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);
  g_autoptr (GBytes) start = hex ("6B17D1F2E12C4247");
  guint8 *generator = memmem (copy, size, g_bytes_get_data (start, NULL), 8);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (generator);
  generator[7] ^= 1;
  g_assert_null (tambo_cv_certificate_parse (copy, size, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
}

/* Dates that no calendar has, and a terminal that does not inspect. */
static void test_refused (void) {
  static const char *const dates[] = { "260230", "261301", "260100" };
  g_autoptr (EVP_PKEY) key = cv_key ();

  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++) {
    CvWish wish = authority_wish;
    wish.expiration = dates[i];
    g_autoptr (GBytes) bytes = cv_make (&wish, key, key);
    g_autoptr (GError) error = NULL;
    g_assert_null (parse (bytes, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  }
  g_autoptr (GBytes) bytes = cv_make (&authority_wish, key, key);
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);
  g_autoptr (GBytes) role = hex ("04007F000703010201");
  guint8 *oid = memmem (copy, size, g_bytes_get_data (role, NULL), 9);
  g_autoptr (GError) error = NULL;
  oid[8] = 0x02; /* id-AT */
  g_assert_null (tambo_cv_certificate_parse (copy, size, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
}

/* TR-03110-3 tables 17 and 18: every algorithm signs what it verifies, and nothing else. */
static void test_algorithms (void) {
  g_autoptr (EVP_PKEY) rsa = EVP_RSA_gen (2048);
  g_autoptr (EVP_PKEY) ec = EVP_EC_gen ("brainpoolP384r1");
  static const struct { guint8 kind, count; } kinds[] = { { 1, 6 }, { 2, 5 } };

  for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
    for (guint8 number = 1; number <= kinds[k].count; number++) {
      TamboCvAlgorithm algorithm = { kinds[k].kind, number };
      EVP_PKEY *key = k == 0 ? rsa : ec;
      g_autoptr (GBytes) signature = tambo_cv_sign (algorithm, key, "message", 7);
      g_assert_nonnull (signature);
      g_assert_cmpuint (g_bytes_get_size (signature), ==, k == 0 ? 256 : 96);
      g_assert_true (tambo_cv_verify (algorithm, key, "message", 7, signature));
      g_assert_false (tambo_cv_verify (algorithm, key, "massage", 7, signature));
      g_assert_false (tambo_cv_verify (algorithm, k == 0 ? ec : rsa, "message", 7, signature));
      g_assert_null (tambo_cv_sign (algorithm, k == 0 ? ec : rsa, "message", 7));
    }
  g_assert_null (tambo_cv_sign ((TamboCvAlgorithm){ 2, 6 }, ec, "message", 7));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/cv-certificate/authority", test_authority);
  g_test_add_func ("/chip/cv-certificate/inherited", test_inherited);
  g_test_add_func ("/chip/cv-certificate/truncated", test_truncated);
  g_test_add_func ("/chip/cv-certificate/tampered", test_tampered);
  g_test_add_func ("/chip/cv-certificate/foreign-curve", test_foreign_curve);
  g_test_add_func ("/chip/cv-certificate/refused", test_refused);
  g_test_add_func ("/chip/cv-certificate/algorithms", test_algorithms);
  return g_test_run ();
}
