/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/step-durations.h"

#include "practice-station.h"
#include "station/enrol.h"
#include "store/cases.h"
#include "store/step-times.h"

static TamboEnrolment *begin (Practice *practice) {
  g_autoptr (GError) error = NULL;
  TamboEnrolment *enrolment =
      tambo_enrol_begin (practice->station, "foreigner-card", NULL, MRZ_LINES, NULL, &error);

  g_assert_no_error (error);
  return enrolment;
}

static void note (Practice *practice, const TamboEnrolment *enrolment, const char *step,
                  gint64 ms) {
  const TamboStepSpan span = { .step = step, .ms = ms };
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_step_durations_note (practice->station, enrolment->id, &span, 1, &error));
  g_assert_no_error (error);
}

static GArray *read_durations (Practice *practice) {
  g_autoptr (GError) error = NULL;
  GArray *durations = tambo_step_durations_read (practice->station, &error);

  g_assert_no_error (error);
  return durations;
}

static const TamboStepDurations *find (GArray *durations, const char *step) {
  for (guint i = 0; i < durations->len; i++) {
    const TamboStepDurations *one = &g_array_index (durations, TamboStepDurations, i);
    if (g_str_equal (one->step, step))
      return one;
  }
  g_assert_not_reached ();
}

/* As the seal of an enrolment makes it. */
static void capture (Practice *practice, TamboEnrolment *enrolment) {
  g_assert_true (tambo_cases_set_state (tambo_station_get_store (practice->station), enrolment->id,
                                        TAMBO_CASE_QUEUED, "clerk", NULL));
}

static void test_ranks (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  g_autoptr (GArray) durations = NULL;

  /* 1 to 10 seconds, in no order. */
  for (int i = 0; i < 10; i++) {
    g_autoptr (TamboEnrolment) enrolment = begin (practice);
    note (practice, enrolment, "portrait", (1 + (i * 7) % 10) * 1000);
    capture (practice, enrolment);
    note (practice, enrolment, "review", 2000);
  }
  durations = read_durations (practice);
  g_assert_cmpuint (durations->len, ==, 6);
  const TamboStepDurations *portrait = find (durations, "portrait");
  g_assert_cmpuint (portrait->today.count, ==, 10);
  g_assert_cmpint (portrait->today.median, ==, 5000);
  g_assert_cmpint (portrait->today.p90, ==, 9000);
  g_assert_cmpint (portrait->week.p90, ==, 9000);
  g_assert_cmpuint (find (durations, "review")->today.count, ==, 10);
  g_assert_cmpint (find (durations, "review")->today.p90, ==, 2000);
  g_assert_cmpuint (find (durations, "signature")->week.count, ==, 0);
  g_assert_cmpint (find (durations, "signature")->week.median, ==, 0);
}

/* What is not captured yet is not told, and what was only passed is no step. */
static void test_open_and_passed (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  g_autoptr (GArray) before = NULL, after = NULL;

  note (practice, enrolment, "identity", 30000);
  note (practice, enrolment, "portrait", 299);
  before = read_durations (practice);
  g_assert_cmpuint (find (before, "identity")->week.count, ==, 0);
  capture (practice, enrolment);
  note (practice, enrolment, "review", 10);
  after = read_durations (practice);
  g_assert_cmpint (find (after, "identity")->today.median, ==, 30000);
  g_assert_cmpuint (find (after, "portrait")->today.count, ==, 0);
  g_assert_cmpuint (find (after, "review")->today.count, ==, 0);
}

static void test_of_the_week (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) old = g_date_time_add_days (now, -3);
  g_autoptr (GArray) durations = NULL;
  g_autofree char *at = g_date_time_format (old, "%Y-%m-%dT%H:%M:%SZ");

  g_assert_true (tambo_step_times_add (store, enrolment->id, "identity", 8000, at, NULL));
  capture (practice, enrolment);
  note (practice, enrolment, "review", 900);
  durations = read_durations (practice);
  g_assert_cmpuint (find (durations, "identity")->today.count, ==, 0);
  g_assert_cmpuint (find (durations, "identity")->week.count, ==, 1);
  g_assert_cmpint (find (durations, "identity")->week.median, ==, 8000);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/step-durations/ranks", test_ranks);
  g_test_add_func ("/step-durations/open-and-passed", test_open_and_passed);
  g_test_add_func ("/step-durations/of-the-week", test_of_the_week);
  return g_test_run ();
}
