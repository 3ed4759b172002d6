/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "capture/capture-error.h"
#include "capture/stu-protocol.h"

static const TamboStuInformation information = { .model = "STU-530",
                                                 .firmware_major = 2,
                                                 .firmware_minor = 5,
                                                 .secure_ic = 1,
                                                 .secure_ic_version = { 1, 2, 3, 4 } };
static const TamboStuCapability capability = { 10800, 6480, 1023, 800, 480, 200, 2540, 1 | 4 | 8 };

static void test_round_trip (void) {
  guint8 report[TAMBO_STU_INFORMATION_SIZE];
  TamboStuInformation got;
  TamboStuCapability range;

  tambo_stu_information_encode (&information, report);
  g_assert_true (tambo_stu_information_parse (report, sizeof report, &got, NULL));
  g_assert_cmpmem (&got, sizeof got, &information, sizeof information);
  tambo_stu_capability_encode (&capability, report);
  g_assert_true (tambo_stu_capability_parse (report, TAMBO_STU_CAPABILITY_SIZE, &range, NULL));
  g_assert_cmpint (range.max_x, ==, 10800);
  g_assert_cmpint (range.max_y, ==, 6480);
  g_assert_cmpint (range.max_pressure, ==, 1023);
  g_assert_cmpint (range.lcd_width, ==, 800);
  g_assert_cmpint (range.lcd_height, ==, 480);
  g_assert_cmpint (range.rate, ==, 200);
  g_assert_cmpint (range.units_per_inch, ==, 2540);
  g_assert_cmpint (range.encoding, ==, 13);
}

/* The layout itself, so that the two directions cannot be wrong together. */
static void test_pen_layout (void) {
  static const guint8 timed[] = {
    0x34, 0x93, 0xff, 0x12, 0x34, 0x56, 0x78, 0xff, 0xfe, 0x00, 0x07
  };
  static const guint8 plain[] = { 0x01, 0x80, 0x00, 0x00, 0x01, 0x00, 0x02, 0, 0, 0 };
  static const guint8 option[] = { 0x30, 0x10, 0x2a, 0x00, 0x01, 0x00, 0x02, 0xab, 0xcd };
  guint8 report[TAMBO_STU_PEN_TIMED_SIZE];
  TamboStuPen pen;

  g_assert_true (tambo_stu_pen_parse (timed, sizeof timed, &pen, NULL));
  g_assert_true (pen.ready);
  g_assert_true (pen.down);
  g_assert_cmpint (pen.pressure, ==, 0x3ff);
  g_assert_cmpint (pen.x, ==, 0x1234);
  g_assert_cmpint (pen.y, ==, 0x5678);
  g_assert_true (pen.has_time);
  g_assert_cmpint (pen.time_count, ==, 0xfffe);
  g_assert_cmpint (pen.sequence, ==, 7);
  g_assert_cmpuint (tambo_stu_pen_encode (&pen, report), ==, sizeof timed);
  g_assert_cmpmem (report, sizeof timed, timed, sizeof timed);

  g_assert_true (tambo_stu_pen_parse (plain, sizeof plain, &pen, NULL));
  g_assert_true (pen.ready);
  g_assert_false (pen.down);
  g_assert_false (pen.has_time);
  g_assert_cmpuint (tambo_stu_pen_encode (&pen, report), ==, TAMBO_STU_PEN_SIZE);
  g_assert_cmpmem (report, TAMBO_STU_PEN_SIZE, plain, TAMBO_STU_PEN_SIZE);

  g_assert_true (tambo_stu_pen_parse (option, sizeof option, &pen, NULL));
  g_assert_false (pen.ready);
  g_assert_true (pen.down);
  g_assert_cmpint (pen.pressure, ==, 0x2a);
}

