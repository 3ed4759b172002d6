/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/x509v3.h>

#include "chip/certificate.h"
#include "chip/sod.h"
#include "specimen.h"

static X509 *parse (const char *pem) {
  g_autoptr (GBytes) bytes = g_bytes_new (pem, strlen (pem));
  g_autoptr (GError) error = NULL;
  X509 *certificate = tambo_certificate_parse (bytes, &error);

  g_assert_no_error (error);
  return certificate;
}

static gboolean is_explicit (X509 *certificate) {
  int decoded = 0;

  g_assert_true (EVP_PKEY_get_int_param (
      X509_get0_pubkey (certificate), OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &decoded));
  return decoded;
}

/* The extensions that both kinds of certificate have, Doc 9303-12 table 6. */
static void assert_profile (X509 *certificate) {
  static const int nids[] = { NID_subject_key_identifier, NID_authority_key_identifier,
                              NID_private_key_usage_period, NID_subject_alt_name,
                              NID_issuer_alt_name };

  g_assert_cmpint (X509_get_version (certificate), ==, X509_VERSION_3);
  for (gsize i = 0; i < G_N_ELEMENTS (nids); i++) {
    int at = X509_get_ext_by_NID (certificate, nids[i], -1);
    g_assert_cmpint (at, >=, 0);
    g_assert_false (X509_EXTENSION_get_critical (X509_get_ext (certificate, at)));
  }
  int usage = X509_get_ext_by_NID (certificate, NID_key_usage, -1);
  g_assert_cmpint (usage, >=, 0);
  g_assert_true (X509_EXTENSION_get_critical (X509_get_ext (certificate, usage)));
  g_assert_true (is_explicit (certificate));
  g_assert_true (tambo_certificate_curve_is_known (certificate));
  g_assert_true (X509_get_extension_flags (certificate) & EXFLAG_SET);
  g_assert_false (X509_get_extension_flags (certificate) & EXFLAG_INVALID);
  ASN1_INTEGER *serial = X509_get_serialNumber (certificate);
  g_assert_cmpint (ASN1_STRING_length (serial), ==, 16);
}

static void test_profile (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboSigner) csca = tambo_csca_new ("ut", "Specimen CSCA", 15, &error);
  g_assert_no_error (error);
  g_autoptr (TamboSigner) ds = tambo_document_signer_new (csca, "Specimen DS", 20, &error);
  g_assert_no_error (error);
  g_autoptr (X509) root = parse (csca->certificate);
  g_autoptr (X509) leaf = parse (ds->certificate);

  assert_profile (root);
  assert_profile (leaf);
  g_assert_cmpuint (X509_get_key_usage (root), ==, KU_KEY_CERT_SIGN | KU_CRL_SIGN);
  g_assert_cmpuint (X509_get_key_usage (leaf), ==, KU_DIGITAL_SIGNATURE);
  g_assert_cmpint (X509_check_ca (root), ==, 1);
  g_assert_cmpint (X509_get_pathlen (root), ==, 0);
  g_assert_cmpint (X509_get_ext_by_NID (leaf, NID_basic_constraints, -1), ==, -1);
  g_autoptr (ASN1_OBJECT) types = OBJ_txt2obj ("2.23.136.1.1.6.2", 1);
  g_assert_cmpint (X509_get_ext_by_OBJ (leaf, types, -1), >=, 0);
  g_assert_cmpint (X509_check_issued (root, leaf), ==, X509_V_OK);
  g_assert_cmpint (X509_verify (leaf, X509_get0_pubkey (root)), ==, 1);
  /* the document signer does not outlive its CSCA */
  g_assert_cmpint (ASN1_TIME_compare (X509_get0_notAfter (leaf), X509_get0_notAfter (root)), ==, 0);

  char country[8];
  g_assert_cmpint (X509_NAME_get_text_by_NID (X509_get_subject_name (leaf), NID_countryName,
                                              country, sizeof country),
                   ==, 2);
  g_assert_cmpstr (country, ==, "UT");
}

