/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/appointment.h"

#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "hq/appointment-private.h"
#include "hq/feed.h"
#include "sync/alert.h"

#define CODE_LENGTH 12
#define MAX_REQUEST_ID 128
#define MAX_WORD 64
#define MAX_CAPACITY 10000

/* Without I, L, O and U: 32 signs that are not taken for each other. */
static const char code_signs[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void tambo_hq_slot_free (TamboHqSlot *slot) {
  if (slot == NULL)
    return;
  g_free (slot->office);
  g_free (slot->start);
  g_free (slot);
}

void tambo_hq_appointment_free (TamboHqAppointment *appointment) {
  if (appointment == NULL)
    return;
  g_free (appointment->id);
  g_free (appointment->code);
  g_free (appointment->office);
  g_free (appointment->start);
  g_free (appointment->procedure);
  g_free (appointment->state);
  g_free (appointment->booked_at);
  g_free (appointment->changed_at);
  g_free (appointment);
}

static gboolean fail (GError **error, TamboHqError code, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, code, message);
  return FALSE;
}

gboolean tambo_hq_office_has (const char *office, const char *station) {
  gsize length = strlen (office);

  return strncmp (office, station, length) == 0
         && (station[length] == '\0' || station[length] == '-');
}

/* Codes */

static char *make_code (void) {
  guint8 random[CODE_LENGTH];
  char *code = g_new0 (char, CODE_LENGTH + 1);

  tambo_random (random, sizeof random);
  for (gsize i = 0; i < CODE_LENGTH; i++)
    code[i] = code_signs[random[i] % 32];
  return code;
}

char *tambo_hq_appointment_dup_words (const char *code) {
  return strlen (code) == CODE_LENGTH ? g_strdup_printf ("%.4s-%.4s-%.4s", code, code + 4, code + 8)
                                      : g_strdup (code);
}

/* As a person types it; what looks like another sign is that sign. */
static char *read_code (const char *text) {
  GString *code = g_string_new (NULL);

  for (; *text != '\0' && code->len <= CODE_LENGTH; text++) {
    char sign = g_ascii_toupper (*text);

    if (sign == ' ' || sign == '-')
      continue;
    sign = sign == 'O' ? '0' : sign == 'I' || sign == 'L' ? '1' : sign;
    g_string_append_c (code, sign);
  }
  return g_string_free (code, FALSE);
}

/* Slots */

static gboolean is_time (const char *text) {
  gint64 seconds;

  return text != NULL && strlen (text) == 20 && tambo_clock_parse (text, &seconds);
}

gboolean tambo_hq_slot_open (TamboHq *hq, const char *office, const char *start, gint64 capacity,
                             GError **error) {
  if (!tambo_station_code_is_valid (office))
    return fail (error, TAMBO_HQ_ERROR_INVALID, "the office is no beginning of a station's code");
  if (!is_time (start))
    return fail (error, TAMBO_HQ_ERROR_INVALID, "the time is not of the form 2026-11-23T14:30:00Z");
  if (capacity < 0 || capacity > MAX_CAPACITY)
    return fail (error, TAMBO_HQ_ERROR_INVALID, "a slot has 0 to 10000 places");
  return tambo_database_run (hq->database, error,
                             "INSERT INTO slots (office, starts_at, capacity) VALUES (?, ?, ?)"
                             " ON CONFLICT (office, starts_at)"
                             " DO UPDATE SET capacity = excluded.capacity",
                             "ssi", office, start, capacity);
}

GPtrArray *tambo_hq_slot_list_free (TamboHq *hq, const char *office, const char *after, guint limit,
                                    GError **error) {
  g_autoptr (GPtrArray) slots =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_hq_slot_free);
  g_autofree char *now = tambo_clock_now ();
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT office, starts_at, capacity, taken FROM slots"
      " WHERE starts_at > ?1 AND taken < capacity AND (?2 = '' OR office = ?2)"
      " ORDER BY starts_at, office LIMIT ?3",
      "ssi", after != NULL && strcmp (after, now) > 0 ? after : now, office != NULL ? office : "",
      (gint64) limit);

  if (query == NULL)
    return NULL;
  while (tambo_query_next (query, &cause)) {
    TamboHqSlot *slot = g_new0 (TamboHqSlot, 1);

    slot->office = tambo_query_dup_text (query, 0);
    slot->start = tambo_query_dup_text (query, 1);
    slot->capacity = tambo_query_int (query, 2);
    slot->taken = tambo_query_int (query, 3);
    g_ptr_array_add (slots, slot);
  }
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_steal_pointer (&slots);
}

