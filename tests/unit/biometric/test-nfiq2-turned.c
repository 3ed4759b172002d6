/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-turned.h"

#include <math.h>
#include <string.h>

#define SIDE 60
#define AT 12

/* Stripes: RIDGE dark and VALLEY light pixels, turned by ANGLE. */
static TamboImage *stripes_new (int ridge, int valley, double angle) {
  TamboImage *image = tambo_image_new (SIDE, SIDE, 1);

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++) {
      double across = (x - SIDE / 2) * cos (angle) + (y - SIDE / 2) * sin (angle) + 1000.5;
      image->data[y * SIDE + x] = fmod (across, ridge + valley) < ridge ? 40 : 220;
    }
  return image;
}

/* Upright stripes are as clear as can be, and their ratios exact. */
static void test_upright (void) {
  static const int widths[][2] = { { 5, 4 }, { 5, 5 }, { 6, 4 }, { 6, 6 } };

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++) {
    g_autoptr (TamboImage) image = stripes_new (widths[i][0], widths[i][1], 0);
    const TamboNfiq2Window window = { image, AT, AT };
    double ratios[TAMBO_NFIQ2_RATIOS_MAX];
    double wanted = (double) widths[i][0] / widths[i][1];
    int count = tambo_nfiq2_uniformity (&window, 0, ratios);
    g_assert_cmpfloat (tambo_nfiq2_clarity (&window, 0), >, 0.9);
    g_assert_cmpint (count, >=, 1);
    for (int j = 0; j < count; j++)
      g_assert_true (fabs (ratios[j] - wanted) < 1e-9 || fabs (ratios[j] - 1 / wanted) < 1e-9);
  }
}

/* Turned back, stripes at any angle are nearly as clear. */
static void test_angles (void) {
  for (int degrees = -80; degrees <= 90; degrees += 10) {
    double angle = degrees * G_PI / 180;
    g_autoptr (TamboImage) image = stripes_new (4, 4, angle);
    const TamboNfiq2Window window = { image, AT, AT };
    g_test_message ("%d: clarity %.2f, frequency %.2f", degrees,
                    tambo_nfiq2_clarity (&window, angle), tambo_nfiq2_frequency (&window, angle));
    g_assert_cmpfloat (tambo_nfiq2_clarity (&window, angle), >, 0.75);
    g_assert_cmpfloat (tambo_nfiq2_frequency (&window, angle), >, 0.4);
  }
}

static void test_unclear (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);
  g_autoptr (TamboImage) image = stripes_new (12, 12, 0);
  const TamboNfiq2Window window = { image, AT, AT };
  double ratios[TAMBO_NFIQ2_RATIOS_MAX];

  g_assert_cmpfloat (tambo_nfiq2_clarity (&window, 0), ==, 0); /* too wide for ridges */
  for (gsize i = 0; i < tambo_image_size (image); i++)
    image->data[i] = (guint8) g_rand_int_range (rand, 0, 256);
  g_assert_cmpfloat (tambo_nfiq2_clarity (&window, 0), <, 0.7);
  g_assert_cmpfloat (tambo_nfiq2_frequency (&window, 0), <, 0.45);

  memset (image->data, 90, tambo_image_size (image));
  g_assert_cmpfloat (tambo_nfiq2_clarity (&window, 0), ==, 0);
  g_assert_cmpint (tambo_nfiq2_uniformity (&window, 0, ratios), ==, 0);
}

/* A block in the corner of a picture, at each angle: what lies outside is black. */
static void test_corner (void) {
  g_autoptr (TamboImage) image = tambo_image_new (TAMBO_NFIQ2_WINDOW, TAMBO_NFIQ2_WINDOW, 1);
  const TamboNfiq2Window window = { image, 0, 0 };
  double ratios[TAMBO_NFIQ2_RATIOS_MAX];

  memset (image->data, 200, tambo_image_size (image));
  for (int i = 0; i < 64; i++) {
    double angle = i * G_PI / 32;
    double frequency = tambo_nfiq2_frequency (&window, angle);
    double clarity = tambo_nfiq2_clarity (&window, angle);
    g_assert_true (isfinite (frequency) && clarity >= 0 && clarity <= 1);
    g_assert_cmpint (tambo_nfiq2_uniformity (&window, angle, ratios), <=, TAMBO_NFIQ2_RATIOS_MAX);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nfiq2-turned/upright", test_upright);
  g_test_add_func ("/nfiq2-turned/angles", test_angles);
  g_test_add_func ("/nfiq2-turned/unclear", test_unclear);
  g_test_add_func ("/nfiq2-turned/corner", test_corner);
  return g_test_run ();
}
