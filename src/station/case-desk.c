/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/case-desk.h"

#include <string.h>

#include "base/error.h"
#include "print/receipt-page.h"
#include "station/alerts.h"
#include "station/enrol.h"
#include "station/order-desk.h"
#include "station/procedures.h"
#include "station/seal-desk.h"
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

static gboolean took_part (const TamboEnrolment *enrolment, const char *id) {
  if (g_strcmp0 (enrolment->operator_id, id) == 0)
    return TRUE;
  for (guint i = 0; i < enrolment->exceptions->len; i++) {
    const TamboFingerException *exception = g_ptr_array_index (enrolment->exceptions, i);
    if (g_strcmp0 (exception->operator_id, id) == 0)
      return TRUE;
  }
  return FALSE;
}

static TamboEnrolment *load_waiting (TamboStation *station, const char *case_id, GError **error) {
  g_autoptr (TamboCaseRow) row = tambo_case_desk_get (station, case_id, error);

  if (row == NULL)
    return NULL;
  if (row->state != TAMBO_CASE_WAITING) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE,
                 "the case is %s and waits for nobody's approval",
                 tambo_case_state_to_string (row->state));
    return NULL;
  }
  return tambo_cases_load (tambo_station_get_store (station), row->id, error);
}

/* Who decides: of two names the second, who came to the desk for it. */
static const char *decider_of (const char *actor) {
  const char *plus = strchr (actor, '+');

  return plus != NULL ? plus + 1 : actor;
}

/* A waiting case, and a supervisor who took no part in it. */
static TamboEnrolment *load_for_second_person (TamboStation *station, TamboOperation operation,
                                               const char *case_id, char **out_actor,
                                               GError **error) {
  g_autofree char *actor = tambo_station_permit (station, operation, error);
  g_autoptr (TamboEnrolment) enrolment =
      actor != NULL ? load_waiting (station, case_id, error) : NULL;

  if (enrolment == NULL)
    return NULL;
  if (took_part (enrolment, decider_of (actor))) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES,
                 "%s captured this case and cannot decide on it", decider_of (actor));
    return NULL;
  }
  *out_actor = g_steal_pointer (&actor);
  return g_steal_pointer (&enrolment);
}

/* Saves the case with what the second person wrote, in STATE. */
static gboolean save_decision (TamboStation *station, TamboEnrolment *enrolment, const char *action,
                               TamboCaseState state, const char *actor, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  const char *note = enrolment->note != NULL ? enrolment->note : "";
  g_autoptr (GBytes) details = g_bytes_new (note, strlen (note));
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  return transaction != NULL
         && tambo_audit_append (store, actor, action, enrolment->id, details, error)
         && tambo_cases_set_state (store, enrolment->id, state, actor, error)
         && tambo_cases_save (store, enrolment, actor, error)
         && tambo_transaction_commit (transaction, error);
}

static gboolean approve (TamboStation *station, TamboOperation operation, const char *case_id,
                         const char *note, GError **error) {
  g_autofree char *actor = NULL;
  g_autoptr (TamboEnrolment) enrolment =
      load_for_second_person (station, operation, case_id, &actor, error);
  if (enrolment == NULL || !tambo_alerts_check_told (station, enrolment, error))
    return FALSE;

  for (guint i = 0; i < enrolment->exceptions->len; i++) {
    TamboFingerException *exception = g_ptr_array_index (enrolment->exceptions, i);
    g_free (exception->approved_by);
    exception->approved_by = g_strdup (decider_of (actor));
  }
  g_free (enrolment->note);
  enrolment->note = g_strdup (note);
  if (!save_decision (station, enrolment, "case.approve", TAMBO_CASE_DRAFT, actor, error))
    return FALSE;
  enrolment->state = TAMBO_CASE_DRAFT;
  return tambo_enrol_seal (station, enrolment, error);
}

static gboolean reject (TamboStation *station, TamboOperation operation, const char *case_id,
                        const char *reason, GError **error) {
  g_autofree char *actor = NULL;
  g_autoptr (TamboEnrolment) enrolment =
      load_for_second_person (station, operation, case_id, &actor, error);
  if (enrolment == NULL)
    return FALSE;

  g_free (enrolment->note);
  enrolment->note = g_strdup (reason);
  if (!save_decision (station, enrolment, "case.reject", TAMBO_CASE_REJECTED, actor, error))
    return FALSE;
  tambo_station_changed (station);
  return TRUE;
}

gboolean tambo_case_desk_approve (TamboStation *station, const char *case_id, GError **error) {
  return approve (station, TAMBO_OPERATION_CASE_APPROVE, case_id, NULL, error);
}

