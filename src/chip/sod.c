/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/sod.h"

#include <string.h>

#include <openssl/objects.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "chip/certificate.h"
#include "chip/security-object.h"
#include "format/tlv.h"

/* SignedData over CONTENT by OpenSSL: one signerInfo with signed attributes, the certificate inside. */
static CMS_ContentInfo *sign_content (GBytes *content, X509 *certificate, EVP_PKEY *key) {
  const unsigned int flags = CMS_BINARY | CMS_NOSMIMECAP | CMS_PARTIAL;
  gsize size;
  gconstpointer data = g_bytes_get_data (content, &size);
  g_autoptr (CMS_ContentInfo) cms = CMS_sign (NULL, NULL, NULL, NULL, flags);
  g_autoptr (ASN1_OBJECT) type = OBJ_txt2obj (TAMBO_OID_LDS_SECURITY_OBJECT, 1);
  g_autoptr (BIO) bio = BIO_new_mem_buf (data, (int) size);

  if (!cms || !type || !bio || CMS_set1_eContentType (cms, type) != 1
      || !CMS_add1_signer (cms, certificate, key, EVP_sha256 (), flags)
      || CMS_final (cms, bio, NULL, CMS_BINARY) != 1)
    return NULL;
  return g_steal_pointer (&cms);
}

GBytes *tambo_sod_sign (const TamboLds *lds, const TamboSigner *signer, GError **error) {
  g_autoptr (GBytes) pem = g_bytes_new_static (signer->certificate, strlen (signer->certificate));
  g_autoptr (X509) certificate = tambo_certificate_parse (pem, error);
  if (!certificate)
    return NULL;

  g_autoptr (GBytes) object = tambo_security_object_encode (lds);
  g_autoptr (CMS_ContentInfo) cms =
      sign_content (object, certificate, tambo_key_get_evp_pkey (signer->key));
  guint8 *der = NULL;
  int size = cms ? i2d_CMS_ContentInfo (cms, &der) : -1;
  if (size <= 0) {
    tambo_error_set_openssl (error, "the SOD could not be signed");
    return NULL;
  }
  g_autoptr (GByteArray) sod = g_byte_array_new ();
  tambo_tlv_put (sod, tambo_lds_file_tag (TAMBO_LDS_SOD), der, (gsize) size);
  OPENSSL_free (der);
  return g_byte_array_free_to_bytes (g_steal_pointer (&sod));
}

GBytes *tambo_sod_dup_cms (GBytes *sod, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (sod);
  TamboTlv tlv;

  if (!tambo_tlv_next (&reader, &tlv) || tlv.tag != tambo_lds_file_tag (TAMBO_LDS_SOD)
      || tambo_reader_left (&reader) > 0) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "the SOD is not one object of tag 77");
    return NULL;
  }
  return g_bytes_new (tlv.value, tlv.length);
}
