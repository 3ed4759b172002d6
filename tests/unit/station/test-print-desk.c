/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "practice-station.h"

#include "station/enrol.h"
#include "station/print-desk.h"

static TamboEnrolment *begin (Practice *practice) {
  g_autoptr (GError) error = NULL;
  TamboEnrolment *enrolment =
      tambo_enrol_begin (practice->station, "passport", NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return enrolment;
}

static void test_report (void) {
  g_autoptr (TamboImage) ridges = ridges_new ();
  g_autoptr (TamboPrintReport) report = tambo_print_report_new (ridges);
  g_autoptr (TamboImage) tiny = tambo_image_new (4, 4, 1);
  g_autoptr (TamboPrintReport) nothing = tambo_print_report_new (tiny);

  g_assert_cmpint (report->quality.index, >, 0);
  g_assert_cmpint (report->print->width, ==, ridges->width);
  g_assert_nonnull (report->drawn);
  g_assert_cmpint (report->drawn->channels, ==, 3);
  g_assert_cmpint (report->twin, ==, TAMBO_FINGER_UNKNOWN);
  g_assert_cmpint (nothing->quality.index, ==, 0);
  g_assert_null (nothing->drawn);
}

static gboolean keep (Practice *practice, TamboEnrolment *enrolment, const TamboImage *image,
                      GError **error) {
  const TamboFingerprintQuality quality = measure (image);

  return tambo_enrol_keep_finger (practice->station, enrolment, TAMBO_FINGER_LEFT_INDEX, image,
                                  &quality, "test", error);
}

/* The best of three is kept though it is not good enough, and a worse one does not replace it. */
static void test_keep (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  g_autoptr (TamboImage) ridges = ridges_new ();
  g_autoptr (TamboImage) part = tambo_image_copy (ridges);
  g_autoptr (TamboImage) blank = tambo_image_new (ridges->width, ridges->height, 1);
  g_autoptr (GError) error = NULL;

  memset (part->data, 255, tambo_image_size (part) * 3 / 4);
  g_assert_false (keep (practice, enrolment, blank, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY);
  g_clear_error (&error);
  g_assert_true (keep (practice, enrolment, ridges, &error));
  g_assert_no_error (error);
  int quality = tambo_enrolment_find_sample (enrolment, "finger-left-index")->quality;
  g_assert_true (keep (practice, enrolment, part, &error));
  g_assert_cmpint (tambo_enrolment_find_sample (enrolment, "finger-left-index")->quality, ==,
                   quality);
}

/* What has no minutiae is nobody's twin. */
static void test_no_twin (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  g_autoptr (TamboImage) blank = tambo_image_new (200, 200, 1);
  g_autoptr (GError) error = NULL;
  TamboFinger twin = TAMBO_FINGER_LEFT_RING;

  g_assert_true (tambo_print_find_twin (practice->station, enrolment, TAMBO_FINGER_RIGHT_INDEX,
                                        blank, &twin, &error));
  g_assert_cmpint (twin, ==, TAMBO_FINGER_UNKNOWN);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/print-desk/report", test_report);
  g_test_add_func ("/station/print-desk/keep", test_keep);
  g_test_add_func ("/station/print-desk/no-twin", test_no_twin);
  return g_test_run ();
}
