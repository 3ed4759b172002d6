/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "station/appointments.h"
#include "station/day.h"

static char *join_name (const TamboApplicant *applicant) {
  const char *surname = applicant->surname != NULL ? applicant->surname : "";
  const char *given_names = applicant->given_names != NULL ? applicant->given_names : "";

  return *given_names != '\0' ? g_strdup_printf ("%s, %s", surname, given_names)
                              : g_strdup (surname);
}

static JsonObject *to_json (const TamboAppointment *appointment) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "code", appointment->code);
  json_object_set_string_member (object, "start", appointment->start);
  json_object_set_string_member (object, "office", appointment->office);
  json_object_set_string_member (object, "procedure", appointment->procedure_id);
  json_object_set_string_member (object, "state",
                                 tambo_appointment_state_to_string (appointment->state));
  if (appointment->case_id != NULL)
    json_object_set_string_member (object, "case", appointment->case_id);
  json_object_set_object_member (object, "applicant",
                                 tambo_applicant_to_json (appointment->applicant));
  if (appointment->answers != NULL)
    json_object_set_object_member (object, "answers", json_object_ref (appointment->answers));
  return object;
}

static void print_line (const TamboAppointment *appointment) {
  g_autofree char *name = join_name (appointment->applicant);

  printf ("%s  %s  %-8s %-18s %s\n", appointment->start, appointment->code,
          tambo_appointment_state_to_string (appointment->state), appointment->procedure_id, name);
}

static TamboExit list (TamboCli *cli, int argc, char **argv) {
  gboolean is_all = FALSE;
  const GOptionEntry options[] = {
    { "all", 0, 0, G_OPTION_ARG_NONE, &is_all, "Of all days, and not of today alone", NULL },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("appointment list", "", "Lists the appointments of this office.", options,
                        &argc, &argv, &status))
    return status;

  g_autoptr (GError) error = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) next = g_date_time_add_days (now, 1);
  g_autofree char *from = is_all ? NULL : tambo_day_dup_midnight (now);
  g_autofree char *to = is_all ? NULL : tambo_day_dup_midnight (next);
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  g_autoptr (GPtrArray) rows =
      station != NULL ? tambo_appointments_list (station, from, to, &error) : NULL;
  if (rows == NULL)
    return tambo_cli_fail (error, "appointments not listed");

  JsonArray *array = json_array_new ();
  for (guint i = 0; i < rows->len; i++) {
    json_array_add_object_element (array, to_json (g_ptr_array_index (rows, i)));
    if (!cli->json)
      print_line (g_ptr_array_index (rows, i));
  }
  tambo_cli_end_rows (cli, "appointments", array);
  return TAMBO_EXIT_DONE;
}

static TamboExit show (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("appointment show", "CODE", "Shows one appointment.", NULL, &argc, &argv,
                        &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the appointment's CODE is needed");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  g_autoptr (TamboAppointment) appointment =
      station != NULL ? tambo_appointments_get (station, argv[1], &error) : NULL;
  if (appointment == NULL)
    return tambo_cli_fail (error, "appointment not shown");
  tambo_cli_print_json (to_json (appointment));
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_appointment (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "list", NULL, list },
    { "show", NULL, show },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
