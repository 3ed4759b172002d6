/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What stations are told beside messages: alerts, procedures and other data.
 */
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "hq/alerts.h"
#include "hq/commands.h"
#include "hq/feed.h"
#include "hq/procedures.h"

#define MAX_FILE (64 * 1024)

static TamboHq *open_hq (const TamboCommandLine *line, GError **error) {
  return tambo_hq_open_as (TAMBO_HQ_VIEWER, line->words[0], NULL, NULL, error);
}

/* {MEMBER: [bodies with their ids]}, or a line for each. */
static void print_items (const TamboCommandLine *line, const char *member, GPtrArray *items) {
  g_autoptr (JsonArray) array = json_array_new ();

  for (guint i = 0; i < items->len; i++) {
    const TamboChange *item = items->pdata[i];
    JsonObject *body = tambo_json_parse_object (item->body, -1, NULL);

    if (!line->is_json)
      g_print ("%s  %s\n", item->id, item->body);
    if (body == NULL)
      continue;
    json_object_set_string_member (body, "id", item->id);
    json_object_set_int_member (body, "told", item->version);
    json_array_add_object_element (array, body);
  }
  tambo_command_end_rows (line, member, g_steal_pointer (&array));
}

static int list_kind (int argc, char **argv, const char *what, const char *kind,
                      const char *member) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (GPtrArray) items = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 1, "DIR", &line, &result))
    return result;
  hq = open_hq (&line, &error);
  items = hq != NULL ? tambo_hq_feed_list (hq, kind, &error) : NULL;
  if (items == NULL)
    return tambo_command_fail (what, error);
  print_items (&line, member, items);
  return TAMBO_EXIT_DONE;
}

/* Alerts */

static gboolean read_document (const char *text, TamboApplicant *out_whom) {
  g_auto (GStrv) words = g_strsplit (text, "/", 3);

  if (g_strv_length (words) != 3)
    return FALSE;
  out_whom->issuing_state = g_strdup (words[0]);
  out_whom->document_type = g_strdup (words[1]);
  out_whom->document_number = g_strdup (words[2]);
  return TRUE;
}

static gboolean read_person (const char *text, TamboApplicant *out_whom) {
  g_auto (GStrv) words = g_strsplit (text, "/", 3);

  if (g_strv_length (words) != 3)
    return FALSE;
  out_whom->surname = g_strdup (words[0]);
  out_whom->given_names = g_strdup (words[1]);
  out_whom->birth_date = g_strdup (words[2]);
  return TRUE;
}

int tambo_command_alert_add (int argc, char **argv) {
  g_autofree char *document = NULL;
  g_autofree char *person = NULL;
  g_autofree char *reason = NULL;
  g_autofree char *action = NULL;
  const GOptionEntry entries[] = {
    { "document", 0, 0, G_OPTION_ARG_STRING, &document, "Which document it is about",
      "STATE/TYPE/NUMBER" },
    { "person", 0, 0, G_OPTION_ARG_STRING, &person, "Whom it is about",
      "SURNAME/GIVEN NAMES/YYYY-MM-DD" },
    { "reason", 0, 0, G_OPTION_ARG_STRING, &reason, "What the clerk reads", "TEXT" },
    { "action", 0, 0, G_OPTION_ARG_STRING, &action, "What the clerk does then", "TEXT" },
    { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (TamboApplicant) whom = tambo_applicant_new ();
  g_autofree char *id = NULL;
  TamboHqAlert alert;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 1, "DIR", &line, &result))
    return result;
  if ((document == NULL) == (person == NULL)
      || !(document != NULL ? read_document (document, whom) : read_person (person, whom))) {
    g_printerr ("tambo-hq: alert add: --document STATE/TYPE/NUMBER or --person"
                " SURNAME/GIVEN/BIRTH is needed; see its --help\n");
    return TAMBO_EXIT_USAGE;
  }
  alert = (TamboHqAlert){
    .whom = whom, .is_person = person != NULL, .reason = reason, .action = action
  };
  hq = open_hq (&line, &error);
  id = hq != NULL ? tambo_hq_alert_add (hq, &alert, &error) : NULL;
  if (id == NULL)
    return tambo_command_fail ("alert add", error);
  if (line.is_json) {
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "id", id);
    tambo_command_print (object);
  } else {
    g_print ("%s\n", id);
  }
  return TAMBO_EXIT_DONE;
}

