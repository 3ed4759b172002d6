/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/secret.h"
#include "base/token.h"

#define SCALAR_SIZE 32
#define MAX_PEM_SIZE (64 * 1024)

struct _TamboKey {
  EVP_PKEY *pkey;
  TamboToken *token; /* where the private half is, or NULL */
  gboolean is_private;
  guint8 point[TAMBO_P256_POINT_SIZE];
};

static gboolean is_p256 (EVP_PKEY *pkey) {
  char group[64];
  gsize length;

  return EVP_PKEY_is_a (pkey, "EC")
         && EVP_PKEY_get_utf8_string_param (pkey, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group,
                                            &length)
                == 1
         && strcmp (group, SN_X9_62_prime256v1) == 0;
}

static gboolean read_point (EVP_PKEY *pkey, guint8 out_point[TAMBO_P256_POINT_SIZE]) {
  g_autoptr (BIGNUM) x = NULL;
  g_autoptr (BIGNUM) y = NULL;

  /* The encoded-public-key parameter may be compressed, the coordinates never are. */
  if (EVP_PKEY_get_bn_param (pkey, OSSL_PKEY_PARAM_EC_PUB_X, &x) != 1
      || EVP_PKEY_get_bn_param (pkey, OSSL_PKEY_PARAM_EC_PUB_Y, &y) != 1)
    return FALSE;
  out_point[0] = 0x04;
  return BN_bn2binpad (x, out_point + 1, SCALAR_SIZE) == SCALAR_SIZE
         && BN_bn2binpad (y, out_point + 1 + SCALAR_SIZE, SCALAR_SIZE) == SCALAR_SIZE;
}

/* Whether a point is on the curve is the whole of a P-256 public key's validity (SP 800-56A
 * 5.6.2.3.3: the cofactor is 1); a private key must belong to its point as well. */
static gboolean key_holds (EVP_PKEY *pkey, gboolean is_private) {
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new (pkey, NULL);

  if (context == NULL || EVP_PKEY_public_check_quick (context) != 1)
    return FALSE;
  return !is_private || EVP_PKEY_pairwise_check (context) == 1;
}

static TamboKey *key_wrap (EVP_PKEY *pkey, gboolean is_private) {
  TamboKey *key = g_atomic_rc_box_new0 (TamboKey);

  key->is_private = is_private;
  key->pkey = pkey;
  return key;
}

/* Takes PKEY. */
static TamboKey *key_take (EVP_PKEY *pkey, gboolean is_private, GError **error) {
  g_autoptr (EVP_PKEY) owned = pkey;
  g_autoptr (TamboKey) key = NULL;

  if (!is_p256 (owned)) {
    ERR_clear_error ();
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
                         "the key is not a P-256 key");
    return NULL;
  }
  key = key_wrap (g_steal_pointer (&owned), is_private);
  if (!key_holds (key->pkey, is_private) || !read_point (key->pkey, key->point)) {
    ERR_clear_error ();
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
                         "the key is not a valid P-256 key");
    return NULL;
  }
  return g_steal_pointer (&key);
}

/* What OpenSSL made is not judged again, and its point is not compressed. */
TamboKey *tambo_key_generate (void) {
  TamboKey *key = key_wrap (EVP_EC_gen (SN_X9_62_prime256v1), TRUE);
  gsize size = 0;

  if (key->pkey == NULL
      || EVP_PKEY_get_octet_string_param (key->pkey, OSSL_PKEY_PARAM_PUB_KEY, key->point,
                                          sizeof key->point, &size)
             != 1
      || size != sizeof key->point)
    g_error ("OpenSSL cannot make a P-256 key");
  return key;
}

TamboKey *tambo_key_ref (TamboKey *key) {
  return g_atomic_rc_box_acquire (key);
}

static void key_clear (gpointer data) {
  TamboKey *key = data;

  EVP_PKEY_free (key->pkey);
  g_clear_pointer (&key->token, tambo_token_free);
}

void tambo_key_unref (TamboKey *key) {
  g_atomic_rc_box_release_full (key, key_clear);
}

gboolean tambo_key_is_private (TamboKey *key) {
  return key->is_private;
}

/* OpenSSL would ask on the terminal. */
static int no_password (char *buffer, int size, int is_writing, void *data) {
  return -1;
}

static EVP_PKEY *read_certificate_key (BIO *bio) {
  g_autoptr (X509) certificate = PEM_read_bio_X509 (bio, NULL, no_password, NULL);

  return certificate != NULL ? X509_get_pubkey (certificate) : NULL;
}

