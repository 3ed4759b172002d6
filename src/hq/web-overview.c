/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/error.h"
#include "hq/stations.h"
#include "hq/stock.h"
#include "hq/web-staff.h"

#define ALARMS_SHOWN 50

/* ---- stations ---- */

static void add_station (TamboPage *page, const TamboStationRow *station) {
  tambo_page_open (page, "tr", NULL);
  tambo_page_element (page, "th", station->code, "scope", "row", NULL);
  tambo_page_say_element (page, "td", tambo_web_state_message (station->state), NULL);
  tambo_web_time_cell (page, station->last_seen != NULL ? station->last_seen : "");
  tambo_web_number_cell (page, station->records);
  tambo_web_number_cell (page, station->last_sequence);
  tambo_web_number_cell (page, station->missing);
  tambo_page_close (page);
}

static void add_gap (TamboPage *page, const TamboGap *gap) {
  tambo_page_open (page, "tr", NULL);
  tambo_page_element (page, "th", gap->station, "scope", "row", NULL);
  tambo_web_number_cell (page, gap->first);
  tambo_web_number_cell (page, gap->last);
  tambo_web_time_cell (page, gap->since);
  tambo_page_close (page);
}

gboolean tambo_web_stations (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  static const char *const columns[] = {
    N_ ("Station"), N_ ("State"), N_ ("Last seen"), N_ ("Records"), N_ ("Last number"),
    N_ ("Missing"), NULL
  };
  static const char *const gap_columns[] = { N_ ("Station"), N_ ("From number"), N_ ("To number"),
                                             N_ ("Since"), NULL };
  g_autoptr (GPtrArray) stations = tambo_stations_list (request->web->hq, error);
  g_autoptr (GPtrArray) gaps =
      stations != NULL ? tambo_stations_list_gaps (request->web->hq, error) : NULL;
  TamboPage *page;

  if (gaps == NULL)
    return FALSE;
  page = tambo_web_page (request, N_ ("Stations"));
  tambo_web_open_table (page, N_ ("Registered stations"), columns);
  for (guint i = 0; i < stations->len; i++)
    add_station (page, stations->pdata[i]);
  tambo_web_close_table (page);
  tambo_page_say_element (page, "h2", N_ ("Numbers that never came"), NULL);
  if (gaps->len == 0)
    tambo_page_say_element (page, "p", N_ ("No number is missing."), NULL);
  else
    tambo_web_open_table (page, N_ ("Gaps, though later records came"), gap_columns);
  for (guint i = 0; i < gaps->len; i++)
    add_gap (page, gaps->pdata[i]);
  if (gaps->len > 0)
    tambo_web_close_table (page);
  return tambo_web_finish (page, answer);
}

/* ---- blanks ---- */

static gboolean add_uses (TamboHq *hq, TamboPage *page, GError **error) {
  static const char *const columns[] = { N_ ("Station"), N_ ("Ordered"), N_ ("Issued"),
                                         N_ ("Spoiled"), NULL };
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT station, count(*), sum(CASE WHEN state = 'sent' THEN 0 ELSE 1 END), sum(spoiled)"
      " FROM orders GROUP BY station ORDER BY station",
      "");

  if (query == NULL)
    return FALSE;
  tambo_web_open_table (page, N_ ("Blanks that were used, by station"), columns);
  while (tambo_query_next (query, &cause)) {
    tambo_page_open (page, "tr", NULL);
    tambo_page_element (page, "th", tambo_query_text (query, 0), "scope", "row", NULL);
    for (int i = 1; i <= 3; i++)
      tambo_web_number_cell (page, tambo_query_int (query, i));
    tambo_page_close (page);
  }
  tambo_web_close_table (page);
  return tambo_error_pass (&cause, error);
}

