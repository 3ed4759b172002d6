/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/certificate.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "chip/certificate-store.h"
#include "format/tlv.h"

#define OID_DOCUMENT_TYPE_LIST "2.23.136.1.1.6.2"
#define TAG_SEQUENCE 0x30
#define TAG_SET 0x31
#define MAX_CERTIFICATE_SIZE (64 * 1024)
#define MAX_POINT_SIZE 256

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EC_GROUP, EC_GROUP_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM, OSSL_PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKEY_USAGE_PERIOD, PKEY_USAGE_PERIOD_free)

static gboolean is_pem (const guint8 *data, gsize size) {
  static const char mark[] = "-----BEGIN";

  return g_strstr_len ((const char *) data, (gssize) size, mark) != NULL;
}

X509 *tambo_certificate_parse (GBytes *bytes, GError **error) {
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr (X509) certificate = NULL;

  if (size > 0 && size <= MAX_CERTIFICATE_SIZE) {
    if (is_pem (data, size)) {
      g_autoptr (BIO) bio = BIO_new_mem_buf (data, (int) size);
      certificate = bio ? PEM_read_bio_X509 (bio, NULL, NULL, NULL) : NULL;
    } else {
      const guint8 *end = data;
      certificate = d2i_X509 (NULL, &end, (long) size);
      if (certificate && end != data + size)
        g_clear_pointer (&certificate, X509_free);
    }
  }
  ERR_clear_error ();
  if (!certificate)
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "what should be a certificate is none");
  return g_steal_pointer (&certificate);
}

/* The group that the key's own numbers make, whatever name the library has given it. */
static EC_GROUP *group_of_parameters (EVP_PKEY *key) {
  static const char *const numbers[] = { OSSL_PKEY_PARAM_EC_P, OSSL_PKEY_PARAM_EC_A,
                                         OSSL_PKEY_PARAM_EC_B, OSSL_PKEY_PARAM_EC_ORDER,
                                         OSSL_PKEY_PARAM_EC_COFACTOR };
  BIGNUM *values[G_N_ELEMENTS (numbers)] = { NULL };
  guint8 generator[MAX_POINT_SIZE];
  gsize generator_size = 0;
  g_autoptr (OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new ();
  EC_GROUP *group = NULL;

  gboolean whole = builder
                   && OSSL_PARAM_BLD_push_utf8_string (builder, OSSL_PKEY_PARAM_EC_FIELD_TYPE,
                                                       SN_X9_62_prime_field, 0)
                   && EVP_PKEY_get_octet_string_param (key, OSSL_PKEY_PARAM_EC_GENERATOR, generator,
                                                       sizeof generator, &generator_size)
                   && OSSL_PARAM_BLD_push_octet_string (builder, OSSL_PKEY_PARAM_EC_GENERATOR,
                                                        generator, generator_size);
  for (gsize i = 0; whole && i < G_N_ELEMENTS (numbers); i++)
    whole = EVP_PKEY_get_bn_param (key, numbers[i], &values[i])
            && OSSL_PARAM_BLD_push_BN (builder, numbers[i], values[i]);
  if (whole) {
    g_autoptr (OSSL_PARAM) parameters = OSSL_PARAM_BLD_to_param (builder);
    group = parameters ? EC_GROUP_new_from_params (parameters, NULL, NULL) : NULL;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    BN_free (values[i]);
  return group;
}

gboolean tambo_certificate_curve_is_known (X509 *certificate) {
  static const int curves[] = {
    NID_X9_62_prime256v1, NID_secp384r1,       NID_secp521r1,
    NID_secp224r1,        NID_brainpoolP224r1, NID_brainpoolP256r1,
    NID_brainpoolP320r1,  NID_brainpoolP384r1, NID_brainpoolP512r1,
  };
  EVP_PKEY *key = X509_get0_pubkey (certificate);

  if (!key || !EVP_PKEY_is_a (key, "EC"))
    return FALSE;
  g_autoptr (EC_GROUP) group = group_of_parameters (key);
  for (gsize i = 0; group && i < G_N_ELEMENTS (curves); i++) {
    g_autoptr (EC_GROUP) known = EC_GROUP_new_by_curve_name (curves[i]);
    if (known && EC_GROUP_cmp (group, known, NULL) == 0)
      return TRUE;
  }
  ERR_clear_error ();
  return FALSE;
}

/* ---- what a document signer's certificate says of itself ---- */

static gboolean refuse (GError **error, const char *cause) {
  g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION, cause);
  return FALSE;
}

gboolean tambo_certificate_check_usage (X509 *signer, GError **error) {
  if (!(X509_get_key_usage (signer) & KU_DIGITAL_SIGNATURE)) /* all bits without the extension */
    return refuse (error, "the signer's certificate is not for signatures");
  if (X509_get_extension_flags (signer) & EXFLAG_CRITICAL)
    return refuse (error, "the signer's certificate demands what is not known here");
  return TRUE;
}

/* DocumentTypeListSyntax { version 0, SET OF PrintableString }. */
static const ASN1_OCTET_STRING *find_document_types (X509 *signer) {
  g_autoptr (ASN1_OBJECT) oid = OBJ_txt2obj (OID_DOCUMENT_TYPE_LIST, 1);
  int index = X509_get_ext_by_OBJ (signer, oid, -1);

  return index >= 0 ? X509_EXTENSION_get_data (X509_get_ext (signer, index)) : NULL;
}

/* A type of one letter covers the codes that begin with it. */
static gboolean names_type (const TamboTlv *type, const char *code) {
  return type->length > 0 && type->length <= strlen (code)
         && memcmp (type->value, code, type->length) == 0;
}

gboolean tambo_certificate_check_document_type (X509 *signer, const char *document_code,
                                                GError **error) {
  const ASN1_OCTET_STRING *list = find_document_types (signer);
  TamboTlv sequence, version, set, type;

  if (!list)
    return TRUE;
  TamboReader reader =
      tambo_reader (ASN1_STRING_get0_data (list), (gsize) ASN1_STRING_length (list));
  if (!tambo_tlv_next (&reader, &sequence) || sequence.tag != TAG_SEQUENCE)
    return refuse (error, "the signer's list of document types is malformed");
  reader = tambo_reader (sequence.value, sequence.length);
  if (!tambo_tlv_next (&reader, &version) || !tambo_tlv_next (&reader, &set) || set.tag != TAG_SET)
    return refuse (error, "the signer's list of document types is malformed");
  reader = tambo_reader (set.value, set.length);
  while (tambo_tlv_next (&reader, &type))
    if (names_type (&type, document_code))
      return TRUE;
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
               "the signer does not sign documents of type %s", document_code);
  return FALSE;
}

