/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every kind of signer of Doc 9303-12 section 4.4, in memory and in a token, and every form of SOD.
 */
#include "chip/signing-key.h"

#include <string.h>

#include <openssl/rsa.h>

#include "base/cleanup.h"
#include "chip/chip-error.h"
#include "chip/data-group.h"
#include "chip/security-object.h"
#include "chip/signed-data.h"
#include "chip/sod.h"
#include "soft-token.h"
#include "specimen.h"

static TamboSigningKey *make_key (const char *curve, guint rsa_bits) {
  g_autoptr (EVP_PKEY) pkey = curve ? EVP_EC_gen (curve) : EVP_RSA_gen (rsa_bits);
  g_autoptr (GError) error = NULL;
  TamboSigningKey *key = tambo_signing_key_new (pkey, &error);

  g_assert_no_error (error);
  return key;
}

/* The whole way: a CSCA and a signer, a SOD, and an inspection that accepts it. */
static void check_sod (TamboSigningKey *csca_key, TamboSigningKey *key,
                       const TamboSignatureForm *form, int digest) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboSigner) csca =
      tambo_csca_new_for_key (csca_key, form, "UT", "Specimen CSCA", 10, &error);
  g_assert_no_error (error);
  g_autoptr (TamboSigner) signer =
      tambo_document_signer_new_for_key (csca, key, "Specimen DS", 5, &error);
  g_assert_no_error (error);
  signer->form = *form;
  g_autoptr (GPtrArray) roots = specimen_csca (csca);
  g_autoptr (GPtrArray) verdicts = specimen_verdicts ();
  g_autoptr (TamboLds) lds = specimen_lds (signer, 100);

  if (!tambo_passive_authentication (lds, roots, verdicts))
    for (guint i = 0; i < verdicts->len; i++) {
      const TamboVerdict *verdict = g_ptr_array_index (verdicts, i);
      g_test_message ("%s: %d %s", verdict->check, verdict->result, verdict->detail);
    }
  g_assert_cmpint (specimen_result (verdicts, "sod-signature"), ==, TAMBO_VERDICT_PASSED);
  g_assert_cmpint (specimen_result (verdicts, "document-signer"), ==, TAMBO_VERDICT_PASSED);
  g_assert_cmpint (specimen_result (verdicts, "hash-DG1"), ==, TAMBO_VERDICT_PASSED);

  g_autoptr (GBytes) der = tambo_sod_dup_cms (lds->files[TAMBO_LDS_SOD], &error);
  g_assert_no_error (error);
  g_autoptr (CMS_ContentInfo) cms =
      tambo_signed_data_parse (g_bytes_get_data (der, NULL), g_bytes_get_size (der),
                               TAMBO_OID_LDS_SECURITY_OBJECT, "the SOD", &error);
  const ASN1_OCTET_STRING *content = tambo_signed_data_get_content (cms, "the SOD", &error);
  TamboSecurityObject object;
  g_assert_true (tambo_security_object_parse (
      ASN1_STRING_get0_data (content), (gsize) ASN1_STRING_length (content), &object, &error));
  g_assert_cmpint (object.digest, ==, digest);
  g_assert_cmpstr (object.lds_version, ==, form->lds_version == 1 ? "0108" : "");
  g_assert_cmpstr (object.unicode_version, ==, form->lds_version == 1 ? "040000" : "");
}

static void test_curves (void) {
  static const struct {
    const char *curve;
    int digest;
  } curves[] = {
    { "P-256", NID_sha256 },           { "P-384", NID_sha384 },
    { "P-521", NID_sha512 },           { "brainpoolP256r1", NID_sha256 },
    { "brainpoolP384r1", NID_sha384 }, { "brainpoolP512r1", NID_sha512 },
  };
  const TamboSignatureForm usual = { 0 }, newer = { .lds_version = 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (curves); i++) {
    g_autoptr (TamboSigningKey) csca = make_key (curves[i].curve, 0);
    g_autoptr (TamboSigningKey) key = make_key (curves[i].curve, 0);
    check_sod (csca, key, &usual, curves[i].digest);
    check_sod (csca, key, &newer, curves[i].digest);
  }
}

static void test_rsa (void) {
  static const char *const digests[] = { "SHA256", "SHA384", "SHA512" };
  static const int nids[] = { NID_sha256, NID_sha384, NID_sha512 };
  g_autoptr (TamboSigningKey) csca = make_key (NULL, 3072);
  g_autoptr (TamboSigningKey) key = make_key (NULL, 2048);

  for (gsize i = 0; i < G_N_ELEMENTS (digests); i++) {
    const TamboSignatureForm classic = { .digest = digests[i] };
    const TamboSignatureForm pss = { .digest = digests[i], .pss = TRUE, .lds_version = 1 };
    check_sod (csca, key, &classic, nids[i]);
    check_sod (csca, key, &pss, nids[i]);
  }
}

/* The hash may be longer or shorter than the curve. */
static void test_other_hash (void) {
  g_autoptr (TamboSigningKey) key = make_key ("P-256", 0);
  const TamboSignatureForm longer = { .digest = "SHA512" };

  check_sod (key, key, &longer, NID_sha512);
}