static void test_truncation (void) {
  guint8 info[TAMBO_STU_INFORMATION_SIZE];
  guint8 range[TAMBO_STU_CAPABILITY_SIZE];
  guint8 timed[TAMBO_STU_PEN_TIMED_SIZE];
  const TamboStuPen pen = { .ready = TRUE, .has_time = TRUE };
  TamboStuInformation got_info;
  TamboStuCapability got_range;
  TamboStuPen got_pen;

  tambo_stu_information_encode (&information, info);
  tambo_stu_capability_encode (&capability, range);
  tambo_stu_pen_encode (&pen, timed);
  for (gsize size = 0; size < sizeof info; size++) {
    g_autofree guint8 *copy = g_memdup2 (info, MAX (size, 1));
    g_autoptr (GError) error = NULL;

    g_assert_false (tambo_stu_information_parse (copy, size, &got_info, &error));
    g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
  }
  for (gsize size = 0; size < sizeof range; size++) {
    g_autofree guint8 *copy = g_memdup2 (range, MAX (size, 1));

    g_assert_false (tambo_stu_capability_parse (copy, size, &got_range, NULL));
  }
  for (gsize size = 0; size < sizeof timed; size++) {
    g_autofree guint8 *copy = g_memdup2 (timed, MAX (size, 1));

    g_assert_false (tambo_stu_pen_parse (copy, size, &got_pen, NULL));
  }
}

static void test_garbage (void) {
  guint8 report[TAMBO_STU_CAPABILITY_SIZE];
  guint8 info[TAMBO_STU_INFORMATION_SIZE];
  TamboStuCapability range;
  TamboStuInformation got;
  TamboStuPen pen;

  tambo_stu_capability_encode (&capability, report);
  memset (report + 1, 0, 2); /* no width */
  g_assert_false (tambo_stu_capability_parse (report, sizeof report, &range, NULL));
  g_assert_false (tambo_stu_pen_parse (report, sizeof report, &pen, NULL));
  tambo_stu_information_encode (&information, info);
  memcpy (info + 1,
          "\x01\xff"
          "ABCDEFG",
          9);
  g_assert_true (tambo_stu_information_parse (info, sizeof info, &got, NULL));
  g_assert_cmpstr (got.model, ==, "??ABCDEFG");
}

static void test_models (void) {
  g_assert_cmpstr (tambo_stu_model (0x00a5), ==, "STU-530");
  g_assert_true (tambo_stu_has_time (0x00a5));
  g_assert_cmpstr (tambo_stu_model (0x00a1), ==, "STU-500");
  g_assert_false (tambo_stu_has_time (0x00a1));
  g_assert_null (tambo_stu_model (0x0357)); /* a tablet of the same vendor */
}

static guint32 advance (TamboStuClock *clock, guint16 count, gint64 wall) {
  const TamboStuPen pen = { .has_time = TRUE, .time_count = count };

  return tambo_stu_clock_advance (clock, &pen, wall);
}

static void test_clock_wraps (void) {
  TamboStuClock clock = { 0 };

  g_assert_cmpuint (advance (&clock, 65530, 1000), ==, 0);
  g_assert_cmpuint (advance (&clock, 65535, 1005), ==, 5);
  g_assert_cmpuint (advance (&clock, 0, 1006), ==, 6);
  g_assert_cmpuint (advance (&clock, 10, 1300), ==, 16); /* late, but in the pad's own time */
  /* A pause of 150 s in which the count came round twice. */
  g_assert_cmpuint (advance (&clock, (guint16) (10 + 150000), 151020), ==, 150016);
}

static void test_clock_of_the_wall (void) {
  TamboStuClock clock = { 0 };
  const TamboStuPen pen = { .ready = TRUE };

  g_assert_cmpuint (tambo_stu_clock_advance (&clock, &pen, 500), ==, 0);
  g_assert_cmpuint (tambo_stu_clock_advance (&clock, &pen, 505), ==, 5);
  g_assert_cmpuint (tambo_stu_clock_advance (&clock, &pen, 501), ==, 5);
  g_assert_cmpuint (tambo_stu_clock_advance (&clock, &pen, 100500), ==, 100000);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture/stu-protocol/round-trip", test_round_trip);
  g_test_add_func ("/capture/stu-protocol/pen-layout", test_pen_layout);
  g_test_add_func ("/capture/stu-protocol/truncation", test_truncation);
  g_test_add_func ("/capture/stu-protocol/garbage", test_garbage);
  g_test_add_func ("/capture/stu-protocol/models", test_models);
  g_test_add_func ("/capture/stu-protocol/clock-wraps", test_clock_wraps);
  g_test_add_func ("/capture/stu-protocol/clock-of-the-wall", test_clock_of_the_wall);
  return g_test_run ();
}
