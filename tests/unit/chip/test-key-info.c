/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/key-info.h"

#include <string.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/cleanup.h"
#include "chip/chip-authentication-private.h"
#include "chip/data-group.h"
#include "chip/domain-parameters.h"
#include "chip/signer.h"
#include "hex.h"

/* What is written is a key on a curve that we know by its numbers. */
static void test_public_key (void) {
  static const char *const curves[] = { "P-256", "P-384", "brainpoolP256r1" };

  for (gsize i = 0; i < G_N_ELEMENTS (curves); i++) {
    g_autoptr (EVP_PKEY) key = EVP_EC_gen (curves[i]);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) info = tambo_public_key_info (key, &error);
    g_assert_no_error (error);
    g_autoptr (EVP_PKEY) back = tambo_public_key_parse (info, &error);
    g_assert_no_error (error);
    g_assert_cmpint (EVP_PKEY_eq (key, back), ==, 1);

    TamboReader reader = tambo_reader_for_bytes (info);
    TamboTlv whole;
    g_autoptr (GBytes) point = NULL;
    g_assert_true (tambo_tlv_next (&reader, &whole));
    g_autoptr (TamboDomainParameters) domain =
        tambo_domain_parameters_new_from_key (whole.value, whole.length, &point);
    g_assert_nonnull (domain);
    g_assert_cmpuint (g_bytes_get_size (point), ==,
                      tambo_domain_parameters_get_element_size (domain));
    g_assert_cmpuint (g_bytes_get_size (info), >, 200); /* written out as numbers */
  }
}

static GBytes *pem_of (EVP_PKEY *key, gboolean is_private) {
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *text;

  if (is_private)
    g_assert_true (PEM_write_bio_PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL));
  else
    g_assert_true (PEM_write_bio_PUBKEY (bio, key));
  long size = BIO_get_mem_data (bio, &text);
  return g_bytes_new (text, (gsize) size);
}

/* Whatever file has it. */
static void test_parse (void) {
  g_autoptr (TamboSigner) signer = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  EVP_PKEY *key = tambo_signing_key_get_public (signer->key);
  g_autoptr (GBytes) public_pem = pem_of (key, FALSE);
  g_autoptr (GBytes) private_pem = pem_of (key, TRUE);
  g_autoptr (GBytes) certificate = tambo_signer_dup_certificate_der (signer, NULL);
  g_autoptr (GBytes) certificate_pem =
      g_bytes_new (signer->certificate, strlen (signer->certificate));
  GBytes *const files[] = { public_pem, private_pem, certificate, certificate_pem };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (EVP_PKEY) back = tambo_public_key_parse (files[i], &error);
    g_assert_no_error (error);
    g_assert_cmpint (EVP_PKEY_eq (key, back), ==, 1);
  }
}

static void test_truncated (void) {
  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  g_autoptr (GBytes) info = tambo_public_key_info (key, NULL);

  for (gsize size = 0; size < g_bytes_get_size (info); size++) {
    g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (info, NULL), size);
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_public_key_parse (part, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  }
}

/* DG14 as a terminal reads it: the key, its cipher, the hash of active authentication, PACE. */
static void test_dg14 (void) {
  const TamboPaceInfo pace = { TAMBO_PACE_ECDH_GM, TAMBO_PACE_AES_128, 12, FALSE };
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (EVP_PKEY) chip_key = EVP_EC_gen ("P-256");
  g_autoptr (EVP_PKEY) active_key = EVP_EC_gen ("P-384");
  g_autoptr (GError) error = NULL;
  TamboPaceCipher cipher;

  tambo_key_infos_add_pace (infos, &pace);
  tambo_key_infos_add_active (infos, active_key);
  g_assert_true (
      tambo_key_infos_add_chip_authentication (infos, chip_key, TAMBO_PACE_AES_256, &error));
  g_assert_cmpuint (infos->len, ==, 4);
  assert_hex (infos->pdata[0], "3012 060A04007F00070202040202 020102 02010C");
  assert_hex (infos->pdata[1], "3017 0606678108010105 020101 060A04007F00070101040104");
  assert_hex (infos->pdata[2], "300F 060A04007F00070202030204 020101");

  g_autoptr (GBytes) dg14 = tambo_dg14_encode (infos);
  g_autoptr (GPtrArray) back = tambo_dg14_parse (dg14, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->len, ==, 4);
  g_assert_true (tambo_chip_authentication_find_cipher (dg14, &cipher));
  g_assert_cmpint (cipher, ==, TAMBO_PACE_AES_256);
}

static void test_rsa (void) {
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (EVP_PKEY) key = EVP_RSA_gen (2048);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) info = tambo_public_key_info (key, &error);

  g_assert_no_error (error);
  g_autoptr (GBytes) dg15 = tambo_dg15_encode (info);
  g_autoptr (GBytes) back = tambo_dg15_parse (dg15, &error);
  g_assert_true (g_bytes_equal (info, back));
  tambo_key_infos_add_active (infos, key);
  g_assert_cmpuint (infos->len, ==, 0);
  g_assert_false (tambo_key_infos_add_chip_authentication (infos, key, TAMBO_PACE_AES_128, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/key-info/public-key", test_public_key);
  g_test_add_func ("/chip/key-info/parse", test_parse);
  g_test_add_func ("/chip/key-info/truncated", test_truncated);
  g_test_add_func ("/chip/key-info/dg14", test_dg14);
  g_test_add_func ("/chip/key-info/rsa", test_rsa);
  return g_test_run ();
}
