/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/appointment-list.h"

#include <glib/gi18n.h>

#include "app/list-memory.h"
#include "app/row-list.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "station/appointments.h"

#define CODE "tambo-code"
#define CASE "tambo-case"

/* ---- rows ---- */

static char *describe_time (const TamboAppointment *appointment) {
  g_autoptr (GDateTime) start = NULL;
  gint64 seconds;

  if (!tambo_clock_parse (appointment->start, &seconds))
    return g_strdup (appointment->start);
  start = g_date_time_new_from_unix_local (seconds);
  return g_date_time_format (start, "%H:%M");
}

static char *describe_person (const TamboAppointment *appointment) {
  const TamboApplicant *applicant = appointment->applicant;
  const char *surname = applicant->surname != NULL ? applicant->surname : "";
  const char *given_names = applicant->given_names != NULL ? applicant->given_names : "";

  return *given_names != '\0' ? g_strdup_printf ("%s, %s", surname, given_names)
                              : g_strdup (surname);
}

static const char *describe_state (TamboAppointmentState state) {
  switch (state) {
  case TAMBO_APPOINTMENT_MISSED:
    return _ ("Did not come");
  case TAMBO_APPOINTMENT_ARRIVED:
    return _ ("Has arrived");
  default:
    return _ ("Is awaited");
  }
}

static const char *icon_of (TamboAppointmentState state) {
  switch (state) {
  case TAMBO_APPOINTMENT_MISSED:
    return "action-unavailable-symbolic";
  case TAMBO_APPOINTMENT_ARRIVED:
    return "object-select-symbolic";
  default:
    return "alarm-symbolic";
  }
}

static void add_row (GtkListBox *list, const TamboAppointment *appointment,
                     const TamboToday *today) {
  g_autofree char *time = describe_time (appointment);
  char *person = describe_person (appointment);
  char *title = g_strdup_printf ("%s  %s", time, person);
  GtkWidget *row =
      tambo_row_list_add_fact (list, icon_of (appointment->state), title,
                               tambo_today_find_title (today, appointment->procedure_id),
                               describe_state (appointment->state));

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  if (appointment->state == TAMBO_APPOINTMENT_MISSED)
    gtk_widget_add_css_class (row, "dim-label");
  if (appointment->case_id != NULL)
    g_object_set_data_full (G_OBJECT (row), CASE, g_strdup (appointment->case_id), g_free);
  else
    g_object_set_data_full (G_OBJECT (row), CODE, g_strdup (appointment->code), g_free);
  tambo_list_memory_set_key (row, appointment->code);
  tambo_secret_string_free (person);
  tambo_secret_string_free (title);
}

gboolean tambo_appointment_list_show (GtkListBox *list, const TamboToday *today) {
  guint length = today->appointments != NULL ? today->appointments->len : 0;
  int place = tambo_row_list_begin (list);

  for (guint i = 0; i < length; i++)
    add_row (list, g_ptr_array_index (today->appointments, i), today);
  tambo_row_list_end (list, place);
  return length > 0;
}

const char *tambo_appointment_list_get_code (GtkListBoxRow *row) {
  return g_object_get_data (G_OBJECT (row), CODE);
}

const char *tambo_appointment_list_get_case (GtkListBoxRow *row) {
  return g_object_get_data (G_OBJECT (row), CASE);
}

/* ---- who came ---- */

typedef struct {
  TamboStation *station;
  char *code, *case_id;
  TamboWorkDone done;
} Beginning;

static void beginning_free (Beginning *beginning) {
  g_object_unref (beginning->station);
  g_free (beginning->code);
  g_free (beginning->case_id);
  g_free (beginning);
}

static gboolean begin (gpointer data, GCancellable *cancellable, GError **error) {
  Beginning *beginning = data;
  g_autoptr (TamboEnrolment) enrolment =
      tambo_appointments_begin (beginning->station, beginning->code, NULL, NULL, NULL, NULL, error);

  if (enrolment == NULL)
    return FALSE;
  beginning->case_id = g_strdup (enrolment->id);
  return TRUE;
}

static void on_begun (gpointer owner, gpointer data, const GError *error) {
  Beginning *beginning = data;

  beginning->done (owner, beginning->case_id, error);
}

void tambo_appointment_list_begin (TamboSession *session, const char *code, TamboWorkDone done,
                                   gpointer owner) {
  Beginning *beginning = g_new0 (Beginning, 1);

  beginning->station = g_object_ref (tambo_session_get_station (session));
  beginning->code = g_strdup (code);
  beginning->done = done;
  tambo_work_push (tambo_session_get_desk_queue (session), begin, beginning,
                   (GDestroyNotify) beginning_free, NULL, on_begun, owner);
}
