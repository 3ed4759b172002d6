/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/order.h"

#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "chip/data-group.h"
#include "chip/lds-builder.h"
#include "format/image-codec.h"
#include "format/iso19794-7.h"

#define SIGNATURE_WIDTH 600
#define SIGNATURE_HEIGHT 200
#define MAX_DOCUMENT 99999999

void tambo_hq_order_free (TamboHqOrder *order) {
  if (order == NULL)
    return;
  g_free (order->id);
  g_free (order->document_number);
  g_free (order->document_type);
  g_clear_pointer (&order->packet, tambo_packet_free);
  g_free (order);
}

/* One letter and eight digits: what an MRZ holds without overflow. Committed by itself, so that a
 * number is lost rather than given twice. */
static char *allocate_document_number (TamboHq *hq, GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);
  gint64 number;
  g_autofree char *text = NULL;

  if (work == NULL
      || !tambo_database_get_int (hq->database, 0, &number, error,
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
  if (!tambo_database_set_setting (hq->database, "document_counter", text, error)
      || !tambo_work_commit (work, error))
    return NULL;
  return g_strdup_printf ("%c%08" G_GINT64_FORMAT, hq->practice ? 'X' : 'T', number);
}

/* The holder of the new document: the applicant, under the new document's own data. */
static TamboApplicant *make_holder (TamboHq *hq, const TamboEnrolment *enrolment,
                                    const TamboProcedure *procedure, const char *document_number) {
  TamboApplicant *holder = tambo_applicant_copy (enrolment->applicant);
  g_autofree char *today = tambo_clock_today ();

  g_free (holder->document_type);
  g_free (holder->document_number);
  g_free (holder->issuing_state);
  g_free (holder->expiry_date);
  /* Of the document that was shown; the new one has none. */
  g_clear_pointer (&holder->personal_number, g_free);
  holder->document_type = g_strdup (procedure->document_type);
  holder->document_number = g_strdup (document_number);
  holder->issuing_state = g_strdup (hq->state);
  holder->expiry_date = procedure->validity_years > 0
                            ? tambo_date_add_years (today, procedure->validity_years)
                            : NULL;
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

static TamboLds *make_lds (TamboHq *hq, const TamboApplicant *holder, TamboPacket *packet,
                           GError **error) {
  GBytes *portrait_bytes = tambo_packet_get (packet, "portrait");
  g_autoptr (TamboImage) portrait = NULL;
  g_autoptr (TamboImage) ink = NULL;
  const TamboLdsExtras extras = { 0 };

  if (portrait_bytes == NULL) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID,
                         "the case has no portrait, and a document needs one");
    return NULL;
  }
  portrait = tambo_image_decode (portrait_bytes, error);
  if (portrait == NULL || !make_ink (tambo_packet_get (packet, "signature"), &ink, error))
    return NULL;
  return tambo_lds_build (holder, portrait, ink, &extras, hq->document_signer, error);
}

static JsonObject *describe (const TamboHqOrder *order, const TamboEnrolment *enrolment,
                             const TamboApplicant *holder, const char *mrz) {
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
  return object;
}

TamboHqOrder *tambo_hq_order_make (TamboHq *hq, const TamboEnrolment *enrolment,
                                   const TamboProcedure *procedure, TamboPacket *packet,
                                   GError **error) {
  g_autoptr (TamboHqOrder) order = g_new0 (TamboHqOrder, 1);
  g_autoptr (TamboApplicant) holder = NULL;
  g_autoptr (TamboLds) lds = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GBytes) archive = NULL;
  g_autofree char *mrz = NULL;

  order->id = tambo_id_new ();
  order->document_type = g_strdup (procedure->document_type);
  order->document_number = allocate_document_number (hq, error);
  if (order->document_number == NULL)
    return NULL;
  holder = make_holder (hq, enrolment, procedure, order->document_number);
  lds = make_lds (hq, holder, packet, error);
  if (lds == NULL)
    return NULL;
  mrz = tambo_dg1_parse (lds->files[TAMBO_LDS_DG1], error);
  if (mrz == NULL)
    return NULL;
  object = describe (order, enrolment, holder, mrz);
  archive = tambo_lds_encode (lds);
  order->packet = tambo_packet_new ();
  tambo_packet_add_json (order->packet, "order", object);
  tambo_packet_add (order->packet, "lds", archive);
  return g_steal_pointer (&order);
}