char *tambo_certificate_dup_date (const ASN1_TIME *time) {
  struct tm parts;

  if (!ASN1_TIME_to_tm (time, &parts))
    return g_strdup ("an unknown day");
  return g_strdup_printf ("%04d-%02d-%02d", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

char *tambo_certificate_dup_country (X509 *certificate) {
  char text[8];

  if (X509_NAME_get_text_by_NID (X509_get_subject_name (certificate), NID_countryName, text,
                                 sizeof text)
      <= 0)
    return NULL;
  return g_ascii_strup (text, -1);
}

static gboolean was_valid (X509 *signer, const ASN1_TIME *signed_at) {
  g_autoptr (PKEY_USAGE_PERIOD) period =
      X509_get_ext_d2i (signer, NID_private_key_usage_period, NULL, NULL);

  return ASN1_TIME_compare (signed_at, X509_get0_notBefore (signer)) >= 0
         && ASN1_TIME_compare (signed_at, X509_get0_notAfter (signer)) <= 0
         && (!period || !period->notBefore || ASN1_TIME_compare (signed_at, period->notBefore) >= 0)
         && (!period || !period->notAfter || ASN1_TIME_compare (signed_at, period->notAfter) <= 0);
}

static gboolean check_dates (X509 *certificate, const char *whose, const char *besides,
                             GError **error) {
  gboolean early = X509_cmp_current_time (X509_get0_notBefore (certificate)) > 0;
  gboolean late = X509_cmp_current_time (X509_get0_notAfter (certificate)) < 0;

  if (!early && !late)
    return TRUE;
  g_autofree char *date = tambo_certificate_dup_date (early ? X509_get0_notBefore (certificate)
                                                            : X509_get0_notAfter (certificate));
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION, "%s certificate %s %s%s",
               whose, early ? "is not valid before" : "expired on", date, besides);
  return FALSE;
}

gboolean tambo_certificate_check_validity (GPtrArray *chain, const ASN1_TIME *signed_at,
                                           GError **error) {
  X509 *signer = g_ptr_array_index (chain, 0);
  gboolean was = signed_at && was_valid (signer, signed_at);
  const char *then = was         ? "; it was valid when it signed"
                     : signed_at ? "; nor was it valid when it signed"
                                 : "";

  if (!check_dates (signer, "the signer's", then, error))
    return FALSE;
  if (signed_at && !was) {
    g_autofree char *date = tambo_certificate_dup_date (signed_at);
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
                 "the signature was made on %s, when the signer's key was not to be used", date);
    return FALSE;
  }
  for (guint i = 1; i < chain->len; i++)
    if (!check_dates (g_ptr_array_index (chain, i), "the CSCA's", "", error))
      return FALSE;
  return TRUE;
}

gboolean tambo_certificate_verify_chain (X509 *signer, GPtrArray *files, GError **error) {
  g_autoptr (TamboCertificateStore) store = tambo_certificate_store_new (files, error);
  gboolean listed;

  if (!store || !tambo_certificate_check_usage (signer, error))
    return FALSE;
  g_autoptr (GPtrArray) chain = tambo_certificate_store_find_chain (store, signer, error);
  return chain && tambo_certificate_check_validity (chain, NULL, error)
         && tambo_certificate_store_check_revocation (store, chain, &listed, error);
}
