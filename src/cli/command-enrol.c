/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "cli/capture-words.h"
#include "station/alerts.h"
#include "station/appointments.h"
#include "station/enrol.h"

typedef struct {
  char *procedure, *applicant, *mrz, *guardian, *appointment;
} Words;

static void words_clear (Words *words) {
  g_free (words->procedure);
  g_free (words->applicant);
  g_free (words->mrz);
  g_free (words->guardian);
  g_free (words->appointment);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static TamboApplicant *read_person (const char *path, char **out_relation, GError **error) {
  g_autoptr (JsonObject) object = tambo_cli_read_json (path, error);
  if (object == NULL)
    return NULL;
  if (out_relation != NULL && json_object_has_member (object, "relation")) {
    *out_relation = g_strdup (json_object_get_string_member (object, "relation"));
    json_object_remove_member (object, "relation");
  }
  return tambo_applicant_from_json (object, error);
}

/* Nothing is begun where nobody could be warned of whom it is about. */
static TamboEnrolment *begin (const Words *words, TamboStation *station, GError **error) {
  g_autoptr (TamboApplicant) applicant = NULL;
  g_autoptr (TamboGuardian) guardian = NULL;

  if (!tambo_alerts_can_check (station, error))
    return NULL;
  if (words->applicant != NULL && (applicant = read_person (words->applicant, NULL, error)) == NULL)
    return NULL;
  if (words->guardian != NULL) {
    guardian = g_new0 (TamboGuardian, 1);
    guardian->person = read_person (words->guardian, &guardian->relation, error);
    if (guardian->person == NULL)
      return NULL;
    if (guardian->relation == NULL)
      guardian->relation = g_strdup ("legal-representative");
  }
  if (words->appointment != NULL)
    return tambo_appointments_begin (station, words->appointment, words->procedure, applicant,
                                     words->mrz, guardian, error);
  return tambo_enrol_begin (station, words->procedure, applicant, words->mrz, guardian, error);
}

TamboExit tambo_command_enrol (TamboCli *cli, int argc, char **argv) {
  g_auto (Words) words = { NULL };
  g_auto (TamboCaptureWords) captures = { NULL };
  const GOptionEntry own_options[] = {
    { "procedure", 0, 0, G_OPTION_ARG_STRING, &words.procedure, "What the applicant came for",
      "ID" },
    { "applicant", 0, 0, G_OPTION_ARG_FILENAME, &words.applicant, "What was typed", "FILE.json" },
    { "mrz", 0, 0, G_OPTION_ARG_STRING, &words.mrz, "MRZ of the travel document", "LINES" },
    { "appointment", 0, 0, G_OPTION_ARG_STRING, &words.appointment, "The one the applicant has",
      "CODE" },
    { "guardian", 0, 0, G_OPTION_ARG_FILENAME, &words.guardian, "A minor's representative",
      "FILE.json" },
    G_OPTION_ENTRY_NULL,
  };
  g_autofree GOptionEntry *options = tambo_capture_words_options (&captures, own_options);
  TamboExit status;

  if (!tambo_cli_parse ("enrol", "", "Enrols an applicant and queues the sealed record.", options,
                        &argc, &argv, &status))
    return status;
  if (words.appointment == NULL
      && (words.procedure == NULL || (words.applicant == NULL && words.mrz == NULL)))
    return tambo_cli_usage ("--procedure, and --applicant or --mrz, are needed,"
                            " or --appointment");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  g_autoptr (TamboEnrolment) enrolment = station != NULL ? begin (&words, station, &error) : NULL;
  if (enrolment == NULL)
    return tambo_cli_fail (error, "enrolment not begun");
  if (!cli->json)
    printf ("case %s begun for procedure %s; durable\n", enrolment->id, enrolment->procedure_id);
  fflush (stdout);
  if (!tambo_capture_words_run (&captures, cli, station, enrolment, &error))
    return tambo_capture_words_interrupted (enrolment, error);
  return tambo_capture_words_finish (cli, station, enrolment);
}
