/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/fingerprint-quality.h"

#include "picture.h"

static TamboFingerprintQuality judge (const TamboImage *image) {
  TamboFingerprintQuality quality;
  tambo_fingerprint_quality (image, &quality);
  g_assert_cmpint (quality.index, >=, 0);
  g_assert_cmpint (quality.index, <=, 100);
  return quality;
}

static void assert_no_finger (const TamboImage *image) {
  TamboFingerprintQuality quality = judge (image);
  g_assert_false (tambo_fingerprint_has_ridges (&quality));
  g_assert_cmpint (quality.index, ==, 0);
  g_assert_cmpfloat (quality.ridge_area, ==, 0);
  g_assert_cmpfloat (quality.ridge_period, ==, 0);
}

static void test_ridges (void) {
  static const double periods[] = { 5, 7, 9, 12 };
  for (guint i = 0; i < G_N_ELEMENTS (periods); i++) {
    g_autoptr (TamboImage) image = ridges_new (300, 400, periods[i]);
    TamboFingerprintQuality quality = judge (image);
    g_test_message ("period %g: index %d, area %.2f, certainty %.2f, period %.1f", periods[i],
                    quality.index, quality.ridge_area, quality.certainty, quality.ridge_period);
    g_assert_true (tambo_fingerprint_has_ridges (&quality));
    g_assert_cmpint (quality.index, >=, 70);
    g_assert_cmpfloat (quality.ridge_area, >, 0.4);
    g_assert_cmpfloat_with_epsilon (quality.ridge_period, periods[i], 1.5);
    g_assert_cmpfloat (quality.certainty, >, 0.6);
    g_assert_cmpfloat_with_epsilon (quality.mean, 140, 20);
  }
}

static void test_resolution (void) {
  g_autoptr (TamboImage) image = ridges_new (600, 800, 18);
  image->ppi = 1000;
  TamboFingerprintQuality quality = judge (image);
  g_assert_true (tambo_fingerprint_has_ridges (&quality));
  g_assert_cmpfloat_with_epsilon (quality.ridge_period, 9, 1.5);
}

static void test_colour (void) {
  g_autoptr (TamboImage) grey = ridges_new (300, 400, 9);
  g_autoptr (TamboImage) rgb = tambo_image_to_rgb (grey);
  g_assert_cmpint (judge (rgb).index, ==, judge (grey).index);
}

static void test_degraded (void) {
  g_autoptr (TamboImage) good = ridges_new (300, 400, 9);
  int best = judge (good).index, last = best;

  for (int radius = 1; radius <= 3; radius++) {
    g_autoptr (TamboImage) worse = blurred (good, radius);
    int index = judge (worse).index;
    g_test_message ("blur %d: %d", radius, index);
    g_assert_cmpint (index, <=, last);
    last = index;
  }
  g_assert_cmpint (last, <, best - 15);

  last = best;
  for (int amount = 80; amount <= 400; amount += 80) {
    g_autoptr (TamboImage) worse = noisy (good, amount);
    int index = judge (worse).index;
    g_test_message ("noise %d: %d", amount, index);
    g_assert_cmpint (index, <=, last);
    last = index;
  }
  g_assert_cmpint (last, <, best - 30);
}

static void test_part (void) {
  g_autoptr (TamboImage) whole = ridges_new (300, 400, 9);
  g_autoptr (TamboImage) tip = tambo_image_copy (whole);
  memset (tip->data + 300 * 150, 245, 300 * 250);
  g_assert_cmpint (judge (tip).index, <, judge (whole).index - 10);
  g_assert_cmpfloat (judge (tip).ridge_area, <, judge (whole).ridge_area);
}

static void test_no_finger (void) {
  g_autoptr (TamboImage) blank = tambo_image_new (300, 400, 1);
  assert_no_finger (blank);
  memset (blank->data, 250, 300 * 400);
  assert_no_finger (blank);

  g_autoptr (TamboImage) faint = noisy (blank, 6);
  assert_no_finger (faint);
  memset (blank->data, 128, 300 * 400);
  g_autoptr (TamboImage) noise = noisy (blank, 128);
  assert_no_finger (noise);
  for (int radius = 1; radius <= 3; radius++) {
    g_autoptr (TamboImage) grain = blurred (noise, radius);
    assert_no_finger (grain);
  }

  for (int y = 0; y < 400; y++)
    for (int x = 0; x < 300; x++)
      blank->data[y * 300 + x] = (guint8) ((x + y) * 255 / 700);
  assert_no_finger (blank);

  static const int sizes[][2] = { { 1, 1 }, { 15, 400 }, { 16, 16 }, { 17, 31 }, { 64, 48 } };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (TamboImage) small = tambo_image_new (sizes[i][0], sizes[i][1], 1);
    assert_no_finger (small);
  }
}

