/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/appointments.h"

#include "base/clock.h"
#include "base/json.h"
#include "station/enrol.h"
#include "station/item.h"
#include "station/prefill.h"
#include "station/station-private.h"
#include "store/cases.h"
#include "store/feed.h"

#define KIND "appointment"

void tambo_appointment_free (TamboAppointment *appointment) {
  if (appointment == NULL)
    return;
  g_free (appointment->id);
  g_free (appointment->code);
  g_free (appointment->office);
  g_free (appointment->procedure_id);
  g_free (appointment->start);
  g_free (appointment->case_id);
  g_clear_pointer (&appointment->applicant, tambo_applicant_free);
  g_clear_pointer (&appointment->answers, json_object_unref);
  g_free (appointment);
}

const char *tambo_appointment_state_to_string (TamboAppointmentState state) {
  static const char *const names[] = { "awaited", "missed", "arrived" };

  return names[state];
}

/* ---- reading ---- */

static TamboAppointment *read_body (const TamboFeedRow *row, GError **error) {
  g_autoptr (TamboAppointment) appointment = g_new0 (TamboAppointment, 1);
  g_autoptr (JsonObject) body = tambo_json_parse_object (row->body, -1, error);
  const struct {
    const char *member;
    char **field;
  } members[] = {
    { "code", &appointment->code },
    { "office", &appointment->office },
    { "start", &appointment->start },
    { "procedure", &appointment->procedure_id },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++) {
    const char *value =
        body != NULL ? tambo_json_get_string (body, members[i].member, error) : NULL;
    if (value == NULL)
      return NULL;
    *members[i].field = g_strdup (value);
  }
  appointment->id = g_strdup (row->id);
  return g_steal_pointer (&appointment);
}

static gboolean read_person (TamboAppointment *appointment, JsonObject *personal, GError **error) {
  JsonObject *object = tambo_json_get_object (personal, "applicant", error);

  if (object == NULL)
    return FALSE;
  appointment->applicant = tambo_applicant_from_json (object, error);
  if (json_object_has_member (personal, "answers")) {
    JsonObject *answers = tambo_json_get_object (personal, "answers", error);
    if (answers == NULL)
      return FALSE;
    appointment->answers = json_object_ref (answers);
  }
  return appointment->applicant != NULL;
}

static TamboAppointmentState find_state (const TamboAppointment *appointment, gint64 now) {
  gint64 start;

  if (appointment->case_id != NULL)
    return TAMBO_APPOINTMENT_ARRIVED;
  return tambo_clock_parse (appointment->start, &start) && start + TAMBO_APPOINTMENT_PATIENCE < now
             ? TAMBO_APPOINTMENT_MISSED
             : TAMBO_APPOINTMENT_AWAITED;
}

static TamboAppointment *read_appointment (const TamboFeedRow *row, TamboKey *key,
                                           GHashTable *arrivals, GError **error) {
  g_autoptr (TamboAppointment) appointment = read_body (row, error);
  g_autoptr (JsonObject) personal = appointment != NULL ? tambo_item_open (row, key, error) : NULL;

  if (personal == NULL || !read_person (appointment, personal, error))
    return NULL;
  appointment->case_id = g_strdup (g_hash_table_lookup (arrivals, row->id));
  appointment->state = find_state (appointment, tambo_clock_now_unix ());
  return g_steal_pointer (&appointment);
}

static gboolean lies_between (const TamboAppointment *appointment, const char *from,
                              const char *to) {
  return (from == NULL || g_strcmp0 (appointment->start, from) >= 0)
         && (to == NULL || g_strcmp0 (appointment->start, to) < 0);
}

static int compare_times (gconstpointer a, gconstpointer b) {
  const TamboAppointment *one = *(TamboAppointment *const *) a;
  const TamboAppointment *other = *(TamboAppointment *const *) b;
  int order = g_strcmp0 (one->start, other->start);

  return order != 0 ? order : g_strcmp0 (one->code, other->code);
}

static GPtrArray *read_all (TamboStation *station, const char *from, const char *to,
                            GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autoptr (GPtrArray) all =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_appointment_free);
  g_autoptr (TamboKey) key = tambo_station_open_inbox_key (station, error);
  g_autoptr (GHashTable) arrivals = key != NULL ? tambo_feed_list_arrivals (store, error) : NULL;
  g_autoptr (GPtrArray) rows = arrivals != NULL ? tambo_feed_list (store, KIND, error) : NULL;

  if (rows == NULL)
    return NULL;
  for (guint i = 0; i < rows->len; i++) {
    g_autoptr (GError) cause = NULL;
    TamboAppointment *appointment = read_appointment (rows->pdata[i], key, arrivals, &cause);

    if (appointment == NULL)
      g_info ("an appointment was not read: %s", cause->message);
    else if (lies_between (appointment, from, to))
      g_ptr_array_add (all, appointment);
    else
      tambo_appointment_free (appointment);
  }
  g_ptr_array_sort (all, compare_times);
  return g_steal_pointer (&all);
}

GPtrArray *tambo_appointments_list (TamboStation *station, const char *from, const char *to,
                                    GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);

  return actor != NULL ? read_all (station, from, to, error) : NULL;
}

