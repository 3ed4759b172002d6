/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A finger in place of the password: whose, how often, how long, and what lies where meanwhile.
 */
#include "practice-print.h"
#include "practice-station.h"

#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "station/enrol.h"
#include "station/finger-unlock.h"
#include "station/key-keeper.h"
#include "station/station-private.h"
#include "store/db.h"

/* The uptime and the date of this process. */
static gint64 uptime_offset, date_offset;

int clock_gettime (clockid_t clock, struct timespec *out_time) {
  int result = (int) syscall (SYS_clock_gettime, clock, out_time);

  if (clock == CLOCK_BOOTTIME)
    out_time->tv_sec += uptime_offset;
  else if (clock == CLOCK_REALTIME)
    out_time->tv_sec += date_offset;
  return result;
}

int gettimeofday (struct timeval *out_time, void *zone) {
  int result = (int) syscall (SYS_gettimeofday, out_time, zone);

  out_time->tv_sec += date_offset;
  return result;
}

static gboolean try (Practice *practice, guint32 seed, GError **error) {
  g_autoptr (TamboImage) image = print_new (seed, 4);

  return tambo_finger_unlock_try (practice->station, image, error);
}

/* The clerk has enrolled finger 1, and has signed in since. */
static Practice *practice_with_finger (void) {
  Practice *practice = practice_new (TRUE);
  g_autoptr (TamboImage) image = print_new (1, 0);
  g_autoptr (GError) error = NULL;

  tambo_finger_unlock_enrol (practice->station, TAMBO_FINGER_RIGHT_INDEX, image, &error);
  g_assert_no_error (error);
  sign_in (practice, "clerk");
  return practice;
}

static void assert_wants_password (Practice *practice) {
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_finger_unlock_dup_operator (practice->station));
  g_assert_false (try (practice, 1, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_SIGNED_IN);
  g_assert_false (tambo_store_is_unlocked (tambo_station_get_store (practice->station)));
}

static void test_finger_unlocks (void) {
  g_autoptr (Practice) practice = practice_with_finger ();
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment =
      tambo_enrol_begin (practice->station, "passport", NULL, MRZ_LINES, NULL, &error);

  /* As often as one likes, while it is the right one. */
  for (int i = 0; i < 5; i++) {
    tambo_finger_unlock_lock (practice->station);
    g_assert_null (store->data_key);
    g_assert_null (store->unlock_key);
    g_autofree char *who = tambo_finger_unlock_dup_operator (practice->station);
    g_assert_cmpstr (who, ==, "clerk");
    g_assert_true (try (practice, 1, &error));
    g_assert_no_error (error);
    g_autofree char *operator_id = tambo_station_dup_operator (practice->station);
    g_assert_cmpstr (operator_id, ==, "clerk");
  }
  g_autoptr (TamboEnrolment) resumed =
      tambo_enrol_resume (practice->station, enrolment->id, &error);
  g_assert_no_error (error);
  assert_audit (practice->station, "clerk", "operator.reopen");
}

static void test_three_strangers (void) {
  g_autoptr (Practice) practice = practice_with_finger ();
  g_autoptr (GError) error = NULL;

  tambo_finger_unlock_lock (practice->station);
  for (guint32 seed = 2; seed < 5; seed++) {
    g_assert_false (try (practice, seed, &error));
    g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_PASSWORD);
    g_clear_error (&error);
  }
  assert_wants_password (practice);
  sign_in (practice, "clerk");
  tambo_finger_unlock_lock (practice->station);
  g_assert_true (try (practice, 1, &error));
}

static void test_idle_station_opens_to_a_finger (void) {
  g_autoptr (Practice) practice = practice_with_finger ();
  g_autoptr (GError) error = NULL;

  uptime_offset += TAMBO_STORE_IDLE_SECONDS - 5;
  g_assert_false (tambo_station_lock_when_idle (practice->station));
  uptime_offset += 6;
  g_assert_true (tambo_station_lock_when_idle (practice->station));
  g_assert_null (tambo_station_get_store (practice->station)->data_key);
  g_assert_true (try (practice, 1, &error));
  g_assert_no_error (error);
}

/* Neither the next day nor with a clock that was set back to this one. */
static void test_only_today (void) {
  g_autoptr (Practice) practice = practice_with_finger ();

  tambo_finger_unlock_lock (practice->station);
  date_offset = 24 * 3600;
  assert_wants_password (practice);
  date_offset = 0;

  sign_in (practice, "clerk");
  tambo_finger_unlock_lock (practice->station);
  uptime_offset += 24 * 3600;
  assert_wants_password (practice);
}

static void test_password_first (void) {
  g_autoptr (Practice) practice = practice_with_finger ();
  g_autoptr (GError) error = NULL;

  /* Who leaves for good. */
  tambo_station_sign_out (practice->station);
  assert_wants_password (practice);
  /* Another desk, or the same after a restart. */
  g_object_unref (practice->station);
  practice->station = tambo_station_open (practice->folder, &error);
  g_assert_no_error (error);
  assert_wants_password (practice);
  /* Who has enrolled none. */
  sign_in (practice, "supervisor");
  tambo_finger_unlock_lock (practice->station);
  assert_wants_password (practice);
}

static void test_rights_end (void) {
  g_autoptr (Practice) practice = practice_with_finger ();
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autoptr (GError) error = NULL;

  tambo_finger_unlock_lock (practice->station);
  g_assert_true (tambo_operators_set_disabled (store, "clerk", TRUE, "elsewhere", &error));
  g_assert_false (try (practice, 1, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_DISABLED);
  g_assert_false (tambo_store_is_unlocked (store));
}

static void test_poor_picture (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  g_autoptr (TamboImage) blank = tambo_image_new (320, 400, 1);
  g_autoptr (GError) error = NULL;

  memset (blank->data, 255, 320 * 400);
  blank->ppi = 500;
  g_assert_false (
      tambo_finger_unlock_enrol (practice->station, TAMBO_FINGER_RIGHT_INDEX, blank, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY);
}

/* The keeper gives its key as often as it was told, and not after its time. */
static void test_keeper (void) {
  g_autoptr (GBytes) key = tambo_secret_new ("0123456789abcdef0123456789abcdef", 32);
  g_autoptr (TamboKeyKeeper) keeper = tambo_key_keeper_new (key, 3600, 2);
  g_autoptr (TamboKeyKeeper) late = tambo_key_keeper_new (key, 0, 2);

  for (int i = 0; i < 2; i++) {
    g_autoptr (GBytes) again = tambo_key_keeper_ask (keeper);
    g_assert_true (g_bytes_equal (again, key));
  }
  g_assert_null (tambo_key_keeper_ask (keeper));
  g_assert_null (tambo_key_keeper_ask (late));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/finger-unlock/unlocks", test_finger_unlocks);
  g_test_add_func ("/station/finger-unlock/strangers", test_three_strangers);
  g_test_add_func ("/station/finger-unlock/idle", test_idle_station_opens_to_a_finger);
  g_test_add_func ("/station/finger-unlock/today", test_only_today);
  g_test_add_func ("/station/finger-unlock/password-first", test_password_first);
  g_test_add_func ("/station/finger-unlock/rights", test_rights_end);
  g_test_add_func ("/station/finger-unlock/poor", test_poor_picture);
  g_test_add_func ("/station/finger-unlock/keeper", test_keeper);
  return g_test_run ();
}
