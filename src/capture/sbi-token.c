/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/sbi-token.h"

#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/json.h"
#include "capture/capture-error.h"

#define MAX_CHAIN 8
#define MAX_TRUST_FILE (1024 * 1024)
#define SECURITY_LEVEL 2 /* of OpenSSL: 112 bits, no SHA-1 */
#define ES256_HALF 32

struct _TamboSbiTrust {
  X509_STORE *store;
};

/* ---- text ---- */

GBytes *tambo_sbi_base64url_decode (const char *text, gsize length) {
  while (length > 0 && text[length - 1] == '=')
    length--;
  if (length % 4 == 1)
    return NULL;

  g_autoptr (GString) standard = g_string_sized_new (length + 4);
  for (gsize i = 0; i < length; i++) {
    char c = text[i];
    if (!g_ascii_isalnum (c) && c != '-' && c != '_')
      return NULL;
    g_string_append_c (standard, c == '-' ? '+' : c == '_' ? '/' : c);
  }
  while (standard->len % 4 != 0)
    g_string_append_c (standard, '=');
  return tambo_base64_decode (standard->str);
}

typedef struct {
  GBytes *header, *payload, *signature; /* owned; header and signature are NULL when unsigned */
  gsize signed_size; /* of the token: header and payload with the full stop between them */
} Parts;

static void parts_clear (Parts *parts) {
  g_clear_pointer (&parts->header, g_bytes_unref);
  g_clear_pointer (&parts->payload, g_bytes_unref);
  g_clear_pointer (&parts->signature, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parts, parts_clear)

static gboolean fail_protocol (GError **error, const char *what, const char *why) {
  g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL, "%s of the scanner %s",
               what, why);
  return FALSE;
}

static gboolean fail_untrusted (GError **error, const char *what, const char *why) {
  g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNTRUSTED, "%s of the scanner %s",
               what, why);
  return FALSE;
}

static gboolean split (const char *token, const char *what, Parts *out_parts, GError **error) {
  const char *first = strchr (token, '.');
  const char *second = first != NULL ? strchr (first + 1, '.') : NULL;

  if (first == NULL) {
    out_parts->payload = tambo_sbi_base64url_decode (token, strlen (token));
  } else if (second != NULL) {
    out_parts->header = tambo_sbi_base64url_decode (token, (gsize) (first - token));
    out_parts->payload = tambo_sbi_base64url_decode (first + 1, (gsize) (second - first - 1));
    out_parts->signature = tambo_sbi_base64url_decode (second + 1, strlen (second + 1));
    out_parts->signed_size = (gsize) (second - token);
  }
  if (out_parts->payload == NULL
      || (first != NULL && (out_parts->header == NULL || out_parts->signature == NULL)))
    return fail_protocol (error, what, "is not in the form of a JSON Web Signature");
  return TRUE;
}

static JsonObject *parse_json (GBytes *bytes, const char *what, GError **error) {
  JsonObject *object = tambo_json_parse_object (g_bytes_get_data (bytes, NULL),
                                                (gssize) g_bytes_get_size (bytes), NULL);

  if (object == NULL)
    fail_protocol (error, what, "holds no JSON object");
  return object;
}

/* ---- certificates ---- */

typedef STACK_OF (X509) Chain;

static void chain_free (Chain *chain) {
  sk_X509_pop_free (chain, X509_free);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Chain, chain_free)

static gboolean push_certificate (Chain *chain, const char *text) {
  g_autoptr (GBytes) der = tambo_base64_decode (text);
  gsize size = 0;
  const guint8 *data = der != NULL ? g_bytes_get_data (der, &size) : NULL;
  X509 *certificate = data != NULL ? d2i_X509 (NULL, &data, (long) size) : NULL;

  if (certificate == NULL || sk_X509_push (chain, certificate) == 0) {
    X509_free (certificate);
    return FALSE;
  }
  return TRUE;
}

/* An array; some devices give the first certificate as a bare string. */
static Chain *parse_chain (JsonObject *header, const char *what, GError **error) {
  JsonNode *member = json_object_get_member (header, "x5c");
  g_autoptr (Chain) chain = sk_X509_new_null ();
  gboolean good = FALSE;

  if (member != NULL && JSON_NODE_HOLDS_ARRAY (member)) {
    JsonArray *array = json_node_get_array (member);
    guint n = json_array_get_length (array);

    good = n > 0 && n <= MAX_CHAIN;
    for (guint i = 0; good && i < n; i++) {
      JsonNode *element = json_array_get_element (array, i);
      good = JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING
             && push_certificate (chain, json_node_get_string (element));
    }
  } else if (tambo_json_peek_string (header, "x5c") != NULL) {
    good = push_certificate (chain, tambo_json_peek_string (header, "x5c"));
  }
  if (!good) {
    fail_untrusted (error, what, "comes without a certificate that can be read");
    return NULL;
  }
  return g_steal_pointer (&chain);
}