int tambo_command_alert_list (int argc, char **argv) {
  return list_kind (argc, argv, "alert list", "alert", "alerts");
}

int tambo_command_alert_withdraw (int argc, char **argv) {
  return tambo_command_act_on (argc, argv, "alert withdraw", "DIR ID", tambo_hq_alert_withdraw);
}

/* Procedures and other data */

static JsonObject *read_object (const char *path, GError **error) {
  g_autoptr (GBytes) bytes = tambo_file_read (path, MAX_FILE, error);
  gsize size;
  const char *text;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &size);
  return tambo_json_parse_object (text != NULL ? text : "", (gssize) size, error);
}

static gboolean put (TamboHq *hq, const char *kind, const char *id, JsonObject *body,
                     GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);

  return work != NULL && tambo_hq_feed_put (hq, NULL, kind, id, body, NULL, error)
         && tambo_work_commit (work, error);
}

int tambo_command_procedure_publish (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (JsonObject) object = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 2, "DIR FILE.json", &line, &result))
    return result;
  object = read_object (line.words[1], &error);
  hq = object != NULL ? open_hq (&line, &error) : NULL;
  if (hq == NULL || !tambo_hq_publish_procedure (hq, object, &error))
    return tambo_command_fail ("procedure publish", error);
  return TAMBO_EXIT_DONE;
}

int tambo_command_procedure_list (int argc, char **argv) {
  return list_kind (argc, argv, "procedure list", "procedure", "procedures");
}

/* Kinds that have commands of their own, or are made by this program. */
static gboolean is_free_kind (const char *kind) {
  static const char *const taken[] = { "alert", "alert-key", "appointment", "procedure", NULL };

  return *kind != '\0' && strspn (kind, "abcdefghijklmnopqrstuvwxyz-") == strlen (kind)
         && !g_strv_contains (taken, kind);
}

static int fail_kind (const char *what, const char *kind) {
  g_printerr ("tambo-hq: %s: '%s' is no kind of reference data; name it in small letters, as in"
              " office-hours\n",
              what, kind);
  return TAMBO_EXIT_USAGE;
}

int tambo_command_reference_put (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (JsonObject) object = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 4, "DIR KIND ID FILE.json", &line, &result))
    return result;
  if (!is_free_kind (line.words[1]))
    return fail_kind ("reference put", line.words[1]);
  object = read_object (line.words[3], &error);
  hq = object != NULL ? open_hq (&line, &error) : NULL;
  if (hq == NULL || !put (hq, line.words[1], line.words[2], object, &error))
    return tambo_command_fail ("reference put", error);
  return TAMBO_EXIT_DONE;
}

int tambo_command_reference_list (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (GPtrArray) items = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 2, "DIR KIND", &line, &result))
    return result;
  if (!is_free_kind (line.words[1]))
    return fail_kind ("reference list", line.words[1]);
  hq = open_hq (&line, &error);
  items = hq != NULL ? tambo_hq_feed_list (hq, line.words[1], &error) : NULL;
  if (items == NULL)
    return tambo_command_fail ("reference list", error);
  print_items (&line, "items", items);
  return TAMBO_EXIT_DONE;
}

int tambo_command_reference_remove (int argc, char **argv) {
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (TamboWork) work = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, NULL, 3, "DIR KIND ID", &line, &result))
    return result;
  if (!is_free_kind (line.words[1]))
    return fail_kind ("reference remove", line.words[1]);
  hq = open_hq (&line, &error);
  work = hq != NULL ? tambo_work_begin (hq->database, &error) : NULL;
  if (work == NULL || !tambo_hq_feed_remove (hq, NULL, line.words[1], line.words[2], &error)
      || !tambo_work_commit (work, &error))
    return tambo_command_fail ("reference remove", error);
  return TAMBO_EXIT_DONE;
}