gboolean tambo_case_desk_reject (TamboStation *station, const char *case_id, const char *reason,
                                 GError **error) {
  return reject (station, TAMBO_OPERATION_CASE_APPROVE, case_id, reason, error);
}

gboolean tambo_case_desk_decide (TamboStation *station, const char *case_id, gboolean is_approved,
                                 const char *note, GError **error) {
  gboolean is_alone = (tambo_station_get_role (station) & TAMBO_ROLE_SUPERVISOR) != 0
                      && !tambo_station_has_second (station);
  TamboOperation operation =
      is_alone ? TAMBO_OPERATION_CASE_APPROVE : TAMBO_OPERATION_CASE_APPROVE_HERE;

  return is_approved ? approve (station, operation, case_id, note, error)
                     : reject (station, operation, case_id, note, error);
}

TamboEnrolment *tambo_case_desk_look (TamboStation *station, const char *case_id,
                                      GPtrArray **out_checks, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  g_autoptr (TamboCaseRow) row =
      actor != NULL ? tambo_case_desk_get (station, case_id, error) : NULL;
  g_autoptr (TamboEnrolment) enrolment =
      row != NULL ? tambo_cases_load (tambo_station_get_store (station), row->id, error) : NULL;
  GPtrArray *checks = enrolment != NULL ? tambo_enrol_check (station, enrolment, error) : NULL;

  if (checks == NULL)
    return NULL;
  *out_checks = checks;
  return g_steal_pointer (&enrolment);
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

/* What a receipt tells, and whose the words are. */
typedef struct {
  TamboCaseRow *row;
  TamboProcedure *procedure;
  TamboOrder *order; /* NULL before there is one */
  char *seal;        /* NULL where there is none */
  char *seal_expiry;
  TamboReceiptPage page; /* borrows from all */
} Receipt;

static void receipt_clear (Receipt *receipt) {
  g_clear_pointer (&receipt->row, tambo_case_row_free);
  g_clear_pointer (&receipt->procedure, tambo_procedure_free);
  g_clear_pointer (&receipt->order, tambo_order_free);
  g_free (receipt->seal);
  g_free (receipt->seal_expiry);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Receipt, receipt_clear)

static gboolean add_seal (TamboStation *station, Receipt *receipt, GError **error) {
  g_autoptr (GError) cause = NULL;

  receipt->seal =
      tambo_seal_desk_make_receipt (station, receipt->row->tracking_number, receipt->row->practice,
                                    &receipt->seal_expiry, &cause);
  receipt->page.seal = receipt->seal;
  receipt->page.seal_expiry = receipt->seal_expiry;
  return tambo_error_pass (&cause, error);
}

static gboolean make_receipt (TamboStation *station, const char *case_id, Receipt *receipt,
                              GError **error) {
  receipt->row = tambo_case_desk_get (station, case_id, error);
  if (receipt->row == NULL)
    return FALSE;
  const char *state = describe_state (receipt->row->state);
  if (state == NULL) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE,
                 "the case is %s; a receipt is given once it is sealed",
                 tambo_case_state_to_string (receipt->row->state));
    return FALSE;
  }
  receipt->procedure = tambo_procedures_load (station, receipt->row->procedure_id, 0, error);
  if (receipt->procedure == NULL)
    return FALSE;

  receipt->page = (TamboReceiptPage){
    .office = tambo_station_get_code (station),
    .procedure = receipt->procedure->title_es != NULL ? receipt->procedure->title_es
                                                      : receipt->procedure->title,
    .tracking_number = receipt->row->tracking_number,
    .received = receipt->row->created_at,
    .state = state,
    .practice = receipt->row->practice,
  };
  if (!tambo_order_desk_find_for_case (station, receipt->row->id, &receipt->order, error))
    return FALSE;
  if (receipt->order != NULL) {
    receipt->page.verification_url = receipt->order->verification_url;
    receipt->page.verification_code = receipt->order->verification_code;
  }
  return add_seal (station, receipt, error);
}

GBytes *tambo_case_desk_receipt (TamboStation *station, const char *case_id, GError **error) {
  g_auto (Receipt) receipt = { NULL };

  return make_receipt (station, case_id, &receipt, error)
             ? tambo_receipt_page_draw (&receipt.page, error)
             : NULL;
}

TamboImage *tambo_case_desk_receipt_picture (TamboStation *station, const char *case_id, int width,
                                             GError **error) {
  g_auto (Receipt) receipt = { NULL };

  return make_receipt (station, case_id, &receipt, error)
             ? tambo_receipt_page_picture (&receipt.page, width, error)
             : NULL;
}

GBytes *tambo_case_desk_code (const char *tracking_number, int *out_side, GError **error) {
  return tambo_qr_encode (tracking_number, out_side, error);
}
