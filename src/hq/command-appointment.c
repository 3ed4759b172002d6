/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/id.h"
#include "base/json.h"
#include "hq/appointment.h"
#include "hq/commands.h"

#define MAX_APPLICANT (64 * 1024)
#define MAX_LISTED 10000

static int fail_usage (const char *what, const char *cause) {
  g_printerr ("tambo-hq: %s: %s; see its --help\n", what, cause);
  return TAMBO_EXIT_USAGE;
}

/* "2026-11-23T09:30" by this computer's clock, or the same in UTC with a Z; NULL for anything else. */
static char *read_time (const char *text) {
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, zone);
  g_autofree char *whole = g_strconcat (text, ":00", NULL);

  if (time == NULL)
    time = g_date_time_new_from_iso8601 (whole, zone);
  return time != NULL ? tambo_clock_format (g_date_time_to_unix (time)) : NULL;
}

/* Slots */

/* Minutes of "09:30"; -1. */
static int read_minutes (const char *text) {
  int hours, minutes;
  char rest;

  if (text == NULL || sscanf (text, "%2d:%2d%c", &hours, &minutes, &rest) != 2 || hours < 0
      || hours > 24 || minutes < 0 || minutes > 59)
    return -1;
  return hours * 60 + minutes;
}

static gboolean open_slots (TamboHq *hq, char **words, int from, int to, int every, int places,
                            guint *out_count, GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);

  *out_count = 0;
  for (int minute = from; work != NULL && minute < to; minute += every) {
    g_autofree char *local = g_strdup_printf ("%sT%02d:%02d", words[2], minute / 60, minute % 60);
    g_autofree char *start = read_time (local);

    if (start == NULL || !tambo_date_is_valid (words[2])) {
      g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, "%s is no date", words[2]);
      return FALSE;
    }
    if (!tambo_hq_slot_open (hq, words[1], start, places, error))
      return FALSE;
    ++*out_count;
  }
  return work != NULL && tambo_work_commit (work, error);
}

int tambo_command_slot_open (int argc, char **argv) {
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  int every = 15, places = 1;
  const GOptionEntry entries[] = {
    { "from", 0, 0, G_OPTION_ARG_STRING, &from, "The first slot begins", "HH:MM" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to, "The last one is over", "HH:MM" },
    { "every", 0, 0, G_OPTION_ARG_INT, &every, "Minutes of a slot; 15", "MINUTES" },
    { "places", 0, 0, G_OPTION_ARG_INT, &places, "Persons in a slot; 1, 0 closes it", "NUMBER" },
    { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  JsonObject *object;
  guint count;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 3, "DIR OFFICE YYYY-MM-DD", &line, &result))
    return result;
  if (read_minutes (from) < 0 || read_minutes (to) < 0 || every < 1)
    return fail_usage ("slot open", "--from HH:MM and --to HH:MM are needed");
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  if (hq == NULL
      || !open_slots (hq, line.words, read_minutes (from), read_minutes (to), every, places, &count,
                      &error))
    return tambo_command_fail ("slot open", error);
  if (!line.is_json) {
    g_print ("%u slots\n", count);
    return TAMBO_EXIT_DONE;
  }
  object = json_object_new ();
  json_object_set_int_member (object, "slots", count);
  tambo_command_print (object);
  return TAMBO_EXIT_DONE;
}

int tambo_command_slot_list (int argc, char **argv) {
  g_autofree char *office = NULL;
  const GOptionEntry entries[] = {
    { "office", 0, 0, G_OPTION_ARG_STRING, &office, "Of this office alone", "CODE" }, { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (GPtrArray) slots = NULL;
  g_autoptr (JsonArray) array = json_array_new ();
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 1, "DIR", &line, &result))
    return result;
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  slots = hq != NULL ? tambo_hq_slot_list_free (hq, office, NULL, MAX_LISTED, &error) : NULL;
  if (slots == NULL)
    return tambo_command_fail ("slot list", error);
  for (guint i = 0; i < slots->len; i++) {
    const TamboHqSlot *slot = slots->pdata[i];
    JsonObject *row = json_object_new ();

    json_object_set_string_member (row, "office", slot->office);
    json_object_set_string_member (row, "start", slot->start);
    json_object_set_int_member (row, "places", slot->capacity);
    json_object_set_int_member (row, "taken", slot->taken);
    json_array_add_object_element (array, row);
    if (!line.is_json)
      g_print ("%-16s %s  %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " free\n", slot->office,
               slot->start, slot->capacity - slot->taken, slot->capacity);
  }
  tambo_command_end_rows (&line, "slots", g_steal_pointer (&array));
  return TAMBO_EXIT_DONE;
}

/* Appointments */

