/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/decision.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/id.h"
#include "base/token.h"
#include "hq/appointment.h"
#include "hq/decision-private.h"
#include "hq/envelope-keys.h"
#include "hq/procedures.h"
#include "hq/rewind.h"

static gboolean fail (GError **error, TamboHqError code, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, code, message);
  return FALSE;
}

TamboProcedure *tambo_decision_find_procedure (TamboHq *hq, const TamboEnrolment *enrolment,
                                               GError **error) {
  g_autoptr (TamboProcedure) procedure =
      tambo_hq_find_procedure (hq, enrolment->procedure_id, enrolment->procedure_version, error);

  if (procedure != NULL && procedure->version != enrolment->procedure_version) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE,
                 "the case was made under version %d of %s, and version %d is here",
                 enrolment->procedure_version, enrolment->procedure_id, procedure->version);
    return NULL;
  }
  return g_steal_pointer (&procedure);
}

/* In practice headquarters refuses by itself what does not keep a rule, and orders what passes. */
static gboolean settle (const TamboDecision *decision, const TamboPipelineResult *result,
                        gboolean was_forgotten, GError **error) {
  gboolean decides_itself = decision->hq->practice || decision->procedure->is_automatic;

  if (was_forgotten)
    return tambo_decision_leave_pending (
        decision,
        "it was here before this headquarters was restored: see that no document was ordered then",
        FALSE, error);
  if (decision->hq->practice && result->refusal != NULL)
    return tambo_decision_refuse (decision, result->refusal, result->held_by, error);
  if (result->held_by != NULL || !decides_itself)
    return tambo_decision_leave_pending (decision, result->held_by, result->is_waiting, error);
  return tambo_decision_issue (decision, error);
}

gboolean tambo_decision_judge (TamboHq *hq, const TamboOpened *opened, gint64 recheck_since,
                               GError **error) {
  g_autoptr (TamboEnrolment) enrolment = tambo_opened_read_enrolment (hq, opened, error);
  g_autoptr (TamboProcedure) procedure = NULL;
  g_autoptr (TamboFingerSet) fingers = NULL;
  g_auto (TamboPipelineResult) result = { NULL };
  gboolean was_forgotten;
  TamboDecision decision;

  if (enrolment == NULL
      || !tambo_hq_was_forgotten (hq, opened->station, opened->epoch, opened->manifest->sequence,
                                  &was_forgotten, error))
    return FALSE;
  if (opened->manifest->reply_key == NULL)
    return fail (error, TAMBO_HQ_ERROR_INVALID, "the manifest has no key for the answer");
  procedure = tambo_decision_find_procedure (hq, enrolment, error);
  if (procedure == NULL)
    return FALSE;
  fingers = tambo_finger_set_extract (enrolment, opened->packet);
  TamboPipelineCase about = { hq, opened, enrolment, procedure, fingers, recheck_since };
  if (!tambo_pipeline_run (&about, &result, error))
    return FALSE;
  decision = (TamboDecision){ .hq = hq,
                              .opened = opened,
                              .enrolment = enrolment,
                              .procedure = procedure,
                              .validations = result.validations,
                              .fingers = fingers,
                              .recheck_since = recheck_since };
  return settle (&decision, &result, was_forgotten, error);
}

/* The station learns that its record is here and of no use. What has no key for an answer gets none. */
static gboolean tell_failure (TamboHq *hq, const TamboOpened *opened, const char *detail,
                              GError **error) {
  g_autoptr (TamboManifest) manifest = tambo_manifest_peek (opened->manifest_text, NULL);
  g_autofree char *id = tambo_id_new ();
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (JsonObject) object = json_object_new ();
  TamboInboxAddress address = { .station = opened->station,
                                .epoch = opened->epoch,
                                .id = id,
                                .kind = "failure",
                                .case_id = opened->id };

  if (manifest == NULL || manifest->reply_key == NULL)
    return TRUE;
  address.reply_key = manifest->reply_key;
  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "record", opened->id);
  json_object_set_string_member (object, "reason", detail);
  tambo_packet_add_json (packet, "failure", object);
  return tambo_hq_inbox_append (hq, &address, packet, error);
}

