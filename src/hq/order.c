/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/order.h"

#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "chip/active-authentication.h"
#include "chip/active-key.h"
#include "chip/data-group.h"
#include "chip/key-info.h"
#include "chip/lds-builder.h"
#include "format/image-codec.h"
#include "format/iso19794-7.h"
#include "hq/document-code.h"
#include "hq/reference.h"

#define SIGNATURE_WIDTH 600
#define SIGNATURE_HEIGHT 200
#define MAX_DOCUMENT 99999999
#define P256 12 /* Doc 9303-11 table 6 */

void tambo_hq_order_free (TamboHqOrder *order) {
  if (order == NULL)
    return;
  g_free (order->id);
  g_free (order->document_number);
  g_free (order->document_type);
  g_free (order->verification_code);
  g_clear_pointer (&order->packet, tambo_packet_free);
  g_free (order);
}

/* NULL for a document that never expires. */
static char *make_expiry_date (const TamboProcedure *procedure) {
  g_autofree char *today = tambo_clock_today ();

  return procedure->validity_years > 0 ? tambo_date_add_years (today, procedure->validity_years)
                                       : NULL;
}

/* One letter and eight digits: what an MRZ holds without overflow. */
static char *next_document_number (TamboHq *hq, GError **error) {
  gint64 number;
  g_autofree char *text = NULL;

  if (!tambo_database_get_int (hq->database, 0, &number, error,
                               "SELECT CAST(value AS INTEGER) FROM settings"
                               " WHERE name = 'document_counter'",
                               ""))
    return NULL;
  if (++number > MAX_DOCUMENT) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE,
                         "the document numbers are used up");
    return NULL;
  }
  text = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  if (!tambo_database_set_setting (hq->database, "document_counter", text, error))
    return NULL;
  return g_strdup_printf ("%c%08" G_GINT64_FORMAT, hq->practice ? 'X' : 'T', number);
}

/* What the document is known by, on it and behind its code. Committed by itself, so that a number is lost
 * rather than given twice; a code whose order never came is that of no document. */
static gboolean allocate_numbers (TamboHq *hq, TamboHqOrder *order, const TamboProcedure *procedure,
                                  GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);
  g_autofree char *expiry_date = make_expiry_date (procedure);

  order->verification_code = tambo_document_code_new ();
  return work != NULL && (order->document_number = next_document_number (hq, error)) != NULL
         && tambo_document_note (hq, order->id, order->verification_code, expiry_date, error)
         && tambo_work_commit (work, error);
}

/* The holder of the new document: the applicant, under the new document's own data. */
static TamboApplicant *make_holder (TamboHq *hq, const TamboEnrolment *enrolment,
                                    const TamboProcedure *procedure, const char *document_number) {
  TamboApplicant *holder = tambo_applicant_copy (enrolment->applicant);

  g_free (holder->document_type);
  g_free (holder->document_number);
  g_free (holder->issuing_state);
  g_free (holder->expiry_date);
  /* Of the document that was shown; the new one has none. */
  g_clear_pointer (&holder->personal_number, g_free);
  holder->document_type = g_strdup (procedure->document_type);
  holder->document_number = g_strdup (document_number);
  holder->issuing_state = g_strdup (hq->state);
  holder->expiry_date = make_expiry_date (procedure);
  return holder;
}

/* Strokes are drawn; a picture of a signature is taken as it is. NULL without an error when the case has
 * none. */
static gboolean make_ink (GBytes *signature_bytes, TamboImage **out_ink, GError **error) {
  g_autoptr (TamboSignature) signature = NULL;

  if (signature_bytes == NULL)
    return TRUE;
  if (tambo_image_sniff (signature_bytes) != TAMBO_IMAGE_UNKNOWN) {
    g_autoptr (TamboImage) picture = tambo_image_decode (signature_bytes, error);

    if (picture == NULL)
      return FALSE;
    *out_ink = tambo_image_fit (picture, SIGNATURE_WIDTH, SIGNATURE_HEIGHT);
    return TRUE;
  }
  signature = tambo_signature_parse (signature_bytes, error);
  if (signature == NULL)
    return FALSE;
  *out_ink = tambo_signature_draw (signature, SIGNATURE_WIDTH, SIGNATURE_HEIGHT);
  return TRUE;
}

/* ---- what the chip gets besides ---- */

static gboolean can_hold (const TamboHq *hq, TamboLdsFile file) {
  return hq->chip_profile != NULL && (hq->chip_profile->refused_files & (1u << file)) == 0;
}