static JsonObject *appointment_to_json (const TamboHqAppointment *appointment) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "code", appointment->code);
  json_object_set_string_member (object, "state", appointment->state);
  json_object_set_string_member (object, "office", appointment->office);
  json_object_set_string_member (object, "start", appointment->start);
  json_object_set_string_member (object, "procedure", appointment->procedure);
  json_object_set_string_member (object, "booked_at", appointment->booked_at);
  return object;
}

static void print_appointment (const TamboHqAppointment *appointment) {
  g_autofree char *words = tambo_hq_appointment_dup_words (appointment->code);

  g_print ("%s  %-9s  %-16s %s  %s\n", words, appointment->state, appointment->office,
           appointment->start, appointment->procedure);
}

static TamboApplicant *read_applicant (const char *path, GError **error) {
  g_autoptr (GBytes) bytes = tambo_file_read (path, MAX_APPLICANT, error);
  g_autoptr (JsonObject) object = NULL;
  gsize size;
  const char *text;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &size);
  object = tambo_json_parse_object (text != NULL ? text : "", (gssize) size, error);
  return object != NULL ? tambo_applicant_from_json (object, error) : NULL;
}

static TamboHqAppointment *book (const char *folder, TamboHqBooking *booking, const char *path,
                                 GError **error) {
  g_autoptr (TamboApplicant) applicant = read_applicant (path, error);
  g_autoptr (TamboHq) hq =
      applicant != NULL ? tambo_hq_open_as (TAMBO_HQ_VIEWER, folder, NULL, NULL, error) : NULL;
  g_autofree char *fresh = tambo_id_new ();

  if (hq == NULL)
    return NULL;
  booking->applicant = applicant;
  if (booking->request_id == NULL)
    booking->request_id = fresh;
  return tambo_hq_appointment_book (hq, booking, error);
}

int tambo_command_appointment_add (int argc, char **argv) {
  g_autofree char *office = NULL;
  g_autofree char *start = NULL;
  g_autofree char *procedure = NULL;
  g_autofree char *applicant = NULL;
  g_autofree char *request = NULL;
  const GOptionEntry entries[] = {
    { "office", 0, 0, G_OPTION_ARG_STRING, &office, "Beginning of its stations' codes", "CODE" },
    { "start", 0, 0, G_OPTION_ARG_STRING, &start, "Of the slot, by this computer's clock",
      "YYYY-MM-DDTHH:MM" },
    { "procedure", 0, 0, G_OPTION_ARG_STRING, &procedure, "What the person comes for", "ID" },
    { "applicant", 0, 0, G_OPTION_ARG_FILENAME, &applicant, "Who comes", "FILE.json" },
    { "request", 0, 0, G_OPTION_ARG_STRING, &request, "The same again books nothing", "ID" },
    { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHqAppointment) appointment = NULL;
  g_autofree char *time = NULL;
  TamboHqBooking booking;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 1, "DIR", &line, &result))
    return result;
  time = start != NULL ? read_time (start) : NULL;
  if (office == NULL || time == NULL || procedure == NULL || applicant == NULL)
    return fail_usage ("appointment add",
                       "--office, --start, --procedure and --applicant are needed");
  booking = (TamboHqBooking){
    .request_id = request, .office = office, .start = time, .procedure = procedure
  };
  appointment = book (line.words[0], &booking, applicant, &error);
  if (appointment == NULL)
    return tambo_command_fail ("appointment add", error);
  if (line.is_json)
    tambo_command_print (appointment_to_json (appointment));
  else
    print_appointment (appointment);
  return TAMBO_EXIT_DONE;
}

int tambo_command_appointment_list (int argc, char **argv) {
  g_autofree char *office = NULL;
  gboolean is_all = FALSE;
  const GOptionEntry entries[] = {
    { "office", 0, 0, G_OPTION_ARG_STRING, &office, "Of this office alone", "CODE" },
    { "all", 0, 0, G_OPTION_ARG_NONE, &is_all, "Those that are over, too", NULL },
    { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (JsonArray) array = json_array_new ();
  g_autofree char *now = tambo_clock_now ();
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 1, "DIR", &line, &result))
    return result;
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  rows = hq != NULL
             ? tambo_hq_appointment_list (hq, office, is_all ? NULL : now, MAX_LISTED, &error)
             : NULL;
  if (rows == NULL)
    return tambo_command_fail ("appointment list", error);
  for (guint i = 0; i < rows->len; i++) {
    json_array_add_object_element (array, appointment_to_json (rows->pdata[i]));
    if (!line.is_json)
      print_appointment (rows->pdata[i]);
  }
  tambo_command_end_rows (&line, "appointments", g_steal_pointer (&array));
  return TAMBO_EXIT_DONE;
}

int tambo_command_appointment_cancel (int argc, char **argv) {
  return tambo_command_act_on (argc, argv, "appointment cancel", "DIR CODE",
                               tambo_hq_appointment_cancel);
}
