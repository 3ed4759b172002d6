/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/appointment.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/json.h"
#include "hq/feed.h"
#include "new-database.h"
#include "sync/envelope.h"
#include "sync/registration.h"

typedef struct {
  char *folder;
  TamboHq *hq;
  TamboKey *inbox_key;
  TamboStationRow *station;
  char *times[4]; /* tomorrow, each a quarter of an hour after the other */
} Fixture;

static TamboStationRow *add_station (TamboHq *hq, const char *code, TamboKey *inbox_key) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autofree char *token = tambo_stations_invite (hq, code, NULL);
  g_autofree char *csr = tambo_registration_make_csr (key, code, NULL);
  g_autoptr (GBytes) point = tambo_key_dup_point (inbox_key);
  TamboRegistration registration = { token, (char *) code, csr };
  g_autoptr (GError) error = NULL;
  g_autofree char *certificate = tambo_stations_register (hq, &registration, &error);
  TamboStationRow *station;

  g_assert_no_error (error);
  station = tambo_stations_get (hq, code, &error);
  g_assert_no_error (error);
  tambo_hq_feed_set_inbox_key (hq, station, point, &error);
  g_assert_no_error (error);
  return station;
}

static void set_up (Fixture *fixture, gconstpointer data) {
  g_autofree char *database = new_database ();
  TamboHqSettings settings = {
    .name = "Utopia", .state = "UTO", .country = "UT", .database = database
  };
  gint64 tomorrow = tambo_clock_now_unix () / 86400 * 86400 + 2 * 86400 - 36000;
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("tambo-appointment-XXXXXX", NULL);
  tambo_hq_create (fixture->folder, &settings, &error);
  g_assert_no_error (error);
  fixture->hq = tambo_hq_open (fixture->folder, &error);
  g_assert_no_error (error);
  fixture->inbox_key = tambo_key_generate ();
  fixture->station = add_station (fixture->hq, "LIM-01", fixture->inbox_key);
  for (guint i = 0; i < G_N_ELEMENTS (fixture->times); i++) {
    fixture->times[i] = tambo_clock_format (tomorrow + i * 900);
    tambo_hq_slot_open (fixture->hq, "LIM", fixture->times[i], 1, &error);
    g_assert_no_error (error);
  }
}

static void remove_tree (const char *path) {
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    remove_tree (child);
  }
  g_remove (path);
}

static void tear_down (Fixture *fixture, gconstpointer data) {
  for (guint i = 0; i < G_N_ELEMENTS (fixture->times); i++)
    g_free (fixture->times[i]);
  tambo_station_row_free (fixture->station);
  tambo_key_unref (fixture->inbox_key);
  tambo_hq_close (fixture->hq);
  remove_tree (fixture->folder);
  g_free (fixture->folder);
}

static TamboApplicant *person (const char *number) {
  TamboApplicant *applicant = tambo_applicant_new ();

  applicant->surname = g_strdup ("ERIKSSON");
  applicant->given_names = g_strdup ("ANNA MARIA");
  applicant->document_type = g_strdup ("P");
  applicant->issuing_state = g_strdup ("UTO");
  applicant->document_number = g_strdup (number);
  return applicant;
}

static TamboHqAppointment *book (Fixture *fixture, const char *request, const char *number,
                                 const char *start, GError **error) {
  g_autoptr (TamboApplicant) applicant = person (number);
  g_autoptr (JsonObject) answers = json_object_new ();
  const TamboHqBooking booking = { .request_id = request,
                                   .office = "LIM",
                                   .start = start,
                                   .procedure = "passport",
                                   .applicant = applicant,
                                   .answers = answers };

  json_object_set_string_member (answers, "reason", "expired");
  return tambo_hq_appointment_book (fixture->hq, &booking, error);
}

static TamboHqAppointment *booked (Fixture *fixture, const char *request, const char *number,
                                   const char *start) {
  g_autoptr (GError) error = NULL;
  TamboHqAppointment *appointment = book (fixture, request, number, start, &error);

  g_assert_no_error (error);
  g_assert_nonnull (appointment);
  return appointment;
}

static TamboChanges *ask (Fixture *fixture, const TamboStationRow *station, gint64 after) {
  g_autoptr (GError) error = NULL;
  g_autofree char *text = tambo_hq_feed_sign (fixture->hq, station, after, &error);
  TamboChanges *changes;

  g_assert_no_error (error);
  changes = tambo_changes_verify (text, fixture->hq->signing_key, &error);
  g_assert_no_error (error);
  return changes;
}

static const TamboChange *find_change (const TamboChanges *changes, const char *kind) {
  for (guint i = 0; i < changes->changes->len; i++)
    if (strcmp (((TamboChange *) changes->changes->pdata[i])->kind, kind) == 0)
      return changes->changes->pdata[i];
  return NULL;
}

