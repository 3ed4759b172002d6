/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "hq/document-code.h"
#include "hq/verdict.h"
#include "hq/web-procedures.h"
#include "hq/web-staff.h"

/* A case as its page needs it. */
typedef struct {
  char *id, *tracking_number, *procedure, *station, *state, *document_number, *detail;
  char *created_at, *updated_at;
} Case;

static void case_clear (Case *row) {
  g_free (row->id);
  g_free (row->tracking_number);
  g_free (row->procedure);
  g_free (row->station);
  g_free (row->state);
  g_free (row->document_number);
  g_free (row->detail);
  g_free (row->created_at);
  g_free (row->updated_at);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Case, case_clear)

static gboolean pass_on (GError **error, GError **cause) {
  if (*cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (cause));
  return FALSE;
}

static gboolean load (TamboHq *hq, const char *id, Case *out_case, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT id, tracking_number, procedure, station, state, document_number, detail, created_at,"
      " updated_at FROM cases WHERE id = ?",
      "s", id);
  char **const texts[] = { &out_case->id,        &out_case->tracking_number,
                           &out_case->procedure, &out_case->station,
                           &out_case->state,     &out_case->document_number,
                           &out_case->detail,    &out_case->created_at,
                           &out_case->updated_at };

  if (query == NULL)
    return FALSE;
  if (!tambo_query_next (query, &cause)) {
    if (pass_on (error, &cause))
      g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND,
                           "there is no such case");
    return FALSE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    *texts[i] = g_strdup (tambo_query_text (query, (int) i));
  return TRUE;
}

/* The way of a case, with the place where it is. A case that left the way says where to. */
static void add_path (TamboPage *page, const Case *row) {
  static const char *const way[] = { "received", "pending", "ordered", "issued", "delivered" };
  gboolean is_on_way = FALSE;

  tambo_page_say_element (page, "h2", N_ ("Where it is"), NULL);
  tambo_page_open (page, "ol", "class", "path", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (way); i++) {
    gboolean is_here = strcmp (way[i], row->state) == 0;

    is_on_way |= is_here;
    tambo_page_say_element (page, "li", tambo_web_state_message (way[i]), "aria-current",
                            TAMBO_PAGE_IF (is_here, "step"), NULL);
  }
  if (!is_on_way)
    tambo_page_say_element (page, "li", tambo_web_state_message (row->state), "aria-current",
                            "step", NULL);
  tambo_page_close (page);
}

static void add_facts (TamboPage *page, const Case *row) {
  tambo_page_open (page, "dl", NULL);
  tambo_web_fact (page, N_ ("Tracking number"), row->tracking_number);
  tambo_web_fact (page, N_ ("Procedure"), row->procedure);
  tambo_web_fact (page, N_ ("Station"), row->station);
  if (*row->document_number != '\0')
    tambo_web_fact (page, N_ ("Document"), row->document_number);
  if (*row->detail != '\0')
    tambo_web_fact (page, N_ ("Remark"), row->detail);
  tambo_page_say_element (page, "dt", N_ ("Received"), NULL);
  tambo_page_open (page, "dd", NULL);
  tambo_web_time (page, row->created_at);
  tambo_page_close (page);
  tambo_page_say_element (page, "dt", N_ ("Last change"), NULL);
  tambo_page_open (page, "dd", NULL);
  tambo_web_time (page, row->updated_at);
  tambo_page_close (page);
  tambo_page_close (page);
}

/* A table of what SQL gives for the case: a name, a state, two texts, and a time. */
static gboolean add_table (TamboHq *hq, TamboPage *page, const char *caption,
                           const char *const columns[6], const char *sql, const char *value,
                           GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (hq->database, error, sql, "s", value);
  guint n = 0;

  if (query == NULL)
    return FALSE;
  while (tambo_query_next (query, &cause)) {
    if (n++ == 0)
      tambo_web_open_table (page, caption, columns);
    tambo_page_open (page, "tr", NULL);
    tambo_page_element (page, "th", tambo_query_text (query, 0), "scope", "row", NULL);
    tambo_page_say_element (page, "td", tambo_web_state_message (tambo_query_text (query, 1)),
                            NULL);
    tambo_web_cell (page, tambo_query_text (query, 2));
    tambo_web_cell (page, tambo_query_text (query, 3));
    tambo_web_time_cell (page, tambo_query_text (query, 4));
    tambo_page_close (page);
  }
  if (n > 0)
    tambo_web_close_table (page);
  else
    tambo_page_say_element (page, "p", N_ ("None."), NULL);
  return pass_on (error, &cause);
}

