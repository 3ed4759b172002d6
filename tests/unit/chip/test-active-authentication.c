/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/active-authentication.h"

#include <string.h>

#include <openssl/pem.h>

#include "base/cleanup.h"
#include "chip/data-group.h"
#include "hex.h"

static gboolean verify (const char *dg15, const char *challenge, const char *signature,
                        GError **error) {
  g_autoptr (GBytes) group = hex (dg15), nonce = hex (challenge), proof = hex (signature);

  return tambo_active_authentication_verify (group, NULL, g_bytes_get_data (nonce, NULL), proof,
                                             error);
}

/* Doc 9303-11 appendix F: the message representative that the public key gives, for RND.IFD
 * F173589974BF40C6. */
static void test_appendix_f (void) {
  g_autoptr (GBytes) f = hex (
      "6A9D2784A67F8E7C659973EA1AEA25D95B6C8F91E5002F369F0FBDCE8A3CEC1991B543F1696546C5524CF23A5303"
      "CD6C98599F40B79F377B5F3A1406B3B4D8F96784D23AA88DB7E1032A405E69325FA91A6E86F5C71AEA978264C4A2"
      "07446DAD4E7292E2DCDA3024B47DA8C063AA1E6D22FBD976AB0FE73D94D2D9C6D88127BC");
  g_autoptr (GBytes) challenge = hex ("F173589974BF40C6");
  gsize size;
  const guint8 *data = g_bytes_get_data (f, &size);
  const guint8 *nonce = g_bytes_get_data (challenge, NULL);

  g_assert_cmpuint (size, ==, 128);
  g_assert_true (tambo_iso9796_2_check (data, size, nonce, 8));
  g_assert_false (tambo_iso9796_2_check (data, size, nonce, 7));
  for (gsize at = 0; at < size; at++) {
    g_autofree guint8 *copy = g_memdup2 (data, size);
    copy[at] ^= 0x01;
    g_assert_false (tambo_iso9796_2_check (copy, size, nonce, 8));
    g_assert_false (tambo_iso9796_2_check (data, at, nonce, 8));
  }
}