static void add_level (TamboPage *page, const TamboHqStock *stock) {
  const gint64 numbers[] = { stock->received, stock->in_stock,   stock->quarantined,
                             stock->in_work,  stock->issued,     stock->delivered,
                             stock->spoiled,  stock->unaccounted };

  tambo_page_open (page, "tr", NULL);
  tambo_page_element (page, "th", stock->station, "scope", "row", NULL);
  tambo_web_cell (page, stock->kind);
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    tambo_web_number_cell (page, numbers[i]);
  tambo_web_time_cell (page, stock->at);
  tambo_page_close (page);
}

/* What the stations told of their blanks, and what came of the orders. */
gboolean tambo_web_stock (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  static const char *const columns[] = {
    N_ ("Station"), N_ ("Kind"),   N_ ("Received"),  N_ ("In stock"), N_ ("Quarantined"),
    N_ ("In work"), N_ ("Issued"), N_ ("Delivered"), N_ ("Spoiled"),  N_ ("Unaccounted for"),
    N_ ("As of"),   NULL
  };
  g_autoptr (GPtrArray) stock = tambo_hq_stock_list (request->web->hq, error);
  g_autoptr (TamboPage) page = NULL;

  if (stock == NULL)
    return FALSE;
  page = tambo_web_page (request, N_ ("Blank stock"));
  if (stock->len == 0)
    tambo_page_say_element (page, "p", N_ ("No station has told of blanks yet."), NULL);
  else
    tambo_web_open_table (page, N_ ("Blanks, as each station told last"), columns);
  for (guint i = 0; i < stock->len; i++)
    add_level (page, stock->pdata[i]);
  if (stock->len > 0)
    tambo_web_close_table (page);
  return add_uses (request->web->hq, page, error)
         && tambo_web_finish (g_steal_pointer (&page), answer);
}

/* ---- alarms ---- */

static void add_alarm (TamboPage *page, TamboQuery *query) {
  tambo_page_open (page, "tr", NULL);
  tambo_page_element (page, "th", tambo_query_text (query, 0), "scope", "row", NULL);
  tambo_web_time_cell (page, tambo_query_text (query, 1));
  for (int i = 2; i <= 4; i++)
    tambo_web_cell (page, tambo_query_text (query, i));
  tambo_page_close (page);
}

static void add_older (TamboPage *page, gint64 before) {
  g_autofree char *address = g_strdup_printf ("/alarms?before=%" G_GINT64_FORMAT, before);

  tambo_page_open (page, "p", NULL);
  tambo_page_say_element (page, "a", N_ ("Older alarms"), "href", address, "rel", "next", NULL);
  tambo_page_close (page);
}

gboolean tambo_web_alarms (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  static const char *const columns[] = { N_ ("Number"), N_ ("Time"),   N_ ("Station"),
                                         N_ ("Kind"),   N_ ("Detail"), NULL };
  guint64 before = G_MAXINT64;
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = NULL;
  g_autoptr (TamboPage) page = NULL;
  gint64 last = 0;
  guint n = 0;

  g_ascii_string_to_unsigned (tambo_form_get (request->query, "before"), 10, 0, G_MAXINT64, &before,
                              NULL);
  query = tambo_database_query (request->web->hq->database, error,
                                "SELECT number, at, station, kind, detail FROM alarms"
                                " WHERE number < ? ORDER BY number DESC LIMIT 50",
                                "i", (gint64) before);
  if (query == NULL)
    return FALSE;
  page = tambo_web_page (request, N_ ("Alarms"));
  tambo_web_open_table (page, N_ ("Alarms, the newest first"), columns);
  for (; tambo_query_next (query, &cause); n++) {
    add_alarm (page, query);
    last = tambo_query_int (query, 0);
  }
  tambo_web_close_table (page);
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (n == 0)
    tambo_page_say_element (page, "p", N_ ("No alarm."), NULL);
  if (n == ALARMS_SHOWN)
    add_older (page, last);
  return tambo_web_finish (g_steal_pointer (&page), answer);
}
