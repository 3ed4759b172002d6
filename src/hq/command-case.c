/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "hq/commands.h"
#include "hq/decision.h"
#include "hq/envelope-keys.h"
#include "hq/validation.h"
#include "hq/verdict.h"

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
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
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

static gboolean add_checks (TamboHq *hq, JsonObject *row, GError **error) {
  g_autoptr (GPtrArray) checks =
      tambo_hq_validation_list (hq, json_object_get_string_member (row, "id"), error);
  JsonArray *array;

  if (checks == NULL)
    return FALSE;
  array = json_array_new ();
  for (guint i = 0; i < checks->len; i++) {
    const TamboValidation *check = checks->pdata[i];
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "name", check->name);
    json_object_set_string_member (object, "state",
                                   tambo_validation_state_to_string (check->state));
    json_object_set_string_member (object, "detail", check->detail);
    json_object_set_string_member (object, "at", check->at);
    json_array_add_object_element (array, object);
  }
  json_object_set_array_member (row, "checks", array);
  return TRUE;
}

static gboolean add_words (TamboHq *hq, JsonObject *row, GError **error) {
  g_autoptr (GPtrArray) words =
      tambo_hq_verdict_list (hq, json_object_get_string_member (row, "id"), error);
  JsonArray *array;

  if (words == NULL)
    return FALSE;
  array = json_array_new ();
  for (guint i = 0; i < words->len; i++) {
    const TamboHqVerdict *word = words->pdata[i];
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "person", word->person);
    json_object_set_string_member (object, "decision", word->is_accepted ? "accept" : "refuse");
    json_object_set_string_member (object, "state", word->state);
    json_object_set_string_member (object, "at", word->posted_at);
    json_array_add_object_element (array, object);
  }
  json_object_set_array_member (row, "decisions", array);
  return TRUE;
}

static void print_case (JsonObject *row) {
  JsonArray *checks = json_object_get_array_member (row, "checks");
  JsonArray *words = json_object_get_array_member (row, "decisions");

  for (int i = 0; cases.columns[i] != NULL; i++)
    g_print ("%-16s %s\n", cases.columns[i],
             json_object_get_string_member_with_default (row, cases.columns[i], "-"));
  for (guint i = 0; i < json_array_get_length (checks); i++) {
    JsonObject *check = json_array_get_object_element (checks, i);

    g_print ("check            %-22s %-11s %s\n", json_object_get_string_member (check, "name"),
             json_object_get_string_member (check, "state"),
             json_object_get_string_member (check, "detail"));
  }
  for (guint i = 0; i < json_array_get_length (words); i++) {
    JsonObject *word = json_array_get_object_element (words, i);

    g_print (
        "decision         %-22s %-11s %s  %s\n", json_object_get_string_member (word, "person"),
        json_object_get_string_member (word, "decision"),
        json_object_get_string_member (word, "state"), json_object_get_string_member (word, "at"));
  }
}

int tambo_command_case_show (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (JsonObject) row = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 2, "DIR ID", &line, &result))
    return result;
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  row = hq != NULL ? find_case (hq, line.words[1], &error) : NULL;
  if (row == NULL || !add_checks (hq, row, &error) || !add_words (hq, row, &error))
    return tambo_command_fail ("case show", error);
  if (line.is_json)
    tambo_command_print (g_steal_pointer (&row));
  else
    print_case (row);
  return TAMBO_EXIT_DONE;
}

/* What became of the newest word about a case. */
static int tell_outcome (TamboHq *hq, const char *case_id, GError **error) {
  g_autoptr (GPtrArray) words = tambo_hq_verdict_list (hq, case_id, error);
  const TamboHqVerdict *word =
      words != NULL && words->len > 0 ? words->pdata[words->len - 1] : NULL;

  if (words == NULL)
    return TAMBO_EXIT_FAILED;
  if (word == NULL || strcmp (word->state, TAMBO_HQ_VERDICT_DONE) == 0)
    return TAMBO_EXIT_DONE;
  if (strcmp (word->state, TAMBO_HQ_VERDICT_FIRST) == 0)
    g_print ("a check objected: another person has to agree\n");
  else if (strcmp (word->state, TAMBO_HQ_VERDICT_WAITING) == 0)
    g_print ("it is carried out by who decides\n");
  else
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE, "%s",
                 word->detail != NULL ? word->detail : "it could not be carried out");
  return strcmp (word->state, TAMBO_HQ_VERDICT_VOID) == 0 ? TAMBO_EXIT_FAILED : TAMBO_EXIT_DONE;
}

/* Who may read the keys carries the word out at once; otherwise the process that decides does. */
static int decide_case (TamboHq *hq, const char *text, gboolean is_accepted, const char *reason,
                        const char *const *recapture, const char *person) {
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) row = find_case (hq, text, &error);
  const char *id = row != NULL ? json_object_get_string_member (row, "id") : NULL;
  guint decided;

  if (row == NULL || !tambo_hq_verdict_post (hq, id, is_accepted, reason, recapture, person, &error)
      || (hq->signing_key != NULL && tambo_hq_may_decide (hq)
          && !tambo_hq_decide_verdicts (hq, &decided, &error))
      || tell_outcome (hq, id, &error) != TAMBO_EXIT_DONE)
    return tambo_command_fail ("case decide", error);
  return TAMBO_EXIT_DONE;
}

/* With the keys where this user may read them. */
static TamboHq *open_to_decide (const char *folder, GError **error) {
  TamboHq *hq = tambo_hq_open_as (TAMBO_HQ_DECIDER, folder, NULL, NULL, NULL);

  return hq != NULL ? hq : tambo_hq_open_as (TAMBO_HQ_VIEWER, folder, NULL, NULL, error);
}

int tambo_command_case_decide (int argc, char **argv) {
  gboolean is_accepted = FALSE;
  g_autofree char *reason = NULL;
  g_autofree char *person = NULL;
  g_auto (GStrv) recapture = NULL;
  const GOptionEntry entries[] = {
    { "accept", 0, 0, G_OPTION_ARG_NONE, &is_accepted, "Order the document", NULL },
    { "refuse", 0, 0, G_OPTION_ARG_STRING, &reason, "Refuse the case", "REASON" },
    { "recapture", 0, 0, G_OPTION_ARG_STRING_ARRAY, &recapture,
      "A sample of the refused case that the station is to capture again", "SAMPLE" },
    { "person", 0, 0, G_OPTION_ARG_STRING, &person, "Who decides; this user without it", "NAME" },
    { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 2, "DIR ID --accept|--refuse REASON", &line,
                                 &result))
    return result;
  if (is_accepted == (reason != NULL)) {
    g_printerr ("tambo-hq: case decide: not one decision was given; say --accept or"
                " --refuse REASON\n");
    return TAMBO_EXIT_USAGE;
  }
  if (is_accepted && recapture != NULL) {
    g_printerr ("tambo-hq: case decide: what was accepted is not captured again; give --recapture"
                " with --refuse\n");
    return TAMBO_EXIT_USAGE;
  }
  tambo_command_forbid_core_dumps ();
  hq = open_to_decide (line.words[0], &error);
  if (hq == NULL)
    return tambo_command_fail ("case decide", error);
  return decide_case (hq, line.words[1], is_accepted, reason, (const char *const *) recapture,
                      person != NULL ? person : g_get_user_name ());
}