static void test_slots (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHqAppointment) first = booked (fixture, "form-1", "L898902C3", fixture->times[0]);
  g_autoptr (GPtrArray) slots = tambo_hq_slot_list_free (fixture->hq, "LIM", NULL, 2, &error);
  g_auto (GStrv) offices = tambo_hq_slot_list_offices (fixture->hq, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (slots->len, ==, 2);
  g_assert_cmpstr (((TamboHqSlot *) slots->pdata[0])->start, ==, fixture->times[1]);
  g_assert_cmpuint (g_strv_length (offices), ==, 1);
  g_assert_cmpstr (offices[0], ==, "LIM");
  g_assert_false (tambo_hq_slot_open (fixture->hq, "LIM", "2026-11-23", 1, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID);
  g_clear_error (&error);

  /* The past is offered to nobody. */
  g_assert_true (tambo_hq_slot_open (fixture->hq, "LIM", "2020-01-01T10:00:00Z", 5, &error));
  g_assert_null (book (fixture, "form-2", "X1", "2020-01-01T10:00:00Z", &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE);
  g_assert_true (tambo_hq_office_has ("LIM", "LIM-01"));
  g_assert_true (tambo_hq_office_has ("LIM-01", "LIM-01"));
  g_assert_false (tambo_hq_office_has ("LIM", "LIMA-01"));
}

/* A doubled click books once; a full slot and a second appointment of one person are refused. */
static void test_once (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHqAppointment) first = booked (fixture, "form-1", "L898902C3", fixture->times[0]);
  g_autoptr (TamboHqAppointment) again = booked (fixture, "form-1", "L898902C3", fixture->times[1]);

  g_assert_cmpstr (again->code, ==, first->code);
  g_assert_cmpstr (again->start, ==, fixture->times[0]);
  g_assert_null (book (fixture, "form-2", "D23145890", fixture->times[0], &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE);
  g_clear_error (&error);
  g_assert_null (book (fixture, "form-3", "l898902 c3", fixture->times[1], &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_null (book (fixture, "", "D1", fixture->times[1], &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (book (fixture, "form-4", NULL, fixture->times[1], &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID);
}

static void test_code (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHqAppointment) first = booked (fixture, "form-1", "L898902C3", fixture->times[0]);
  g_autofree char *words = tambo_hq_appointment_dup_words (first->code);
  g_autofree char *small = g_ascii_strdown (words, -1);
  g_autoptr (TamboHqAppointment) found = tambo_hq_appointment_find (fixture->hq, small, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (first->code), ==, 12);
  g_assert_cmpuint (strlen (words), ==, 14);
  g_assert_cmpstr (found->id, ==, first->id);
  g_assert_null (tambo_hq_appointment_find (fixture->hq, "0000-0000-0000", &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND);
}

/* Who cancels gives the place to the next one. */
static void test_cancel (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHqAppointment) first = booked (fixture, "form-1", "L898902C3", fixture->times[0]);
  g_autoptr (TamboHqAppointment) found = NULL;
  g_autoptr (TamboHqAppointment) next = NULL;
  g_autoptr (GPtrArray) slots = NULL;

  for (int i = 0; i < 2; i++) {
    g_assert_true (tambo_hq_appointment_cancel (fixture->hq, first->code, &error));
    g_assert_no_error (error);
  }
  found = tambo_hq_appointment_find (fixture->hq, first->code, &error);
  g_assert_cmpstr (found->state, ==, "cancelled");
  slots = tambo_hq_slot_list_free (fixture->hq, NULL, NULL, 10, &error);
  g_assert_cmpuint (slots->len, ==, 4);
  next = booked (fixture, "form-2", "L898902C3", fixture->times[0]);
  g_assert_cmpstr (next->code, !=, first->code);
}

static void test_move (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHqAppointment) first = booked (fixture, "form-1", "L898902C3", fixture->times[0]);
  g_autoptr (TamboHqAppointment) other = booked (fixture, "form-2", "D23145890", fixture->times[1]);
  g_autoptr (TamboHqAppointment) moved = NULL;
  g_autoptr (TamboHqAppointment) found = NULL;

  g_assert_null (
      tambo_hq_appointment_move (fixture->hq, first->code, "LIM", fixture->times[1], &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE);
  g_clear_error (&error);
  found = tambo_hq_appointment_find (fixture->hq, first->code, &error);
  g_assert_cmpstr (found->start, ==, fixture->times[0]);
  moved = tambo_hq_appointment_move (fixture->hq, first->code, "LIM", fixture->times[2], &error);
  g_assert_no_error (error);
  g_assert_cmpstr (moved->start, ==, fixture->times[2]);
  g_assert_cmpstr (moved->code, ==, first->code);
}

/* The station opens what it is told; the body names nobody. */
static void test_told (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHqAppointment) first = booked (fixture, "form-1", "L898902C3", fixture->times[0]);
  g_autoptr (TamboChanges) changes = ask (fixture, fixture->station, 0);
  const TamboChange *change = find_change (changes, "appointment");
  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (TamboPacket) packet = NULL;
  g_autoptr (JsonObject) personal = NULL;
  JsonObject *applicant;

  g_assert_nonnull (change);
  g_assert_nonnull (find_change (changes, "alert-key"));
  g_assert_nonnull (strstr (change->body, first->code));
  g_assert_null (strstr (change->body, "ERIKSSON"));
  plain = tambo_envelope_open (change->sealed, fixture->inbox_key, &header, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (header.id, ==, first->id);
  packet = tambo_packet_parse (plain, &error);
  personal = tambo_packet_get_json (packet, "appointment", &error);
  g_assert_no_error (error);
  applicant = tambo_json_get_object (personal, "applicant", &error);
  g_assert_cmpstr (tambo_json_peek_string (applicant, "surname"), ==, "ERIKSSON");
}

/* The difference alone, and after it the same state as whoever begins. */
static void test_delta (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHqAppointment) first = booked (fixture, "form-1", "L898902C3", fixture->times[0]);
  g_autoptr (TamboChanges) all = ask (fixture, fixture->station, 0);
  g_autoptr (TamboChanges) nothing = ask (fixture, fixture->station, all->version);
  g_autoptr (TamboHqAppointment) other = booked (fixture, "form-2", "D23145890", fixture->times[1]);
  g_autoptr (TamboChanges) delta = NULL;
  g_autoptr (TamboChanges) anew = NULL;
  g_autoptr (TamboChanges) ahead = NULL;

  g_assert_cmpuint (nothing->changes->len, ==, 0);
  g_assert_cmpstr (nothing->state, ==, all->state);
  g_assert_true (tambo_hq_appointment_cancel (fixture->hq, first->code, &error));
  g_assert_no_error (error);
  delta = ask (fixture, fixture->station, all->version);
  g_assert_cmpuint (delta->changes->len, ==, 2);
  g_assert_true (((TamboChange *) delta->changes->pdata[1])->is_gone);
  anew = ask (fixture, fixture->station, 0);
  g_assert_cmpuint (anew->changes->len, ==, 2);
  g_assert_cmpstr (anew->state, ==, delta->state);
  /* A station that knows more than there is begins anew. */
  ahead = ask (fixture, fixture->station, delta->version + 10);
  g_assert_cmpint (ahead->after, ==, 0);
}

/* A second desk of the office gets its own copy, another office none. */
static void test_desks (Fixture *fixture, gconstpointer data) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autoptr (TamboStationRow) desk = add_station (fixture->hq, "LIM-02", key);
  g_autoptr (TamboStationRow) elsewhere = add_station (fixture->hq, "LIMA-01", key);
  g_autoptr (TamboHqAppointment) first = booked (fixture, "form-1", "L898902C3", fixture->times[0]);
  g_autoptr (TamboChanges) changes = ask (fixture, desk, 0);
  g_autoptr (TamboChanges) others = ask (fixture, elsewhere, 0);
  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plain =
      tambo_envelope_open (find_change (changes, "appointment")->sealed, key, &header, &error);

  g_assert_no_error (error);
  g_assert_null (find_change (others, "appointment"));
}

/* A desk that comes later, and one of another office after a move, are told by who decides. */
static void test_settle (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHqAppointment) first = booked (fixture, "form-1", "L898902C3", fixture->times[0]);
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autoptr (TamboStationRow) later = add_station (fixture->hq, "LIM-02", key);
  g_autoptr (TamboStationRow) elsewhere = add_station (fixture->hq, "CUZ-01", key);
  g_autoptr (TamboHqAppointment) moved = NULL;

  for (int i = 0; i < 2; i++) {
    g_autoptr (TamboChanges) changes = NULL;

    tambo_hq_appointment_settle (fixture->hq, &error);
    g_assert_no_error (error);
    changes = ask (fixture, later, 0);
    g_assert_nonnull (find_change (changes, "appointment"));
    g_assert_cmpuint (changes->changes->len, ==, 2);
  }
  g_assert_true (tambo_hq_slot_open (fixture->hq, "CUZ", fixture->times[0], 1, &error));
  moved = tambo_hq_appointment_move (fixture->hq, first->code, "CUZ", fixture->times[0], &error);
  g_assert_no_error (error);
  tambo_hq_appointment_settle (fixture->hq, &error);
  g_assert_no_error (error);
  {
    g_autoptr (TamboChanges) here = ask (fixture, later, 0);
    g_autoptr (TamboChanges) there = ask (fixture, elsewhere, 0);

    g_assert_null (find_change (here, "appointment"));
    g_assert_nonnull (find_change (there, "appointment"));
  }
}

#define ADD(name, function)                                                                        \
  g_test_add ("/appointment/" name, Fixture, NULL, set_up, function, tear_down)

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  ADD ("slots", test_slots);
  ADD ("once", test_once);
  ADD ("code", test_code);
  ADD ("cancel", test_cancel);
  ADD ("move", test_move);
  ADD ("told", test_told);
  ADD ("delta", test_delta);
  ADD ("desks", test_desks);
  ADD ("settle", test_settle);
  return g_test_run ();
}
