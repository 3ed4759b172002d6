/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/cv-certificate.h"

#include <string.h>

#include <openssl/err.h>

#include "chip/cv-certificate-private.h"
#include "format/tlv.h"

#define MAX_SIZE 4096
#define TAG_CERTIFICATE 0x7F21
#define TAG_BODY 0x7F4E
#define TAG_SIGNATURE 0x5F37
#define TAG_PROFILE 0x5F29
#define TAG_AUTHORITY 0x42
#define TAG_KEY 0x7F49
#define TAG_HOLDER 0x5F20
#define TAG_AUTHORIZATION 0x7F4C
#define TAG_EFFECTIVE 0x5F25
#define TAG_EXPIRATION 0x5F24
#define TAG_EXTENSIONS 0x65
#define TAG_OID 0x06
#define TAG_DISCRETIONARY 0x53
#define DATE_SIZE 6
#define NAME "the terminal's certificate"

/* id-IS, 0.4.0.127.0.7.3.1.2.1. */
static const guint8 id_inspection[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x02, 0x01 };

void tambo_cv_certificate_free (TamboCvCertificate *certificate) {
  if (!certificate)
    return;
  g_clear_pointer (&certificate->message, g_bytes_unref);
  g_clear_pointer (&certificate->signature, g_bytes_unref);
  g_clear_pointer (&certificate->point, g_bytes_unref);
  g_clear_pointer (&certificate->modulus, g_bytes_unref);
  g_clear_pointer (&certificate->exponent, g_bytes_unref);
  g_free (certificate);
}

static gboolean refuse (GError **error, TamboChipError code, const char *cause) {
  g_set_error (error, TAMBO_CHIP_ERROR, code, NAME " %s", cause);
  return FALSE;
}

static gboolean malformed (GError **error, const char *what) {
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED, NAME " has no proper %s", what);
  return FALSE;
}

/* The order of the objects is fixed (table 19). */
static gboolean next (TamboReader *reader, guint32 tag, TamboTlv *out_tlv) {
  return tambo_tlv_next (reader, out_tlv) && out_tlv->tag == tag;
}

/* ISO/IEC 8859-1 without its unassigned characters (appendix D.2.1.4). */
static gboolean take_reference (TamboReader *reader, guint32 tag,
                                char out_text[TAMBO_CV_REFERENCE_SIZE + 1]) {
  TamboTlv tlv;

  if (!next (reader, tag, &tlv) || tlv.length == 0 || tlv.length > TAMBO_CV_REFERENCE_SIZE)
    return FALSE;
  for (gsize i = 0; i < tlv.length; i++)
    if ((tlv.value[i] & 0x7F) < 0x20 || tlv.value[i] == 0x7F)
      return FALSE;
  memcpy (out_text, tlv.value, tlv.length);
  out_text[tlv.length] = '\0';
  return TRUE;
}

/* Unpacked BCD, of this century (appendix D.2.1.3). */
static gboolean take_date (TamboReader *reader, guint32 tag, guint32 *out_date) {
  TamboTlv tlv;
  guint32 date = 0;

  if (!next (reader, tag, &tlv) || tlv.length != DATE_SIZE)
    return FALSE;
  for (gsize i = 0; i < DATE_SIZE; i++) {
    if (tlv.value[i] > 9)
      return FALSE;
    date = date * 10 + tlv.value[i];
  }
  *out_date = 20000000 + date;
  return g_date_valid_dmy (date % 100, (GDateMonth) (date / 100 % 100),
                           (GDateYear) (2000 + date / 10000));
}

