/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a token does with its private key.
 */
#include "base/token-p11kit.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include "base/cleanup.h"
#include "base/secret.h"

#define MAX_SIGNATURE_SIZE 1024 /* RSA of 8192 bits */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ECDSA_SIG, ECDSA_SIG_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_SIG, X509_SIG_free)

static GBytes *fail (GError **error, TamboTokenError code, const char *message) {
  ERR_clear_error ();
  g_set_error_literal (error, TAMBO_TOKEN_ERROR, code, message);
  return NULL;
}

/* ---- the hashes that PKCS#1 knows by name ---- */

typedef struct {
  int nid;
  CK_MECHANISM_TYPE mechanism;
  CK_ULONG mask;
} Hash;

static const Hash *find_hash (const char *name, gsize size) {
  static const Hash hashes[] = {
    { NID_sha1, CKM_SHA_1, CKG_MGF1_SHA1 },      { NID_sha224, CKM_SHA224, CKG_MGF1_SHA224 },
    { NID_sha256, CKM_SHA256, CKG_MGF1_SHA256 }, { NID_sha384, CKM_SHA384, CKG_MGF1_SHA384 },
    { NID_sha512, CKM_SHA512, CKG_MGF1_SHA512 },
  };
  const EVP_MD *digest = EVP_get_digestbyname (name);

  for (gsize i = 0; digest != NULL && i < G_N_ELEMENTS (hashes); i++)
    if (hashes[i].nid == EVP_MD_get_type (digest) && (gsize) EVP_MD_get_size (digest) == size)
      return &hashes[i];
  return NULL;
}

/* DigestInfo, RFC 8017 section 9.2: what CKM_RSA_PKCS signs. */
static GBytes *digest_info (const Hash *hash, GBytes *digest) {
  g_autoptr (X509_SIG) info = X509_SIG_new ();
  X509_ALGOR *algorithm;
  ASN1_OCTET_STRING *value;
  guint8 *der = NULL;
  int size = -1;

  if (info == NULL)
    return NULL;
  X509_SIG_getm (info, &algorithm, &value);
  if (X509_ALGOR_set0 (algorithm, OBJ_nid2obj (hash->nid), V_ASN1_NULL, NULL) == 1
      && ASN1_OCTET_STRING_set (value, g_bytes_get_data (digest, NULL),
                                (int) g_bytes_get_size (digest)))
    size = i2d_X509_SIG (info, &der);
  GBytes *bytes = size > 0 ? g_bytes_new (der, (gsize) size) : NULL;
  OPENSSL_free (der);
  return bytes;
}

/* ---- signing ---- */

/* Some keys want the PIN again for every signature. */
static gboolean authenticate_again (TamboToken *token, GError **error) {
  CK_BBOOL always = CK_FALSE;
  CK_ATTRIBUTE attribute = { CKA_ALWAYS_AUTHENTICATE, &always, sizeof always };
  gsize size = 0;
  gconstpointer pin = token->pin != NULL ? g_bytes_get_data (token->pin, &size) : NULL;

  if (token->module->C_GetAttributeValue (token->session, token->key, &attribute, 1) != CKR_OK
      || !always)
    return TRUE;
  return tambo_token_check (
      token->module->C_Login (token->session, CKU_CONTEXT_SPECIFIC, (CK_UTF8CHAR *) pin, size),
      "the token refuses the PIN for its key", error);
}

static GBytes *sign_raw (TamboToken *token, CK_MECHANISM *mechanism, GBytes *input,
                         GError **error) {
  guint8 signature[MAX_SIGNATURE_SIZE];
  CK_ULONG length = sizeof signature;
  gsize size;
  gconstpointer data = g_bytes_get_data (input, &size);
  CK_RV result = token->module->C_SignInit (token->session, mechanism, token->key);

  if (!tambo_token_check (result, "the token's key cannot sign this way", error)
      || !authenticate_again (token, error))
    return NULL;
  result = token->module->C_Sign (token->session, (CK_BYTE *) data, size, signature, &length);
  if (!tambo_token_check (result, "the token does not sign", error))
    return NULL;
  return g_bytes_new (signature, length);
}

