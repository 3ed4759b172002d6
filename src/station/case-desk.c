/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/case-desk.h"

#include "print/receipt-page.h"
#include "station/enrol.h"
#include "station/procedures.h"
#include "station/station-private.h"
#include "store/audit.h"

GPtrArray *tambo_case_desk_list (TamboStation *station, GError **error) {
  return tambo_cases_list (tambo_station_get_store (station), error);
}

GPtrArray *tambo_case_desk_search (TamboStation *station, const char *text, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_SEARCH, error);

  return actor != NULL ? tambo_cases_search (tambo_station_get_store (station), text, error) : NULL;
}

TamboCaseRow *tambo_case_desk_get (TamboStation *station, const char *text, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autofree char *id = tambo_cases_resolve (store, text, error);

  return id != NULL ? tambo_cases_get (store, id, error) : NULL;
}

/* ---- the second person ---- */

/* A waiting case, and a supervisor who took no part in it. */
static TamboEnrolment *load_for_second_person (TamboStation *station, const char *case_id,
                                               char **out_actor, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_APPROVE, error);
  g_autoptr (TamboCaseRow) row =
      actor != NULL ? tambo_case_desk_get (station, case_id, error) : NULL;
  if (row == NULL)
    return NULL;
  if (row->state != TAMBO_CASE_WAITING) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE,
                 "the case is %s and waits for nobody's approval",
                 tambo_case_state_to_string (row->state));
    return NULL;
  }

  g_autoptr (TamboEnrolment) enrolment =
      tambo_cases_load (tambo_station_get_store (station), row->id, error);
  if (enrolment == NULL)
    return NULL;
  gboolean took_part = g_strcmp0 (enrolment->operator_id, actor) == 0;
  for (guint i = 0; i < enrolment->exceptions->len; i++) {
    const TamboFingerException *exception = g_ptr_array_index (enrolment->exceptions, i);
    took_part = took_part || g_strcmp0 (exception->operator_id, actor) == 0;
  }
  if (took_part) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES,
                 "%s captured this case and cannot approve it", actor);
    return NULL;
  }
  *out_actor = g_steal_pointer (&actor);
  return g_steal_pointer (&enrolment);
}

gboolean tambo_case_desk_approve (TamboStation *station, const char *case_id, GError **error) {
  g_autofree char *actor = NULL;
  g_autoptr (TamboEnrolment) enrolment = load_for_second_person (station, case_id, &actor, error);
  if (enrolment == NULL)
    return FALSE;

  for (guint i = 0; i < enrolment->exceptions->len; i++) {
    TamboFingerException *exception = g_ptr_array_index (enrolment->exceptions, i);
    g_free (exception->approved_by);
    exception->approved_by = g_strdup (actor);
  }

  TamboStore *store = tambo_station_get_store (station);
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL
      || !tambo_cases_set_state (store, enrolment->id, TAMBO_CASE_DRAFT, actor, error)
      || !tambo_cases_save (store, enrolment, actor, error)
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  enrolment->state = TAMBO_CASE_DRAFT;
  return tambo_enrol_seal (station, enrolment, error);
}

gboolean tambo_case_desk_reject (TamboStation *station, const char *case_id, const char *reason,
                                 GError **error) {
  g_autofree char *actor = NULL;
  g_autoptr (TamboEnrolment) enrolment = load_for_second_person (station, case_id, &actor, error);
  if (enrolment == NULL)
    return FALSE;

  TamboStore *store = tambo_station_get_store (station);
  g_autoptr (GBytes) details = g_bytes_new (reason, strlen (reason));
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL
      || !tambo_audit_append (store, actor, "case.reject", enrolment->id, details, error)
      || !tambo_cases_set_state (store, enrolment->id, TAMBO_CASE_REJECTED, actor, error)
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  tambo_station_changed (station);
  return TRUE;
}

gboolean tambo_case_desk_discard (TamboStation *station, const char *case_id, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_DISCARD, error);
  g_autoptr (TamboCaseRow) row =
      actor != NULL ? tambo_case_desk_get (station, case_id, error) : NULL;
  if (row == NULL)
    return FALSE;
  if (!tambo_cases_set_state (tambo_station_get_store (station), row->id, TAMBO_CASE_DISCARDED,
                              actor, error))
    return FALSE;
  tambo_station_changed (station);
  return TRUE;
}

/* ---- the applicant's receipt ---- */

static const char *describe_state (TamboCaseState state) {
  switch (state) {
  case TAMBO_CASE_QUEUED:
    return "Registrado en esta oficina; pendiente de envío a la sede.";
  case TAMBO_CASE_ACKNOWLEDGED:
    return "Recibido por la sede.";
  case TAMBO_CASE_ORDERED:
    return "Aprobado; el documento está por emitirse.";
  case TAMBO_CASE_ISSUED:
    return "Documento emitido; listo para la entrega.";
  case TAMBO_CASE_DELIVERED:
    return "Documento entregado.";
  case TAMBO_CASE_REFUSED:
    return "La sede no aceptó el trámite; consulte en esta oficina.";
  default:
    return NULL;
  }
}

GBytes *tambo_case_desk_receipt (TamboStation *station, const char *case_id, GError **error) {
  g_autoptr (TamboCaseRow) row = tambo_case_desk_get (station, case_id, error);
  if (row == NULL)
    return NULL;
  const char *state = describe_state (row->state);
  if (state == NULL) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE,
                 "the case is %s; a receipt is given once it is sealed",
                 tambo_case_state_to_string (row->state));
    return NULL;
  }
  g_autoptr (TamboProcedure) procedure = tambo_procedures_load (row->procedure_id, error);
  if (procedure == NULL)
    return NULL;

  TamboReceiptPage page = {
    .office = tambo_station_get_code (station),
    .procedure = procedure->title_es != NULL ? procedure->title_es : procedure->title,
    .tracking_number = row->tracking_number,
    .received = row->created_at,
    .state = state,
    .practice = row->practice,
  };
  return tambo_receipt_page_draw (&page, error);
}