TamboKey *tambo_key_new_from_pem (const char *pem, gssize size, GError **error) {
  gsize length = size < 0 ? strlen (pem) : (gsize) size;
  g_autoptr (BIO) bio = NULL;
  gboolean is_private;
  EVP_PKEY *pkey;

  if (length > MAX_PEM_SIZE) {
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
                         "the PEM text is too large for a key");
    return NULL;
  }
  bio = BIO_new_mem_buf (pem, (int) length);
  is_private = g_strstr_len (pem, (gssize) length, "PRIVATE KEY-----") != NULL;
  if (is_private)
    pkey = PEM_read_bio_PrivateKey (bio, NULL, no_password, NULL);
  else if (g_strstr_len (pem, (gssize) length, "CERTIFICATE-----") != NULL)
    pkey = read_certificate_key (bio);
  else
    pkey = PEM_read_bio_PUBKEY (bio, NULL, no_password, NULL);
  ERR_clear_error ();
  if (pkey == NULL) {
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
                         is_private ? "the PEM text has no private key that can be read"
                                    : "the PEM text has no key or certificate that can be read");
    return NULL;
  }
  return key_take (pkey, is_private, error);
}

/* POINT is uncompressed; SCALAR may be NULL. */
static EVP_PKEY *pkey_from_parts (const guint8 *point, const BIGNUM *scalar) {
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new ();
  OSSL_PARAM *params = NULL;
  EVP_PKEY *pkey = NULL;

  if (builder != NULL
      && OSSL_PARAM_BLD_push_utf8_string (builder, OSSL_PKEY_PARAM_GROUP_NAME, SN_X9_62_prime256v1,
                                          0)
      && OSSL_PARAM_BLD_push_octet_string (builder, OSSL_PKEY_PARAM_PUB_KEY, point,
                                           TAMBO_P256_POINT_SIZE)
      && (scalar == NULL || OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_PRIV_KEY, scalar)))
    params = OSSL_PARAM_BLD_to_param (builder);
  if (params != NULL && context != NULL && EVP_PKEY_fromdata_init (context) == 1)
    EVP_PKEY_fromdata (context, &pkey, scalar != NULL ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                       params);
  OSSL_PARAM_free (params);
  OSSL_PARAM_BLD_free (builder);
  return pkey;
}

TamboKey *tambo_key_new_from_point (gconstpointer point, gsize size, GError **error) {
  EVP_PKEY *pkey = NULL;

  if (size == TAMBO_P256_POINT_SIZE && *(const guint8 *) point == 0x04)
    pkey = pkey_from_parts (point, NULL);
  ERR_clear_error ();
  if (pkey == NULL) {
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
                         "the bytes are no uncompressed point of P-256");
    return NULL;
  }
  return key_take (pkey, FALSE, error);
}

/* SCALAR times the base point; FALSE when SCALAR is not within 1 and the order less 1. */
static gboolean multiply_base (const BIGNUM *scalar, guint8 out_point[TAMBO_P256_POINT_SIZE]) {
  EC_GROUP *group = EC_GROUP_new_by_curve_name (NID_X9_62_prime256v1);
  EC_POINT *point = group != NULL ? EC_POINT_new (group) : NULL;
  gboolean holds = point != NULL && !BN_is_zero (scalar)
                   && BN_cmp (scalar, EC_GROUP_get0_order (group)) < 0
                   && EC_POINT_mul (group, point, scalar, NULL, NULL, NULL) == 1
                   && EC_POINT_point2oct (group, point, POINT_CONVERSION_UNCOMPRESSED, out_point,
                                          TAMBO_P256_POINT_SIZE, NULL)
                          == TAMBO_P256_POINT_SIZE;

  EC_POINT_free (point);
  EC_GROUP_free (group);
  return holds;
}

TamboKey *tambo_key_new_from_scalar (GBytes *scalar, GError **error) {
  gsize size;
  const guint8 *data = g_bytes_get_data (scalar, &size);
  g_autoptr (BIGNUM) number = NULL;
  guint8 point[TAMBO_P256_POINT_SIZE];
  EVP_PKEY *pkey = NULL;

  if (size == SCALAR_SIZE) {
    number = BN_secure_new ();
    if (number != NULL && BN_bin2bn (data, SCALAR_SIZE, number) != NULL) {
      BN_set_flags (number, BN_FLG_CONSTTIME);
      if (multiply_base (number, point))
        pkey = pkey_from_parts (point, number);
    }
  }
  ERR_clear_error ();
  if (pkey == NULL) {
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
                         "the bytes are no private scalar of P-256");
    return NULL;
  }
  return key_take (pkey, TRUE, error);
}

