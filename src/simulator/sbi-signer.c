/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/sbi-signer.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/json.h"
#include "simulator/simulator-error.h"

#define RSA_BITS 2048
#define PROVIDER_SECONDS (30 * 24 * 3600L)
#define ES256_HALF 32

struct _TamboSbiSigner {
  TamboSbiAlgorithm algorithm;
  EVP_PKEY *key;
  X509 *certificate, *provider;
};

/* ---- text ---- */

char *tambo_sbi_base64url_encode (gconstpointer data, gsize size) {
  char *text = g_base64_encode (data, size);
  char *end = text;

  for (char *c = text; *c != '\0' && *c != '='; c++) {
    if (*c == '+')
      *c = '-';
    else if (*c == '/')
      *c = '_';
    end = c + 1;
  }
  *end = '\0';
  return text;
}

char *tambo_sbi_encode_payload (JsonObject *payload) {
  g_autofree char *text = tambo_json_canonical (payload);

  return tambo_sbi_base64url_encode (text, strlen (text));
}

/* ---- certificates ---- */

static EVP_PKEY *make_key (TamboSbiAlgorithm algorithm) {
  return algorithm == TAMBO_SBI_RS256 ? EVP_RSA_gen (RSA_BITS) : EVP_EC_gen ("P-256");
}

static gboolean add_extension (X509 *certificate, int nid, const char *value) {
  g_autoptr (X509_EXTENSION) extension = X509V3_EXT_conf_nid (NULL, NULL, nid, value);

  return extension != NULL && X509_add_ext (certificate, extension, -1) == 1;
}

static X509 *make_certificate (const char *name, EVP_PKEY *key, long from, long to,
                               const char *constraints, const char *usage, X509 *issuer,
                               EVP_PKEY *issuer_key) {
  g_autoptr (X509) certificate = X509_new ();
  X509_NAME *subject = X509_get_subject_name (certificate);
  guint32 serial = g_random_int () | 1;

  if (X509_set_version (certificate, X509_VERSION_3) == 1
      && ASN1_INTEGER_set_uint64 (X509_get_serialNumber (certificate), serial) == 1
      && X509_NAME_add_entry_by_txt (subject, "O", MBSTRING_UTF8, (const guint8 *) "Tambo practice",
                                     -1, -1, 0)
             == 1
      && X509_NAME_add_entry_by_txt (subject, "CN", MBSTRING_UTF8, (const guint8 *) name, -1, -1, 0)
             == 1
      && X509_set_issuer_name (certificate,
                               issuer != NULL ? X509_get_subject_name (issuer) : subject)
             == 1
      && X509_gmtime_adj (X509_getm_notBefore (certificate), from) != NULL
      && X509_gmtime_adj (X509_getm_notAfter (certificate), to) != NULL
      && X509_set_pubkey (certificate, key) == 1
      && add_extension (certificate, NID_basic_constraints, constraints)
      && add_extension (certificate, NID_key_usage, usage)
      && X509_sign (certificate, issuer_key, EVP_sha256 ()) > 0)
    return g_steal_pointer (&certificate);
  return NULL;
}

TamboSbiSigner *tambo_sbi_signer_new (TamboSbiAlgorithm algorithm, long valid_from, long valid_to,
                                      GError **error) {
  g_autoptr (TamboSbiSigner) signer = g_new0 (TamboSbiSigner, 1);
  g_autoptr (EVP_PKEY) provider_key = make_key (algorithm);

  signer->algorithm = algorithm;
  signer->key = make_key (algorithm);
  if (provider_key != NULL && signer->key != NULL)
    signer->provider =
        make_certificate ("Scanner provider", provider_key, -3600, PROVIDER_SECONDS,
                          "critical,CA:TRUE", "critical,keyCertSign,cRLSign", NULL, provider_key);
  if (signer->provider != NULL)
    signer->certificate =
        make_certificate ("Scanner", signer->key, valid_from, valid_to, "critical,CA:FALSE",
                          "critical,digitalSignature", signer->provider, provider_key);
  if (signer->certificate != NULL)
    return g_steal_pointer (&signer);
  tambo_error_set_openssl (error, "the scanner's keys");
  return NULL;
}

void tambo_sbi_signer_free (TamboSbiSigner *signer) {
  if (signer == NULL)
    return;
  EVP_PKEY_free (signer->key);
  X509_free (signer->certificate);
  X509_free (signer->provider);
  g_free (signer);
}

char *tambo_sbi_signer_dup_provider_pem (TamboSbiSigner *signer) {
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *data;

  if (bio == NULL || PEM_write_bio_X509 (bio, signer->provider) != 1)
    g_error ("OpenSSL has no memory");
  long size = BIO_get_mem_data (bio, &data);
  return g_strndup (data, (gsize) size);
}

/* ---- signatures ---- */

static char *encode_header (TamboSbiSigner *signer) {
  g_autoptr (JsonObject) header = json_object_new ();
  JsonArray *chain = json_array_new ();
  guint8 *der = NULL;
  int size = i2d_X509 (signer->certificate, &der);
  g_autofree char *text = g_base64_encode (der, (gsize) MAX (size, 0));

  OPENSSL_free (der);
  json_array_add_string_element (chain, text);
  json_object_set_string_member (header, "alg",
                                 signer->algorithm == TAMBO_SBI_RS256 ? "RS256" : "ES256");
  json_object_set_string_member (header, "typ", "JWT");
  json_object_set_array_member (header, "x5c", chain);
  return tambo_sbi_encode_payload (header);
}

/* RFC 7518, 3.4: r and s one after the other. */
static char *encode_plain_ecdsa (const guint8 *der, gsize size) {
  ECDSA_SIG *signature = d2i_ECDSA_SIG (NULL, &der, (long) size);
  guint8 plain[2 * ES256_HALF];

  g_assert_nonnull (signature);
  BN_bn2binpad (ECDSA_SIG_get0_r (signature), plain, ES256_HALF);
  BN_bn2binpad (ECDSA_SIG_get0_s (signature), plain + ES256_HALF, ES256_HALF);
  ECDSA_SIG_free (signature);
  return tambo_sbi_base64url_encode (plain, sizeof plain);
}

char *tambo_sbi_signer_sign (TamboSbiSigner *signer, JsonObject *payload) {
  g_autofree char *header = encode_header (signer);
  g_autofree char *body = tambo_sbi_encode_payload (payload);
  g_autofree char *input = g_strconcat (header, ".", body, NULL);
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  g_autofree guint8 *signature = g_malloc ((gsize) EVP_PKEY_get_size (signer->key));
  gsize size = (gsize) EVP_PKEY_get_size (signer->key);

  if (EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, signer->key) != 1
      || EVP_DigestSign (context, signature, &size, (const guint8 *) input, strlen (input)) != 1)
    g_error ("the scanner cannot sign");
  g_autofree char *encoded = signer->algorithm == TAMBO_SBI_RS256
                                 ? tambo_sbi_base64url_encode (signature, size)
                                 : encode_plain_ecdsa (signature, size);
  return g_strconcat (input, ".", encoded, NULL);
}
