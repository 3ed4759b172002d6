/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/fingerprint-map.h"

#include <math.h>
#include <string.h>

/* Even ridges left and below a platen of one shade. */
static TamboImage *striped (void) {
  TamboImage *image = tambo_image_new (300, 300, 1);

  memset (image->data, 250, tambo_image_size (image));
  for (int y = 60; y < 240; y++)
    for (int x = 60; x < 240; x++)
      image->data[y * 300 + x] = (guint8) (128 + 100 * sin (x * 2 * G_PI / 9));
  return image;
}

static gboolean is_grey (const TamboImage *map, int x, int y) {
  const guint8 *pixel = map->data + 3 * (y * map->width + x);

  return pixel[0] == pixel[1] && pixel[1] == pixel[2];
}

static void test_green_where_it_is_clear (void) {
  g_autoptr (TamboImage) image = striped ();
  g_autoptr (TamboImage) map = tambo_fingerprint_draw_map (image);
  const guint8 *middle = map->data + 3 * (150 * 300 + 150);

  g_assert_cmpint (map->width, ==, 300);
  g_assert_cmpint (map->channels, ==, 3);
  g_assert_cmpuint (middle[1], >, middle[0]);
  g_assert_cmpuint (middle[1], >, middle[2]);
  g_assert_true (is_grey (map, 5, 5));
}

static void test_nothing_to_colour (void) {
  g_autoptr (TamboImage) blank = tambo_image_new (200, 200, 1);
  g_autoptr (TamboImage) map = tambo_fingerprint_draw_map (blank);
  g_autoptr (TamboImage) tiny = tambo_image_new (3, 2, 1);
  g_autoptr (TamboImage) tiny_map = tambo_fingerprint_draw_map (tiny);

  for (int i = 0; i < 200; i++)
    g_assert_true (is_grey (map, i, i));
  g_assert_cmpint (tiny_map->width, ==, 3);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/biometric/fingerprint-map/green-where-it-is-clear",
                   test_green_where_it_is_clear);
  g_test_add_func ("/biometric/fingerprint-map/nothing-to-colour", test_nothing_to_colour);
  return g_test_run ();
}