/* r | s of equal length, as an ECDSA-Sig-Value. */
static GBytes *ecdsa_to_der (GBytes *plain, GError **error) {
  gsize size;
  const guint8 *data = g_bytes_get_data (plain, &size);
  g_autoptr (ECDSA_SIG) signature = ECDSA_SIG_new ();
  BIGNUM *r = BN_bin2bn (data, (int) (size / 2), NULL);
  BIGNUM *s = BN_bin2bn (data + size / 2, (int) (size / 2), NULL);
  guint8 *der = NULL;

  if (signature == NULL || size % 2 != 0 || ECDSA_SIG_set0 (signature, r, s) != 1) {
    BN_free (r);
    BN_free (s);
    return fail (error, TAMBO_TOKEN_ERROR_FAILED, "the token's signature is no ECDSA signature");
  }
  int length = i2d_ECDSA_SIG (signature, &der);
  GBytes *bytes = length > 0 ? g_bytes_new (der, (gsize) length) : NULL;
  OPENSSL_free (der);
  return bytes != NULL ? bytes
                       : fail (error, TAMBO_TOKEN_ERROR_FAILED, "the signature cannot be written");
}

static GBytes *sign_ecdsa (TamboToken *token, gboolean plain, GBytes *digest, GError **error) {
  CK_MECHANISM mechanism = { CKM_ECDSA, NULL, 0 };
  g_autoptr (GBytes) signature = sign_raw (token, &mechanism, digest, error);

  if (signature == NULL || plain)
    return g_steal_pointer (&signature);
  return ecdsa_to_der (signature, error);
}

static GBytes *sign_rsa (TamboToken *token, gboolean pss, const Hash *hash, GBytes *digest,
                         GError **error) {
  CK_RSA_PKCS_PSS_PARAMS parameters = { hash->mechanism, hash->mask, g_bytes_get_size (digest) };
  CK_MECHANISM probabilistic = { CKM_RSA_PKCS_PSS, &parameters, sizeof parameters };
  CK_MECHANISM classic = { CKM_RSA_PKCS, NULL, 0 };

  if (pss)
    return sign_raw (token, &probabilistic, digest, error);
  g_autoptr (GBytes) info = digest_info (hash, digest);
  return info != NULL ? sign_raw (token, &classic, info, error)
                      : fail (error, TAMBO_TOKEN_ERROR_FAILED, "the hash cannot be written");
}

/* Modules differ in what they say when a key is used for what it is not. */
static gboolean key_is (TamboToken *token, CK_KEY_TYPE wanted) {
  CK_KEY_TYPE type = wanted;
  CK_ATTRIBUTE attribute = { CKA_KEY_TYPE, &type, sizeof type };

  return token->module->C_GetAttributeValue (token->session, token->key, &attribute, 1) != CKR_OK
         || type == wanted;
}

GBytes *tambo_token_sign (TamboToken *token, TamboTokenScheme scheme, const char *digest_name,
                          GBytes *digest, GError **error) {
  const Hash *hash = find_hash (digest_name, g_bytes_get_size (digest));
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&token->lock);

  gboolean is_ecdsa = scheme == TAMBO_TOKEN_ECDSA || scheme == TAMBO_TOKEN_ECDSA_PLAIN;

  if (hash == NULL)
    return fail (error, TAMBO_TOKEN_ERROR_UNSUPPORTED, "tokens are not given such a hash");
  if (!key_is (token, is_ecdsa ? CKK_EC : CKK_RSA))
    return fail (error, TAMBO_TOKEN_ERROR_UNSUPPORTED, "the token's key is of another kind");
  return is_ecdsa ? sign_ecdsa (token, scheme == TAMBO_TOKEN_ECDSA_PLAIN, digest, error)
                  : sign_rsa (token, scheme == TAMBO_TOKEN_RSA_PSS, hash, digest, error);
}

