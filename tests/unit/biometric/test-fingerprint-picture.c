/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/fingerprint-picture.h"

static void check (int channels, int ppi, int length, int expected_ppi, int expected_length) {
  g_autoptr (TamboImage) image = tambo_image_new (length, length / 2, channels);
  g_autoptr (TamboImage) print = NULL;

  image->ppi = ppi;
  print = tambo_fingerprint_normalise (image);
  g_assert_cmpint (print->channels, ==, 1);
  g_assert_cmpint (print->ppi, ==, expected_ppi);
  g_assert_cmpint (print->width, ==, expected_length);
  g_assert_cmpint (print->height, ==, expected_length / 2);
}

static void test_becomes_500 (void) {
  check (1, 512, 512, 500, 500);
  check (1, 1000, 800, 500, 400);
  check (3, 250, 200, 500, 400);
  check (3, 500, 300, 500, 300);
}

static void test_unknown_keeps_its_size (void) {
  check (1, 0, 300, 0, 300);
  check (3, 72, 300, 72, 300); /* a screen's */
}

static void test_too_large_keeps_its_size (void) {
  check (1, 100, 6000, 100, 6000); /* 450 megapixels at 500 */
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fingerprint-picture/becomes-500", test_becomes_500);
  g_test_add_func ("/fingerprint-picture/unknown-keeps-its-size", test_unknown_keeps_its_size);
  g_test_add_func ("/fingerprint-picture/too-large-keeps-its-size", test_too_large_keeps_its_size);
  return g_test_run ();
}
