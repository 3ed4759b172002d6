/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/step-times.h"

#include "base/clock.h"
#include "desk.h"
#include "store/cases.h"

#define EVER "2000-01-01T00:00:00Z"

static void begin (Desk *desk, TamboEnrolment **out_enrolment) {
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();

  desk_init (desk);
  g_assert_true (tambo_cases_save (desk->store, enrolment, DESK_OPERATOR, NULL));
  *out_enrolment = g_steal_pointer (&enrolment);
}

static void add (Desk *desk, const TamboEnrolment *enrolment, const char *step, gint64 ms) {
  g_autofree char *now = tambo_clock_now ();
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_step_times_add (desk->store, enrolment->id, step, ms, now, &error));
  g_assert_no_error (error);
}

static GPtrArray *list (Desk *desk) {
  g_autoptr (GError) error = NULL;
  GPtrArray *times = tambo_step_times_list (desk->store, EVER, &error);

  g_assert_no_error (error);
  return times;
}

static void settle (Desk *desk) {
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_step_times_settle (desk->store, &error));
  g_assert_no_error (error);
}

static void set_state (Desk *desk, const TamboEnrolment *enrolment, TamboCaseState state) {
  g_assert_true (tambo_cases_set_state (desk->store, enrolment->id, state, DESK_OPERATOR, NULL));
}

/* Parked and taken up again, in another run of the program: one duration, when it is captured. */
static void test_parked_adds_up (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (TamboEnrolment) enrolment = NULL;
  g_autoptr (GPtrArray) open = NULL, done = NULL;

  begin (&desk, &enrolment);
  add (&desk, enrolment, "portrait", 4000);
  add (&desk, enrolment, "identity", 9000);
  desk_reopen (&desk);
  add (&desk, enrolment, "portrait", 2500);
  settle (&desk);
  open = list (&desk);
  g_assert_cmpuint (open->len, ==, 0);

  set_state (&desk, enrolment, TAMBO_CASE_QUEUED);
  settle (&desk);
  done = list (&desk);
  g_assert_cmpuint (done->len, ==, 2);
  for (guint i = 0; i < done->len; i++) {
    const TamboStepTime *time = g_ptr_array_index (done, i);
    g_assert_cmpint (time->ms, ==, g_str_equal (time->step, "portrait") ? 6500 : 9000);
  }
  g_assert_true (tambo_store_verify (desk.store, NULL));
}

/* Nothing in the rows leads back to the case. */
static void test_case_is_forgotten (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (TamboEnrolment) enrolment = NULL;

  begin (&desk, &enrolment);
  add (&desk, enrolment, "review", 1200);
  g_assert_cmpint (desk_count (&desk, "SELECT count (*) FROM step_times WHERE case_id IS NOT NULL"),
                   ==, 1);
  set_state (&desk, enrolment, TAMBO_CASE_QUEUED);
  settle (&desk);
  g_assert_cmpint (desk_count (&desk, "SELECT count (*) FROM step_times WHERE case_id IS NOT NULL"),
                   ==, 0);
  g_assert_cmpint (desk_count (&desk, "SELECT count (*) FROM step_times"), ==, 1);
}

static void test_discarded_and_old_go (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (TamboEnrolment) enrolment = NULL;

  begin (&desk, &enrolment);
  add (&desk, enrolment, "identity", 700);
  g_assert_true (
      tambo_step_times_add (desk.store, "long ago", "identity", 5, "2020-01-01T00:00:00Z", NULL));
  settle (&desk);
  g_assert_cmpint (desk_count (&desk, "SELECT count (*) FROM step_times"), ==, 1);
  set_state (&desk, enrolment, TAMBO_CASE_DISCARDED);
  settle (&desk);
  g_assert_cmpint (desk_count (&desk, "SELECT count (*) FROM step_times"), ==, 0);
}

/* It is no measurement any more; the others are. */
static void test_rotten_is_left_out (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (TamboEnrolment) enrolment = NULL;
  g_autoptr (GPtrArray) times = NULL;

  begin (&desk, &enrolment);
  add (&desk, enrolment, "identity", 700);
  add (&desk, enrolment, "review", 300);
  set_state (&desk, enrolment, TAMBO_CASE_QUEUED);
  settle (&desk);
  desk_sql (&desk, "UPDATE step_times SET ms = 701 WHERE step = 'identity'");
  times = list (&desk);
  g_assert_cmpuint (times->len, ==, 1);
  g_assert_cmpstr (((TamboStepTime *) times->pdata[0])->step, ==, "review");
  g_assert_false (tambo_store_verify (desk.store, NULL));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/step-times/parked-adds-up", test_parked_adds_up);
  g_test_add_func ("/step-times/case-is-forgotten", test_case_is_forgotten);
  g_test_add_func ("/step-times/discarded-and-old-go", test_discarded_and_old_go);
  g_test_add_func ("/step-times/rotten-is-left-out", test_rotten_is_left_out);
  return g_test_run ();
}
