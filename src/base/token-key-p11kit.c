/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The public half of a token's key, and its certificate.
 */
#include "base/token-p11kit.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "base/cleanup.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM, OSSL_PARAM_free)

/* The first object of CLASS with the CKA_ID of the private key. FALSE without an error when none. */
static gboolean find_sibling (TamboToken *token, CK_OBJECT_CLASS class,
                              CK_OBJECT_HANDLE *out_object) {
  g_autoptr (GBytes) id = tambo_token_dup_attribute (token, token->key, CKA_ID);
  CK_ULONG count;

  if (id == NULL)
    return FALSE;
  CK_ATTRIBUTE attributes[] = {
    { CKA_CLASS, &class, sizeof class },
    { CKA_ID, (void *) g_bytes_get_data (id, NULL), g_bytes_get_size (id) },
  };
  return tambo_token_find (token, attributes, G_N_ELEMENTS (attributes), out_object, 1, &count,
                           NULL)
         && count == 1;
}

static GBytes *dup_certificate (TamboToken *token) {
  CK_OBJECT_HANDLE object;

  return find_sibling (token, CKO_CERTIFICATE, &object)
             ? tambo_token_dup_attribute (token, object, CKA_VALUE)
             : NULL;
}

/* A key made of parameters only is of OpenSSL's old kind, which half of its functions refuse: once
 * through its encoding, and it is of the new. */
static EVP_PKEY *renew (EVP_PKEY *pkey) {
  guint8 *der = NULL;
  int size = i2d_PUBKEY (pkey, &der);
  const guint8 *position = der;
  EVP_PKEY *renewed = size > 0 ? d2i_PUBKEY (NULL, &position, size) : NULL;

  OPENSSL_free (der);
  return renewed;
}

/* CKA_EC_POINT is an OCTET STRING around the point; some modules give the point itself. */
static EVP_PKEY *ec_key (GBytes *parameters, GBytes *point) {
  gsize size, point_size;
  const guint8 *der = g_bytes_get_data (parameters, &size);
  const guint8 *wrapped = g_bytes_get_data (point, &point_size);
  const guint8 *raw = wrapped;
  const guint8 *position = wrapped;
  g_autoptr (EVP_PKEY) pkey = d2i_KeyParams (EVP_PKEY_EC, NULL, &der, (long) size);
  g_autoptr (ASN1_OCTET_STRING) inner = d2i_ASN1_OCTET_STRING (NULL, &position, (long) point_size);

  if (inner != NULL && position == wrapped + point_size) {
    raw = ASN1_STRING_get0_data (inner);
    point_size = (gsize) ASN1_STRING_length (inner);
  }
  if (pkey == NULL || EVP_PKEY_set1_encoded_public_key (pkey, raw, point_size) != 1)
    return NULL;
  return renew (pkey);
}

static EVP_PKEY *rsa_key (GBytes *modulus, GBytes *exponent) {
  g_autoptr (BIGNUM) n =
      BN_bin2bn (g_bytes_get_data (modulus, NULL), (int) g_bytes_get_size (modulus), NULL);
  g_autoptr (BIGNUM) e =
      BN_bin2bn (g_bytes_get_data (exponent, NULL), (int) g_bytes_get_size (exponent), NULL);
  g_autoptr (OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new ();
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "RSA", NULL);
  EVP_PKEY *pkey = NULL;

  if (n == NULL || e == NULL || builder == NULL || context == NULL
      || OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_N, n) != 1
      || OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_E, e) != 1)
    return NULL;
  g_autoptr (OSSL_PARAM) parameters = OSSL_PARAM_BLD_to_param (builder);
  if (parameters == NULL || EVP_PKEY_fromdata_init (context) != 1
      || EVP_PKEY_fromdata (context, &pkey, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
    return NULL;
  return pkey;
}

/* Whatever of a public key OBJECT shows. */
static EVP_PKEY *read_key (TamboToken *token, CK_OBJECT_HANDLE object) {
  g_autoptr (GBytes) parameters = tambo_token_dup_attribute (token, object, CKA_EC_PARAMS);
  g_autoptr (GBytes) point = tambo_token_dup_attribute (token, object, CKA_EC_POINT);
  g_autoptr (GBytes) modulus = tambo_token_dup_attribute (token, object, CKA_MODULUS);
  g_autoptr (GBytes) exponent = tambo_token_dup_attribute (token, object, CKA_PUBLIC_EXPONENT);

  if (parameters != NULL && point != NULL)
    return ec_key (parameters, point);
  if (modulus != NULL && exponent != NULL)
    return rsa_key (modulus, exponent);
  return NULL;
}

static EVP_PKEY *read_certificate_key (TamboToken *token) {
  g_autoptr (GBytes) der = dup_certificate (token);
  gsize size;
  const guint8 *position = der != NULL ? g_bytes_get_data (der, &size) : NULL;
  g_autoptr (X509) certificate = der != NULL ? d2i_X509 (NULL, &position, (long) size) : NULL;

  return certificate != NULL ? X509_get_pubkey (certificate) : NULL;
}

EVP_PKEY *tambo_token_dup_public_key (TamboToken *token, GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&token->lock);
  CK_OBJECT_HANDLE object;
  EVP_PKEY *pkey = NULL;

  if (find_sibling (token, CKO_PUBLIC_KEY, &object))
    pkey = read_key (token, object);
  if (pkey == NULL)
    pkey = read_certificate_key (token);
  if (pkey == NULL)
    pkey = read_key (token, token->key);
  ERR_clear_error ();
  if (pkey == NULL)
    g_set_error_literal (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_NO_KEY,
                         "the token does not show the public half of its key");
  return pkey;
}

GBytes *tambo_token_dup_certificate (TamboToken *token, GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&token->lock);
  GBytes *der = dup_certificate (token);

  if (der == NULL)
    g_set_error_literal (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_NO_KEY,
                         "the token has no certificate of the same id as its key");
  return der;
}
