/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/signed-data.h"

#include <openssl/err.h>
#include <openssl/objects.h>

#define MAX_SIZE (16 * 1024 * 1024) /* a master list of the world has one to two MiB */

static gboolean refuse (GError **error, const char *name, const char *cause) {
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED, "%s %s", name, cause);
  return FALSE;
}

static gboolean has_form (CMS_ContentInfo *cms, const char *oid, const char *name, GError **error) {
  STACK_OF (CMS_SignerInfo) *signers = NULL;
  g_autoptr (ASN1_OBJECT) type = OBJ_txt2obj (oid, 1);

  if (OBJ_obj2nid (CMS_get0_type (cms)) == NID_pkcs7_signed)
    signers = CMS_get0_SignerInfos (cms);
  if (!signers || sk_CMS_SignerInfo_num (signers) != 1)
    return refuse (error, name, "is not signed by exactly one signer");
  if (!type || !CMS_get0_eContentType (cms) || OBJ_cmp (CMS_get0_eContentType (cms), type) != 0)
    return refuse (error, name, "holds content of another type");
  return TRUE;
}

CMS_ContentInfo *tambo_signed_data_parse (gconstpointer data, gsize size, const char *oid,
                                          const char *name, GError **error) {
  const guint8 *end = data;
  g_autoptr (CMS_ContentInfo) cms =
      size <= MAX_SIZE ? d2i_CMS_ContentInfo (NULL, &end, (long) size) : NULL;

  gboolean whole = cms && end == (const guint8 *) data + size;
  if (!whole)
    refuse (error, name, "does not hold one CMS message");
  gboolean fit = whole && has_form (cms, oid, name, error);
  ERR_clear_error ();
  return fit ? g_steal_pointer (&cms) : NULL;
}

const ASN1_OCTET_STRING *tambo_signed_data_get_content (CMS_ContentInfo *cms, const char *name,
                                                        GError **error) {
  ASN1_OCTET_STRING **content = CMS_get0_content (cms);

  if (content && *content)
    return *content;
  refuse (error, name, "has no content");
  return NULL;
}

/* Without signed attributes, or with those of another content, bytes signed for another purpose could
 * be passed off (RFC 5652 section 5.3). */
static gboolean attributes_hold (CMS_ContentInfo *cms, CMS_SignerInfo *signer) {
  const ASN1_OBJECT *name = OBJ_nid2obj (NID_pkcs9_contentType);
  const ASN1_OBJECT *type = CMS_signed_get0_data_by_OBJ (signer, name, -3, V_ASN1_OBJECT);

  return type && OBJ_cmp (type, CMS_get0_eContentType (cms)) == 0;
}

static gboolean has_entry (X509_NAME *name, const X509_NAME_ENTRY *wanted) {
  const ASN1_STRING *value = X509_NAME_ENTRY_get_data (wanted);

  for (int i = 0; i < X509_NAME_entry_count (name); i++) {
    const X509_NAME_ENTRY *entry = X509_NAME_get_entry (name, i);
    if (OBJ_cmp (X509_NAME_ENTRY_get_object (entry), X509_NAME_ENTRY_get_object (wanted)) == 0
        && ASN1_STRING_cmp (X509_NAME_ENTRY_get_data (entry), value) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Passports are about whose SOD writes the parts of the issuer's name in another order than the
 * certificate does. */
static gboolean is_shuffled (CMS_SignerInfo *signer, X509 *certificate) {
  X509_NAME *issuer = X509_get_issuer_name (certificate);
  X509_NAME *name = NULL;
  ASN1_INTEGER *serial = NULL;

  if (CMS_SignerInfo_get0_signer_id (signer, NULL, &name, &serial) != 1 || !name || !serial
      || ASN1_INTEGER_cmp (serial, X509_get0_serialNumber (certificate)) != 0
      || X509_NAME_entry_count (name) != X509_NAME_entry_count (issuer))
    return FALSE;
  for (int i = 0; i < X509_NAME_entry_count (name); i++)
    if (!has_entry (issuer, X509_NAME_get_entry (name, i)))
      return FALSE;
  return TRUE;
}

static X509 *find_certificate (CMS_ContentInfo *cms, CMS_SignerInfo *signer) {
  STACK_OF (X509) *certificates = CMS_get1_certs (cms);
  X509 *certificate = NULL;

  for (int i = 0; !certificate && i < sk_X509_num (certificates); i++) {
    X509 *candidate = sk_X509_value (certificates, i);
    gboolean is_it =
        CMS_SignerInfo_cert_cmp (signer, candidate) == 0 || is_shuffled (signer, candidate);
    if (is_it && X509_up_ref (candidate))
      certificate = candidate;
  }
  sk_X509_pop_free (certificates, X509_free);
  return certificate;
}

X509 *tambo_signed_data_check_signature (CMS_ContentInfo *cms, const char *name, GError **error) {
  CMS_SignerInfo *signer = sk_CMS_SignerInfo_value (CMS_get0_SignerInfos (cms), 0);
  g_autoptr (X509) certificate = find_certificate (cms, signer);
  g_autoptr (BIO) out = BIO_new (BIO_s_mem ());

  if (!certificate) {
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
                 "the signer's certificate is not in %s", name);
    return NULL;
  }
  CMS_SignerInfo_set1_signer_cert (signer, certificate);
  gboolean holds =
      attributes_hold (cms, signer)
      && CMS_verify (cms, NULL, NULL, NULL, out, CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) == 1;
  ERR_clear_error ();
  if (holds)
    return g_steal_pointer (&certificate);
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
               "the signature of %s does not hold", name);
  return NULL;
}