static gboolean add_validations (TamboHq *hq, TamboPage *page, const Case *row, GError **error) {
  static const char *const columns[] = { N_ ("Check"), N_ ("Result"), N_ ("Detail"),
                                         N_ ("Place"), N_ ("Time"),   NULL };

  tambo_page_say_element (page, "h2", N_ ("Checks"), NULL);
  return add_table (hq, page, N_ ("What the checks of headquarters said"), columns,
                    "SELECT name, state, detail, position, at FROM validations WHERE case_id = ?"
                    " ORDER BY position",
                    row->id, error);
}

static gboolean add_order (TamboHq *hq, TamboPage *page, const Case *row, GError **error) {
  static const char *const columns[] = { N_ ("Document"), N_ ("State"), N_ ("Type"),
                                         N_ ("Spoiled"),  N_ ("Time"),  NULL };

  tambo_page_say_element (page, "h2", N_ ("Order"), NULL);
  return add_table (hq, page, N_ ("The order of the document"), columns,
                    "SELECT document_number, state, document_type, spoiled, created_at FROM orders"
                    " WHERE case_id = ?",
                    row->id, error);
}

static gboolean add_events (TamboHq *hq, TamboPage *page, const Case *row, GError **error) {
  static const char *const columns[] = { N_ ("Station"), N_ ("Event"), N_ ("Document"),
                                         N_ ("Record"),  N_ ("Time"),  NULL };

  tambo_page_say_element (page, "h2", N_ ("Events"), NULL);
  return add_table (hq, page, N_ ("What the station reported"), columns,
                    "SELECT station, kind, document_number, id, at FROM events WHERE case_id = ?"
                    " ORDER BY at, id",
                    row->id, error);
}

static gboolean add_alarms (TamboHq *hq, TamboPage *page, const Case *row, GError **error) {
  static const char *const columns[] = { N_ ("Alarm"),   N_ ("Kind"), N_ ("Detail"),
                                         N_ ("Station"), N_ ("Time"), NULL };

  tambo_page_say_element (page, "h2", N_ ("Alarms"), NULL);
  return add_table (hq, page, N_ ("Alarms that name this case"), columns,
                    "SELECT number, kind, detail, station, at FROM alarms"
                    " WHERE detail LIKE '%' || ? || '%' ORDER BY number",
                    row->id, error);
}

/* ---- deciding ---- */

static gboolean add_words (TamboHq *hq, TamboPage *page, const Case *row, gboolean *out_is_waiting,
                           GError **error) {
  static const char *const columns[] = { N_ ("Person"), N_ ("Decision"), N_ ("State"),
                                         N_ ("Remark"), N_ ("Time"),     NULL };
  g_autoptr (GPtrArray) words = tambo_hq_verdict_list (hq, row->id, error);

  *out_is_waiting = FALSE;
  if (words == NULL)
    return FALSE;
  if (words->len > 0)
    tambo_web_open_table (page, N_ ("Decisions of people"), columns);
  for (guint i = 0; i < words->len; i++) {
    const TamboHqVerdict *word = words->pdata[i];

    *out_is_waiting |= strcmp (word->state, TAMBO_HQ_VERDICT_WAITING) == 0;
    tambo_page_open (page, "tr", NULL);
    tambo_page_element (page, "th", word->person, "scope", "row", NULL);
    tambo_page_say_element (page, "td", word->is_accepted ? N_ ("accepted") : N_ ("refused"), NULL);
    tambo_page_say_element (page, "td", tambo_web_state_message (word->state), NULL);
    tambo_web_cell (page, word->detail != NULL ? word->detail : "");
    tambo_web_time_cell (page, word->posted_at);
    tambo_page_close (page);
  }
  if (words->len > 0)
    tambo_web_close_table (page);
  return TRUE;
}

