/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/card-security.h"

#include <string.h>

#include "base/error.h"
#include "chip/certificate.h"
#include "chip/signed-data.h"

#define OID_SECURITY_OBJECT "0.4.0.127.0.7.3.2.1"
#define NAME "EF.CardSecurity"
#define TAG_SEQUENCE 0x30
#define TAG_SET 0x31
#define TAG_OID 0x06
#define TAG_INTEGER 0x02
#define TAG_BIT_STRING 0x03

/* id-PK-ECDH, 0.4.0.127.0.7.2.2.1.2, and standardizedDomainParameters, 0.4.0.127.0.7.1.2. */
static const guint8 id_pk_ecdh[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01, 0x02 };
static const guint8 id_standardized[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x02 };

/* The point of a SubjectPublicKeyInfo; whether it lies on the curve shows when it is used. */
static GBytes *dup_point (const TamboTlv *key_info) {
  TamboReader reader = tambo_reader (key_info->value, key_info->length);
  TamboTlv algorithm, bits;

  if (key_info->tag != TAG_SEQUENCE || !tambo_tlv_next (&reader, &algorithm)
      || algorithm.tag != TAG_SEQUENCE || !tambo_tlv_next (&reader, &bits)
      || bits.tag != TAG_BIT_STRING || bits.length < 2 || bits.value[0] != 0)
    return NULL;
  return g_bytes_new (bits.value + 1, bits.length - 1);
}

/* A chip may have several keys; one of them must be the one that it used. */
static gboolean find_proof (gconstpointer infos, gsize size, const TamboPaceSession *session,
                            const TamboPaceInfo *info, GError **error) {
  TamboReader reader;
  gboolean any = FALSE;

  if (!tambo_security_infos_open (infos, size, &reader, error))
    return FALSE;
  while (tambo_reader_left (&reader) > 0) {
    TamboSecurityInfo security;
    if (!tambo_security_infos_next (&reader, &security, error))
      return FALSE;
    if (security.oid_size != sizeof id_pk_ecdh
        || memcmp (security.oid, id_pk_ecdh, sizeof id_pk_ecdh) != 0)
      continue;
    g_autoptr (GBytes) point = dup_point (&security.required);
    any = TRUE;
    if (point && tambo_pace_session_proves (session, info, point))
      return TRUE;
  }
  g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
                       any ? "the chip does not hold the private key of " NAME ": it is a copy"
                           : NAME " has no key for chip authentication");
  return FALSE;
}

static gboolean check_signer (CMS_ContentInfo *cms, GPtrArray *csca, GError **error) {
  g_autoptr (X509) signer = tambo_signed_data_check_signature (cms, NAME, error);

  if (!signer)
    return FALSE;
  return !csca || csca->len == 0 || tambo_certificate_verify_chain (signer, csca, error);
}

static void add_row (GPtrArray *verdicts, const char *check, const GError *error) {
  tambo_verdict_add (verdicts, check, error ? TAMBO_VERDICT_FAILED : TAMBO_VERDICT_PASSED, "%s",
                     error ? error->message : "");
}

void tambo_card_security_judge (GBytes *file, const TamboPaceSession *session,
                                const TamboPaceInfo *info, GPtrArray *csca, GPtrArray *verdicts) {
  g_autoptr (GError) problem = NULL;
  g_autoptr (GError) proof_problem = NULL;
  gsize size = 0;
  gconstpointer data = file ? g_bytes_get_data (file, &size) : NULL;
  g_autoptr (CMS_ContentInfo) cms =
      tambo_signed_data_parse (data, size, OID_SECURITY_OBJECT, NAME, &problem);
  const ASN1_OCTET_STRING *content =
      cms ? tambo_signed_data_get_content (cms, NAME, &problem) : NULL;

  if (!content || !check_signer (cms, csca, &problem)) {
    add_row (verdicts, "card-security", problem);
    tambo_verdict_add (verdicts, "chip-authentication", TAMBO_VERDICT_SKIPPED,
                       "the chip's public key is not vouched for");
    return;
  }
  if (csca && csca->len > 0)
    add_row (verdicts, "card-security", NULL);
  else
    tambo_verdict_add (verdicts, "card-security", TAMBO_VERDICT_SKIPPED,
                       "no CSCA certificate was given");
  if (find_proof (ASN1_STRING_get0_data (content), (gsize) ASN1_STRING_length (content), session,
                  info, &proof_problem))
    tambo_verdict_add (verdicts, "chip-authentication", TAMBO_VERDICT_PASSED, "%s",
                       "chip authentication mapping");
  else
    add_row (verdicts, "chip-authentication", proof_problem);
}

static GBytes *encode_infos (const TamboPaceInfo *info, GBytes *public_key) {
  g_autoptr (GByteArray) algorithm = g_byte_array_new ();
  g_autoptr (GByteArray) bits = g_byte_array_new ();
  g_autoptr (GByteArray) key = g_byte_array_new ();
  g_autoptr (GByteArray) infos = g_byte_array_new ();
  guint8 id = (guint8) info->parameter_id;
  gsize size;
  gconstpointer point = g_bytes_get_data (public_key, &size);

  tambo_tlv_put (algorithm, TAG_OID, id_standardized, sizeof id_standardized);
  tambo_tlv_put (algorithm, TAG_INTEGER, &id, 1);
  tambo_put_u8 (bits, 0);
  tambo_put_bytes (bits, point, size);
  tambo_tlv_put (key, TAG_SEQUENCE, algorithm->data, algorithm->len);
  tambo_tlv_put (key, TAG_BIT_STRING, bits->data, bits->len);
  tambo_tlv_put (infos, TAG_OID, id_pk_ecdh, sizeof id_pk_ecdh);
  tambo_tlv_put (infos, TAG_SEQUENCE, key->data, key->len);
  tambo_tlv_put (infos, TAG_INTEGER, &id, 1);
  tambo_tlv_wrap (infos, TAG_SEQUENCE);
  tambo_tlv_wrap (infos, TAG_SET);
  return g_byte_array_free_to_bytes (g_steal_pointer (&infos));
}

GBytes *tambo_card_security_sign (const TamboPaceInfo *info, GBytes *public_key,
                                  const TamboSigner *signer, GError **error) {
  g_autoptr (GBytes) infos = encode_infos (info, public_key);
  GBytes *file = tambo_signed_data_make (infos, OID_SECURITY_OBJECT, signer, error);

  if (!file)
    g_prefix_error (error, NAME " could not be signed: ");
  return file;
}
