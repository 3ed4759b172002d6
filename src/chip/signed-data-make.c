/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Makes SignedData. The message is OpenSSL's; its signed attributes are hashed and signed here, because
 * the key may lie in a token, which OpenSSL does not reach without an engine.
 */
#include "chip/signed-data.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/error.h"
#include "chip/certificate.h"
#include "format/der.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RSA_PSS_PARAMS, RSA_PSS_PARAMS_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509_ALGOR, X509_ALGOR_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ASN1_TIME, ASN1_TIME_free)

/* Holds CONTENT of type OID, and SIGNER without its signature. */
static CMS_ContentInfo *begin_message (GBytes *content, ASN1_OBJECT *type, X509 *certificate,
                                       EVP_PKEY *public_key, const EVP_MD *digest) {
  const unsigned int flags = CMS_BINARY | CMS_NOSMIMECAP | CMS_PARTIAL;
  g_autoptr (CMS_ContentInfo) cms = CMS_sign (NULL, NULL, NULL, NULL, flags);

  if (!cms || CMS_set1_eContentType (cms, type) != 1
      || !CMS_add1_signer (cms, certificate, public_key, digest, flags))
    return NULL;
  /* OpenSSL settles the version of the message when the content is about to come. */
  g_autoptr (BIO) chain = CMS_dataInit (cms, NULL);
  ASN1_OCTET_STRING **slot = CMS_get0_content (cms);
  if (!chain || !slot || !*slot
      || !ASN1_OCTET_STRING_set (*slot, g_bytes_get_data (content, NULL),
                                 (int) g_bytes_get_size (content)))
    return NULL;
  return g_steal_pointer (&cms);
}

/* contentType, messageDigest and signingTime, RFC 5652 section 11. */
static gboolean add_attributes (CMS_SignerInfo *signer, GBytes *content, ASN1_OBJECT *type,
                                const EVP_MD *digest) {
  guint8 hash[EVP_MAX_MD_SIZE];
  unsigned int hash_size;
  g_autoptr (ASN1_TIME) now = X509_gmtime_adj (NULL, 0);

  return now
         && EVP_Digest (g_bytes_get_data (content, NULL), g_bytes_get_size (content), hash,
                        &hash_size, digest, NULL)
                == 1
         && CMS_signed_add1_attr_by_NID (signer, NID_pkcs9_contentType, V_ASN1_OBJECT, type, -1)
         && CMS_signed_add1_attr_by_NID (signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, hash,
                                         (int) hash_size)
         && CMS_signed_add1_attr_by_NID (signer, NID_pkcs9_signingTime, now->type, now, -1);
}

/* RSASSA-PSS-params of RFC 4055 section 3.1. */
static gboolean name_pss (X509_ALGOR *algorithm, const EVP_MD *digest) {
  g_autoptr (RSA_PSS_PARAMS) parameters = RSA_PSS_PARAMS_new ();
  g_autoptr (X509_ALGOR) hash = X509_ALGOR_new ();
  ASN1_STRING *hash_der, *der;

  if (!parameters || !hash)
    return FALSE;
  X509_ALGOR_set_md (hash, digest);
  hash_der = ASN1_item_pack (hash, ASN1_ITEM_rptr (X509_ALGOR), NULL);
  parameters->maskGenAlgorithm = X509_ALGOR_new ();
  parameters->saltLength = ASN1_INTEGER_new ();
  if (!hash_der || !parameters->maskGenAlgorithm
      || X509_ALGOR_set0 (parameters->maskGenAlgorithm, OBJ_nid2obj (NID_mgf1), V_ASN1_SEQUENCE,
                          hash_der)
             != 1) {
    ASN1_STRING_free (hash_der);
    return FALSE;
  }
  parameters->hashAlgorithm = g_steal_pointer (&hash);
  if (!parameters->saltLength
      || ASN1_INTEGER_set (parameters->saltLength, EVP_MD_get_size (digest)) != 1)
    return FALSE;
  der = ASN1_item_pack (parameters, ASN1_ITEM_rptr (RSA_PSS_PARAMS), NULL);
  if (!der)
    return FALSE;
  return X509_ALGOR_set0 (algorithm, OBJ_nid2obj (NID_rsassaPss), V_ASN1_SEQUENCE, der) == 1;
}

