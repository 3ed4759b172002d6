/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "hq/web-staff.h"

#define PAGE_SIZE 50

static const char *const filter_states[] = { "received", "pending", "ordered",  "refused",
                                             "issued",   "failed",  "delivered" };

void tambo_web_cell (TamboPage *page, const char *text) {
  tambo_page_element (page, "td", *text != '\0' ? text : "–", NULL);
}

void tambo_web_number_cell (TamboPage *page, gint64 number) {
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  tambo_page_element (page, "td", text, "class", "number", NULL);
}

void tambo_web_time_cell (TamboPage *page, const char *rfc3339) {
  tambo_page_open (page, "td", NULL);
  tambo_web_time (page, *rfc3339 != '\0' ? rfc3339 : "–");
  tambo_page_close (page);
}

void tambo_web_case_link (TamboPage *page, const char *id, const char *text) {
  g_autofree char *escaped = g_uri_escape_string (id, NULL, FALSE);
  g_autofree char *address = g_strconcat ("/cases/", escaped, NULL);

  tambo_page_element (page, "a", *text != '\0' ? text : id, "href", address, NULL);
}

/* What is looked for. */
typedef struct {
  const char *text, *state, *station; /* "" for any */
  char *before_time, *before_id;      /* cases older than this one */
} Filter;

