/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/ridges.h"

#include <string.h>
#include <time.h>

static void test_same_finger (void) {
  g_autoptr (TamboRidges) first = tambo_ridges_new (11);
  g_autoptr (TamboRidges) second = tambo_ridges_new (11);
  g_autoptr (TamboRidges) other = tambo_ridges_new (12);
  g_autoptr (TamboImage) a = tambo_ridges_press (first, 3);
  g_autoptr (TamboImage) b = tambo_ridges_press (second, 3);
  g_autoptr (TamboImage) c = tambo_ridges_press (first, 4);
  g_autoptr (TamboImage) d = tambo_ridges_press (other, 3);
  g_assert_cmpmem (a->data, tambo_image_size (a), b->data, tambo_image_size (b));
  g_assert_cmpint (memcmp (a->data, c->data, tambo_image_size (a)), !=, 0);
  g_assert_cmpint (memcmp (a->data, d->data, tambo_image_size (a)), !=, 0);
}

static void test_looks_like_a_print (void) {
  g_autoptr (TamboRidges) ridges = tambo_ridges_new (21);
  g_autoptr (TamboImage) image = tambo_ridges_press (ridges, 1);
  g_assert_cmpint (image->width, ==, TAMBO_RIDGES_WIDTH);
  g_assert_cmpint (image->height, ==, TAMBO_RIDGES_HEIGHT);
  g_assert_cmpint (image->channels, ==, 1);
  g_assert_cmpint (image->ppi, ==, 500);

  gsize dark = 0, light = 0, size = tambo_image_size (image);
  for (gsize i = 0; i < size; i++) {
    dark += image->data[i] < 100;
    light += image->data[i] > 200;
  }
  g_assert_cmpuint (dark, >, size / 8);
  g_assert_cmpuint (light, >, size / 4);
  for (int y = 0; y < image->height; y++) { /* white all round: nothing touches the rim */
    g_assert_cmpuint (image->data[y * image->width], >, 200);
    g_assert_cmpuint (image->data[(y + 1) * image->width - 1], >, 200);
  }
}

/* Across a column through the middle, a ridge comes every 7 to 12 pixels. */
static void test_ridge_period (void) {
  for (guint seed = 30; seed < 33; seed++) {
    g_autoptr (TamboRidges) ridges = tambo_ridges_new (seed);
    g_autoptr (TamboImage) image = tambo_ridges_press (ridges, 1);
    int crossings = 0, top = 60, bottom = 130, x = image->width / 2;
    for (int y = top; y < bottom; y++)
      crossings += (image->data[y * image->width + x] < 128)
                   != (image->data[(y + 1) * image->width + x] < 128);
    double period = 2.0 * (bottom - top) / MAX (crossings, 1);
    g_test_message ("seed %u: a ridge every %.1f pixels", seed, period);
    g_assert_cmpfloat (period, >, 6);
    g_assert_cmpfloat (period, <, 14);
  }
}

/* Practice must not wait: a finger grows in 1.5 s at the most. */
static void test_speed (void) {
#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("the sanitizers are slow");
#else
  clock_t start = clock (); /* of this process: others have their share */
  g_autoptr (TamboRidges) ridges = tambo_ridges_new (40);
  g_autoptr (TamboImage) image = tambo_ridges_press (ridges, 1);
  g_assert_cmpint (clock () - start, <, CLOCKS_PER_SEC * 3 / 2);
#endif
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/ridges/same-finger", test_same_finger);
  g_test_add_func ("/simulator/ridges/looks-like-a-print", test_looks_like_a_print);
  g_test_add_func ("/simulator/ridges/period", test_ridge_period);
  g_test_add_func ("/simulator/ridges/speed", test_speed);
  return g_test_run ();
}
