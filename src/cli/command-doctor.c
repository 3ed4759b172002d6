/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "station/doctor.h"

static void on_examined (guint done, guint total, gpointer data) {
  tambo_cli_progress ("examined", done, total);
}

static JsonObject *describe (const TamboDiagnosis *diagnosis) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "subject", diagnosis->subject);
  json_object_set_string_member (object, "health", tambo_health_to_string (diagnosis->health));
  json_object_set_string_member (object, "finding", diagnosis->finding);
  if (diagnosis->action != NULL)
    json_object_set_string_member (object, "action", diagnosis->action);
  return object;
}

static void print (const TamboDiagnosis *diagnosis) {
  printf ("%-14s %-7s %s%s%s\n", diagnosis->subject, tambo_health_to_string (diagnosis->health),
          diagnosis->finding, diagnosis->action != NULL ? "; " : "",
          diagnosis->action != NULL ? diagnosis->action : "");
}

/* Notices leave the exit code alone: a station without devices is in health. */
static TamboExit judge (const GPtrArray *diagnoses) {
  static const TamboExit exits[] = {
    [TAMBO_HEALTH_GOOD] = TAMBO_EXIT_DONE,
    [TAMBO_HEALTH_NOTICE] = TAMBO_EXIT_DONE,
    [TAMBO_HEALTH_BAD] = TAMBO_EXIT_FAILED,
    [TAMBO_HEALTH_BROKEN] = TAMBO_EXIT_INTEGRITY,
  };
  TamboExit worst = TAMBO_EXIT_DONE;

  for (guint i = 0; i < diagnoses->len; i++) {
    const TamboDiagnosis *diagnosis = diagnoses->pdata[i];

    worst = MAX (worst, exits[diagnosis->health]);
  }
  return worst;
}

TamboExit tambo_command_doctor (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("doctor", "",
                        "Examines the station and says what to do about what is not well.", NULL,
                        &argc, &argv, &status))
    return status;

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  g_autoptr (GPtrArray) diagnoses =
      station != NULL ? tambo_doctor_examine (station, on_examined, NULL, cli->cancellable, &error)
                      : NULL;
  if (diagnoses == NULL)
    return tambo_cli_fail (error, "station not examined");

  JsonArray *rows = json_array_new ();
  for (guint i = 0; i < diagnoses->len; i++) {
    json_array_add_object_element (rows, describe (diagnoses->pdata[i]));
    if (!cli->json)
      print (diagnoses->pdata[i]);
  }
  tambo_cli_end_rows (cli, "diagnoses", rows);
  return judge (diagnoses);
}
