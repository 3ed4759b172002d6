/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A second person by finger: who is one, who is not, and how often a stranger may try.
 */
#include "practice-print.h"
#include "practice-station.h"
#include "refused-store.h"

#include "station/finger-unlock.h"
#include "station/second-finger.h"
#include "station/station-private.h"

#define CLERKS_FINGER 1
#define SUPERVISORS_FINGER 2
#define COLLEAGUES_FINGER 3

static void enrol (Practice *practice, const char *id, guint32 seed) {
  g_autoptr (TamboImage) image = print_new (seed, 0);
  g_autoptr (GError) error = NULL;

  sign_in (practice, id);
  tambo_finger_unlock_enrol (practice->station, TAMBO_FINGER_RIGHT_INDEX, image, &error);
  g_assert_no_error (error);
}

/* Each is known by a finger, and the clerk sits at the desk. */
static Practice *practice_with_fingers (void) {
  Practice *practice = practice_new (TRUE);

  sign_in (practice, "supervisor");
  add_operator (practice, "colleague", TAMBO_ROLE_CLERK);
  enrol (practice, "supervisor", SUPERVISORS_FINGER);
  enrol (practice, "colleague", COLLEAGUES_FINGER);
  enrol (practice, "clerk", CLERKS_FINGER);
  return practice;
}

static gboolean press (Practice *practice, guint32 seed, GError **error) {
  g_autoptr (TamboImage) image = print_new (seed, 4);

  return tambo_second_finger_bring (practice->station, image, error);
}

static char *permit (Practice *practice, GError **error) {
  return tambo_station_permit (practice->station, TAMBO_OPERATION_CASE_APPROVE_HERE, error);
}

static void test_supervisor (void) {
  g_autoptr (Practice) practice = practice_with_fingers ();
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_second_finger_is_possible (practice->station));
  g_assert_true (press (practice, SUPERVISORS_FINGER, &error));
  g_assert_no_error (error);
  assert_audit (practice->station, "supervisor", "operator.second-by-finger");
  g_autofree char *actor = permit (practice, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (actor, ==, "clerk+supervisor");
  /* For one act. */
  g_assert_null (permit (practice, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
}

static void test_not_oneself (void) {
  g_autoptr (Practice) practice = practice_with_fingers ();
  g_autoptr (GError) error = NULL;

  g_assert_false (press (practice, CLERKS_FINGER, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
  g_assert_false (tambo_station_has_second (practice->station));
  assert_audit (practice->station, "clerk", "operator.second-refused");
  /* Nor for the supervisor who sits there. */
  sign_in (practice, "supervisor");
  g_assert_false (tambo_second_finger_is_possible (practice->station));
  g_clear_error (&error);
  g_assert_false (press (practice, SUPERVISORS_FINGER, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
}

/* A clerk is no second person, and neither is who may not sign in. */
static void test_not_everybody (void) {
  g_autoptr (Practice) practice = practice_with_fingers ();
  g_autoptr (GError) error = NULL;

  g_assert_false (press (practice, COLLEAGUES_FINGER, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_PASSWORD);
  g_clear_error (&error);
  g_assert_true (tambo_operators_set_disabled (tambo_station_get_store (practice->station),
                                               "supervisor", TRUE, "elsewhere", &error));
  g_assert_false (tambo_second_finger_is_possible (practice->station));
  g_assert_false (press (practice, SUPERVISORS_FINGER, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_PASSWORD);
  g_assert_false (tambo_station_has_second (practice->station));
}

static void test_three_strangers (void) {
  g_autoptr (Practice) practice = practice_with_fingers ();
  g_autoptr (TamboImage) blank = tambo_image_new (320, 400, 1);
  g_autoptr (GError) error = NULL;

  /* Nothing was pressed: no try. */
  memset (blank->data, 255, 320 * 400);
  blank->ppi = 500;
  g_assert_false (tambo_second_finger_bring (practice->station, blank, &error));
  g_clear_error (&error);
  for (guint32 seed = 10; seed < 10 + TAMBO_SECOND_FINGER_ATTEMPTS; seed++) {
    g_assert_true (tambo_second_finger_is_possible (practice->station));
    g_assert_false (press (practice, seed, &error));
    g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_PASSWORD);
    g_clear_error (&error);
  }
  g_assert_false (tambo_second_finger_is_possible (practice->station));
  g_assert_false (press (practice, SUPERVISORS_FINGER, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_SIGNED_IN);
  /* The one at the desk gives oneself no more of them. */
  sign_in (practice, "clerk");
  g_assert_false (tambo_second_finger_is_possible (practice->station));
  bring_second (practice, "supervisor");
  g_assert_true (tambo_second_finger_is_possible (practice->station));
}

static void test_locked (void) {
  g_autoptr (Practice) practice = practice_with_fingers ();
  g_autoptr (GError) error = NULL;

  tambo_station_sign_out (practice->station);
  g_assert_false (tambo_second_finger_is_possible (practice->station));
  g_assert_false (press (practice, SUPERVISORS_FINGER, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_SIGNED_IN);
}

/* A refusal that cannot be noted is told as such. */
static void test_not_noted (void) {
  g_autoptr (Practice) practice = practice_with_fingers ();
  RefusedStore refused = { SQLITE_INSERT, "audit_entries" };
  g_autoptr (GError) error = NULL;

  refused_store_set (practice->station, &refused);
  g_assert_false (press (practice, CLERKS_FINGER, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_FAILED);
  refused_store_set (practice->station, NULL);
  g_assert_false (tambo_station_has_second (practice->station));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/second-finger/supervisor", test_supervisor);
  g_test_add_func ("/station/second-finger/oneself", test_not_oneself);
  g_test_add_func ("/station/second-finger/everybody", test_not_everybody);
  g_test_add_func ("/station/second-finger/strangers", test_three_strangers);
  g_test_add_func ("/station/second-finger/locked", test_locked);
  g_test_add_func ("/station/second-finger/not-noted", test_not_noted);
  return g_test_run ();
}