static void filter_clear (Filter *filter) {
  g_free (filter->before_time);
  g_free (filter->before_id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Filter, filter_clear)

static Filter read_filter (const TamboForm *query) {
  Filter filter = { .text = tambo_form_get (query, "q"),
                    .state = tambo_form_get (query, "state"),
                    .station = tambo_form_get (query, "station") };
  const char *before = tambo_form_get (query, "before");
  const char *space = strchr (before, ' ');

  /* Later than any, when it is not told. */
  filter.before_time =
      space != NULL ? g_strndup (before, (gsize) (space - before)) : g_strdup ("9");
  filter.before_id = g_strdup (space != NULL ? space + 1 : "");
  return filter;
}

#define COLUMNS "id, tracking_number, state, station, procedure, document_number, created_at"

/* By a number that somebody reads out: each of them has an index. */
static TamboQuery *search (TamboHq *hq, const Filter *filter, GError **error) {
  g_autofree char *upper = g_utf8_strup (filter->text, -1);
  g_autofree char *lower = g_utf8_strdown (filter->text, -1);

  return tambo_database_query (hq->database, error,
                               "SELECT " COLUMNS " FROM cases WHERE id IN"
                               " (SELECT id FROM cases WHERE tracking_number = ?1"
                               " UNION SELECT case_id FROM orders WHERE document_number = ?1"
                               " UNION SELECT id FROM cases WHERE id = ?2)"
                               " ORDER BY created_at DESC, id DESC LIMIT 51",
                               "ss", upper, lower);
}

/* One more than a page shows, to know whether there are more. */
static TamboQuery *list (TamboHq *hq, const Filter *filter, GError **error) {
  /* Everything is >= "". The index of those that wait is used when the state is written out. */
  const char *state = strcmp (filter->state, "pending") == 0 ? "state = 'pending' AND state = ?3"
                      : *filter->state != '\0'               ? "state = ?3"
                                                             : "state >= ?3";
  g_autofree char *sql = g_strdup_printf (
      "SELECT " COLUMNS " FROM cases WHERE (created_at, id) < (?1, ?2) AND %s AND station %s ?4"
      " ORDER BY created_at DESC, id DESC LIMIT 51",
      state, *filter->station != '\0' ? "=" : ">=");

  return tambo_database_query (hq->database, error, sql, "ssss", filter->before_time,
                               filter->before_id, filter->state, filter->station);
}

static void add_state_choice (TamboPage *page, const Filter *filter) {
  tambo_page_open (page, "div", "class", "field", NULL);
  tambo_page_say_element (page, "label", N_ ("State"), "for", "state", NULL);
  tambo_page_open (page, "select", "id", "state", "name", "state", NULL);
  tambo_page_say_element (page, "option", N_ ("any"), "value", "", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (filter_states); i++)
    tambo_page_say_element (
        page, "option", tambo_web_state_message (filter_states[i]), "value", filter_states[i],
        "selected", TAMBO_PAGE_IF (strcmp (filter->state, filter_states[i]) == 0, "selected"),
        NULL);
  tambo_page_close (page);
  tambo_page_close (page);
}

static void add_filter (TamboPage *page, const Filter *filter) {
  tambo_page_open (page, "form", "method", "get", "action", "/cases", "role", "search", NULL);
  tambo_web_field (page, "q", N_ ("Tracking number or document number"), filter->text, NULL,
                   "maxlength", "64", "autocomplete", "off", NULL);
  add_state_choice (page, filter);
  tambo_web_field (page, "station", N_ ("Station"), filter->station, NULL, "maxlength", "32", NULL);
  tambo_web_button (page, N_ ("Look for cases"));
  tambo_page_close (page);
}

static void add_row (TamboPage *page, TamboQuery *query) {
  const char *id = tambo_query_text (query, 0);

  tambo_page_open (page, "tr", NULL);
  tambo_page_open (page, "th", "scope", "row", NULL);
  tambo_web_case_link (page, id, tambo_query_text (query, 1));
  tambo_page_close (page);
  tambo_page_say_element (page, "td", tambo_web_state_message (tambo_query_text (query, 2)), NULL);
  for (int i = 3; i <= 5; i++)
    tambo_web_cell (page, tambo_query_text (query, i));
  tambo_web_time_cell (page, tambo_query_text (query, 6));
  tambo_page_close (page);
}

/* To the next page; nothing depends on how many there are before it. */
static void add_older (TamboPage *page, const Filter *filter, const char *time, const char *id) {
  g_autoptr (TamboForm) query = tambo_form_new ();
  g_autofree char *before = g_strdup_printf ("%s %s", time, id);
  g_autofree char *encoded = NULL;
  g_autofree char *address = NULL;

  tambo_form_set (query, "state", filter->state);
  tambo_form_set (query, "station", filter->station);
  tambo_form_set (query, "before", before);
  encoded = tambo_form_encode (query);
  address = g_strconcat ("/cases?", encoded, NULL);
  tambo_page_open (page, "p", NULL);
  tambo_page_say_element (page, "a", N_ ("Older cases"), "href", address, "rel", "next", NULL);
  tambo_page_close (page);
}

static gboolean add_rows (TamboPage *page, const Filter *filter, TamboQuery *query,
                          GError **error) {
  static const char *const columns[] = {
    N_ ("Case"),     N_ ("State"), N_ ("Station"), N_ ("Procedure"), N_ ("Document"),
    N_ ("Received"), NULL
  };
  g_autoptr (GError) cause = NULL;
  g_autofree char *time = NULL;
  g_autofree char *id = NULL;
  guint n = 0;

  tambo_web_open_table (page, N_ ("Cases, the newest first"), columns);
  while (n <= PAGE_SIZE && tambo_query_next (query, &cause)) {
    if (++n > PAGE_SIZE)
      break;
    add_row (page, query);
    g_free (time);
    g_free (id);
    id = tambo_query_dup_text (query, 0);
    time = tambo_query_dup_text (query, 6);
  }
  tambo_web_close_table (page);
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (n == 0)
    tambo_page_say_element (page, "p", N_ ("There is no such case."), "role", "status", NULL);
  if (n > PAGE_SIZE && *filter->text == '\0')
    add_older (page, filter, time, id);
  return TRUE;
}

gboolean tambo_web_cases (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  g_auto (Filter) filter = read_filter (request->query);
  g_autoptr (TamboQuery) query = *filter.text != '\0' ? search (request->web->hq, &filter, error)
                                                      : list (request->web->hq, &filter, error);
  g_autoptr (TamboPage) page = NULL;

  if (query == NULL)
    return FALSE;
  page = tambo_web_page (request, N_ ("Cases"));
  add_filter (page, &filter);
  return add_rows (page, &filter, query, error)
         && tambo_web_finish (g_steal_pointer (&page), answer);
}