static char *describe_date (const ASN1_TIME *time) {
  struct tm parts;

  if (ASN1_TIME_to_tm (time, &parts) != 1)
    return g_strdup ("an unknown day");
  return g_strdup_printf ("%04d-%02d-%02d", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

static void set_chain_error (GError **error, const char *what, X509 *leaf, int code) {
  g_autofree char *day = NULL;
  g_autofree char *why = NULL;

  switch (code) {
  case X509_V_ERR_CERT_HAS_EXPIRED:
    day = describe_date (X509_get0_notAfter (leaf));
    why = g_strdup_printf ("was signed under a certificate that expired on %s: its provider has to "
                           "renew it, or this computer's clock is wrong",
                           day);
    break;
  case X509_V_ERR_CERT_NOT_YET_VALID:
    day = describe_date (X509_get0_notBefore (leaf));
    why = g_strdup_printf (
        "was signed under a certificate that begins on %s: this computer's clock is wrong", day);
    break;
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    why = g_strdup ("was signed by somebody whom this desk was not told to trust");
    break;
  default:
    why = g_strdup_printf ("was signed under a certificate that does not hold: %s",
                           X509_verify_cert_error_string (code));
  }
  fail_untrusted (error, what, why);
}

static gboolean verify_chain (const TamboSbiTrust *trust, Chain *chain, const char *what,
                              GError **error) {
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();
  X509 *leaf = sk_X509_value (chain, 0);

  if (context == NULL || X509_STORE_CTX_init (context, trust->store, leaf, chain) != 1)
    return fail_untrusted (error, what, "could not be verified: OpenSSL failed");
  X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param (context);
  /* A provider's own certificate is given, not the authority's above it. */
  X509_VERIFY_PARAM_set_flags (param, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_auth_level (param, SECURITY_LEVEL);
  if (X509_verify_cert (context) == 1)
    return TRUE;
  set_chain_error (error, what, leaf, X509_STORE_CTX_get_error (context));
  return FALSE;
}

/* ---- signatures ---- */

/* RFC 7518, 3.4: r and s one after the other; OpenSSL takes them as DER. */
static GBytes *der_from_plain (GBytes *plain) {
  gsize size;
  const guint8 *data = g_bytes_get_data (plain, &size);
  if (size != 2 * ES256_HALF)
    return NULL;

  ECDSA_SIG *signature = ECDSA_SIG_new ();
  BIGNUM *r = BN_bin2bn (data, ES256_HALF, NULL);
  BIGNUM *s = BN_bin2bn (data + ES256_HALF, ES256_HALF, NULL);
  guint8 *der = NULL;
  GBytes *result = NULL;

  if (signature != NULL && r != NULL && s != NULL && ECDSA_SIG_set0 (signature, r, s) == 1) {
    r = s = NULL;
    int length = i2d_ECDSA_SIG (signature, &der);
    if (length > 0)
      result = g_bytes_new (der, (gsize) length);
  }
  OPENSSL_free (der);
  BN_free (r);
  BN_free (s);
  ECDSA_SIG_free (signature);
  return result;
}

static gboolean is_p256 (EVP_PKEY *key) {
  char group[32];

  return EVP_PKEY_get_base_id (key) == EVP_PKEY_EC
         && EVP_PKEY_get_group_name (key, group, sizeof group, NULL) == 1
         && g_str_equal (group, "prime256v1");
}

/* The signature as OpenSSL wants it for KEY; NULL when algorithm and key do not belong together. */
static GBytes *prepare_signature (const char *algorithm, EVP_PKEY *key, GBytes *signature) {
  if (g_strcmp0 (algorithm, "RS256") == 0 && EVP_PKEY_get_base_id (key) == EVP_PKEY_RSA)
    return g_bytes_ref (signature);
  if (g_strcmp0 (algorithm, "ES256") == 0 && is_p256 (key))
    return der_from_plain (signature);
  return NULL;
}

static gboolean verify_signature (const char *token, const Parts *parts, JsonObject *header,
                                  X509 *leaf, const char *what, GError **error) {
  const char *algorithm = tambo_json_peek_string (header, "alg");
  EVP_PKEY *key = X509_get0_pubkey (leaf);
  g_autoptr (GBytes) signature =
      key != NULL ? prepare_signature (algorithm, key, parts->signature) : NULL;
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();

  if (signature == NULL)
    return fail_untrusted (error, what, "is not signed with RS256 or ES256 and a key for it");
  if (EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, key) == 1
      && EVP_DigestVerify (context, g_bytes_get_data (signature, NULL),
                           g_bytes_get_size (signature), (const guint8 *) token, parts->signed_size)
             == 1)
    return TRUE;
  return fail_untrusted (error, what, "has a signature that does not hold");
}

JsonObject *tambo_sbi_token_verify (const char *token, const char *what, gpointer data,
                                    GError **error) {
  g_auto (Parts) parts = { NULL };
  if (!split (token, what, &parts, error))
    return NULL;
  if (parts.signature == NULL) {
    fail_untrusted (error, what, "is not signed");
    return NULL;
  }
  g_autoptr (JsonObject) header = parse_json (parts.header, what, error);
  g_autoptr (Chain) chain = header != NULL ? parse_chain (header, what, error) : NULL;

  if (chain == NULL || !verify_chain (data, chain, what, error)
      || !verify_signature (token, &parts, header, sk_X509_value (chain, 0), what, error))
    return NULL;
  return parse_json (parts.payload, what, error);
}

JsonObject *tambo_sbi_token_peek (const char *token, const char *what, gpointer data,
                                  GError **error) {
  g_auto (Parts) parts = { NULL };

  return split (token, what, &parts, error) ? parse_json (parts.payload, what, error) : NULL;
}

/* ---- trust ---- */

/* How many certificates came of it. */
static int add_pem (TamboSbiTrust *trust, GBytes *bytes) {
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  g_autoptr (BIO) bio = size > 0 ? BIO_new_mem_buf (data, (int) size) : NULL;
  int n = 0;

  while (bio != NULL) {
    g_autoptr (X509) certificate = PEM_read_bio_X509 (bio, NULL, NULL, NULL);
    if (certificate == NULL)
      break;
    if (X509_STORE_add_cert (trust->store, certificate) == 1)
      n++;
  }
  return n;
}

/* What cannot be read must not lock the others out. */
static int add_file (TamboSbiTrust *trust, const char *path) {
  g_autoptr (GBytes) bytes = tambo_file_read (path, MAX_TRUST_FILE, NULL);

  return bytes != NULL ? add_pem (trust, bytes) : 0;
}

static gboolean is_certificate_name (const char *name) {
  return g_str_has_suffix (name, ".pem") || g_str_has_suffix (name, ".crt")
         || g_str_has_suffix (name, ".cer");
}

static int add_folder (TamboSbiTrust *trust, const char *path) {
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  int n = 0;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *file = g_build_filename (path, name, NULL);
    if (is_certificate_name (name))
      n += add_file (trust, file);
  }
  return n;
}

static TamboSbiTrust *trust_new (void) {
  TamboSbiTrust *trust = g_new0 (TamboSbiTrust, 1);

  trust->store = X509_STORE_new ();
  if (trust->store == NULL)
    g_error ("OpenSSL has no memory");
  return trust;
}

TamboSbiTrust *tambo_sbi_trust_load (const char *path, GError **error) {
  g_autoptr (TamboSbiTrust) trust = trust_new ();
  int n =
      g_file_test (path, G_FILE_TEST_IS_DIR) ? add_folder (trust, path) : add_file (trust, path);

  if (n > 0)
    return g_steal_pointer (&trust);
  g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNTRUSTED,
               "no certificate of a device provider lies in %s", path);
  return NULL;
}

TamboSbiTrust *tambo_sbi_trust_new (GBytes *pem, GError **error) {
  g_autoptr (TamboSbiTrust) trust = trust_new ();

  if (add_pem (trust, pem) > 0)
    return g_steal_pointer (&trust);
  g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNTRUSTED,
                       "this is no certificate in PEM");
  return NULL;
}

void tambo_sbi_trust_free (TamboSbiTrust *trust) {
  if (trust == NULL)
    return;
  X509_STORE_free (trust->store);
  g_free (trust);
}
