/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/portrait-desk.h"

#define FRAME_US (33 * 1000)

static double feed_for (TamboPortraitHold *hold, gint64 *now, gint64 duration, gboolean is_right) {
  double held = 0;

  for (gint64 end = *now + duration; *now < end; *now += FRAME_US)
    held = tambo_portrait_hold_feed (hold, is_right, *now);
  return held;
}

static void test_holds (void) {
  TamboPortraitHold hold = { 0 };
  gint64 now = 5 * G_USEC_PER_SEC;

  g_assert_cmpfloat (feed_for (&hold, &now, TAMBO_PORTRAIT_HOLD_US / 2, TRUE), <, 0.6);
  g_assert_cmpfloat (feed_for (&hold, &now, TAMBO_PORTRAIT_HOLD_US, TRUE), ==, 1);
}

/* One frame in which something is wrong begins it anew. */
static void test_break (void) {
  TamboPortraitHold hold = { 0 };
  gint64 now = 0;

  g_assert_cmpfloat (feed_for (&hold, &now, TAMBO_PORTRAIT_HOLD_US - 2 * FRAME_US, TRUE), <, 1);
  g_assert_cmpfloat (feed_for (&hold, &now, FRAME_US, FALSE), ==, 0);
  g_assert_cmpfloat (feed_for (&hold, &now, TAMBO_PORTRAIT_HOLD_US - 2 * FRAME_US, TRUE), <, 1);
  g_assert_cmpfloat (feed_for (&hold, &now, 4 * FRAME_US, TRUE), ==, 1);
}

/* A camera that stood still, or shows very few pictures, has not seen that all was right. */
static void test_slow_camera (void) {
  TamboPortraitHold hold = { 0 };

  g_assert_cmpfloat (tambo_portrait_hold_feed (&hold, TRUE, 0), <, 1);
  g_assert_cmpfloat (tambo_portrait_hold_feed (&hold, TRUE, 3 * TAMBO_PORTRAIT_HOLD_US), <, 1);
  g_assert_cmpfloat (tambo_portrait_hold_feed (&hold, TRUE, 4 * TAMBO_PORTRAIT_HOLD_US - FRAME_US),
                     <, 1);
}

static void test_faults (void) {
  g_assert_cmpuint (tambo_portrait_count_faults ("roll=2.10 yaw=1.00"), ==, 0);
  g_assert_cmpuint (tambo_portrait_count_faults ("roll=12.10! yaw=1.00 gaze=0.50!"), ==, 2);
  g_assert_cmpuint (tambo_portrait_count_faults (NULL), ==, G_MAXUINT);
}

/* Without a face there is no crop, and the picture is judged all the same. */
static void test_report_of_a_wall (void) {
  g_autoptr (TamboImage) wall = tambo_image_new (600, 800, 3);
  g_autoptr (TamboPortraitReport) report = tambo_portrait_report_new (wall);

  g_assert_null (report->crop);
  g_assert_cmpuint (report->measures->len, >=, 5);
  g_assert_nonnull (tambo_portrait_hint (report->measures));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/portrait-desk/holds", test_holds);
  g_test_add_func ("/station/portrait-desk/break", test_break);
  g_test_add_func ("/station/portrait-desk/slow-camera", test_slow_camera);
  g_test_add_func ("/station/portrait-desk/faults", test_faults);
  g_test_add_func ("/station/portrait-desk/report-of-a-wall", test_report_of_a_wall);
  return g_test_run ();
}