static gboolean take_authorization (TamboReader *reader, TamboCvCertificate *certificate,
                                    GError **error) {
  TamboTlv whole, oid, octet;

  if (!next (reader, TAG_AUTHORIZATION, &whole))
    return malformed (error, "authorization");
  TamboReader inside = tambo_reader (whole.value, whole.length);
  if (!next (&inside, TAG_OID, &oid))
    return malformed (error, "authorization");
  if (oid.length != sizeof id_inspection
      || memcmp (oid.value, id_inspection, sizeof id_inspection) != 0)
    return refuse (error, TAMBO_CHIP_ERROR_UNSUPPORTED, "is not for an inspection system");
  if (!next (&inside, TAG_DISCRETIONARY, &octet) || octet.length != 1
      || tambo_reader_left (&inside) > 0)
    return malformed (error, "authorization");
  certificate->role = octet.value[0] >> 6;
  certificate->rights = octet.value[0] & TAMBO_CV_RIGHTS;
  return TRUE;
}

static gboolean parse_body (const TamboTlv *body, TamboCvCertificate *certificate, GError **error) {
  TamboReader reader = tambo_reader (body->value, body->length);
  TamboTlv tlv;

  if (!next (&reader, TAG_PROFILE, &tlv) || tlv.length != 1)
    return malformed (error, "profile");
  if (tlv.value[0] != 0)
    return refuse (error, TAMBO_CHIP_ERROR_UNSUPPORTED, "is of a profile that is not known here");
  if (!take_reference (&reader, TAG_AUTHORITY, certificate->authority))
    return malformed (error, "authority reference");
  if (!next (&reader, TAG_KEY, &tlv))
    return malformed (error, "public key");
  if (!tambo_cv_key_parse (tlv.value, tlv.length, certificate, error))
    return FALSE;
  if (!take_reference (&reader, TAG_HOLDER, certificate->holder))
    return malformed (error, "holder reference");
  if (!take_authorization (&reader, certificate, error))
    return FALSE;
  if (!take_date (&reader, TAG_EFFECTIVE, &certificate->effective))
    return malformed (error, "effective date");
  if (!take_date (&reader, TAG_EXPIRATION, &certificate->expiration))
    return malformed (error, "expiration date");
  if (tambo_reader_left (&reader) > 0
      && (!next (&reader, TAG_EXTENSIONS, &tlv) || tambo_reader_left (&reader) > 0))
    return malformed (error, "end");
  return TRUE;
}

TamboCvCertificate *tambo_cv_certificate_parse_message (gconstpointer data, gsize size,
                                                        GError **error) {
  g_autoptr (TamboCvCertificate) certificate = g_new0 (TamboCvCertificate, 1);
  TamboReader reader = tambo_reader (data, size);
  TamboTlv body, signature;

  if (size > MAX_SIZE || !next (&reader, TAG_BODY, &body)) {
    malformed (error, "body");
    return NULL;
  }
  certificate->body_size = reader.position;
  if (!next (&reader, TAG_SIGNATURE, &signature) || signature.length == 0
      || tambo_reader_left (&reader) > 0) {
    malformed (error, "signature");
    return NULL;
  }
  if (!parse_body (&body, certificate, error))
    return NULL;
  certificate->message = g_bytes_new (data, size);
  certificate->signature = g_bytes_new (signature.value, signature.length);
  return g_steal_pointer (&certificate);
}

TamboCvCertificate *tambo_cv_certificate_parse (gconstpointer data, gsize size, GError **error) {
  TamboReader reader = tambo_reader (data, size);
  TamboTlv whole;

  if (size <= MAX_SIZE && next (&reader, TAG_CERTIFICATE, &whole)
      && tambo_reader_left (&reader) == 0)
    return tambo_cv_certificate_parse_message (whole.value, whole.length, error);
  g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                       "what should be a terminal's certificate is none");
  return NULL;
}

gboolean tambo_cv_certificate_verify (const TamboCvCertificate *certificate, EVP_PKEY *issuer,
                                      TamboCvAlgorithm algorithm, GError **error) {
  gconstpointer message = g_bytes_get_data (certificate->message, NULL);

  if (tambo_cv_verify (algorithm, issuer, message, certificate->body_size, certificate->signature))
    return TRUE;
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
               "%s did not sign the certificate of %s", certificate->authority,
               certificate->holder);
  return FALSE;
}