/* The other hashes of the trailer, over M1 1234…3344 and RND.IFD 0102030405060708. */
static void test_trailers (void) {
  static const char *const values[] = {
    "6A1234567890ABCDEF1234567890ABCDEF11223344E9B287952A913CC5B60FF74ECFC87E40E81563B1BC",
    "6A1234567890ABCDEF1234567890ABCDEF11223344AEFC05E88F48EB88D367BA3DACB7D6A8543EC02BD315E47DDB"
    "E2045D38CC",
    "6A1234567890ABCDEF1234567890ABCDEF11223344783980D44FD3A80F0E4210EB9C73EA399932062D465438F8E1"
    "FF13377DE8308934CC",
    "6A1234567890ABCDEF1234567890ABCDEF112233448E0873B0BAF595A777B497779981BD94DDA3A81FD61CF2D526"
    "AB490F2D6CBCECC6EAB5804DF4E0A70169D4D0D6C07E7536CC",
    "6A1234567890ABCDEF1234567890ABCDEF11223344968304E09F0C0EC86BE4ADE4B82D97D04283E3652B61193856"
    "C9EDE1DAC8962B3DA9580FD77E9F9EF18A24C517D8D3B05F4EEB177E990AE1E80895C8BB28F51635CC",
  };
  static const char *const wrong[] = {
    "",         "6A",       "6ABC",   "6B000000",
    "6A000000", "6A0000CC", "6A37CC", "6AB287952A913CC5B60FF74ECFC87E40E81563B1BC",
  };
  static const guint8 nonce[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

  for (gsize i = 0; i < G_N_ELEMENTS (values) + G_N_ELEMENTS (wrong); i++) {
    gboolean right = i < G_N_ELEMENTS (values);
    g_autoptr (GBytes) f = hex (right ? values[i] : wrong[i - G_N_ELEMENTS (values)]);
    g_assert_true (right
                   == tambo_iso9796_2_check (g_bytes_get_data (f, NULL), g_bytes_get_size (f),
                                             nonce, sizeof nonce));
  }
}

/* Recorded answers of issued documents: RSA-1024 with SHA-1, and RSA of 225 bytes. */
static const struct {
  const char *dg15, *challenge, *signature;
} recorded[] = {
  { "6F81A230819F300D06092A864886F70D010101050003818D0030818902818100BD8620D45693E1CD8678639F22E955"
    "3F"
    "09E3AFD87BD26000113CE2798B7A02A2E0AB6B7525D09072109D938D6708167E8FAFAF83F17BFBA36CECCE26058C7E"
    "D9AE29516755B19F78CE0E73DA02340B117B8AB2ECA007F1390E93E896016335EB5C1E330B961C03E253D17874F7AB"
    "EE8D4962C49FFE578D46954FF23B26F5E5550203010001",
    "47E4EE7F211F7326",
    "8AECE4E0AB1A6B9E06B31ACBA51AE316D0B7B48E2F5FE13E575060F6B9DC27A2F9D03DCF67A141F466EEC753879106"
    "BE0992F46F5EAAD075EB1886D2ACE90D60C2EDA69880780CE4FA36EF27AB01C47527BD23B178EC8F213307281572C2"
    "19487FC11B2C3D9C144DC98D96D1A79A7478449D692D3D14E8C044F81B3ADF0047E0" },
  { "6F8201023081FF300D06092A864886F70D01010105000381ED003081E90281E100BB8F93F4DC95E205CDA17C6927AB"
    "1E"
    "365B13065D03CD12E0FCE95D96840529453202F56CC4C13F77CD062930C8BC89A2873B257045C286E601CF3C09323A"
    "53103314902804AA10A314628CE222206A8866946A36B442041BB54AC81E6855DD1D6E16101833D65A191C20AC8B33"
    "B8A1A32920F46043F8031CF2BC17417030865FC5BE5A39DEE423BCBA3CA8177168EB23CFE01BA43EC87711B1CFFF85"
    "DB46F300DD8AE317B50D543B573E119E23AF7070D0B2FED6A3B2313A5EC02A531AAED1741F4390D1013E2A0F081EAC"
    "5DC8B0A1B2C6BDB1206F08D30E3643E1E5BDF536110203010001",
    "96302B0F3D7E7864",
    "474256306840C0AB1B63C10E1C26BDFEF4A0DD843920283CC4E6E70A60F2BD25DC7725F9677BC1CDE66379DC28B38E"
    "8490F33AFB2D10F9980C44C0BFC175D2B6684218F535C92FDD3E18DB770A9CCBF91DB3C7F0138E6D9E94B9BC837176"
    "1E3ABED5E5E9B260279CFB238B58AE0D6A01DA51C74C2A3ECD62C448BD9F20127F7384587287FA971204234E55B1A8"
    "56C3E5AAAA620BB799A68FBAE08EE132BB61683EBA9B0B40DC1E54641CAD975B16991CAB50AF82E3F3985AFD19E742"
    "7A125F5B4B9878B12A5D2E01C7EEDCA3BB41C6FC05DCCD818BCE379D04B1F2F5D43487D3" },
};

static void test_recorded (void) {
  for (gsize i = 0; i < G_N_ELEMENTS (recorded); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_true (verify (recorded[i].dg15, recorded[i].challenge, recorded[i].signature, &error));
    g_assert_no_error (error);
    g_assert_false (
        verify (recorded[i].dg15, recorded[1 - i].challenge, recorded[i].signature, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
    g_clear_error (&error);
    g_assert_false (
        verify (recorded[1 - i].dg15, recorded[i].challenge, recorded[i].signature, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  }
}

/* A signature cut anywhere, and a key cut anywhere, are refusals. */
static void test_truncated (void) {
  for (gsize cut = 0; cut < strlen (recorded[0].signature); cut += 2) {
    g_autofree char *part = g_strndup (recorded[0].signature, cut);
    g_assert_false (verify (recorded[0].dg15, recorded[0].challenge, part, NULL));
  }
  for (gsize cut = 0; cut < strlen (recorded[0].dg15); cut += 2) {
    g_autofree char *part = g_strndup (recorded[0].dg15, cut);
    g_assert_false (verify (part, recorded[0].challenge, recorded[0].signature, NULL));
  }
}

static GBytes *sign (EVP_PKEY *key, const EVP_MD *hash, const guint8 *challenge) {
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  guint8 der[256];
  gsize size = sizeof der;

  g_assert_cmpint (EVP_DigestSignInit (context, NULL, hash, NULL, key), ==, 1);
  g_assert_cmpint (EVP_DigestSign (context, der, &size, challenge, 8), ==, 1);
  return g_bytes_new (der, size);
}

static GBytes *to_plain (GBytes *der, gsize half) {
  gsize size;
  const unsigned char *data = g_bytes_get_data (der, &size);
  ECDSA_SIG *pair = d2i_ECDSA_SIG (NULL, &data, (long) size);
  g_autofree guint8 *plain = g_malloc (2 * half);

  g_assert_nonnull (pair);
  g_assert_cmpint (BN_bn2binpad (ECDSA_SIG_get0_r (pair), plain, (int) half), ==, (int) half);
  g_assert_cmpint (BN_bn2binpad (ECDSA_SIG_get0_s (pair), plain + half, (int) half), ==,
                   (int) half);
  ECDSA_SIG_free (pair);
  return g_bytes_new (plain, 2 * half);
}

/* Each curve with the hash of its size, plain and DER; and with another that DG14 names. */
static void test_ecdsa (void) {
  static const struct {
    const char *curve, *hash;
    gsize half;
  } cases[] = { { "P-256", "SHA256", 32 },           { "P-384", "SHA384", 48 },
                { "P-521", "SHA512", 66 },           { "brainpoolP256r1", "SHA256", 32 },
                { "brainpoolP224r1", "SHA224", 28 }, { "brainpoolP512r1", "SHA512", 64 } };
  static const guint8 challenge[] = { 8, 7, 6, 5, 4, 3, 2, 1 },
                      other[] = { 8, 7, 6, 5, 4, 3, 2, 2 };
  /* ActiveAuthenticationInfo with ecdsa-plain-SHA1 */
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_ptr_array_add (infos, hex ("3017 0606678108010105 020101 060A04007F00070101040101"));
  g_autoptr (GBytes) dg14 = tambo_dg14_encode (infos);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (EVP_PKEY) key = EVP_EC_gen (cases[i].curve);
    unsigned char *octets = NULL;
    int size = i2d_PUBKEY (key, &octets);
    g_assert_cmpint (size, >, 0);
    g_autoptr (GBytes) info = g_bytes_new (octets, (gsize) size);
    OPENSSL_free (octets);
    g_autoptr (GBytes) dg15 = tambo_dg15_encode (info);
    g_autoptr (GBytes) der = sign (key, EVP_get_digestbyname (cases[i].hash), challenge);
    g_autoptr (GBytes) plain = to_plain (der, cases[i].half);
    g_autoptr (GBytes) sha1 = sign (key, EVP_sha1 (), challenge);

    g_assert_true (tambo_active_authentication_verify (dg15, NULL, challenge, der, NULL));
    g_assert_true (tambo_active_authentication_verify (dg15, NULL, challenge, plain, NULL));
    g_assert_false (tambo_active_authentication_verify (dg15, NULL, other, plain, NULL));
    g_assert_false (tambo_active_authentication_verify (dg15, NULL, challenge, sha1, NULL));
    g_assert_true (tambo_active_authentication_verify (dg15, dg14, challenge, sha1, NULL));
    g_assert_false (tambo_active_authentication_verify (dg15, dg14, challenge, plain, NULL));
  }
}

static void test_generate (void) {
  g_auto (TamboActiveKey) key = { 0 };
  g_autoptr (GBytes) dg15 = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_active_key_generate (&key, &dg15, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (key.modulus), ==, 128);
  g_assert_cmpuint (g_bytes_get_size (key.private_exponent), ==, 128);
  g_assert_cmphex (*(const guint8 *) g_bytes_get_data (key.modulus, NULL), >=, 0x80);
  g_assert_nonnull (memmem (g_bytes_get_data (dg15, NULL), g_bytes_get_size (dg15),
                            g_bytes_get_data (key.modulus, NULL), 128));
}

static GBytes *to_pem (EVP_PKEY *key, const char *password) {
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *data = NULL;

  g_assert_cmpint (PEM_write_bio_PKCS8PrivateKey (bio, key, password ? EVP_aes_128_cbc () : NULL,
                                                  password, password ? (int) strlen (password) : 0,
                                                  NULL, NULL),
                   ==, 1);
  long size = BIO_get_mem_data (bio, &data);
  return g_bytes_new (data, (gsize) size);
}

/* A key from a file: RSA-1024 alone, whole, and without a password that nobody is there to give. */
static void test_parse (void) {
  g_autoptr (EVP_PKEY) key = EVP_RSA_gen (1024);
  g_autoptr (EVP_PKEY) longer = EVP_RSA_gen (2048);
  g_autoptr (EVP_PKEY) curve = EVP_EC_gen ("P-256");
  g_autoptr (GBytes) pem = to_pem (key, NULL);
  g_autoptr (GBytes) locked = to_pem (key, "password");
  g_autoptr (GBytes) long_pem = to_pem (longer, NULL);
  g_autoptr (GBytes) curve_pem = to_pem (curve, NULL);
  GBytes *const wrong[] = { locked, long_pem };
  g_auto (TamboActiveKey) parsed = { 0 }, on_curve = { 0 };
  g_autoptr (GBytes) dg15 = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_active_key_parse (pem, &parsed, &dg15, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (parsed.private_exponent), ==, 128);
  g_clear_pointer (&dg15, g_bytes_unref);
  g_assert_true (tambo_active_key_parse (curve_pem, &on_curve, &dg15, &error));
  g_assert_no_error (error);
  g_assert_nonnull (on_curve.curve_key);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_auto (TamboActiveKey) none = { 0 };
    g_autoptr (GBytes) nothing = NULL;
    g_assert_false (tambo_active_key_parse (wrong[i], &none, &nothing, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
    g_clear_error (&error);
    g_assert_null (nothing);
  }
  for (gsize cut = 0; cut + 30 < g_bytes_get_size (pem); cut += 7) {
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (pem, 0, cut);
    g_auto (TamboActiveKey) none = { 0 };
    g_autoptr (GBytes) nothing = NULL;
    g_assert_false (tambo_active_key_parse (part, &none, &nothing, NULL));
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/active-authentication/appendix-f", test_appendix_f);
  g_test_add_func ("/chip/active-authentication/trailers", test_trailers);
  g_test_add_func ("/chip/active-authentication/recorded", test_recorded);
  g_test_add_func ("/chip/active-authentication/truncated", test_truncated);
  g_test_add_func ("/chip/active-authentication/ecdsa", test_ecdsa);
  g_test_add_func ("/chip/active-authentication/generate", test_generate);
  g_test_add_func ("/chip/active-authentication/parse", test_parse);
  return g_test_run ();
}