char **tambo_hq_slot_list_offices (TamboHq *hq, GError **error) {
  g_autoptr (GStrvBuilder) offices = g_strv_builder_new ();
  g_autofree char *now = tambo_clock_now ();
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error, "SELECT DISTINCT office FROM slots WHERE starts_at > ? ORDER BY office",
      "s", now);

  if (query == NULL)
    return NULL;
  while (tambo_query_next (query, &cause))
    g_strv_builder_add (offices, tambo_query_text (query, 0));
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_strv_builder_end (offices);
}

/* A place in a slot to come; STATE without one. Inside a transaction. */
static gboolean take_place (TamboHq *hq, const char *office, const char *start, GError **error) {
  g_autofree char *now = tambo_clock_now ();

  if (!tambo_database_run (hq->database, error,
                           "UPDATE slots SET taken = taken + 1 WHERE office = ? AND starts_at = ?"
                           " AND taken < capacity AND starts_at > ?",
                           "sss", office, start, now))
    return FALSE;
  return tambo_database_changes (hq->database) == 1
         || fail (error, TAMBO_HQ_ERROR_STATE, "there is no free place at that time");
}

static gboolean give_place_back (TamboHq *hq, const TamboHqAppointment *appointment,
                                 GError **error) {
  return tambo_database_run (hq->database, error,
                             "UPDATE slots SET taken = taken - 1 WHERE office = ? AND starts_at = ?"
                             " AND taken > 0",
                             "ss", appointment->office, appointment->start);
}

/* Reading */

#define COLUMNS "id, code, office, starts_at, procedure, state, booked_at, changed_at"

static TamboHqAppointment *read_row (TamboQuery *query) {
  TamboHqAppointment *appointment = g_new0 (TamboHqAppointment, 1);

  appointment->id = tambo_query_dup_text (query, 0);
  appointment->code = tambo_query_dup_text (query, 1);
  appointment->office = tambo_query_dup_text (query, 2);
  appointment->start = tambo_query_dup_text (query, 3);
  appointment->procedure = tambo_query_dup_text (query, 4);
  appointment->state = tambo_query_dup_text (query, 5);
  appointment->booked_at = tambo_query_dup_text (query, 6);
  appointment->changed_at = tambo_query_dup_text (query, 7);
  return appointment;
}

/* The row of one text; NULL without an error when there is none. */
static TamboHqAppointment *find_by (TamboHq *hq, const char *sql, const char *text,
                                    GError **error) {
  g_autoptr (TamboQuery) query = tambo_database_query (hq->database, error, sql, "s", text);

  return query != NULL && tambo_query_next (query, error) ? read_row (query) : NULL;
}

static TamboHqAppointment *find_code (TamboHq *hq, const char *text, GError **error) {
  g_autofree char *code = read_code (text);
  g_autoptr (GError) cause = NULL;
  TamboHqAppointment *appointment =
      find_by (hq, "SELECT " COLUMNS " FROM appointments WHERE code = ?", code, &cause);

  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  else if (appointment == NULL)
    fail (error, TAMBO_HQ_ERROR_NOT_FOUND, "there is no appointment of that code");
  return appointment;
}

TamboHqAppointment *tambo_hq_appointment_find (TamboHq *hq, const char *code, GError **error) {
  return find_code (hq, code, error);
}