TamboKey *tambo_key_new_from_token (TamboToken *token, GError **error) {
  g_autoptr (TamboToken) owned = token;
  EVP_PKEY *pkey = tambo_token_dup_public_key (owned, error);
  TamboKey *key = pkey != NULL ? key_take (pkey, FALSE, error) : NULL;

  if (key == NULL)
    return NULL;
  key->token = g_steal_pointer (&owned);
  key->is_private = TRUE;
  return key;
}

GBytes *tambo_key_dup_private_pem (TamboKey *key) {
  g_autoptr (BIO) bio = NULL;
  char *data;
  long size;

  g_return_val_if_fail (key->is_private && key->token == NULL, NULL);
  bio = BIO_new (BIO_s_secmem ());
  if (bio == NULL || PEM_write_bio_PKCS8PrivateKey (bio, key->pkey, NULL, NULL, 0, NULL, NULL) != 1)
    g_error ("OpenSSL cannot write a private key");
  size = BIO_get_mem_data (bio, &data);
  return tambo_secret_new (data, (gsize) size);
}

char *tambo_key_dup_public_pem (TamboKey *key) {
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *data;
  long size;

  if (bio == NULL || PEM_write_bio_PUBKEY (bio, key->pkey) != 1)
    g_error ("OpenSSL cannot write a public key");
  size = BIO_get_mem_data (bio, &data);
  return g_strndup (data, (gsize) size);
}

GBytes *tambo_key_dup_point (TamboKey *key) {
  return g_bytes_new (key->point, sizeof key->point);
}

char *tambo_key_dup_id (TamboKey *key) {
  guint8 hash[TAMBO_SHA256_SIZE];

  tambo_sha256 (key->point, sizeof key->point, hash);
  return tambo_hex_encode (hash, 8);
}

gpointer tambo_key_get_evp_pkey (TamboKey *key) {
  return key->pkey;
}

GBytes *tambo_key_sign (TamboKey *key, gconstpointer data, gsize size) {
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  g_autofree guint8 *signature = NULL;
  gsize length = 0;

  g_return_val_if_fail (key->is_private && key->token == NULL, NULL);
  if (size == 0)
    data = "";
  if (context == NULL || EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, key->pkey) != 1
      || EVP_DigestSign (context, NULL, &length, data, size) != 1)
    g_error ("OpenSSL cannot start an ECDSA signature");
  signature = g_malloc (length);
  if (EVP_DigestSign (context, signature, &length, data, size) != 1)
    g_error ("OpenSSL cannot make an ECDSA signature");
  return g_bytes_new_take (g_steal_pointer (&signature), length);
}

gboolean tambo_key_verify (TamboKey *key, gconstpointer data, gsize size, GBytes *signature) {
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  gsize length;
  const guint8 *bytes = g_bytes_get_data (signature, &length);
  gboolean holds;

  if (length == 0)
    return FALSE;
  if (context == NULL || EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, key->pkey) != 1)
    g_error ("OpenSSL cannot start to verify an ECDSA signature");
  holds = EVP_DigestVerify (context, bytes, length, size > 0 ? data : "", size) == 1;
  ERR_clear_error ();
  return holds;
}

GBytes *tambo_key_derive (TamboKey *private_key, TamboKey *public_key, GError **error) {
  g_autoptr (EVP_PKEY_CTX) context = NULL;
  g_autoptr (GBytes) shared = NULL;
  gsize length = SCALAR_SIZE;
  guint8 *x;

  g_return_val_if_fail (private_key->is_private, NULL);
  if (private_key->token != NULL) {
    g_autoptr (GBytes) point = tambo_key_dup_point (public_key);

    return tambo_token_derive (private_key->token, point, error);
  }
  context = EVP_PKEY_CTX_new (private_key->pkey, NULL);
  x = tambo_secret_allocate (SCALAR_SIZE);
  shared = tambo_secret_take (x, SCALAR_SIZE);
  if (context == NULL
      || EVP_PKEY_derive_init (context) != 1
      /* Every TamboKey was found on the curve when it was made. */
      || EVP_PKEY_derive_set_peer_ex (context, public_key->pkey, FALSE) != 1
      || EVP_PKEY_derive (context, x, &length) != 1 || length != SCALAR_SIZE) {
    tambo_error_set_openssl (error, "ECDH failed");
    return NULL;
  }
  return g_steal_pointer (&shared);
}
