/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/token.h"

#include <glib/gstdio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/crypto.h"
#include "soft-token.h"

static const guint8 message[] = "document signer";

static GBytes *digest_of (const char *name) {
  guint8 digest[EVP_MAX_MD_SIZE];
  unsigned int size;

  g_assert_cmpint (
      EVP_Digest (message, sizeof message, digest, &size, EVP_get_digestbyname (name), NULL), ==,
      1);
  return g_bytes_new (digest, size);
}

/* OpenSSL judges what the token did. */
static gboolean verifies (EVP_PKEY *key, const char *digest, gboolean pss, GBytes *signature) {
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  EVP_PKEY_CTX *parameters;

  g_assert_cmpint (
      EVP_DigestVerifyInit (context, &parameters, EVP_get_digestbyname (digest), NULL, key), ==, 1);
  if (pss)
    g_assert_true (EVP_PKEY_CTX_set_rsa_padding (parameters, RSA_PKCS1_PSS_PADDING) == 1
                   && EVP_PKEY_CTX_set_rsa_pss_saltlen (parameters, RSA_PSS_SALTLEN_DIGEST) == 1);
  return EVP_DigestVerify (context, g_bytes_get_data (signature, NULL),
                           g_bytes_get_size (signature), message, sizeof message)
         == 1;
}

static TamboToken *open_key (SoftToken *soft, const char *label) {
  g_autofree char *uri = soft_token_uri (soft, label, "");
  g_autoptr (GError) error = NULL;
  TamboToken *token = tambo_token_open (uri, &error);

  g_assert_no_error (error);
  g_assert_nonnull (token);
  return token;
}

static void check_signature (SoftToken *soft, const char *label, TamboTokenScheme scheme,
                             const char *digest_name) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboToken) token = open_key (soft, label);
  g_autoptr (EVP_PKEY) key = tambo_token_dup_public_key (token, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) digest = digest_of (digest_name);
  g_autoptr (GBytes) signature = tambo_token_sign (token, scheme, digest_name, digest, &error);

  g_assert_no_error (error);
  g_assert_true (verifies (key, digest_name, scheme == TAMBO_TOKEN_RSA_PSS, signature));
}

static void test_ecdsa (void) {
  SoftToken *soft = soft_token_new ();
  if (soft == NULL)
    return;
  soft_token_generate (soft, "EC:prime256v1", "p256", "01");
  soft_token_generate (soft, "EC:secp384r1", "p384", "02");
  check_signature (soft, "p256", TAMBO_TOKEN_ECDSA, "SHA256");
  check_signature (soft, "p384", TAMBO_TOKEN_ECDSA, "SHA384");
  soft_token_free (soft);
}

static void test_ecdsa_plain (void) {
  SoftToken *soft = soft_token_new ();
  if (soft == NULL)
    return;
  soft_token_generate (soft, "EC:prime256v1", "p256", "01");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboToken) token = open_key (soft, "p256");
  g_autoptr (GBytes) digest = digest_of ("SHA256");
  g_autoptr (GBytes) signature =
      tambo_token_sign (token, TAMBO_TOKEN_ECDSA_PLAIN, "SHA256", digest, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (signature), ==, 64);

  const guint8 *data = g_bytes_get_data (signature, NULL);
  ECDSA_SIG *parts = ECDSA_SIG_new ();
  g_assert_cmpint (
      ECDSA_SIG_set0 (parts, BN_bin2bn (data, 32, NULL), BN_bin2bn (data + 32, 32, NULL)), ==, 1);
  guint8 *der = NULL;
  int size = i2d_ECDSA_SIG (parts, &der);
  g_autoptr (GBytes) wrapped = g_bytes_new (der, (gsize) size);
  g_autoptr (EVP_PKEY) key = tambo_token_dup_public_key (token, &error);
  g_assert_true (verifies (key, "SHA256", FALSE, wrapped));
  OPENSSL_free (der);
  ECDSA_SIG_free (parts);
  g_clear_pointer (&token, tambo_token_free);
  soft_token_free (soft);
}

static void test_rsa (void) {
  SoftToken *soft = soft_token_new ();
  if (soft == NULL)
    return;
  soft_token_generate (soft, "rsa:2048", "rsa", "03");
  check_signature (soft, "rsa", TAMBO_TOKEN_RSA_PKCS1, "SHA256");
  check_signature (soft, "rsa", TAMBO_TOKEN_RSA_PKCS1, "SHA512");
  check_signature (soft, "rsa", TAMBO_TOKEN_RSA_PSS, "SHA256");
  check_signature (soft, "rsa", TAMBO_TOKEN_RSA_PSS, "SHA384");
  soft_token_free (soft);
}

