/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "base/file.h"
#include "cli/capture-words.h"
#include "station/case-desk.h"
#include "station/enrol.h"
#include "station/step-durations.h"

static JsonObject *row_to_json (const TamboCaseRow *row) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", row->id);
  json_object_set_string_member (object, "tracking_number", row->tracking_number);
  json_object_set_string_member (object, "procedure", row->procedure_id);
  json_object_set_string_member (object, "state", tambo_case_state_to_string (row->state));
  json_object_set_boolean_member (object, "practice", row->practice);
  json_object_set_string_member (object, "operator", row->operator_id);
  json_object_set_string_member (object, "created_at", row->created_at);
  json_object_set_string_member (object, "updated_at", row->updated_at);
  return object;
}

/* What is looked for is personal, and so is who is found: only who signs in may ask. */
static GPtrArray *find (TamboCli *cli, const char *text, GError **error) {
  g_autoptr (TamboStation) station =
      text != NULL ? tambo_cli_open_signed_in (cli, error) : tambo_cli_open (cli, error);

  if (station == NULL)
    return NULL;
  return text != NULL ? tambo_case_desk_search (station, text, error)
                      : tambo_case_desk_list (station, error);
}

static TamboExit list (TamboCli *cli, int argc, char **argv) {
  g_autofree char *text = NULL;
  const GOptionEntry options[] = {
    { "search", 0, 0, G_OPTION_ARG_STRING, &text,
      "Only those of a name, number, date, tracking number or state", "TEXT" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("case list", "", "Lists cases, the newest first.", options, &argc, &argv,
                        &status))
    return status;

  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = find (cli, text, &error);
  if (rows == NULL)
    return tambo_cli_fail (error, "cases not listed");

  JsonArray *array = json_array_new ();
  for (guint i = 0; i < rows->len; i++) {
    const TamboCaseRow *row = g_ptr_array_index (rows, i);
    json_array_add_object_element (array, row_to_json (row));
    if (!cli->json)
      printf ("%s  %s  %-16s %-12s %s\n", row->id, row->tracking_number, row->procedure_id,
              tambo_case_state_to_string (row->state), row->updated_at);
  }
  tambo_cli_end_rows (cli, "cases", array);
  return TAMBO_EXIT_DONE;
}

static void add_captures (JsonObject *document, const TamboEnrolment *enrolment) {
  JsonArray *samples = json_array_new ();

  for (guint i = 0; i < enrolment->samples->len; i++)
    json_array_add_object_element (
        samples, tambo_sample_to_json (g_ptr_array_index (enrolment->samples, i)));
  json_object_set_array_member (document, "samples", samples);
}

static gboolean add_checks (JsonObject *document, TamboStation *station,
                            const TamboEnrolment *enrolment, GError **error) {
  g_autoptr (GPtrArray) checks = tambo_enrol_check (station, enrolment, error);
  if (checks == NULL)
    return FALSE;

  static const char *const verdicts[] = { "passed", "missing", "failed", "approve" };
  JsonArray *array = json_array_new ();
  for (guint i = 0; i < checks->len; i++) {
    const TamboCheck *check = g_ptr_array_index (checks, i);
    JsonObject *object = json_object_new ();
    json_object_set_string_member (object, "rule", check->rule);
    json_object_set_string_member (object, "verdict", verdicts[check->verdict]);
    json_object_set_string_member (object, "detail", check->detail);
    json_array_add_object_element (array, object);
  }
  json_object_set_array_member (document, "checks", array);
  return TRUE;
}

/* A draft is shown whole; a sealed case has only its row left. */
static TamboExit show (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("case show", "ID", "Shows a case; a draft with all that was captured.",
                        NULL, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the case's ID or tracking number is needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  g_autoptr (TamboCaseRow) row =
      station != NULL ? tambo_case_desk_get (station, argv[1], &error) : NULL;
  if (row == NULL)
    return tambo_cli_fail (error, "case not shown");

  g_autoptr (JsonObject) document = row_to_json (row);
  if (row->state == TAMBO_CASE_DRAFT || row->state == TAMBO_CASE_WAITING) {
    g_autoptr (TamboEnrolment) enrolment = tambo_enrol_resume (station, row->id, &error);
    if (enrolment == NULL || !add_checks (document, station, enrolment, &error))
      return tambo_cli_fail (error, "case not shown");
    json_object_set_object_member (document, "applicant",
                                   tambo_applicant_to_json (enrolment->applicant));
    add_captures (document, enrolment);
  }
  tambo_cli_print_json (g_steal_pointer (&document));
  return TAMBO_EXIT_DONE;
}

static TamboExit resume (TamboCli *cli, int argc, char **argv) {
  g_auto (TamboCaptureWords) captures = { NULL };
  g_autofree GOptionEntry *options = tambo_capture_words_options (&captures, NULL);
  TamboExit status;
  if (!tambo_cli_parse ("case resume", "ID", "Goes on with a case that was interrupted.", options,
                        &argc, &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the case's ID or tracking number is needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  g_autoptr (TamboEnrolment) enrolment =
      station != NULL ? tambo_enrol_resume (station, argv[1], &error) : NULL;
  if (enrolment == NULL)
    return tambo_cli_fail (error, "case not resumed");
  if (!cli->json)
    printf ("case %s resumed with %u samples\n", enrolment->id, enrolment->samples->len);
  if (!tambo_capture_words_run (&captures, cli, station, enrolment, &error))
    return tambo_capture_words_interrupted (enrolment, error);
  return tambo_capture_words_finish (cli, station, enrolment);
}

typedef gboolean (*Act) (TamboStation *station, const char *case_id, GError **error);

static TamboExit act_on_case (TamboCli *cli, int argc, char **argv, const char *summary, Act act,
                              const char *done) {
  g_autofree char *name = g_strconcat ("case ", argv[0], NULL);
  TamboExit status;
  if (!tambo_cli_parse (name, "ID", summary, NULL, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the case's ID or tracking number is needed");

  g_autofree char *failure = g_strdup_printf ("case not %s", done);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  if (station == NULL || !act (station, argv[1], &error))
    return tambo_cli_fail (error, failure);
  if (!cli->json)
    printf ("case %s %s\n", argv[1], done);
  return TAMBO_EXIT_DONE;
}

static TamboExit approve (TamboCli *cli, int argc, char **argv) {
  return act_on_case (cli, argc, argv, "Lets the exceptions of another one's case stand.",
                      tambo_case_desk_approve, "approved");
}

static TamboExit discard (TamboCli *cli, int argc, char **argv) {
  return act_on_case (cli, argc, argv, "Ends a draft and throws away what was captured.",
                      tambo_case_desk_discard, "discarded");
}

static TamboExit reject (TamboCli *cli, int argc, char **argv) {
  g_autofree char *reason = NULL;
  const GOptionEntry options[] = {
    { "reason", 0, 0, G_OPTION_ARG_STRING, &reason, "Why", "TEXT" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("case reject", "ID", "Refuses an exception.", options, &argc, &argv,
                        &status))
    return status;
  if (argc != 2 || reason == NULL)
    return tambo_cli_usage ("the case's ID and --reason are needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  if (station == NULL || !tambo_case_desk_reject (station, argv[1], reason, &error))
    return tambo_cli_fail (error, "case not rejected");
  return TAMBO_EXIT_DONE;
}

/* Whoever is there signs in without being asked: the code by which a document is verified is sealed. */
static TamboStation *open_for_receipt (TamboCli *cli, GError **error) {
  gboolean has_password = cli->password_fd >= 0 || g_getenv ("TAMBO_PASSWORD_FILE") != NULL;

  return has_password ? tambo_cli_open_signed_in (cli, error) : tambo_cli_open (cli, error);
}

static TamboExit receipt (TamboCli *cli, int argc, char **argv) {
  g_autofree char *path = NULL;
  const GOptionEntry options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path, "Where the PDF goes", "FILE.pdf" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("case receipt", "ID", "Prints the applicant's receipt.", options, &argc,
                        &argv, &status))
    return status;
  if (argc != 2 || path == NULL)
    return tambo_cli_usage ("the case's ID and -o are needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = open_for_receipt (cli, &error);
  g_autoptr (GBytes) pdf =
      station != NULL ? tambo_case_desk_receipt (station, argv[1], &error) : NULL;
  if (pdf == NULL || !tambo_file_write_durable (path, pdf, 0600, &error))
    return tambo_cli_fail (error, "receipt not made");
  if (!cli->json)
    printf ("receipt in %s\n", path);
  return TAMBO_EXIT_DONE;
}

static JsonObject *duration_to_json (const TamboDuration *duration) {
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "count", duration->count);
  json_object_set_int_member (object, "median_ms", duration->median);
  json_object_set_int_member (object, "p90_ms", duration->p90);
  return object;
}

static JsonObject *step_to_json (const TamboStepDurations *step) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "step", step->step);
  json_object_set_object_member (object, "today", duration_to_json (&step->today));
  json_object_set_object_member (object, "week", duration_to_json (&step->week));
  return object;
}

static void print_duration (const TamboDuration *duration) {
  if (duration->count == 0)
    printf ("  %6s %8s %8s", "-", "-", "-");
  else
    printf ("  %6u %7.1fs %7.1fs", duration->count, (double) duration->median / 1000,
            (double) duration->p90 / 1000);
}

static TamboExit durations (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("case durations", "", "How long each step took, today and in seven days.",
                        NULL, &argc, &argv, &status))
    return status;

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  g_autoptr (GArray) steps = station != NULL ? tambo_step_durations_read (station, &error) : NULL;
  if (steps == NULL)
    return tambo_cli_fail (error, "durations not read");

  JsonArray *array = json_array_new ();
  if (!cli->json)
    printf ("%-13s  %6s %8s %8s  %6s %8s %8s\n", "step", "today", "median", "p90", "7 days",
            "median", "p90");
  for (guint i = 0; i < steps->len; i++) {
    const TamboStepDurations *step = &g_array_index (steps, TamboStepDurations, i);
    json_array_add_object_element (array, step_to_json (step));
    if (cli->json)
      continue;
    printf ("%-13s", step->step);
    print_duration (&step->today);
    print_duration (&step->week);
    printf ("\n");
  }
  tambo_cli_end_rows (cli, "steps", array);
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_case (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "list", NULL, list },       { "show", NULL, show },           { "resume", NULL, resume },
    { "approve", NULL, approve }, { "reject", NULL, reject },       { "discard", NULL, discard },
    { "receipt", NULL, receipt }, { "durations", NULL, durations }, { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
