/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * People's words (hq/verdict.h) are carried out.
 */
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "hq/decision-private.h"
#include "hq/envelope-keys.h"
#include "hq/verdict.h"
#include "sync/envelope.h"

/* A word that waits, as its row says. */
typedef struct {
  gint64 number;
  char *case_id, *person, *recipient;
  gboolean is_accepted;
  GBytes *sealed;
} Word;

static void word_free (Word *word) {
  g_free (word->case_id);
  g_free (word->person);
  g_free (word->recipient);
  g_clear_pointer (&word->sealed, g_bytes_unref);
  g_free (word);
}

static gboolean fail (GError **error, TamboHqError code, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, code, message);
  return FALSE;
}

/* NULL without an error when none waits. */
static gpointer find_word (TamboHq *hq, gpointer data, GError **error) {
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT number, case_id, person, recipient, is_accepted, sealed FROM verdicts"
      " WHERE state = 'waiting' ORDER BY number LIMIT 1",
      "");
  Word *word;

  if (query == NULL || !tambo_query_next (query, error))
    return NULL;
  word = g_new0 (Word, 1);
  word->number = tambo_query_int (query, 0);
  word->case_id = tambo_query_dup_text (query, 1);
  word->person = tambo_query_dup_text (query, 2);
  word->recipient = tambo_query_dup_text (query, 3);
  word->is_accepted = tambo_query_int (query, 4) != 0;
  word->sealed = tambo_query_dup_blob (query, 5);
  return word;
}

/* Inside the seal is what the row says, and the reason. */
static JsonObject *open_word (TamboHq *hq, const Word *word, GError **error) {
  g_autoptr (TamboKey) key = tambo_hq_find_envelope_key (hq, word->recipient, error);
  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (GBytes) plain =
      key != NULL ? tambo_envelope_open (word->sealed, key, &header, error) : NULL;
  g_autoptr (TamboPacket) packet = plain != NULL ? tambo_packet_parse (plain, error) : NULL;
  g_autoptr (JsonObject) object =
      packet != NULL ? tambo_packet_get_json (packet, "verdict", error) : NULL;

  if (object == NULL)
    return NULL;
  if (strcmp (header.kind, "verdict") == 0
      && g_strcmp0 (tambo_json_peek_string (object, "case"), word->case_id) == 0
      && g_strcmp0 (tambo_json_peek_string (object, "person"), word->person) == 0
      && json_object_get_boolean_member_with_default (object, "accepted", FALSE)
             == word->is_accepted
      && (word->is_accepted || tambo_json_peek_string (object, "reason") != NULL))
    return g_steal_pointer (&object);
  fail (error, TAMBO_HQ_ERROR_INTEGRITY, "the word inside the seal is another one");
  return NULL;
}

static gboolean mark (TamboHq *hq, const Word *word, const char *state, const char *detail,
                      GError **error) {
  g_autofree char *now = tambo_clock_now ();

  return tambo_database_run (hq->database, error,
                             "UPDATE verdicts SET state = ?, detail = ?, done_at = ?"
                             " WHERE number = ? AND state = 'waiting'",
                             "sssi", state, detail, now, word->number);
}

/* Whether it is the first of two, and the other person is still to come. */
static gboolean is_first_of_two (TamboHq *hq, const Word *word, gboolean *out_is_first,
                                 GError **error) {
  gboolean needs_two;
  gint64 others;

  *out_is_first = FALSE;
  if (!word->is_accepted)
    return TRUE;
  if (!tambo_hq_verdict_needs_two (hq, word->case_id, &needs_two, error)
      || !tambo_database_get_int (hq->database, 0, &others, error,
                                  "SELECT count(*) FROM verdicts WHERE case_id = ?"
                                  " AND state = 'first' AND is_accepted = 1 AND person <> ?",
                                  "ss", word->case_id, word->person))
    return FALSE;
  *out_is_first = needs_two && others == 0;
  return TRUE;
}

static gboolean is_sample (const TamboEnrolment *enrolment, JsonNode *node) {
  const char *slot = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  return slot != NULL && tambo_enrolment_find_sample (enrolment, slot) != NULL;
}

/* The samples that WORD wants anew, NULL for none; only what the case has can be captured again. */
static gboolean read_recapture (JsonObject *word, const TamboEnrolment *enrolment,
                                JsonArray **out_slots, GError **error) {
  *out_slots = NULL;
  if (!json_object_has_member (word, "recapture"))
    return TRUE;
  JsonArray *slots = tambo_json_get_array (word, "recapture", error);
  if (slots == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (slots); i++)
    if (!is_sample (enrolment, json_array_get_element (slots, i)))
      return fail (error, TAMBO_HQ_ERROR_INVALID, "the case has no such sample to capture again");
  *out_slots = slots;
  return TRUE;
}

static gboolean carry_out (TamboHq *hq, gpointer item, GError **error) {
  const Word *word = item;
  g_autoptr (JsonObject) object = open_word (hq, word, error);
  g_autoptr (TamboOpened) opened = NULL;
  g_autoptr (TamboEnrolment) enrolment = NULL;
  g_autoptr (TamboProcedure) procedure = NULL;
  g_autoptr (GError) cause = NULL;
  JsonArray *recapture;
  gboolean is_first;
  TamboDecision decision;

  if (object == NULL || !is_first_of_two (hq, word, &is_first, error))
    return FALSE;
  if (is_first)
    return mark (hq, word, TAMBO_HQ_VERDICT_FIRST, NULL, error);
  opened = tambo_opened_find (hq, word->case_id, &cause);
  if (opened == NULL) {
    if (cause != NULL)
      g_propagate_error (error, g_steal_pointer (&cause));
    else
      fail (error, TAMBO_HQ_ERROR_NOT_FOUND, "the case has no record");
    return FALSE;
  }
  if (!tambo_opened_open (hq, opened, error)
      || (enrolment = tambo_opened_read_enrolment (hq, opened, error)) == NULL
      || (procedure = tambo_decision_find_procedure (hq, enrolment, error)) == NULL
      || !read_recapture (object, enrolment, &recapture, error))
    return FALSE;
  decision = (TamboDecision){ .hq = hq,
                              .opened = opened,
                              .enrolment = enrolment,
                              .procedure = procedure,
                              .verdict = word->number,
                              .recapture = recapture };
  return word->is_accepted ? tambo_decision_issue (&decision, error)
                           : tambo_decision_refuse (
                               &decision, tambo_json_peek_string (object, "reason"), NULL, error);
}

static gboolean give_up (TamboHq *hq, gpointer item, const GError *cause, GError **error) {
  return mark (hq, item, TAMBO_HQ_VERDICT_VOID, tambo_decision_words_of (cause), error);
}

gboolean tambo_decision_run_verdicts (TamboHq *hq, guint *decided, GError **error) {
  static const TamboDecisionQueue words = {
    .next = find_word,
    .decide = carry_out,
    .give_up = give_up,
    .free = (GDestroyNotify) word_free,
  };

  return tambo_decision_work_through (hq, &words, NULL, decided, error);
}