char *tambo_appointments_dup_time (TamboStation *station) {
  gint64 version;
  char *time = NULL;

  return tambo_feed_get_version (tambo_station_get_store (station), &version, &time, NULL) ? time
                                                                                           : NULL;
}

/* ---- one of them ---- */

/* The signs of a code as headquarters makes them; the other ones are no matter. */
static char *plain_code (const char *text) {
  GString *code = g_string_new (NULL);

  for (; *text != '\0'; text++) {
    char sign = g_ascii_toupper (*text);

    if (g_ascii_isalnum (sign))
      g_string_append_c (code, sign == 'O' ? '0' : sign == 'I' || sign == 'L' ? '1' : sign);
  }
  return g_string_free (code, FALSE);
}

TamboAppointment *tambo_appointments_get (TamboStation *station, const char *code, GError **error) {
  g_autoptr (GPtrArray) all = tambo_appointments_list (station, NULL, NULL, error);
  g_autofree char *wanted = plain_code (code);

  if (all == NULL)
    return NULL;
  for (guint i = 0; i < all->len; i++)
    if (g_strcmp0 (((TamboAppointment *) all->pdata[i])->code, wanted) == 0)
      return g_ptr_array_steal_index (all, i);
  g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_FOUND,
               "there is no appointment of that code at this office");
  return NULL;
}

/* ---- beginning ---- */

/* Nobody goes on with what was discarded. */
static gboolean check_free (TamboStation *station, const TamboAppointment *appointment,
                            GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboCaseRow) row = NULL;

  if (appointment->case_id == NULL)
    return TRUE;
  row = tambo_cases_get (tambo_station_get_store (station), appointment->case_id, &cause);
  if (g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND)
      || (row != NULL && row->state == TAMBO_CASE_DISCARDED))
    return TRUE;
  if (row == NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE,
               "the case %s was begun for this appointment", row->tracking_number);
  return FALSE;
}

/* Of the document: another one, a renewed one perhaps, has all of these itself. */
static gboolean is_of_document (const char *member) {
  static const char *const members[] = { "document_type", "document_number", "issuing_state",
                                         "expiry_date", NULL };

  return g_strv_contains (members, member);
}

/* What OTHER says and APPLICANT does not. */
static TamboApplicant *fill (const TamboApplicant *applicant, const TamboApplicant *other,
                             GError **error) {
  g_autoptr (JsonObject) filled = tambo_applicant_to_json (applicant);
  g_autoptr (JsonObject) more = tambo_applicant_to_json (other);
  g_autoptr (GList) members = json_object_get_members (more);
  gboolean has_document = applicant->document_number != NULL && *applicant->document_number != '\0';

  for (GList *link = members; link != NULL; link = link->next) {
    const char *member = link->data;
    const char *own = tambo_json_peek_string (filled, member);

    if ((own == NULL || *own == '\0') && !(has_document && is_of_document (member)))
      json_object_set_member (filled, member, json_object_dup_member (more, member));
  }
  return tambo_applicant_from_json (filled, error);
}

/* A place is one person's: it is not handed on. */
static gboolean check_person (const TamboAppointment *appointment, const TamboEnrolment *enrolment,
                              GError **error) {
  const TamboApplicant *booked = appointment->applicant, *here = enrolment->applicant;

  if (here->surname == NULL || tambo_prefill_is_same_person (booked, here)
      || (g_strcmp0 (booked->document_number, here->document_number) == 0
          && g_strcmp0 (booked->issuing_state, here->issuing_state) == 0))
    return TRUE;
  g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE,
               "the appointment is another person's, and who comes without one is served as well");
  return FALSE;
}

static gboolean take_over (TamboStation *station, TamboEnrolment *enrolment,
                           const TamboAppointment *appointment, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  g_autoptr (TamboApplicant) filled =
      actor != NULL ? fill (enrolment->applicant, appointment->applicant, error) : NULL;

  return filled != NULL && tambo_enrol_set_applicant (station, enrolment, filled, error)
         && tambo_feed_arrive (tambo_station_get_store (station), appointment->id, enrolment->id,
                               actor, error);
}

TamboEnrolment *tambo_appointments_begin (TamboStation *station, const char *code,
                                          const char *procedure_id, const TamboApplicant *applicant,
                                          const char *mrz, const TamboGuardian *guardian,
                                          GError **error) {
  /* From the look on, so that two desks cannot begin it both. */
  g_autoptr (TamboTransaction) transaction =
      tambo_transaction_begin (tambo_station_get_store (station), error);
  g_autoptr (TamboAppointment) appointment =
      transaction != NULL ? tambo_appointments_get (station, code, error) : NULL;
  g_autoptr (TamboEnrolment) enrolment = NULL;

  if (appointment == NULL || !check_free (station, appointment, error))
    return NULL;
  enrolment =
      tambo_enrol_begin (station, procedure_id != NULL ? procedure_id : appointment->procedure_id,
                         applicant, mrz, guardian, error);
  if (enrolment == NULL || !check_person (appointment, enrolment, error)
      || !take_over (station, enrolment, appointment, error)
      || !tambo_transaction_commit (transaction, error))
    return NULL;
  tambo_station_changed (station);
  return g_steal_pointer (&enrolment);
}