GPtrArray *tambo_hq_appointment_list (TamboHq *hq, const char *office, const char *from,
                                      guint limit, GError **error) {
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_hq_appointment_free);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT " COLUMNS " FROM appointments WHERE starts_at >= ?1 AND (?2 = '' OR office = ?2)"
      " ORDER BY starts_at, code LIMIT ?3",
      "ssi", from != NULL ? from : "", office != NULL ? office : "", (gint64) limit);

  if (query == NULL)
    return NULL;
  while (tambo_query_next (query, &cause))
    g_ptr_array_add (rows, read_row (query));
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_steal_pointer (&rows);
}

/* Booking */

static gboolean is_word (const char *text, gsize max) {
  return text != NULL && *text != '\0' && strlen (text) <= max && g_utf8_validate (text, -1, NULL);
}

static gboolean check_booking (const TamboHqBooking *booking, GError **error) {
  const TamboApplicant *applicant = booking->applicant;

  if (!is_word (booking->request_id, MAX_REQUEST_ID) || !is_word (booking->office, MAX_WORD)
      || !is_time (booking->start) || !is_word (booking->procedure, MAX_WORD))
    return fail (error, TAMBO_HQ_ERROR_INVALID, "the booking has no id, office, time or procedure");
  return (applicant != NULL && is_word (applicant->document_type, MAX_WORD)
          && is_word (applicant->issuing_state, MAX_WORD)
          && is_word (applicant->document_number, MAX_WORD))
         || fail (error, TAMBO_HQ_ERROR_INVALID, "the booking names no document of the person");
}

/* Who it is, as nobody without the salt can find out, and for which procedure. */
static char *hash_person (TamboHq *hq, const TamboHqBooking *booking, GError **error) {
  const TamboApplicant *applicant = booking->applicant;
  g_autoptr (GBytes) salt = tambo_hq_feed_get_salt (hq, error);
  g_autofree char *hash = NULL;

  if (salt == NULL)
    return NULL;
  hash = tambo_alert_hash_document (salt, applicant->issuing_state, applicant->document_type,
                                    applicant->document_number);
  return g_strconcat (booking->procedure, " ", hash, NULL);
}

/* What one booking brings into the shared transaction. */
typedef struct {
  TamboHq *hq;
  const TamboHqBooking *booking;
  JsonObject *personal;
  char *person;
  TamboHqAppointment *appointment; /* the new one, or the one of an earlier try */
} Booking;

static void booking_clear (Booking *booking) {
  g_clear_pointer (&booking->personal, json_object_unref);
  g_clear_pointer (&booking->person, g_free);
  g_clear_pointer (&booking->appointment, tambo_hq_appointment_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Booking, booking_clear)

static TamboHqAppointment *make_appointment (const TamboHqBooking *booking) {
  TamboHqAppointment *appointment = g_new0 (TamboHqAppointment, 1);

  appointment->id = tambo_id_new ();
  appointment->code = make_code ();
  appointment->office = g_strdup (booking->office);
  appointment->start = g_strdup (booking->start);
  appointment->procedure = g_strdup (booking->procedure);
  appointment->state = g_strdup ("booked");
  appointment->booked_at = tambo_clock_now ();
  appointment->changed_at = g_strdup (appointment->booked_at);
  return appointment;
}

static gboolean check_person (Booking *booking, GError **error) {
  gint64 n;

  if (!tambo_database_get_int (booking->hq->database, 0, &n, error,
                               "SELECT count (*) FROM appointments"
                               " WHERE person = ? AND state = 'booked' AND starts_at > ?",
                               "ss", booking->person, booking->appointment->booked_at))
    return FALSE;
  return n == 0
         || fail (error, TAMBO_HQ_ERROR_EXISTS,
                  "this person has an appointment for that procedure already");
}

/* An appointment that is over stands in nobody's way. */
static gboolean insert (Booking *booking, GBytes *sealed, GError **error) {
  const TamboHqAppointment *new = booking->appointment;
  TamboDatabase *database = booking->hq->database;

  return tambo_database_run (database, error,
                             "UPDATE appointments SET person = person || ' ' || id"
                             " WHERE person = ? AND state = 'booked'",
                             "s", booking->person)
         && tambo_database_run (database, error,
                                "INSERT INTO appointments (id, code, request_id, office,"
                                " starts_at, procedure, state, person, booked_at, changed_at,"
                                " sealed) VALUES (?, ?, ?, ?, ?, ?, 'booked', ?, ?, ?, ?)",
                                "sssssssssb", new->id, new->code, booking->booking->request_id,
                                new->office, new->start, new->procedure, booking->person,
                                new->booked_at, new->booked_at, sealed);
}

static gboolean book (TamboWork *work, gpointer data, GError **error) {
  Booking *booking = data;
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) sealed = NULL;

  g_clear_pointer (&booking->appointment, tambo_hq_appointment_free);
  booking->appointment =
      find_by (booking->hq, "SELECT " COLUMNS " FROM appointments WHERE request_id = ?",
               booking->booking->request_id, &cause);
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (booking->appointment != NULL)
    return TRUE;
  booking->appointment = make_appointment (booking->booking);
  if (!check_person (booking, error)
      || !take_place (booking->hq, booking->booking->office, booking->booking->start, error))
    return FALSE;
  sealed =
      tambo_hq_appointment_seal (booking->hq, booking->appointment->id, booking->personal, error);
  return sealed != NULL && insert (booking, sealed, error)
         && tambo_hq_appointment_tell (booking->hq, booking->appointment, booking->personal, error);
}