/* The algorithm that the signer is about to use; OpenSSL has named that of curves already. */
static gboolean name_algorithm (CMS_SignerInfo *signer, const TamboSigner *by,
                                const EVP_MD *digest) {
  X509_ALGOR *algorithm;

  CMS_SignerInfo_get0_algs (signer, NULL, NULL, NULL, &algorithm);
  return !tambo_signing_key_is_rsa (by->key) || !by->form.pss || name_pss (algorithm, digest);
}

/* The SET OF that is signed, RFC 5652 section 5.4: in the order of DER, with its own tag. */
static GBytes *encode_attributes (CMS_SignerInfo *signer) {
  g_autoptr (GPtrArray) encodings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GByteArray) set = g_byte_array_new ();

  for (int i = 0; i < CMS_signed_get_attr_count (signer); i++) {
    guint8 *der = NULL;
    int size = i2d_X509_ATTRIBUTE (CMS_signed_get_attr (signer, i), &der);
    if (size <= 0)
      return NULL;
    g_ptr_array_add (encodings, g_bytes_new (der, (gsize) size));
    OPENSSL_free (der);
  }
  tambo_der_put_set (set, encodings);
  return g_byte_array_free_to_bytes (g_steal_pointer (&set));
}

static gboolean sign_attributes (CMS_SignerInfo *signer, const TamboSigner *by, GError **error) {
  g_autoptr (GBytes) attributes = encode_attributes (signer);
  if (!attributes) {
    tambo_error_set_openssl (error, "the signed attributes cannot be written");
    return FALSE;
  }
  g_autoptr (GBytes) signature = tambo_signing_key_sign (
      by->key, tambo_signer_get_digest (by), by->form.pss, g_bytes_get_data (attributes, NULL),
      g_bytes_get_size (attributes), error);
  if (!signature)
    return FALSE;
  return ASN1_OCTET_STRING_set (CMS_SignerInfo_get0_signature (signer),
                                g_bytes_get_data (signature, NULL),
                                (int) g_bytes_get_size (signature))
         == 1;
}

static GBytes *encode_message (CMS_ContentInfo *cms, GError **error) {
  guint8 *der = NULL;
  int size = i2d_CMS_ContentInfo (cms, &der);

  if (size <= 0) {
    tambo_error_set_openssl (error, "the message cannot be written");
    return NULL;
  }
  GBytes *bytes = g_bytes_new (der, (gsize) size);
  OPENSSL_free (der);
  return bytes;
}

GBytes *tambo_signed_data_make (GBytes *content, const char *oid, const TamboSigner *signer,
                                GError **error) {
  g_autoptr (GBytes) pem = g_bytes_new_static (signer->certificate, strlen (signer->certificate));
  g_autoptr (X509) certificate = tambo_certificate_parse (pem, error);
  if (!certificate)
    return NULL;

  const EVP_MD *digest = EVP_get_digestbyname (tambo_signer_get_digest (signer));
  g_autoptr (ASN1_OBJECT) type = OBJ_txt2obj (oid, 1);
  g_autoptr (CMS_ContentInfo) cms = begin_message (
      content, type, certificate, tambo_signing_key_get_public (signer->key), digest);
  CMS_SignerInfo *info = cms ? sk_CMS_SignerInfo_value (CMS_get0_SignerInfos (cms), 0) : NULL;
  if (!info || !add_attributes (info, content, type, digest)
      || !name_algorithm (info, signer, digest)) {
    tambo_error_set_openssl (error, "the message cannot be made");
    return NULL;
  }
  return sign_attributes (info, signer, error) ? encode_message (cms, error) : NULL;
}
