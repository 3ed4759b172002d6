/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/office-figures.h"

#include "base/clock.h"
#include "practice-station.h"
#include "station/appointments.h"
#include "store/outbox.h"

#define NOON 1795348800 /* 2026-11-22T12:00:00Z */

static void add_appointment (GPtrArray *appointments, int minutes_ago,
                             TamboAppointmentState state) {
  TamboAppointment *appointment = g_new0 (TamboAppointment, 1);

  appointment->start = tambo_clock_format (NOON - minutes_ago * 60);
  appointment->state = state;
  g_ptr_array_add (appointments, appointment);
}

/* Who is there, who is missed, and who is not due yet do not wait. */
static void test_people (void) {
  g_autoptr (GPtrArray) appointments =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_appointment_free);
  TamboPeopleWaiting people;

  tambo_office_figures_count_people (NULL, NOON, &people);
  g_assert_cmpuint (people.count, ==, 0);
  add_appointment (appointments, 29, TAMBO_APPOINTMENT_ARRIVED);
  add_appointment (appointments, 40, TAMBO_APPOINTMENT_MISSED);
  add_appointment (appointments, -10, TAMBO_APPOINTMENT_AWAITED);
  add_appointment (appointments, 0, TAMBO_APPOINTMENT_AWAITED);
  add_appointment (appointments, 5, TAMBO_APPOINTMENT_AWAITED);
  add_appointment (appointments, 6, TAMBO_APPOINTMENT_AWAITED);
  add_appointment (appointments, 25, TAMBO_APPOINTMENT_AWAITED);
  tambo_office_figures_count_people (appointments, NOON, &people);
  g_assert_cmpuint (people.count, ==, 4);
  g_assert_cmpuint (people.longest, ==, 25 * 60);
  g_assert_cmpuint (people.by_length[0], ==, 2);
  g_assert_cmpuint (people.by_length[1], ==, 1);
  g_assert_cmpuint (people.by_length[2], ==, 0);
  g_assert_cmpuint (people.by_length[3], ==, 1);
}

static void add_record (TamboStore *store, gint64 sequence) {
  g_autofree char *id = g_strdup_printf ("record-%" G_GINT64_FORMAT, sequence);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("sealed", 6);
  TamboOutboxRow row = { .id = id, .kind = (char *) "event", .sequence = sequence };
  g_autoptr (GError) error = NULL;

  tambo_outbox_append (store, &row, "{\"manifest\":1}", bytes, &error);
  g_assert_no_error (error);
}

static void test_records (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) none = NULL;
  TamboOutboxDays days;
  const guint today = TAMBO_OUTBOX_DAYS - 1;

  for (gint64 sequence = 1; sequence <= 4; sequence++)
    add_record (store, sequence);
  g_assert_true (tambo_outbox_acknowledge (store, "record-1", "{\"receipt\":1}", NULL));
  g_assert_true (tambo_outbox_set_state (store, "record-2", TAMBO_OUTBOX_REFUSED,
                                         "no such procedure", "sync", NULL));
  g_assert_true (tambo_office_figures_read_outbox (practice->station, &days, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (days.accepted[today], ==, 1);
  g_assert_cmpuint (days.sent_back[today], ==, 1);
  g_assert_cmpuint (days.waiting[today], ==, 2);
  for (guint day = 0; day < today; day++)
    g_assert_cmpuint (days.accepted[day] + days.sent_back[day] + days.waiting[day], ==, 0);

  none = tambo_outbox_list_since (store, "2100-01-01T00:00:00Z", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/office-figures/people", test_people);
  g_test_add_func ("/office-figures/records", test_records);
  return g_test_run ();
}
