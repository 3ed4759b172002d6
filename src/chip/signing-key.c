/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/signing-key.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "chip/chip-error.h"

#define MAX_PEM_SIZE (64 * 1024)
#define MIN_RSA_BITS 2048
#define MIN_EC_BITS 224

struct _TamboSigningKey {
  EVP_PKEY *pkey;    /* the private key, or the public one of a token's */
  TamboToken *token; /* NULL: the key is in memory */
  gboolean is_rsa;
};

static gboolean unsupported (GError **error, const char *message) {
  ERR_clear_error ();
  g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED, message);
  return FALSE;
}

/* The kinds and the least sizes of Doc 9303-12 sections 4.4.1 and 4.4.2. */
static gboolean is_suitable (EVP_PKEY *pkey, GError **error) {
  if (EVP_PKEY_is_a (pkey, "RSA"))
    return EVP_PKEY_get_bits (pkey) >= MIN_RSA_BITS
           || unsupported (error, "an RSA key that signs has 2048 bits at least");
  if (EVP_PKEY_is_a (pkey, "EC"))
    return EVP_PKEY_get_bits (pkey) >= MIN_EC_BITS
           || unsupported (error, "a curve's key that signs has 224 bits at least");
  return unsupported (error, "the key is of neither RSA nor a curve");
}

/* Takes both; TOKEN may be NULL. */
static TamboSigningKey *key_take (EVP_PKEY *pkey, TamboToken *token, GError **error) {
  g_autoptr (EVP_PKEY) owned = pkey;
  g_autoptr (TamboToken) owned_token = token;

  if (!is_suitable (owned, error))
    return NULL;
  TamboSigningKey *key = g_atomic_rc_box_new0 (TamboSigningKey);
  key->is_rsa = EVP_PKEY_is_a (owned, "RSA");
  key->pkey = g_steal_pointer (&owned);
  key->token = g_steal_pointer (&owned_token);
  return key;
}

TamboSigningKey *tambo_signing_key_new (EVP_PKEY *pkey, GError **error) {
  EVP_PKEY_up_ref (pkey);
  return key_take (pkey, NULL, error);
}

/* OpenSSL would ask on the terminal. */
static int no_password (char *buffer, int size, int is_writing, void *data) {
  return -1;
}

TamboSigningKey *tambo_signing_key_parse (GBytes *pem, GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (pem, &size);
  g_autoptr (BIO) bio = size <= MAX_PEM_SIZE ? BIO_new_mem_buf (data, (int) size) : NULL;
  EVP_PKEY *pkey = bio ? PEM_read_bio_PrivateKey (bio, NULL, no_password, NULL) : NULL;

  ERR_clear_error ();
  if (!pkey) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "the PEM text has no private key that can be read");
    return NULL;
  }
  return key_take (pkey, NULL, error);
}

TamboSigningKey *tambo_signing_key_new_from_token (TamboToken *token, GError **error) {
  g_autoptr (TamboToken) owned = token;
  EVP_PKEY *pkey = tambo_token_dup_public_key (owned, error);

  return pkey ? key_take (pkey, g_steal_pointer (&owned), error) : NULL;
}

TamboSigningKey *tambo_signing_key_ref (TamboSigningKey *key) {
  return g_atomic_rc_box_acquire (key);
}

static void key_clear (gpointer data) {
  TamboSigningKey *key = data;

  EVP_PKEY_free (key->pkey);
  g_clear_pointer (&key->token, tambo_token_free);
}

void tambo_signing_key_unref (TamboSigningKey *key) {
  g_atomic_rc_box_release_full (key, key_clear);
}

EVP_PKEY *tambo_signing_key_get_public (TamboSigningKey *key) {
  return key->pkey;
}

EVP_PKEY *tambo_signing_key_get_private (TamboSigningKey *key) {
  return key->token ? NULL : key->pkey;
}

GBytes *tambo_signing_key_dup_pem (TamboSigningKey *key) {
  g_autoptr (BIO) bio = BIO_new (BIO_s_secmem ());
  char *text;

  if (key->token || !bio
      || PEM_write_bio_PKCS8PrivateKey (bio, key->pkey, NULL, NULL, 0, NULL, NULL) != 1)
    return NULL;
  long size = BIO_get_mem_data (bio, &text);
  return tambo_secret_new (text, (gsize) size);
}

gboolean tambo_signing_key_is_rsa (TamboSigningKey *key) {
  return key->is_rsa;
}

const char *tambo_signing_key_get_digest (TamboSigningKey *key) {
  int bits = key->is_rsa ? 0 : EVP_PKEY_get_bits (key->pkey);

  return bits <= 256 ? "SHA256" : bits <= 384 ? "SHA384" : "SHA512";
}

static GBytes *sign_in_token (TamboSigningKey *key, const char *digest, gboolean pss,
                              gconstpointer data, gsize size, GError **error) {
  TamboTokenScheme scheme = !key->is_rsa ? TAMBO_TOKEN_ECDSA
                            : pss        ? TAMBO_TOKEN_RSA_PSS
                                         : TAMBO_TOKEN_RSA_PKCS1;
  guint8 hash[EVP_MAX_MD_SIZE];
  unsigned int hash_size;

  if (EVP_Digest (data, size, hash, &hash_size, EVP_get_digestbyname (digest), NULL) != 1) {
    tambo_error_set_openssl (error, "the hash is not made");
    return NULL;
  }
  g_autoptr (GBytes) value = g_bytes_new (hash, hash_size);
  return tambo_token_sign (key->token, scheme, digest, value, error);
}

static GBytes *sign_in_memory (TamboSigningKey *key, const char *digest, gboolean pss,
                               gconstpointer data, gsize size, GError **error) {
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  EVP_PKEY_CTX *parameters = NULL;
  gsize length = 0;
  gboolean begun =
      context
      && EVP_DigestSignInit (context, &parameters, EVP_get_digestbyname (digest), NULL, key->pkey)
             == 1
      && (!pss || !key->is_rsa
          || (EVP_PKEY_CTX_set_rsa_padding (parameters, RSA_PKCS1_PSS_PADDING) == 1
              && EVP_PKEY_CTX_set_rsa_pss_saltlen (parameters, RSA_PSS_SALTLEN_DIGEST) == 1))
      && EVP_DigestSign (context, NULL, &length, data, size) == 1;
  g_autofree guint8 *signature = begun ? g_malloc (length) : NULL;

  if (!begun || EVP_DigestSign (context, signature, &length, data, size) != 1) {
    tambo_error_set_openssl (error, "the key does not sign");
    return NULL;
  }
  return g_bytes_new (signature, length);
}

GBytes *tambo_signing_key_sign (TamboSigningKey *key, const char *digest, gboolean pss,
                                gconstpointer data, gsize size, GError **error) {
  return key->token ? sign_in_token (key, digest, pss, data, size, error)
                    : sign_in_memory (key, digest, pss, data, size, error);
}