/* In the language of who reads; NULL for what has no name. */
static const char *name_slot (const char *slot) {
  static const struct {
    const char *slot, *name;
  } names[] = {
    { "portrait", N_ ("Portrait") },
    { "finger-right-thumb", N_ ("Right thumb") },
    { "finger-right-index", N_ ("Right index finger") },
    { "finger-right-middle", N_ ("Right middle finger") },
    { "finger-right-ring", N_ ("Right ring finger") },
    { "finger-right-little", N_ ("Right little finger") },
    { "finger-left-thumb", N_ ("Left thumb") },
    { "finger-left-index", N_ ("Left index finger") },
    { "finger-left-middle", N_ ("Left middle finger") },
    { "finger-left-ring", N_ ("Left ring finger") },
    { "finger-left-little", N_ ("Left little finger") },
    { "signature", N_ ("Signature") },
    { "document-travel-document", N_ ("Travel document") },
    { "document-birth-record", N_ ("Birth record") },
    { "document-residence-permit", N_ ("Residence permit") },
    { "document-guardian-consent", N_ ("Guardian's consent") },
    { "document-payment", N_ ("Proof of payment") },
    { "document-other", N_ ("Another document") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i].slot, slot) == 0)
      return names[i].name;
  return NULL;
}

static void add_slot (TamboPage *page, const char *kind, const char *of) {
  g_autofree char *slot = of != NULL ? g_strdup_printf ("%s-%s", kind, of) : g_strdup (kind);
  g_autofree char *id = g_strconcat ("recapture-", slot, NULL);
  const char *name = name_slot (slot);

  tambo_page_open (page, "p", NULL);
  tambo_page_open (page, "input", "type", "checkbox", "id", id, "name", "recapture", "value", slot,
                   NULL);
  tambo_page_text (page, " ");
  if (name != NULL)
    tambo_page_say_element (page, "label", name, "for", id, NULL);
  else
    tambo_page_element (page, "label", of, "for", id, NULL);
  tambo_page_close (page);
}

/* What the procedure asks for: which of it the case has is sealed, and shows when the decision is carried out. */
static void add_slots (TamboPage *page, const TamboProcedure *procedure) {
  char *const *const documents[] = { procedure->required_documents, procedure->minor_documents };

  if (procedure->portrait_required)
    add_slot (page, "portrait", NULL);
  for (guint i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++)
    if ((procedure->required_fingers & 1u << i) != 0)
      add_slot (page, "finger", tambo_finger_to_string ((TamboFinger) i));
  if (procedure->signature_required)
    add_slot (page, "signature", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (documents); i++)
    for (char *const *kind = documents[i]; kind != NULL && *kind != NULL; kind++)
      add_slot (page, "document", *kind);
}

/* A procedure that is not there (any more) names nothing, and the case is decided all the same. */
static gboolean find_procedure (TamboHq *hq, const Case *row, TamboProcedure **out_procedure,
                                GError **error) {
  g_autoptr (GError) cause = NULL;

  *out_procedure = tambo_web_find_procedure (hq, row->procedure, &cause);
  return g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND)
         || pass_on (error, &cause);
}

static void add_recapture (TamboPage *page, const TamboProcedure *procedure) {
  tambo_page_open (page, "fieldset", NULL);
  tambo_page_say_element (page, "legend", N_ ("To be captured again, when you refuse"), NULL);
  add_slots (page, procedure);
  tambo_page_close (page);
}

static gboolean add_decision_form (TamboWebRequest *request, TamboPage *page, const Case *row,
                                   GError **error) {
  g_autofree char *action = g_strdup_printf ("/cases/%s/decide", row->id);
  g_autoptr (TamboProcedure) procedure = NULL;

  if (!find_procedure (request->web->hq, row, &procedure, error))
    return FALSE;

  tambo_web_open_form (request, page, action);
  tambo_page_open (page, "fieldset", NULL);
  tambo_page_say_element (page, "legend", N_ ("Your decision"), NULL);
  tambo_web_field (page, "reason", N_ ("Reason, when you refuse (the applicant gets to read it)"),
                   "", NULL, "maxlength", "500", "autocomplete", "off", NULL);
  if (procedure != NULL)
    add_recapture (page, procedure);
  tambo_page_open (page, "p", "class", "buttons", NULL);
  tambo_page_say_element (page, "button", N_ ("Accept"), "type", "submit", "name", "decision",
                          "value", "accept", NULL);
  tambo_page_say_element (page, "button", N_ ("Refuse"), "type", "submit", "name", "decision",
                          "value", "refuse", "class", "danger", NULL);
  tambo_page_close (page);
  tambo_page_close (page);
  tambo_page_close (page);
  return TRUE;
}