static void check_token (SoftToken *soft, const char *label, const TamboSignatureForm *form,
                         int digest) {
  g_autofree char *uri = soft_token_uri (soft, label, "");
  g_autoptr (GError) error = NULL;
  TamboToken *token = tambo_token_open (uri, &error);
  g_assert_no_error (error);
  g_autoptr (TamboSigningKey) key = tambo_signing_key_new_from_token (token, &error);
  g_assert_no_error (error);
  g_autoptr (TamboSigningKey) csca = make_key ("P-384", 0);

  g_assert_null (tambo_signing_key_get_private (key));
  g_assert_null (tambo_signing_key_dup_pem (key));
  check_sod (csca, key, form, digest);
}

static void test_token (void) {
  SoftToken *soft = soft_token_new ();
  if (!soft)
    return;
  soft_token_generate (soft, "EC:prime256v1", "p256", "01");
  soft_token_generate (soft, "EC:brainpoolP256r1", "brainpool", "02");
  soft_token_generate (soft, "rsa:2048", "rsa", "03");
  const TamboSignatureForm usual = { 0 };
  const TamboSignatureForm pss = { .pss = TRUE, .digest = "SHA384", .lds_version = 1 };
  check_token (soft, "p256", &usual, NID_sha256);
  check_token (soft, "brainpool", &usual, NID_sha256);
  check_token (soft, "rsa", &usual, NID_sha256);
  check_token (soft, "rsa", &pss, NID_sha384);
  soft_token_free (soft);
}

/* The certificate lies beside the key in the token, or in a file; another one is refused. */
static void test_token_certificate (void) {
  SoftToken *soft = soft_token_new ();
  if (!soft)
    return;
  soft_token_generate (soft, "EC:prime256v1", "p256", "01");
  g_autofree char *uri = soft_token_uri (soft, "p256", "");
  g_autoptr (GError) error = NULL;
  g_assert_null (tambo_signer_new_from_token (uri, NULL, &error));
  g_assert_error (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_NO_KEY);
  g_clear_error (&error);

  g_autoptr (TamboSigner) csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  TamboToken *token = tambo_token_open (uri, &error);
  g_autoptr (TamboSigningKey) key = tambo_signing_key_new_from_token (token, &error);
  g_autoptr (TamboSigner) made =
      tambo_document_signer_new_for_key (csca, key, "Specimen DS", 5, &error);
  g_autoptr (GBytes) der = tambo_signer_dup_certificate_der (made, &error);
  g_clear_pointer (&made, tambo_signer_free);
  g_clear_pointer (&key, tambo_signing_key_unref);
  soft_token_put_certificate (soft, der, "p256", "01");

  g_autoptr (TamboSigner) inside = tambo_signer_new_from_token (uri, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (TamboLds) lds = specimen_lds (inside, 10);
  g_autoptr (TamboSigner) beside = tambo_signer_new_from_token (uri, der, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (inside->certificate, ==, beside->certificate);
  g_autoptr (GBytes) other = tambo_signer_dup_certificate_der (csca, NULL);
  g_assert_null (tambo_signer_new_from_token (uri, other, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
  g_clear_pointer (&inside, tambo_signer_free);
  g_clear_pointer (&beside, tambo_signer_free);
  soft_token_free (soft);
}

static void test_csca_in_token (void) {
  SoftToken *soft = soft_token_new ();
  if (!soft)
    return;
  soft_token_generate (soft, "EC:prime256v1", "p256", "01");
  g_autofree char *uri = soft_token_uri (soft, "p256", "");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboSigningKey) key =
      tambo_signing_key_new_from_token (tambo_token_open (uri, NULL), &error);
  const TamboSignatureForm usual = { 0 };

  g_assert_null (tambo_csca_new_for_key (key, &usual, "UT", "Specimen CSCA", 10, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
  g_clear_pointer (&key, tambo_signing_key_unref);
  soft_token_free (soft);
}

static void assert_refused (EVP_PKEY *pkey) {
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_signing_key_new (pkey, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
}

static void test_unsuitable (void) {
  g_autoptr (EVP_PKEY) small = EVP_RSA_gen (1024);
  g_autoptr (EVP_PKEY) short_curve = EVP_EC_gen ("secp192k1");
  g_autoptr (EVP_PKEY) other = EVP_PKEY_Q_keygen (NULL, NULL, "ED25519");

  assert_refused (small);
  assert_refused (short_curve);
  assert_refused (other);
}

static void test_pem (void) {
  g_autoptr (TamboSigningKey) key = make_key ("P-256", 0);
  g_autoptr (GBytes) pem = tambo_signing_key_dup_pem (key);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboSigningKey) again = tambo_signing_key_parse (pem, &error);

  g_assert_no_error (error);
  g_assert_cmpint (
      EVP_PKEY_eq (tambo_signing_key_get_public (key), tambo_signing_key_get_public (again)), ==,
      1);
  for (gsize cut = 0; cut + 1 < g_bytes_get_size (pem); cut++) {
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (pem, 0, cut);
    g_autoptr (GError) cut_error = NULL;
    g_autoptr (TamboSigningKey) none = tambo_signing_key_parse (part, &cut_error);
    g_assert_true (none || cut_error);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signing-key/curves", test_curves);
  g_test_add_func ("/signing-key/rsa", test_rsa);
  g_test_add_func ("/signing-key/other-hash", test_other_hash);
  g_test_add_func ("/signing-key/token", test_token);
  g_test_add_func ("/signing-key/token-certificate", test_token_certificate);
  g_test_add_func ("/signing-key/csca-in-token", test_csca_in_token);
  g_test_add_func ("/signing-key/unsuitable", test_unsuitable);
  g_test_add_func ("/signing-key/pem", test_pem);
  return g_test_run ();
}