static void test_refused (void) {
  static const char *const countries[] = { "", "U", "UTO", "1A" };

  for (gsize i = 0; i < G_N_ELEMENTS (countries); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_csca_new (countries[i], "Specimen", 10, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
  }
  g_autoptr (GError) error = NULL;
  g_assert_null (tambo_csca_new ("UT", "Specimen", 0, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
}

static void test_chain (void) {
  g_autoptr (TamboSigner) csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  g_autoptr (TamboSigner) other = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  g_autoptr (TamboSigner) ds = tambo_document_signer_new (csca, "Specimen DS", 5, NULL);
  g_autoptr (X509) root = parse (csca->certificate);
  g_autoptr (X509) leaf = parse (ds->certificate);
  g_autoptr (GPtrArray) right = specimen_csca (csca);
  g_autoptr (GPtrArray) wrong = specimen_csca (other);
  g_autoptr (GError) error = NULL;

  gboolean holds = tambo_certificate_verify_chain (leaf, right, &error);
  g_assert_no_error (error);
  g_assert_true (holds);
  g_assert_false (tambo_certificate_verify_chain (leaf, wrong, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_clear_error (&error);
  g_assert_false (tambo_certificate_verify_chain (root, right, &error)); /* not for signatures */
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_clear_error (&error);

  g_autoptr (GPtrArray) leaf_alone = specimen_csca (ds); /* trusted, but no root */
  g_assert_false (tambo_certificate_verify_chain (leaf, leaf_alone, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_clear_error (&error);

  g_ptr_array_insert (wrong, 0, g_bytes_new_static ("no certificate", 14));
  g_assert_false (tambo_certificate_verify_chain (leaf, wrong, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
}

/* A signed certificate whose validity is over. */
static void test_expired (void) {
  g_autoptr (TamboSigner) csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  g_autoptr (TamboSigner) ds = tambo_document_signer_new (csca, "Specimen DS", 5, NULL);
  g_autoptr (GPtrArray) roots = specimen_csca (csca);
  g_autoptr (X509) leaf = parse (ds->certificate);
  g_autoptr (GError) error = NULL;
  time_t past = time (NULL) - 86400;

  g_assert_nonnull (X509_time_adj_ex (X509_getm_notAfter (leaf), 0, 0, &past));
  g_assert_cmpint (X509_sign (leaf, tambo_signing_key_get_private (csca->key), EVP_sha256 ()), >,
                   0);
  g_assert_false (tambo_certificate_verify_chain (leaf, roots, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_assert_nonnull (strstr (error->message, "expired"));
}

/* P-256 with another generator: whoever chooses it knows a private key for any public one. */
static EVP_PKEY *make_foreign_key (void) {
  EC_GROUP *group = EC_GROUP_new_by_curve_name (NID_X9_62_prime256v1);
  EC_POINT *doubled = EC_POINT_new (group);
  OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new ();
  BIGNUM *p = BN_new (), *a = BN_new (), *b = BN_new ();
  guint8 generator[65];
  EVP_PKEY *key = NULL;

  g_assert_true (EC_GROUP_get_curve (group, p, a, b, NULL));
  g_assert_true (EC_POINT_dbl (group, doubled, EC_GROUP_get0_generator (group), NULL));
  g_assert_cmpuint (EC_POINT_point2oct (group, doubled, POINT_CONVERSION_UNCOMPRESSED, generator,
                                        sizeof generator, NULL),
                    ==, sizeof generator);
  g_assert_true (
      OSSL_PARAM_BLD_push_utf8_string (builder, OSSL_PKEY_PARAM_EC_FIELD_TYPE, "prime-field", 0)
      && OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_EC_P, p)
      && OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_EC_A, a)
      && OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_EC_B, b)
      && OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_EC_ORDER, EC_GROUP_get0_order (group))
      && OSSL_PARAM_BLD_push_octet_string (builder, OSSL_PKEY_PARAM_EC_GENERATOR, generator,
                                           sizeof generator));
  OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param (builder);
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  g_assert_cmpint (EVP_PKEY_keygen_init (context), ==, 1);
  g_assert_cmpint (EVP_PKEY_CTX_set_params (context, parameters), ==, 1);
  g_assert_cmpint (EVP_PKEY_generate (context, &key), ==, 1);

  OSSL_PARAM_free (parameters);
  OSSL_PARAM_BLD_free (builder);
  BN_free (p);
  BN_free (a);
  BN_free (b);
  EC_POINT_free (doubled);
  EC_GROUP_free (group);
  return key;
}

static void test_foreign_curve (void) {
  g_autoptr (TamboSigner) csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  g_autoptr (TamboSigner) ds = tambo_document_signer_new (csca, "Specimen DS", 5, NULL);
  g_autoptr (GPtrArray) roots = specimen_csca (csca);
  g_autoptr (X509) leaf = parse (ds->certificate);
  g_autoptr (EVP_PKEY) key = make_foreign_key ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (X509_set_pubkey (leaf, key), ==, 1);
  g_assert_cmpint (X509_sign (leaf, tambo_signing_key_get_private (csca->key), EVP_sha256 ()), >,
                   0);
  g_assert_false (tambo_certificate_curve_is_known (leaf));
  g_assert_false (tambo_certificate_verify_chain (leaf, roots, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_assert_nonnull (strstr (error->message, "explicit"));
}

/* DER, cut at every byte; PEM with nothing in it. */
static void test_parse_truncated (void) {
  g_autoptr (TamboSigner) csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  g_autoptr (X509) root = parse (csca->certificate);
  guint8 *der = NULL;
  int size = i2d_X509 (root, &der);

  g_assert_cmpint (size, >, 0);
  for (int cut = 0; cut <= size + 1; cut++) {
    g_autofree guint8 *copy = g_malloc0 ((gsize) size + 1);
    memcpy (copy, der, (gsize) MIN (cut, size));
    g_autoptr (GBytes) bytes = g_bytes_new (copy, (gsize) cut);
    g_autoptr (GError) error = NULL;
    g_autoptr (X509) certificate = tambo_certificate_parse (bytes, &error);
    g_assert_true ((certificate != NULL) == (cut == size));
    g_assert_true ((error == NULL) == (cut == size));
  }
  OPENSSL_free (der);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/signer/profile", test_profile);
  g_test_add_func ("/chip/signer/refused", test_refused);
  g_test_add_func ("/chip/certificate/chain", test_chain);
  g_test_add_func ("/chip/certificate/expired", test_expired);
  g_test_add_func ("/chip/certificate/foreign-curve", test_foreign_curve);
  g_test_add_func ("/chip/certificate/parse-truncated", test_parse_truncated);
  return g_test_run ();
}
