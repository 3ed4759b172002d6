/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/verdict.h"

#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "sync/envelope.h"

#define MAX_REASON 2000 /* bytes */
#define MAX_PERSON 64
#define MAX_SLOTS 16
#define MAX_SLOT 64 /* bytes */

void tambo_hq_verdict_free (TamboHqVerdict *verdict) {
  if (verdict == NULL)
    return;
  g_free (verdict->case_id);
  g_free (verdict->person);
  g_free (verdict->state);
  g_free (verdict->detail);
  g_free (verdict->posted_at);
  g_free (verdict);
}

static gboolean fail (GError **error, TamboHqError code, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, code, message);
  return FALSE;
}

static void add_recapture (JsonObject *object, const char *const *recapture) {
  JsonArray *slots = json_array_new ();

  for (gsize i = 0; recapture[i] != NULL; i++)
    json_array_add_string_element (slots, recapture[i]);
  json_object_set_array_member (object, "recapture", slots);
}

/* The whole word is inside, so that a row cannot be about another case than its seal. */
static GBytes *seal (TamboHq *hq, const char *case_id, gboolean is_accepted, const char *reason,
                     const char *const *recapture, const char *person, GError **error) {
  g_autofree char *id = tambo_id_new ();
  g_autofree char *now = tambo_clock_now ();
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GBytes) encoded = NULL;
  const TamboEnvelopeHeader header = { .id = id,
                                       .kind = (char *) "verdict",
                                       .sender = (char *) "headquarters",
                                       .sequence = 1,
                                       .created = now };

  json_object_set_string_member (object, "case", case_id);
  json_object_set_boolean_member (object, "accepted", is_accepted);
  json_object_set_string_member (object, "person", person);
  if (reason != NULL)
    json_object_set_string_member (object, "reason", reason);
  if (recapture != NULL)
    add_recapture (object, recapture);
  tambo_packet_add_json (packet, "verdict", object);
  encoded = tambo_packet_encode (packet);
  return tambo_envelope_seal (&header, encoded, hq->envelope_key, error);
}

static gboolean is_slot (const char *word) {
  static const char characters[] = "abcdefghijklmnopqrstuvwxyz-";

  return *word != '\0' && strlen (word) <= MAX_SLOT && word[strspn (word, characters)] == '\0';
}

static gboolean check_recapture (gboolean is_accepted, const char *const *recapture,
                                 GError **error) {
  gsize count = 0;

  if (recapture == NULL)
    return TRUE;
  if (is_accepted)
    return fail (error, TAMBO_HQ_ERROR_INVALID, "a recapture is for a refusal alone");
  while (recapture[count] != NULL && is_slot (recapture[count]))
    count++;
  return (recapture[count] == NULL && count <= MAX_SLOTS)
         || fail (error, TAMBO_HQ_ERROR_INVALID,
                  "a recapture names samples such as portrait or finger-right-index");
}

static gboolean check_words (gboolean is_accepted, const char *reason, const char *person,
                             GError **error) {
  if (*person == '\0' || strlen (person) > MAX_PERSON || !g_utf8_validate (person, -1, NULL))
    return fail (error, TAMBO_HQ_ERROR_INVALID, "the decision names no person");
  if (is_accepted)
    return reason == NULL
           || fail (error, TAMBO_HQ_ERROR_INVALID, "a reason is for a refusal alone");
  return (reason != NULL && *reason != '\0' && strlen (reason) <= MAX_REASON
          && g_utf8_validate (reason, -1, NULL))
         || fail (error, TAMBO_HQ_ERROR_INVALID, "a refusal needs a reason, of 2000 bytes at most");
}

/* Inside the transaction that posts. */
static gboolean check_case (TamboHq *hq, const char *case_id, gboolean is_accepted,
                            const char *person, GError **error) {
  gint64 is_pending, waiting, own;

  if (!tambo_database_get_int (hq->database, 0, &is_pending, error,
                               "SELECT count(*) FROM cases WHERE id = ? AND state = 'pending'", "s",
                               case_id)
      || !tambo_database_get_int (
          hq->database, 0, &waiting, error,
          "SELECT count(*) FROM verdicts WHERE case_id = ? AND state = 'waiting'", "s", case_id)
      || !tambo_database_get_int (hq->database, 0, &own, error,
                                  "SELECT count(*) FROM verdicts WHERE case_id = ?"
                                  " AND state = 'first' AND person = ?",
                                  "ss", case_id, person))
    return FALSE;
  if (!is_pending)
    return fail (error, TAMBO_HQ_ERROR_STATE, "there is no pending case of that id");
  if (waiting > 0)
    return fail (error, TAMBO_HQ_ERROR_STATE, "a decision about this case is being carried out");
  return !is_accepted || own == 0
         || fail (error, TAMBO_HQ_ERROR_STATE, "a check objected: another person has to agree");
}

gboolean tambo_hq_verdict_post (TamboHq *hq, const char *case_id, gboolean is_accepted,
                                const char *reason, const char *const *recapture,
                                const char *person, GError **error) {
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *recipient = tambo_key_dup_id (hq->envelope_key);
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (TamboWork) work = NULL;

  if (!check_words (is_accepted, reason, person, error)
      || !check_recapture (is_accepted, recapture, error)
      || (sealed = seal (hq, case_id, is_accepted, reason, recapture, person, error)) == NULL)
    return FALSE;
  work = tambo_work_begin (hq->database, error);
  return work != NULL && check_case (hq, case_id, is_accepted, person, error)
         && tambo_database_run (hq->database, error,
                                "INSERT INTO verdicts (case_id, is_accepted, person, recipient,"
                                " sealed, state, posted_at) VALUES (?, ?, ?, ?, ?, 'waiting', ?)",
                                "sissbs", case_id, (gint64) is_accepted, person, recipient, sealed,
                                now)
         && tambo_work_commit (work, error);
}

static TamboHqVerdict *read_row (TamboQuery *query) {
  TamboHqVerdict *verdict = g_new0 (TamboHqVerdict, 1);

  verdict->number = tambo_query_int (query, 0);
  verdict->case_id = tambo_query_dup_text (query, 1);
  verdict->is_accepted = tambo_query_int (query, 2) != 0;
  verdict->person = tambo_query_dup_text (query, 3);
  verdict->state = tambo_query_dup_text (query, 4);
  verdict->detail = tambo_query_dup_text (query, 5);
  verdict->posted_at = tambo_query_dup_text (query, 6);
  return verdict;
}

GPtrArray *tambo_hq_verdict_list (TamboHq *hq, const char *case_id, GError **error) {
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_hq_verdict_free);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query =
      tambo_database_query (hq->database, error,
                            "SELECT number, case_id, is_accepted, person, state, detail, posted_at"
                            " FROM verdicts WHERE case_id = ? ORDER BY number",
                            "s", case_id);

  if (query == NULL)
    return NULL;
  while (tambo_query_next (query, &cause))
    g_ptr_array_add (rows, read_row (query));
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_steal_pointer (&rows);
}

gboolean tambo_hq_verdict_needs_two (TamboHq *hq, const char *case_id, gboolean *out_needs,
                                     GError **error) {
  gint64 objections;

  if (!tambo_database_get_int (
          hq->database, 0, &objections, error,
          "SELECT count(*) FROM validations WHERE case_id = ? AND state = 'objected'", "s",
          case_id))
    return FALSE;
  *out_needs = objections > 0;
  return TRUE;
}