static gboolean add_decision (TamboWebRequest *request, TamboPage *page, const Case *row,
                              GError **error) {
  gboolean is_pending = strcmp (row->state, "pending") == 0;
  gboolean is_waiting, needs_two = FALSE;

  tambo_page_say_element (page, "h2", N_ ("Decision"), NULL);
  if (!add_words (request->web->hq, page, row, &is_waiting, error)
      || (is_pending && !tambo_hq_verdict_needs_two (request->web->hq, row->id, &needs_two, error)))
    return FALSE;
  if (needs_two)
    tambo_page_say_element (
        page, "p", N_ ("A check objected: accepting this case takes two different persons."),
        "class", "note", NULL);
  if (is_waiting)
    tambo_page_say_element (
        page, "p", N_ ("The decision is kept and will be carried out. Load the page again."),
        "role", "status", NULL);
  else if (is_pending && request->role >= TAMBO_PERSON_SUPERVISOR)
    return add_decision_form (request, page, row, error);
  else if (is_pending)
    tambo_page_say_element (page, "p", N_ ("The case waits for a supervisor."), NULL);
  return TRUE;
}

/* ---- a document that is not to be believed any more ---- */

static gboolean add_document (TamboWebRequest *request, TamboPage *page, const Case *row,
                              GError **error) {
  g_autoptr (TamboDocumentState) document = NULL;
  g_autofree char *action = NULL;

  if (*row->document_number == '\0')
    return TRUE;
  document = tambo_document_state_for_case (request->web->hq, row->id, error);
  if (document == NULL)
    return FALSE;
  if (document->verdict == TAMBO_DOCUMENT_UNKNOWN)
    return TRUE;
  tambo_page_say_element (page, "h2", N_ ("Validity"), NULL);
  tambo_page_say_element (page, "p", tambo_document_verdict_message (document->verdict), NULL);
  if (document->verdict == TAMBO_DOCUMENT_ANNULLED || request->role < TAMBO_PERSON_SUPERVISOR)
    return TRUE;
  action = g_strdup_printf ("/orders/%s/annul", document->order_id);
  tambo_web_open_form (request, page, action);
  tambo_page_open (page, "p", NULL);
  tambo_page_open (page, "input", "type", "checkbox", "id", "sure", "name", "sure", "value", "yes",
                   "required", "", NULL);
  tambo_page_text (page, " ");
  tambo_page_say_element (page, "label", N_ ("This document is lost, stolen or wrong, for ever"),
                          "for", "sure", NULL);
  tambo_page_close (page);
  tambo_page_say_element (page, "button", N_ ("Annul the document"), "type", "submit", "class",
                          "danger", NULL);
  tambo_page_close (page);
  return TRUE;
}

gboolean tambo_web_document_annul (TamboWebRequest *request, TamboWebAnswer *answer,
                                   GError **error) {
  g_autofree char *case_id = NULL;

  if (strcmp (tambo_form_get (request->form, "sure"), "yes") != 0) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, "nobody said to be sure");
    return FALSE;
  }
  return tambo_document_annul (request->web->hq, request->tail, request->person, &case_id, error)
         && tambo_web_redirect (answer, "/cases/%s", case_id);
}

/* ---- the page ---- */

gboolean tambo_web_case (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  TamboHq *hq = request->web->hq;
  g_auto (Case) row = { NULL };
  g_autoptr (TamboPage) page = NULL;

  if (!load (hq, request->tail, &row, error))
    return FALSE;
  page = tambo_web_page_of (request, N_ ("Case"),
                            *row.tracking_number != '\0' ? row.tracking_number : row.id);
  add_facts (page, &row);
  add_path (page, &row);
  return add_decision (request, page, &row, error) && add_validations (hq, page, &row, error)
         && add_order (hq, page, &row, error) && add_document (request, page, &row, error)
         && add_events (hq, page, &row, error) && add_alarms (hq, page, &row, error)
         && tambo_web_finish (g_steal_pointer (&page), answer);
}

gboolean tambo_web_case_decide (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  const char *decision = tambo_form_get (request->form, "decision");
  const char *reason = tambo_form_get (request->form, "reason");
  g_autofree const char **recapture = tambo_form_dup_all (request->form, "recapture");
  gboolean is_accepted = strcmp (decision, "accept") == 0;

  if (!is_accepted && strcmp (decision, "refuse") != 0) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, "no decision was made");
    return FALSE;
  }
  if (!is_accepted && *reason == '\0') {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, "a refusal needs a reason");
    return FALSE;
  }
  /* What belongs to a refusal alone is no acceptance, whichever button was meant. */
  return tambo_hq_verdict_post (request->web->hq, request->tail, is_accepted,
                                *reason != '\0' ? reason : NULL,
                                *recapture != NULL ? recapture : NULL, request->person, error)
         && tambo_web_redirect (answer, "/cases/%s", request->tail);
}
