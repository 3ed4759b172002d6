/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-minutiae.h"

#include "nfiq2-picture.h"

#include <string.h>

#define NEAR 10 /* pixels */

static int count_near (const TamboNfiq2Minutiae *minutiae, int x, int y) {
  int count = 0;

  for (int i = 0; i < minutiae->count; i++)
    count += hypot (minutiae->points[i].x - x, minutiae->points[i].y - y) <= NEAR;
  return count;
}

static void test_drawn (void) {
  g_autoptr (TamboImage) image = drawn_print_new ();
  TamboNfiq2Minutiae minutiae;
  int found = 0, drawn = (int) G_N_ELEMENTS (drawn_minutiae);

  tambo_nfiq2_find_minutiae (image, &minutiae);
  g_assert_true (minutiae.enough);
  g_assert_cmpint (minutiae.total, ==, minutiae.count);
  for (int i = 0; i < drawn; i++)
    found += count_near (&minutiae, drawn_minutiae[i].x, drawn_minutiae[i].y) == 1;
  g_test_message ("%d of %d, %d others", found, drawn, minutiae.count - found);
  g_assert_cmpint (found, >=, drawn - 1);
  g_assert_cmpint (minutiae.count - found, <=, 2);
}

/* The same print, larger than what is looked at: the middle is. */
static void test_large (void) {
  g_autoptr (TamboImage) image = drawn_print_new ();
  g_autoptr (TamboImage) large = tambo_image_new (image->width + 300, image->height + 300, 1);
  TamboNfiq2Minutiae minutiae;
  int found = 0;

  memset (large->data, 252, tambo_image_size (large));
  for (int y = 0; y < image->height; y++)
    memcpy (large->data + (y + 150) * large->width + 150, image->data + y * image->width,
            (gsize) image->width);
  tambo_nfiq2_find_minutiae (large, &minutiae);
  for (guint i = 0; i < G_N_ELEMENTS (drawn_minutiae); i++)
    found += count_near (&minutiae, drawn_minutiae[i].x + 150, drawn_minutiae[i].y + 150) > 0;
  g_test_message ("%d found", found);
  g_assert_cmpint (found, >=, 9);
}

/* Too small for a score, in every shape. */
static void test_small (void) {
  static const int sizes[][2] = { { 32, 32 }, { 33, 195 }, { 195, 40 }, { 60, 900 }, { 900, 60 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (TamboImage) image = tambo_image_new (sizes[i][0], sizes[i][1], 1);
    TamboNfiq2Minutiae minutiae;
    for (gsize j = 0; j < tambo_image_size (image); j++)
      image->data[j] = (guint8) (128 + 100 * sin (0.7 * (double) (j % (gsize) image->width)));
    tambo_nfiq2_find_minutiae (image, &minutiae);
    g_assert_false (minutiae.enough);
    for (int j = 0; j < minutiae.count; j++) {
      g_assert_cmpint (minutiae.points[j].x, <, image->width);
      g_assert_cmpint (minutiae.points[j].y, <, image->height);
    }
  }
}

/* What is no print at all ends too. */
static void test_noise (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  g_autoptr (TamboImage) image = tambo_image_new (500, 620, 1);
  TamboNfiq2Minutiae minutiae;

  for (int step = 1; step <= 64; step *= 4) {
    for (int y = 0; y < image->height; y++)
      for (int x = 0; x < image->width; x++)
        image->data[y * image->width + x] =
            x % step == 0 || y % step == 0 ? (guint8) (255 * g_rand_int_range (rand, 0, 2)) : 0;
    tambo_nfiq2_find_minutiae (image, &minutiae);
    g_assert_cmpint (minutiae.count, <=, TAMBO_NFIQ2_MINUTIAE_MAX);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nfiq2-minutiae/drawn", test_drawn);
  g_test_add_func ("/nfiq2-minutiae/large", test_large);
  g_test_add_func ("/nfiq2-minutiae/small", test_small);
  g_test_add_func ("/nfiq2-minutiae/noise", test_noise);
  return g_test_run ();
}
