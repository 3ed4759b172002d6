/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "hq/commands.h"
#include "hq/decision.h"

/* A list of a table: its columns by name, each text or integer. */
typedef struct {
  const char *member; /* of the JSON document: "cases" */
  const char *sql;
  const char *columns[12];
  guint n_shown; /* the first columns, for people */
} Listing;

static const Listing cases = {
  .member = "cases",
  .sql = "SELECT id, state, tracking_number, station, document_number, procedure, detail,"
         " created_at, updated_at FROM cases",
  .columns = { "id", "state", "tracking_number", "station", "document_number", "procedure",
               "detail", "created_at", "updated_at" },
  .n_shown = 6,
};

static const Listing orders = {
  .member = "orders",
  .sql = "SELECT id, state, document_number, document_type, station, case_id, spoiled, created_at"
         " FROM orders ORDER BY created_at",
  .columns = { "id", "state", "document_number", "document_type", "station", "case", "spoiled",
               "created_at" },
  .n_shown = 5,
};

static const Listing alarms = {
  .member = "alarms",
  .sql = "SELECT number, at, station, kind, detail FROM alarms ORDER BY number",
  .columns = { "number", "at", "station", "kind", "detail" },
  .n_shown = 5,
};

static JsonObject *row_to_json (TamboQuery *query, const Listing *listing) {
  JsonObject *object = json_object_new ();

  for (int i = 0; listing->columns[i] != NULL; i++) {
    g_autofree char *text = tambo_query_dup_text (query, i);

    if (text != NULL)
      json_object_set_string_member (object, listing->columns[i], text);
  }
  return object;
}

static void print_row (JsonObject *row, const Listing *listing) {
  for (guint i = 0; i < listing->n_shown; i++)
    g_print ("%s%s", i > 0 ? "  " : "",
             json_object_get_string_member_with_default (row, listing->columns[i], "-"));
  g_print ("\n");
}

static JsonArray *read_rows (TamboHq *hq, const Listing *listing, GError **error) {
  g_autoptr (JsonArray) rows = json_array_new ();
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (hq->database, error, listing->sql, "");

  if (query == NULL)
    return NULL;
  while (tambo_query_next (query, &cause))
    json_array_add_object_element (rows, row_to_json (query, listing));
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_steal_pointer (&rows);
}

static int run_list (int argc, char **argv, const Listing *listing) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (JsonArray) rows = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 1, "DIR", &line, &result))
    return result;
  hq = tambo_hq_open (line.words[0], &error);
  rows = hq != NULL ? read_rows (hq, listing, &error) : NULL;
  if (rows == NULL)
    return tambo_command_fail (argv[0], error);
  if (line.is_json) {
    JsonObject *object = json_object_new ();

    json_object_set_array_member (object, listing->member, g_steal_pointer (&rows));
    tambo_command_print (object);
    return TAMBO_EXIT_DONE;
  }
  for (guint i = 0; i < json_array_get_length (rows); i++)
    print_row (json_array_get_object_element (rows, i), listing);
  return TAMBO_EXIT_DONE;
}

int tambo_command_case_list (int argc, char **argv) {
  return run_list (argc, argv, &cases);
}

int tambo_command_order_list (int argc, char **argv) {
  return run_list (argc, argv, &orders);
}

int tambo_command_alarm_list (int argc, char **argv) {
  return run_list (argc, argv, &alarms);
}

/* By id or tracking number. */
static JsonObject *find_case (TamboHq *hq, const char *text, GError **error) {
  g_autofree char *sql = g_strconcat (cases.sql, " WHERE id = ?1 OR tracking_number = ?1", NULL);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (hq->database, error, sql, "s", text);

  if (query == NULL)
    return NULL;
  if (tambo_query_next (query, &cause))
    return row_to_json (query, &cases);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND, "there is no case %s", text);
  return NULL;
}

int tambo_command_case_show (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (JsonObject) row = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 2, "DIR ID", &line, &result))
    return result;
  hq = tambo_hq_open (line.words[0], &error);
  row = hq != NULL ? find_case (hq, line.words[1], &error) : NULL;
  if (row == NULL)
    return tambo_command_fail ("case show", error);
  if (line.is_json)
    tambo_command_print (g_steal_pointer (&row));
  else
    for (int i = 0; cases.columns[i] != NULL; i++)
      g_print ("%-16s %s\n", cases.columns[i],
               json_object_get_string_member_with_default (row, cases.columns[i], "-"));
  return TAMBO_EXIT_DONE;
}

int tambo_command_case_decide (int argc, char **argv) {
  gboolean is_accepted = FALSE;
  g_autofree char *reason = NULL;
  const GOptionEntry entries[] = {
    { "accept", 0, 0, G_OPTION_ARG_NONE, &is_accepted, "Order the document", NULL },
    { "refuse", 0, 0, G_OPTION_ARG_STRING, &reason, "Refuse the case", "REASON" },
    { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (JsonObject) row = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 2, "DIR ID --accept|--refuse REASON", &line,
                                 &result))
    return result;
  if (is_accepted == (reason != NULL)) {
    g_printerr ("tambo-hq: case decide: not one decision was given; say --accept or"
                " --refuse REASON\n");
    return TAMBO_EXIT_USAGE;
  }
  hq = tambo_hq_open (line.words[0], &error);
  row = hq != NULL ? find_case (hq, line.words[1], &error) : NULL;
  if (row == NULL
      || !tambo_hq_decide_case (hq, json_object_get_string_member (row, "id"), is_accepted, reason,
                                &error))
    return tambo_command_fail ("case decide", error);
  return TAMBO_EXIT_DONE;
}