/* Strokes of letters in words and lines. */
static void test_text (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  g_autoptr (TamboImage) page = tambo_image_new (600, 800, 1);
  memset (page->data, 250, 600 * 800);

  for (int line = 20; line < 770; line += 26) {
    int letters = 0;
    for (int x = 20; x < 570; x += 11) {
      if (++letters % g_rand_int_range (rand, 3, 9) == 0)
        continue; /* blank between words */
      int shape = g_rand_int_range (rand, 0, 16);
      for (int y = 0; y < 15; y++) {
        for (int dx = 0; dx < 8; dx++) {
          gboolean ink = (shape & 1 && dx < 2) || (shape & 2 && dx > 5) || (shape & 4 && y < 2)
                         || (shape & 8 && y > 12) || abs (y - 2 * dx) < 2;
          if (ink)
            page->data[(line + y) * 600 + x + dx] = 20;
        }
      }
    }
  }
  assert_no_finger (page);
  g_autoptr (TamboImage) half = tambo_image_scale (page, 300, 400);
  assert_no_finger (half);
}

/* A drawn head before a wall, with a striped shirt far wider than ridges. */
static void test_scene (void) {
  g_autoptr (TamboImage) scene = tambo_image_new (480, 640, 1);
  for (int y = 0; y < 640; y++) {
    for (int x = 0; x < 480; x++) {
      double u = (x - 240) / 130.0, v = (y - 280) / 180.0;
      double level = u * u + v * v < 1 ? 190 - 60 * (u * u + v * v) : 215 - y / 20.0;
      if (hypot (fabs (u) - 0.4, v + 0.1) < 0.12)
        level = 40;
      if (y > 520)
        level = 90 + 40 * sin (x / 9.0);
      scene->data[y * 480 + x] = (guint8) level;
    }
  }
  g_autoptr (TamboImage) photograph = noisy (scene, 8);
  assert_no_finger (photograph);
}

static void judge_folder (const char *folder, int minimum, int *out_under_40, int *out_count) {
  g_autoptr (GPtrArray) names = test_pictures (folder);
  *out_under_40 = 0;
  *out_count = 0;

  for (guint i = 0; i < names->len; i++) {
    g_autoptr (TamboImage) image = test_picture_load (g_ptr_array_index (names, i));
    if (image == NULL)
      continue;
    TamboFingerprintQuality quality = judge (image);
    if (!tambo_fingerprint_has_ridges (&quality))
      g_error ("no ridges in %s", (const char *) g_ptr_array_index (names, i));
    g_assert_cmpint (quality.index, >=, minimum);
    *out_under_40 += quality.index < 40;
    *out_count += 1;
  }
  g_test_message ("%s: %d prints, %d under 40", folder, *out_count, *out_under_40);
}

static void test_data_fingers (void) {
  int poor, count;
  judge_folder ("fingers/nist-sd", 40, &poor, &count);
  judge_folder ("fingers/fvc2002_DB1_B", 20, &poor, &count);
  g_assert_cmpint (poor, <=, count / 20);
  judge_folder ("fingers/fvc2004_DB2_B", 10, &poor, &count);
  g_assert_cmpint (poor, <=, count / 5);
}

static void test_data_faces (void) {
  g_autoptr (GPtrArray) names = test_pictures ("faces/sfhq");
  g_ptr_array_add (names, g_strdup ("faces/astronaut.png"));

  for (guint i = 0; i < names->len; i++) {
    g_autoptr (TamboImage) image = test_picture_load (g_ptr_array_index (names, i));
    if (image != NULL)
      assert_no_finger (image);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fingerprint-quality/ridges", test_ridges);
  g_test_add_func ("/fingerprint-quality/resolution", test_resolution);
  g_test_add_func ("/fingerprint-quality/colour", test_colour);
  g_test_add_func ("/fingerprint-quality/degraded", test_degraded);
  g_test_add_func ("/fingerprint-quality/part", test_part);
  g_test_add_func ("/fingerprint-quality/no-finger", test_no_finger);
  g_test_add_func ("/fingerprint-quality/text", test_text);
  g_test_add_func ("/fingerprint-quality/scene", test_scene);
  g_test_add_func ("/fingerprint-quality/data-fingers", test_data_fingers);
  g_test_add_func ("/fingerprint-quality/data-faces", test_data_faces);
  return g_test_run ();
}