static TamboFingerRecord *finger_record (TamboFinger finger, GBytes *bytes, GError **error) {
  g_autoptr (TamboImage) image = tambo_image_decode (bytes, error);

  return image != NULL ? tambo_lds_finger_record ((guint8) finger, image, error) : NULL;
}

/* The fingerprints of the case for DG3, where the blanks take them and it was so decided. */
static gboolean add_fingers (const TamboHq *hq, const TamboEnrolment *enrolment,
                             TamboPacket *packet, TamboLdsExtras *extras, GError **error) {
  if (!hq->chip_fingers || !can_hold (hq, TAMBO_LDS_DG3))
    return TRUE;
  extras->fingers = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_finger_record_free);
  for (guint i = 0; i < enrolment->samples->len; i++) {
    const TamboSample *sample = enrolment->samples->pdata[i];
    g_autofree char *slot = tambo_sample_dup_slot (sample);
    GBytes *bytes = tambo_packet_get (packet, slot);

    if (sample->kind != TAMBO_SAMPLE_FINGERPRINT || bytes == NULL
        || extras->fingers->len == TAMBO_CBEFF_MAX_RECORDS)
      continue;
    TamboFingerRecord *record = finger_record (sample->finger, bytes, error);
    if (record == NULL)
      return FALSE;
    g_ptr_array_add (extras->fingers, record);
  }
  return TRUE;
}

/* Who has issued it, and when. */
static TamboDocumentDetails *make_details (const TamboHq *hq) {
  TamboDocumentDetails *details = tambo_document_details_new ();
  g_autofree char *today = tambo_clock_today ();

  details->texts[TAMBO_DOCUMENT_AUTHORITY] = g_strdup (hq->name);
  details->texts[TAMBO_DOCUMENT_ISSUE_DATE] =
      g_strdup_printf ("%.4s%.2s%.2s", today, today + 5, today + 8);
  return details;
}

/* docs/decisions/0011: the key is made here, for the document has to be signed before its chip is met. */
static gboolean add_active_key (const TamboHq *hq, TamboLdsExtras *extras, TamboPacket *order,
                                GError **error) {
  g_auto (TamboActiveKey) key = { 0 };

  if (!can_hold (hq, TAMBO_LDS_DG15) || hq->chip_profile->active_modulus == NULL)
    return TRUE;
  if (!tambo_active_key_generate (&key, &extras->dg15, error))
    return FALSE;
  g_autoptr (GBytes) secret = tambo_active_key_encode (&key);
  tambo_packet_add (order, "active-key", secret);
  return TRUE;
}

/* Chip authentication, and PACE, which DG14 has to repeat: where the blanks take them. */
static gboolean add_chip_key (const TamboHq *hq, TamboLdsExtras *extras, TamboPacket *order,
                              GError **error) {
  const TamboPaceInfo pace = { TAMBO_PACE_ECDH_GM, TAMBO_PACE_AES_128, P256, FALSE };
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GBytes) pem = NULL;

  if (!can_hold (hq, TAMBO_LDS_DG14) || hq->chip_profile->chip_key == NULL)
    return TRUE;
  if (!tambo_key_infos_generate_chip_key (infos, &pem, error))
    return FALSE;
  if (hq->chip_profile->card_access != NULL)
    tambo_key_infos_add_pace (infos, &pace);
  extras->dg14 = tambo_dg14_encode (infos);
  tambo_packet_add (order, "chip-key", pem);
  return TRUE;
}

static void extras_clear (TamboLdsExtras *extras) {
  g_clear_pointer (&extras->fingers, g_ptr_array_unref);
  g_clear_pointer (&extras->dg14, g_bytes_unref);
  g_clear_pointer (&extras->dg15, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboLdsExtras, extras_clear)

/* What of the document is not the person's: it goes into ORDER and the LDS. */
static gboolean make_extras (const TamboHq *hq, const TamboEnrolment *enrolment,
                             TamboPacket *packet, TamboPacket *order, TamboLdsExtras *out_extras,
                             GError **error) {
  g_autofree char *today = tambo_clock_today ();

  out_extras->encoding = tambo_biometric_encoding_for_date (today);
  return add_fingers (hq, enrolment, packet, out_extras, error)
         && add_active_key (hq, out_extras, order, error)
         && add_chip_key (hq, out_extras, order, error);
}

/* ---- the order ---- */

static TamboLds *make_lds (TamboHq *hq, const TamboApplicant *holder, TamboPacket *packet,
                           TamboLdsExtras *extras, const TamboSigner *signer, GError **error) {
  GBytes *portrait_bytes = tambo_packet_get (packet, "portrait");
  g_autoptr (TamboDocumentDetails) details =
      can_hold (hq, TAMBO_LDS_DG12) ? make_details (hq) : NULL;
  g_autoptr (TamboImage) portrait = NULL;
  g_autoptr (TamboImage) ink = NULL;

  if (portrait_bytes == NULL) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID,
                         "the case has no portrait, and a document needs one");
    return NULL;
  }
  portrait = tambo_image_decode (portrait_bytes, error);
  if (portrait == NULL || !make_ink (tambo_packet_get (packet, "signature"), &ink, error))
    return NULL;
  extras->details = details;
  TamboLds *lds = tambo_lds_build (holder, portrait, ink, extras, signer, error);
  extras->details = NULL;
  return lds;
}