const char *tambo_decision_words_of (const GError *cause) {
  return cause->domain == TAMBO_HQ_ERROR || cause->domain == TAMBO_SYNC_ERROR
             ? cause->message
             : "the record could not be judged; see the rules and its parts";
}

static gboolean give_up (TamboHq *hq, gpointer item, const GError *cause, GError **error) {
  const TamboOpened *opened = item;
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);
  const char *detail = tambo_decision_words_of (cause);
  g_autofree char *now = tambo_clock_now ();

  return work != NULL && tambo_opened_claim (hq, opened, error)
         && tambo_database_run (hq->database, error,
                                "UPDATE records SET state = 'failed', detail = ? WHERE id = ?",
                                "ss", detail, opened->id)
         && tambo_database_run (hq->database, error,
                                "UPDATE cases SET state = 'failed', detail = ?, updated_at = ?"
                                " WHERE id = ?",
                                "sss", detail, now, opened->id)
         && tambo_hq_raise (hq, opened->station, "record", error, "record %s: %s", opened->id,
                            detail)
         && tell_failure (hq, opened, detail, error) && tambo_work_commit (work, error);
}

gboolean tambo_decision_is_about_machine (const GError *cause) {
  return cause->domain == TAMBO_TOKEN_ERROR
         || g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED)
         || g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_UNAVAILABLE)
         || (cause->domain == TAMBO_BASE_ERROR && cause->code != TAMBO_BASE_ERROR_MALFORMED
             && cause->code != TAMBO_BASE_ERROR_INTEGRITY
             && cause->code != TAMBO_BASE_ERROR_FAILED);
}

static gboolean judge (TamboHq *hq, gpointer item, GError **error) {
  TamboOpened *opened = item;

  if (!tambo_opened_open (hq, opened, error))
    return FALSE;
  return strcmp (opened->kind, "event") == 0 ? tambo_decision_event (hq, opened, error)
                                             : tambo_decision_judge (hq, opened, 0, error);
}

gboolean tambo_hq_retry_failed (TamboHq *hq, GError **error) {
  return tambo_database_run (hq->database, error,
                             "UPDATE records SET state = 'received', detail = NULL"
                             " WHERE state = 'failed'",
                             "");
}

/* The oldest first. */
static gpointer next_record (TamboHq *hq, gpointer data, GError **error) {
  return tambo_opened_find_next (hq, error);
}

static const TamboDecisionQueue records = {
  .next = next_record,
  .decide = judge,
  .give_up = give_up,
  .free = (GDestroyNotify) tambo_opened_free,
};

/* A token that was taken away is opened anew the next time. */
static gboolean end_run (TamboHq *hq, gboolean is_done, GError **error) {
  if (!is_done && error != NULL && (*error)->domain == TAMBO_TOKEN_ERROR)
    tambo_hq_forget_private_keys (hq);
  return is_done;
}

gboolean tambo_hq_decide_verdicts (TamboHq *hq, guint *out_decided, GError **error) {
  *out_decided = 0;
  return end_run (hq, tambo_decision_run_verdicts (hq, out_decided, error), error);
}

/* Who has an appointment is no part of a decision, but it is who decides that can open what was sealed. */
static void settle_appointments (TamboHq *hq) {
  g_autoptr (GError) error = NULL;

  if (!tambo_hq_appointment_settle (hq, &error))
    g_printerr ("tambo-hq: decide: appointments were not sent on: %s\n", error->message);
}

gboolean tambo_hq_decide (TamboHq *hq, guint *out_decided, GError **error) {
  *out_decided = 0;
  settle_appointments (hq);
  return end_run (hq,
                  tambo_decision_work_through (hq, &records, NULL, out_decided, error)
                      && tambo_decision_run_verdicts (hq, out_decided, error)
                      && tambo_decision_run_rechecks (hq, out_decided, error),
                  error);
}
