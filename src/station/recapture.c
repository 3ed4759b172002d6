/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/recapture.h"

#include <string.h>

#include "station/enrol.h"
#include "station/message.h"
#include "station/prefill.h"
#include "station/station-private.h"
#include "store/audit.h"
#include "store/cases.h"
#include "store/inbox.h"

#define REFUSAL "refusal"

/* The newest that nobody has acted upon. */
static TamboInboxRow *find_message (TamboStore *store, const char *case_id, GError **error) {
  g_autoptr (GPtrArray) rows = tambo_inbox_list_new (store, REFUSAL, error);

  for (guint i = rows != NULL ? rows->len : 0; i > 0; i--) {
    const TamboInboxRow *row = g_ptr_array_index (rows, i - 1);
    if (g_strcmp0 (row->case_id, case_id) == 0)
      return g_ptr_array_steal_index (rows, i - 1);
  }
  return NULL;
}

TamboNotice *tambo_recapture_find_refusal (TamboStation *station, const char *case_id,
                                           GError **error) {
  guint roles = tambo_permission (TAMBO_OPERATION_ORDER_READ)->roles;
  g_autoptr (TamboInboxRow) row = NULL;

  if ((tambo_station_get_role (station) & roles) == 0)
    return NULL;
  row = find_message (tambo_station_get_store (station), case_id, error);
  return row != NULL ? tambo_message_open_notice (station, row, error) : NULL;
}

static gboolean check_refused (const TamboCaseRow *row, GError **error) {
  if (row->state == TAMBO_CASE_REFUSED)
    return TRUE;
  g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE,
               "the case %s is %s, and only what headquarters refused is captured again",
               row->tracking_number, tambo_case_state_to_string (row->state));
  return FALSE;
}

/* The log says which case took the place of which. */
static gboolean settle (TamboStation *station, const TamboCaseRow *refused, const char *new_id,
                        GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autofree char *actor = tambo_station_dup_operator (station);
  g_autoptr (GBytes) details = g_bytes_new (new_id, strlen (new_id));
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboInboxRow) message = find_message (store, refused->id, &cause);

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  return transaction != NULL
         && (message == NULL || tambo_inbox_set_state (store, message->id, "done", error))
         && tambo_audit_append (store, actor != NULL ? actor : "station", "case.recapture",
                                refused->id, details, error)
         && tambo_transaction_commit (transaction, error);
}

TamboEnrolment *tambo_recapture_begin (TamboStation *station, const char *case_id, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  g_autoptr (TamboCaseRow) refused =
      actor != NULL ? tambo_cases_get (tambo_station_get_store (station), case_id, error) : NULL;
  g_autoptr (TamboApplicant) applicant = NULL;
  g_autoptr (TamboEnrolment) enrolment = NULL;

  if (refused == NULL || !check_refused (refused, error))
    return NULL;
  applicant = tambo_prefill_dup_applicant (station, refused->id);
  enrolment = tambo_enrol_begin (station, refused->procedure_id, applicant, NULL, NULL, error);
  if (enrolment == NULL || !settle (station, refused, enrolment->id, error))
    return NULL;
  return g_steal_pointer (&enrolment);
}