static void test_wrong_use (void) {
  SoftToken *soft = soft_token_new ();
  if (soft == NULL)
    return;
  soft_token_generate (soft, "rsa:2048", "rsa", "03");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboToken) token = open_key (soft, "rsa");
  g_autoptr (GBytes) digest = digest_of ("SHA256");

  g_assert_null (tambo_token_sign (token, TAMBO_TOKEN_ECDSA, "SHA256", digest, &error));
  g_assert_error (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (tambo_token_sign (token, TAMBO_TOKEN_RSA_PKCS1, "SHA384", digest, &error));
  g_assert_error (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (tambo_token_dup_certificate (token, &error));
  g_assert_error (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_NO_KEY);
  g_clear_pointer (&token, tambo_token_free);
  soft_token_free (soft);
}

/* What the token computes is what the other side computes from the token's public key. */
static void test_derive (void) {
  SoftToken *soft = soft_token_new ();
  if (soft == NULL)
    return;
  soft_token_generate (soft, "EC:prime256v1", "agree", "04");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboToken) token = open_key (soft, "agree");
  g_autoptr (TamboKey) mine = tambo_key_generate ();
  g_autoptr (GBytes) point = tambo_key_dup_point (mine);
  g_autoptr (GBytes) secret = tambo_token_derive (token, point, &error);
  g_assert_no_error (error);

  g_autoptr (EVP_PKEY) pkey = tambo_token_dup_public_key (token, &error);
  guint8 *raw = NULL;
  gsize size = EVP_PKEY_get1_encoded_public_key (pkey, &raw);
  g_autoptr (TamboKey) theirs = tambo_key_new_from_point (raw, size, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) expected = tambo_key_derive (mine, theirs, &error);
  g_assert_true (tambo_bytes_equal_secret (secret, expected));
  OPENSSL_free (raw);

  g_autoptr (GBytes) nonsense = g_bytes_new_static ("\x02\x01\x01", 3);
  g_assert_null (tambo_token_derive (token, nonsense, &error));
  g_assert_error (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_autoptr (GByteArray) off_curve = g_bytes_unref_to_array (
      g_bytes_new (g_bytes_get_data (point, NULL), g_bytes_get_size (point)));
  off_curve->data[64] ^= 1;
  g_autoptr (GBytes) outside = g_bytes_new (off_curve->data, off_curve->len);
  g_assert_null (tambo_token_derive (token, outside, &error));
  g_assert_nonnull (error);
  g_clear_pointer (&token, tambo_token_free);
  soft_token_free (soft);
}

/* A key whose private half stays inside agrees with others as any key does. */
static void test_key (void) {
  SoftToken *soft = soft_token_new ();
  if (soft == NULL)
    return;
  soft_token_generate (soft, "EC:prime256v1", "agree", "04");
  soft_token_generate (soft, "EC:secp384r1", "other", "05");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboKey) inside = tambo_key_new_from_token (open_key (soft, "agree"), &error);
  g_assert_no_error (error);
  g_autoptr (TamboKey) mine = tambo_key_generate ();
  g_autoptr (GBytes) point = tambo_key_dup_point (inside);
  g_autoptr (TamboKey) theirs =
      tambo_key_new_from_point (g_bytes_get_data (point, NULL), g_bytes_get_size (point), NULL);
  g_autoptr (GBytes) secret = tambo_key_derive (inside, mine, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) expected = tambo_key_derive (mine, theirs, NULL);

  g_assert_true (tambo_key_is_private (inside));
  g_assert_true (tambo_bytes_equal_secret (secret, expected));
  g_assert_null (tambo_key_new_from_token (open_key (soft, "other"), &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED);
  g_clear_pointer (&inside, tambo_key_unref);
  soft_token_free (soft);
}

static void check_refused (const char *uri, TamboTokenError code, const char *words) {
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_token_open (uri, &error));
  g_assert_error (error, TAMBO_TOKEN_ERROR, (int) code);
  if (strstr (error->message, words) == NULL)
    g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

static void test_uri (void) {
  g_assert_true (tambo_token_is_uri ("pkcs11:object=x"));
  g_assert_true (tambo_token_is_uri ("PKCS11:"));
  g_assert_false (tambo_token_is_uri ("key.pem,cert.pem"));
  check_refused ("http://x", TAMBO_TOKEN_ERROR_URI, "not a PKCS#11 URI");
  check_refused ("pkcs11:colour=red", TAMBO_TOKEN_ERROR_URI, "not known");
  check_refused ("pkcs11:object=x?module-path=/nowhere.so", TAMBO_TOKEN_ERROR_NO_MODULE,
                 "/nowhere.so");
  check_refused ("pkcs11:object=x?module-name=nobody-has-this", TAMBO_TOKEN_ERROR_NO_MODULE,
                 "nobody-has-this");
}

static void test_causes (void) {
  SoftToken *soft = soft_token_new ();
  if (soft == NULL)
    return;
  soft_token_generate (soft, "EC:prime256v1", "p256", "01");
  g_autofree char *other_token =
      g_strdup_printf ("pkcs11:token=other;object=p256?module-path=%s", soft->module);
  g_autofree char *other_key = soft_token_uri (soft, "p257", "");
  g_autofree char *without = soft_token_uri_without_pin (soft, "p256");
  g_autofree char *absent = g_strdup_printf ("%s&pin-source=file:%s/absent", without, soft->folder);
  g_autofree char *relative = g_strdup_printf ("%s&pin-source=pin", without);
  g_autofree char *command = g_strdup_printf ("%s&pin-source=%%7Cecho%%201", without);
  g_autofree char *open_pin = g_strdup_printf ("%s&pin-value=" SOFT_TOKEN_PIN, without);

  check_refused (other_token, TAMBO_TOKEN_ERROR_NO_TOKEN, "no token fits");
  check_refused (other_key, TAMBO_TOKEN_ERROR_NO_KEY, "no private key");
  check_refused (without, TAMBO_TOKEN_ERROR_NO_PIN, "wants a PIN");
  check_refused (absent, TAMBO_TOKEN_ERROR_NO_PIN, "cannot be read");
  check_refused (relative, TAMBO_TOKEN_ERROR_URI, "no absolute path");
  check_refused (command, TAMBO_TOKEN_ERROR_URI, "no absolute path");
  check_refused (open_pin, TAMBO_TOKEN_ERROR_NO_PIN, "every user");

  soft_token_generate (soft, "EC:prime256v1", "p256", "02");
  g_autofree char *twice = soft_token_uri (soft, "p256", "");
  check_refused (twice, TAMBO_TOKEN_ERROR_URI, "several keys");
  soft_token_free (soft);
}

/* The four ways to a PIN, and a wrong one. */
static void test_pin (void) {
  SoftToken *soft = soft_token_new ();
  if (soft == NULL)
    return;
  soft_token_generate (soft, "EC:prime256v1", "p256", "01");
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = soft_token_uri_without_pin (soft, "p256");
  g_autofree char *with_value = g_strdup_printf ("%s&pin-value=" SOFT_TOKEN_PIN, uri);
  g_autofree char *path = g_build_filename (soft->folder, "pin", NULL);
  g_autoptr (GBytes) wrong = tambo_secret_new ("000000", 6);
  g_autoptr (GBytes) right = tambo_secret_new (SOFT_TOKEN_PIN, strlen (SOFT_TOKEN_PIN));
  TamboToken *token;

  g_assert_null (tambo_token_open_with_pin (uri, wrong, &error));
  /* SoftHSM counts nothing, and says so of every wrong one. */
  g_assert_error (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_PIN_FEW);
  g_assert_nonnull (strstr (error->message, "wrong"));
  g_clear_error (&error);

  token = tambo_token_open_with_pin (uri, right, &error);
  g_assert_no_error (error);
  tambo_token_free (token);

  g_setenv ("TAMBO_PIN_FILE", path, TRUE);
  token = tambo_token_open (uri, &error);
  g_unsetenv ("TAMBO_PIN_FILE");
  g_assert_no_error (error);
  tambo_token_free (token);

  g_setenv ("TAMBO_ALLOW_PIN_VALUE", "1", TRUE);
  token = tambo_token_open (with_value, &error);
  g_unsetenv ("TAMBO_ALLOW_PIN_VALUE");
  g_assert_no_error (error);
  tambo_token_free (token);
  soft_token_free (soft);
}

static void test_certificate (void) {
  SoftToken *soft = soft_token_new ();
  if (soft == NULL)
    return;
  soft_token_generate (soft, "EC:prime256v1", "p256", "01");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboToken) token = open_key (soft, "p256");
  g_autoptr (EVP_PKEY) key = tambo_token_dup_public_key (token, &error);
  g_autoptr (TamboKey) issuer = tambo_key_generate ();
  g_autoptr (X509) certificate = X509_new ();
  X509_gmtime_adj (X509_getm_notBefore (certificate), 0);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 3600);
  X509_set_pubkey (certificate, key);
  X509_sign (certificate, tambo_key_get_evp_pkey (issuer), EVP_sha256 ());
  guint8 *der = NULL;
  int size = i2d_X509 (certificate, &der);
  g_autoptr (GBytes) bytes = g_bytes_new (der, (gsize) size);
  OPENSSL_free (der);
  g_clear_pointer (&token, tambo_token_free);
  soft_token_put_certificate (soft, bytes, "p256", "01");

  token = open_key (soft, "p256");
  g_autoptr (GBytes) found = tambo_token_dup_certificate (token, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (found, bytes));
  g_clear_pointer (&token, tambo_token_free);
  soft_token_free (soft);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("TAMBO_PIN_FILE");
  g_unsetenv ("TAMBO_ALLOW_PIN_VALUE");
  g_test_add_func ("/token/uri", test_uri);
  g_test_add_func ("/token/ecdsa", test_ecdsa);
  g_test_add_func ("/token/ecdsa-plain", test_ecdsa_plain);
  g_test_add_func ("/token/rsa", test_rsa);
  g_test_add_func ("/token/wrong-use", test_wrong_use);
  g_test_add_func ("/token/derive", test_derive);
  g_test_add_func ("/token/key", test_key);
  g_test_add_func ("/token/causes", test_causes);
  g_test_add_func ("/token/pin", test_pin);
  g_test_add_func ("/token/certificate", test_certificate);
  return g_test_run ();
}