static JsonObject *describe (const TamboHq *hq, const TamboHqOrder *order,
                             const TamboEnrolment *enrolment, const TamboApplicant *holder,
                             const char *mrz) {
  JsonObject *object = json_object_new ();
  g_autofree char *name = g_strstrip (g_strdup_printf (
      "%s %s", holder->surname, holder->given_names != NULL ? holder->given_names : ""));

  json_object_set_string_member (object, "id", order->id);
  json_object_set_string_member (object, "case", enrolment->id);
  json_object_set_string_member (object, "tracking_number", enrolment->tracking_number);
  json_object_set_string_member (object, "document_number", order->document_number);
  json_object_set_string_member (object, "document_type", order->document_type);
  json_object_set_string_member (object, "procedure", enrolment->procedure_id);
  json_object_set_string_member (object, "mrz", mrz);
  json_object_set_string_member (object, "holder", name);
  if (holder->expiry_date != NULL)
    json_object_set_string_member (object, "expiry_date", holder->expiry_date);
  if (hq->chip_profile != NULL)
    json_object_set_string_member (object, "chip_profile", hq->chip_profile->name);
  json_object_set_array_member (object, "exceptions", tambo_hq_reference_exceptions (enrolment));
  return object;
}

/* Where anybody can ask whether the document is good. The code alone where no address is known. */
static gboolean describe_verification (TamboHq *hq, const TamboHqOrder *order, JsonObject *object,
                                       GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *site = tambo_document_dup_public_url (hq, &cause);
  g_autofree char *words = tambo_document_code_dup_words (order->verification_code);

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  json_object_set_string_member (object, "verification_code", words);
  if (site != NULL) {
    g_autofree char *address = g_strconcat (site, "/v/", order->verification_code, NULL);

    json_object_set_string_member (object, "verification_url", address);
  }
  return TRUE;
}

TamboHqOrder *tambo_hq_order_make (TamboHq *hq, const TamboEnrolment *enrolment,
                                   const TamboProcedure *procedure, TamboPacket *packet,
                                   const TamboFingerSet *fingers, GError **error) {
  g_autoptr (TamboHqOrder) order = g_new0 (TamboHqOrder, 1);
  g_autoptr (TamboApplicant) holder = NULL;
  g_autoptr (TamboLds) lds = NULL;
  g_auto (TamboLdsExtras) extras = { 0 };
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GBytes) archive = NULL;
  g_autofree char *mrz = NULL;
  /* Before a document number is used up: the token may not be there. */
  const TamboSigner *signer = tambo_hq_get_document_signer (hq, error);

  if (signer == NULL)
    return NULL;
  order->id = tambo_id_new ();
  order->document_type = g_strdup (procedure->document_type);
  if (!allocate_numbers (hq, order, procedure, error))
    return NULL;
  holder = make_holder (hq, enrolment, procedure, order->document_number);
  order->packet = tambo_packet_new ();
  if (!make_extras (hq, enrolment, packet, order->packet, &extras, error)
      || !tambo_hq_reference_add (fingers, order->packet, error)
      || (lds = make_lds (hq, holder, packet, &extras, signer, error)) == NULL)
    return NULL;
  mrz = tambo_dg1_parse (lds->files[TAMBO_LDS_DG1], error);
  if (mrz == NULL)
    return NULL;
  object = describe (hq, order, enrolment, holder, mrz);
  if (!describe_verification (hq, order, object, error))
    return NULL;
  archive = tambo_lds_encode (lds);
  tambo_packet_add_json (order->packet, "order", object);
  tambo_packet_add (order->packet, "lds", archive);
  return g_steal_pointer (&order);
}
