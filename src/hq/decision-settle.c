/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "hq/decision-private.h"
#include "hq/order.h"

#define RECHECK_SETTING "recheck_seconds"
#define RECHECK 60 /* seconds, at first */
#define MAX_RECHECK 900

static gboolean fail (GError **error, TamboHqError code, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, code, message);
  return FALSE;
}

/* ---- what led to it is used up ---- */

static gboolean claim_verdict (const TamboDecision *decision, GError **error) {
  TamboDatabase *database = decision->hq->database;
  g_autofree char *now = tambo_clock_now ();

  return tambo_database_run (database, error,
                             "UPDATE verdicts SET state = 'done', done_at = ?"
                             " WHERE number = ? AND state = 'waiting'",
                             "si", now, decision->verdict)
         && (tambo_database_changes (database) == 1
             || fail (error, TAMBO_HQ_ERROR_EXISTS, "the word was carried out meanwhile"));
}

/* Who accepted what the checks said before has not seen what they say now. */
static gboolean claim_recheck (const TamboDecision *decision, GError **error) {
  TamboDatabase *database = decision->hq->database;

  if (!tambo_database_run (database, error, "DELETE FROM rechecks WHERE case_id = ?", "s",
                           decision->opened->id))
    return FALSE;
  if (tambo_database_changes (database) != 1)
    return fail (error, TAMBO_HQ_ERROR_EXISTS, "the case was settled meanwhile");
  return tambo_database_run (database, error,
                             "UPDATE verdicts SET state = 'void',"
                             " detail = 'the checks were made again'"
                             " WHERE case_id = ? AND state = 'first'",
                             "s", decision->opened->id);
}

/* One that is settled already is not settled again. */
static gboolean check_pending (const TamboDecision *decision, GError **error) {
  gint64 is_pending;

  if (!tambo_database_get_int (decision->hq->database, 0, &is_pending, error,
                               "SELECT count(*) FROM cases WHERE id = ? AND state = 'pending'", "s",
                               decision->opened->id))
    return FALSE;
  return is_pending || fail (error, TAMBO_HQ_ERROR_STATE, "the case is not pending any more");
}

static gboolean claim (const TamboDecision *decision, GError **error) {
  if (decision->opened->is_waiting)
    return tambo_opened_claim (decision->hq, decision->opened, error);
  return (decision->verdict == 0 || claim_verdict (decision, error))
         && (decision->recheck_since == 0 || claim_recheck (decision, error))
         && check_pending (decision, error);
}

/* ---- what is noted ---- */

/* Stations make these numbers by chance; applicants are told by them. In the transaction that notes it. */
static gboolean check_tracking_number (const TamboDecision *decision, GError **error) {
  gint64 others;

  if (!tambo_database_get_int (decision->hq->database, 0, &others, error,
                               "SELECT count(*) FROM cases WHERE tracking_number = ? AND id <> ?",
                               "ss", decision->enrolment->tracking_number, decision->enrolment->id))
    return FALSE;
  return others == 0
         || fail (error, TAMBO_HQ_ERROR_CONFLICT,
                  "another case has the same tracking number; it has to be enrolled again");
}

static gboolean note_checks (const TamboDecision *decision, GError **error) {
  return (decision->validations == NULL
          || tambo_hq_validation_save (decision->hq, decision->opened->id, decision->validations,
                                       error))
         && (decision->fingers == NULL
             || tambo_gallery_save (decision->hq, decision->opened->id, decision->fingers, error))
         && tambo_database_run (decision->hq->database, error,
                                "DELETE FROM rechecks WHERE case_id = ?", "s",
                                decision->opened->id);
}

/* What of the case is kept in clear: nothing about the person. */
static gboolean note_case (const TamboDecision *decision, const char *state,
                           const char *document_number, const char *detail, GError **error) {
  const TamboEnrolment *enrolment = decision->enrolment;
  g_autofree char *now = tambo_clock_now ();

  return claim (decision, error) && check_tracking_number (decision, error)
         && note_checks (decision, error)
         && tambo_database_run (decision->hq->database, error,
                                "UPDATE cases SET tracking_number = ?, procedure = ?, state = ?,"
                                " practice = ?, document_number = ?, detail = ?, updated_at = ?"
                                " WHERE id = ?",
                                "sssissss", enrolment->tracking_number, enrolment->procedure_id,
                                state, (gint64) enrolment->practice, document_number, detail, now,
                                enrolment->id)
         && tambo_database_run (decision->hq->database, error,
                                "UPDATE records SET state = 'done' WHERE id = ?", "s",
                                decision->opened->id);
}

/* ---- the ways ---- */

