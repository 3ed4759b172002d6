/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/image-resample.h"

#include "picture.h"

#define BORDER 8 /* where the kernel is cut */

/* A wave along x of PERIOD pixels. */
static TamboImage *wave_new (int width, int height, int ppi, double period) {
  TamboImage *image = tambo_image_new (width, height, 1);

  image->ppi = ppi;
  for (int i = 0; i < width * height; i++)
    image->data[i] = (guint8) lround (128 + 100 * sin (2 * G_PI * (i % width + 0.5) / period));
  return image;
}

static double worst_inside (const TamboImage *a, const TamboImage *b) {
  double worst = 0;

  g_assert_cmpint (a->width, ==, b->width);
  g_assert_cmpint (a->height, ==, b->height);
  for (int y = BORDER; y < a->height - BORDER; y++)
    for (int x = BORDER; x < a->width - BORDER; x++)
      worst = MAX (worst, abs (a->data[y * a->width + x] - b->data[y * a->width + x]));
  return worst;
}

/* Ridges of a finger are 7 to 12 pixels apart; those of a child 5. */
static void test_keeps_ridges (void) {
  static const double periods[] = { 5, 7, 9, 12 };

  for (guint i = 0; i < G_N_ELEMENTS (periods); i++) {
    g_autoptr (TamboImage) seen = wave_new (384, 290, 512, periods[i] * 512 / 500);
    g_autoptr (TamboImage) wanted = wave_new (375, 283, 500, periods[i]);
    g_autoptr (TamboImage) result = tambo_image_resample (seen, 500);

    g_assert_cmpint (result->ppi, ==, 500);
    g_assert_cmpfloat (worst_inside (result, wanted), <=, 3);
  }
}

static void test_folds_nothing_back (void) {
  g_autoptr (TamboImage) fine =
      wave_new (400, 40, 1000, 2.5); /* 400 waves an inch: 250 can be held */
  g_autoptr (TamboImage) flat = tambo_image_new (200, 20, 1);
  g_autoptr (TamboImage) result = tambo_image_resample (fine, 500);

  memset (flat->data, 128, tambo_image_size (flat));
  g_assert_cmpfloat (worst_inside (result, flat), <=, 8);
}

static void test_flat_stays_flat (void) {
  static const int resolutions[] = { 100, 499, 512, 1000, 1200 };

  for (guint i = 0; i < G_N_ELEMENTS (resolutions); i++) {
    g_autoptr (TamboImage) image = tambo_image_new (61, 43, 3);
    g_autoptr (TamboImage) result = NULL;

    image->ppi = resolutions[i];
    memset (image->data, 201, tambo_image_size (image));
    result = tambo_image_resample (image, 500);
    for (gsize j = 0; j < tambo_image_size (result); j++)
      g_assert_cmpuint (result->data[j], ==, 201);
  }
}

static void test_there_and_back (void) {
  g_autoptr (TamboImage) image = wave_new (300, 200, 500, 8);
  g_autoptr (TamboImage) finer = tambo_image_resample (image, 1000);
  g_autoptr (TamboImage) again = tambo_image_resample (finer, 500);

  g_assert_cmpint (finer->width, ==, 600);
  g_assert_cmpint (finer->height, ==, 400);
  g_assert_cmpfloat (worst_inside (image, again), <=, 2);
}

static void test_small_ones (void) {
  for (int width = 1; width < 12; width++)
    for (int ppi = 1; ppi < 3000; ppi += 97) {
      g_autoptr (TamboImage) image = picture_new (width, 12 - width, 1);
      g_autoptr (TamboImage) result = NULL;

      image->ppi = ppi;
      result = tambo_image_resample (image, 500);
      g_assert_nonnull (result);
      g_assert_cmpint (result->width, >=, 1);
    }
}

static void test_nothing_to_do (void) {
  g_autoptr (TamboImage) image = picture_new (31, 17, 3);
  g_autoptr (TamboImage) unknown = tambo_image_resample (image, 500);
  g_autoptr (TamboImage) same = NULL;

  g_assert_cmpint (unknown->ppi, ==, 0);
  g_assert_cmpmem (unknown->data, tambo_image_size (unknown), image->data,
                   tambo_image_size (image));
  image->ppi = 500;
  same = tambo_image_resample (image, 500);
  g_assert_cmpmem (same->data, tambo_image_size (same), image->data, tambo_image_size (image));
}

static void test_too_large (void) {
  g_autoptr (TamboImage) image = tambo_image_new (1000, 1000, 1);

  image->ppi = 1;
  g_assert_null (tambo_image_resample (image, 500));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image-resample/keeps-ridges", test_keeps_ridges);
  g_test_add_func ("/image-resample/folds-nothing-back", test_folds_nothing_back);
  g_test_add_func ("/image-resample/flat-stays-flat", test_flat_stays_flat);
  g_test_add_func ("/image-resample/there-and-back", test_there_and_back);
  g_test_add_func ("/image-resample/small-ones", test_small_ones);
  g_test_add_func ("/image-resample/nothing-to-do", test_nothing_to_do);
  g_test_add_func ("/image-resample/too-large", test_too_large);
  return g_test_run ();
}