/* ---- key agreement ---- */

/* The secret as an object of the session, which is gone with it at the latest. */
static CK_RV derive_object (TamboToken *token, GBytes *point, CK_ULONG length,
                            CK_OBJECT_HANDLE *out_object) {
  CK_OBJECT_CLASS class = CKO_SECRET_KEY;
  CK_KEY_TYPE type = CKK_GENERIC_SECRET;
  CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  CK_ATTRIBUTE template[] = {
    { CKA_CLASS, &class, sizeof class },   { CKA_KEY_TYPE, &type, sizeof type },
    { CKA_TOKEN, &no, sizeof no },         { CKA_SENSITIVE, &no, sizeof no },
    { CKA_EXTRACTABLE, &yes, sizeof yes }, { CKA_VALUE_LEN, &length, sizeof length },
  };
  CK_ECDH1_DERIVE_PARAMS parameters = {
    .kdf = CKD_NULL,
    .public_data_len = g_bytes_get_size (point),
    .public_data = (unsigned char *) g_bytes_get_data (point, NULL),
  };
  CK_MECHANISM mechanism = { CKM_ECDH1_DERIVE, &parameters, sizeof parameters };

  return token->module->C_DeriveKey (token->session, &mechanism, token->key, template,
                                     G_N_ELEMENTS (template), out_object);
}

/* The point as an OCTET STRING, the form that older modules want. */
static GBytes *wrap_point (GBytes *point) {
  g_autoptr (ASN1_OCTET_STRING) string = ASN1_OCTET_STRING_new ();
  guint8 *der = NULL;
  int size = -1;

  if (string != NULL
      && ASN1_OCTET_STRING_set (string, g_bytes_get_data (point, NULL),
                                (int) g_bytes_get_size (point)))
    size = i2d_ASN1_OCTET_STRING (string, &der);
  GBytes *bytes = size > 0 ? g_bytes_new (der, (gsize) size) : NULL;
  OPENSSL_free (der);
  return bytes;
}

static GBytes *read_secret (TamboToken *token, CK_OBJECT_HANDLE object, gsize size,
                            GError **error) {
  gpointer memory = tambo_secret_allocate (size);
  CK_ATTRIBUTE attribute = { CKA_VALUE, memory, size };
  CK_RV result = token->module->C_GetAttributeValue (token->session, object, &attribute, 1);

  if (result != CKR_OK || attribute.ulValueLen != size) {
    tambo_secret_release (memory, size);
    return fail (error, TAMBO_TOKEN_ERROR_UNSUPPORTED,
                 "the token does not hand out the secret that it agreed on");
  }
  return tambo_secret_take (memory, size);
}

GBytes *tambo_token_derive (TamboToken *token, GBytes *peer_point, GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&token->lock);
  gsize size = g_bytes_get_size (peer_point);
  const guint8 *point = g_bytes_get_data (peer_point, NULL);
  CK_OBJECT_HANDLE object;

  if (size < 3 || size % 2 == 0 || point[0] != 0x04)
    return fail (error, TAMBO_TOKEN_ERROR_UNSUPPORTED,
                 "the other side's point is not uncompressed");
  if (!key_is (token, CKK_EC))
    return fail (error, TAMBO_TOKEN_ERROR_UNSUPPORTED, "the token's key is of another kind");
  gsize length = (size - 1) / 2;
  CK_RV result = derive_object (token, peer_point, length, &object);
  if (result == CKR_MECHANISM_PARAM_INVALID || result == CKR_ARGUMENTS_BAD) {
    g_autoptr (GBytes) wrapped = wrap_point (peer_point);
    result = derive_object (token, wrapped, length, &object);
  }
  if (!tambo_token_check (result, "the token does not agree on a secret", error))
    return NULL;
  GBytes *secret = read_secret (token, object, length, error);
  token->module->C_DestroyObject (token->session, object);
  return secret;
}