gboolean tambo_decision_issue (const TamboDecision *decision, GError **error) {
  const TamboOpened *opened = decision->opened;
  /* A person's word comes without: the checks were made another time. */
  g_autoptr (TamboFingerSet) own =
      decision->fingers == NULL ? tambo_finger_set_extract (decision->enrolment, opened->packet)
                                : NULL;
  g_autoptr (TamboHqOrder) order =
      tambo_hq_order_make (decision->hq, decision->enrolment, decision->procedure, opened->packet,
                           own != NULL ? own : decision->fingers, error);
  g_autoptr (TamboWork) work = NULL;
  g_autofree char *now = tambo_clock_now ();
  TamboInboxAddress address;

  if (order == NULL || (work = tambo_work_begin (decision->hq->database, error)) == NULL)
    return FALSE;
  address = tambo_opened_address (opened, order->id, "order");
  return note_case (decision, "ordered", order->document_number, NULL, error)
         && tambo_database_run (decision->hq->database, error,
                                "INSERT INTO orders (id, case_id, station, document_number,"
                                " document_type, state, created_at)"
                                " VALUES (?, ?, ?, ?, ?, 'sent', ?)",
                                "ssssss", order->id, opened->id, opened->station,
                                order->document_number, order->document_type, now)
         && tambo_hq_inbox_append (decision->hq, &address, order->packet, error)
         && tambo_work_commit (work, error);
}

static void add_slot (GPtrArray *slots, const char *slot) {
  if (!g_ptr_array_find_with_equal_func (slots, slot, g_str_equal, NULL))
    g_ptr_array_add (slots, g_strdup (slot));
}

/* "recapture=A,B" of what the check of quality says. */
static void add_slots_of_checks (GPtrArray *slots, GPtrArray *validations) {
  static const char word[] = "recapture=";

  for (guint i = 0; i < validations->len; i++) {
    const TamboValidation *row = validations->pdata[i];
    g_auto (GStrv) words = g_strsplit (row->detail, " ", -1);

    for (gsize k = 0; strcmp (row->name, "quality") == 0 && words[k] != NULL; k++) {
      g_auto (GStrv) names =
          g_str_has_prefix (words[k], word) ? g_strsplit (words[k] + strlen (word), ",", -1) : NULL;

      for (gsize n = 0; names != NULL && names[n] != NULL; n++)
        add_slot (slots, names[n]);
    }
  }
}

/* What the checks and the person name, as a list; nothing when neither does. */
static void add_recapture (JsonObject *object, GPtrArray *validations, JsonArray *named) {
  g_autoptr (GPtrArray) slots = g_ptr_array_new_with_free_func (g_free);
  JsonArray *array;

  add_slots_of_checks (slots, validations);
  for (guint i = 0; named != NULL && i < json_array_get_length (named); i++)
    add_slot (slots, json_array_get_string_element (named, i));
  if (slots->len == 0)
    return;
  array = json_array_new ();
  for (guint i = 0; i < slots->len; i++)
    json_array_add_string_element (array, slots->pdata[i]);
  json_object_set_array_member (object, "recapture", array);
}

gboolean tambo_decision_refuse (const TamboDecision *decision, const char *reason,
                                const char *detail, GError **error) {
  g_autofree char *id = tambo_id_new ();
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (TamboWork) work = NULL;
  TamboInboxAddress address = tambo_opened_address (decision->opened, id, "refusal");
  g_autoptr (GPtrArray) validations =
      decision->validations != NULL
          ? g_ptr_array_ref (decision->validations)
          : tambo_hq_validation_list (decision->hq, decision->opened->id, error);

  if (validations == NULL)
    return FALSE;
  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "case", decision->opened->id);
  json_object_set_string_member (object, "reason", reason);
  add_recapture (object, validations, decision->recapture);
  tambo_packet_add_json (packet, "refusal", object);
  work = tambo_work_begin (decision->hq->database, error);
  return work != NULL && note_case (decision, "refused", NULL, detail, error)
         && tambo_hq_inbox_append (decision->hq, &address, packet, error)
         && tambo_work_commit (work, error);
}

/* The longer it has waited, the longer until the next time: the checks are made again as a whole. */
static gboolean plan_recheck (const TamboDecision *decision, GError **error) {
  gint64 now = tambo_clock_now_unix ();
  gint64 since = decision->recheck_since > 0 ? decision->recheck_since : now;
  gint64 longer = MIN ((now - since) / 8, MAX_RECHECK);
  gint64 pause;

  return tambo_database_get_int (decision->hq->database, RECHECK, &pause, error,
                                 "SELECT CAST(value AS INTEGER) FROM settings"
                                 " WHERE name = '" RECHECK_SETTING "'",
                                 "")
         && tambo_database_run (decision->hq->database, error,
                                "INSERT INTO rechecks (case_id, since, due) VALUES (?, ?, ?)",
                                "sii", decision->opened->id, since, now + MAX (pause, longer));
}

gboolean tambo_decision_leave_pending (const TamboDecision *decision, const char *detail,
                                       gboolean is_asked_again, GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (decision->hq->database, error);

  return work != NULL && note_case (decision, "pending", NULL, detail, error)
         && (!is_asked_again || plan_recheck (decision, error)) && tambo_work_commit (work, error);
}
