/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/json.h"
#include "hq/commands.h"
#include "hq/stock.h"

/* {STATE: NUMBER} of a table, or a line of them. */
static gboolean add_states (TamboHq *hq, const TamboCommandLine *line, JsonObject *report,
                            const char *member, const char *sql, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (hq->database, error, sql, "");
  JsonObject *object;

  if (query == NULL)
    return FALSE;
  object = json_object_new ();
  json_object_set_object_member (report, member, object);
  while (tambo_query_next (query, &cause)) {
    json_object_set_int_member (object, tambo_query_text (query, 0), tambo_query_int (query, 1));
    if (!line->is_json)
      g_print ("%-9s %-10s %" G_GINT64_FORMAT "\n", member, tambo_query_text (query, 0),
               tambo_query_int (query, 1));
  }
  return tambo_error_pass (&cause, error);
}

static void add_blanks (const TamboCommandLine *line, const TamboHqStock *stock, JsonArray *array) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "station", stock->station);
  json_object_set_string_member (object, "kind", stock->kind);
  json_object_set_string_member (object, "at", stock->at);
  json_object_set_int_member (object, "received", stock->received);
  json_object_set_int_member (object, "in_stock", stock->in_stock);
  json_object_set_int_member (object, "quarantined", stock->quarantined);
  json_object_set_int_member (object, "in_work", stock->in_work);
  json_object_set_int_member (object, "issued", stock->issued);
  json_object_set_int_member (object, "spoiled", stock->spoiled);
  json_object_set_int_member (object, "delivered", stock->delivered);
  json_object_set_int_member (object, "unaccounted", stock->unaccounted);
  json_array_add_object_element (array, object);
  if (!line->is_json)
    g_print ("blanks    %s %s: %" G_GINT64_FORMAT " received, %" G_GINT64_FORMAT
             " in stock, %" G_GINT64_FORMAT " issued or delivered, %" G_GINT64_FORMAT
             " spoiled, %" G_GINT64_FORMAT " unaccounted for; as of %s\n",
             stock->station, stock->kind, stock->received, stock->in_stock,
             stock->issued + stock->delivered, stock->spoiled, stock->unaccounted, stock->at);
}

static gboolean add_stock (TamboHq *hq, const TamboCommandLine *line, JsonObject *report,
                           GError **error) {
  g_autoptr (GPtrArray) rows = tambo_hq_stock_list (hq, error);
  JsonArray *array;

  if (rows == NULL)
    return FALSE;
  array = json_array_new ();
  json_object_set_array_member (report, "blanks", array);
  for (guint i = 0; i < rows->len; i++)
    add_blanks (line, rows->pdata[i], array);
  return TRUE;
}

int tambo_command_report (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (JsonObject) report = json_object_new ();
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 1, "DIR", &line, &result))
    return result;
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  if (hq == NULL
      || !add_states (hq, &line, report, "stations",
                      "SELECT state, count(*) FROM stations GROUP BY state ORDER BY state", &error)
      || !add_states (hq, &line, report, "records",
                      "SELECT state, count(*) FROM records GROUP BY state ORDER BY state", &error)
      || !add_states (hq, &line, report, "cases",
                      "SELECT state, count(*) FROM cases GROUP BY state ORDER BY state", &error)
      || !add_states (hq, &line, report, "orders",
                      "SELECT state, count(*) FROM orders GROUP BY state ORDER BY state", &error)
      || !add_states (hq, &line, report, "alarms",
                      "SELECT kind, count(*) FROM alarms GROUP BY kind ORDER BY kind", &error)
      || !add_stock (hq, &line, report, &error))
    return tambo_command_fail ("no report", error);
  if (line.is_json)
    tambo_command_print (g_steal_pointer (&report));
  return TAMBO_EXIT_DONE;
}