TamboHqAppointment *tambo_hq_appointment_book (TamboHq *hq, const TamboHqBooking *booking,
                                               GError **error) {
  g_auto (Booking) step = { .hq = hq, .booking = booking };

  if (!check_booking (booking, error) || (step.person = hash_person (hq, booking, error)) == NULL)
    return NULL;
  step.personal = tambo_hq_appointment_describe (booking);
  return tambo_database_share (hq->database, book, &step, error)
             ? g_steal_pointer (&step.appointment)
             : NULL;
}

/* Changing */

gboolean tambo_hq_appointment_cancel (TamboHq *hq, const char *code, GError **error) {
  g_autofree char *now = tambo_clock_now ();
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);
  g_autoptr (TamboHqAppointment) appointment = work != NULL ? find_code (hq, code, error) : NULL;

  if (appointment == NULL)
    return FALSE;
  if (strcmp (appointment->state, "cancelled") == 0)
    return TRUE;
  return tambo_database_run (hq->database, error,
                             "UPDATE appointments SET state = 'cancelled', changed_at = ?"
                             " WHERE id = ?",
                             "ss", now, appointment->id)
         && give_place_back (hq, appointment, error)
         && tambo_hq_appointment_untell (hq, appointment->id, error)
         && tambo_work_commit (work, error);
}

static gboolean move_to (TamboHq *hq, TamboHqAppointment *appointment, const char *office,
                         const char *start, GError **error) {
  g_autofree char *now = tambo_clock_now ();

  if (!take_place (hq, office, start, error) || !give_place_back (hq, appointment, error)
      || !tambo_database_run (hq->database, error,
                              "UPDATE appointments SET office = ?, starts_at = ?, changed_at = ?"
                              " WHERE id = ?",
                              "ssss", office, start, now, appointment->id))
    return FALSE;
  g_free (appointment->office);
  g_free (appointment->start);
  g_free (appointment->changed_at);
  appointment->office = g_strdup (office);
  appointment->start = g_strdup (start);
  appointment->changed_at = g_steal_pointer (&now);
  return tambo_hq_appointment_retell (hq, appointment, error);
}

TamboHqAppointment *tambo_hq_appointment_move (TamboHq *hq, const char *code, const char *office,
                                               const char *start, GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);
  g_autoptr (TamboHqAppointment) appointment = work != NULL ? find_code (hq, code, error) : NULL;

  if (appointment == NULL)
    return NULL;
  if (strcmp (appointment->state, "cancelled") == 0) {
    fail (error, TAMBO_HQ_ERROR_STATE, "the appointment is cancelled");
    return NULL;
  }
  if (strcmp (appointment->office, office) == 0 && strcmp (appointment->start, start) == 0)
    return g_steal_pointer (&appointment);
  return move_to (hq, appointment, office, start, error) && tambo_work_commit (work, error)
             ? g_steal_pointer (&appointment)
             : NULL;
}
