/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/portrait-check.h"

#include "picture.h"

/* A head, hair, eyes, mouth and shoulders with hard edges before a light grey wall. */
static TamboImage *portrait_new (int width, int height, double skin) {
  TamboImage *image = tambo_image_new (width, height, 3);
  guint8 *out = image->data;

  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) {
      double u = (x - width / 2.0) / (width * 0.28), v = (y - height * 0.45) / (height * 0.3);
      double level = 205;
      if (y > height * 0.82 && fabs (u) < 1.6 - 0.6 * (1 - v))
        level = 60;
      if (u * u + v * v < 1)
        level = v < -0.55 ? 45 : skin - 15 * u * u;
      if (hypot (fabs (u) - 0.4, (v + 0.1) * 1.5) < 0.13)
        level = hypot (fabs (u) - 0.4, (v + 0.1) * 1.5) < 0.06 ? 20 : 235;
      if (fabs (u) < 0.3 && fabs (v - 0.5) < 0.04)
        level = skin * 0.6;
      for (int c = 0; c < 3; c++)
        *out++ = (guint8) CLAMP (level - 8 * c, 0, 255);
    }
  }
  return image;
}

static const TamboPortraitMeasure *find (GArray *measures, const char *name) {
  for (guint i = 0; i < measures->len; i++) {
    const TamboPortraitMeasure *measure = &g_array_index (measures, TamboPortraitMeasure, i);
    if (g_str_equal (measure->measure, name))
      return measure;
  }
  g_assert_not_reached ();
}

static void assert_passes (const TamboImage *image, const char *what) {
  g_autoptr (GArray) measures = tambo_portrait_check (image);
  const char *hint = tambo_portrait_hint (measures);
  if (hint != NULL)
    g_error ("%s: %s", what, hint);
}

/* Fails NAME, and the hint is that of the first measure that failed. */
static void assert_fails (const TamboImage *image, const char *name) {
  g_autoptr (GArray) measures = tambo_portrait_check (image);
  const TamboPortraitMeasure *failed = find (measures, name);

  g_assert_false (failed->passed);
  g_assert_cmpstr (failed->hint, !=, "");
  g_assert_true (failed->value < failed->minimum || failed->value > failed->maximum);
  g_assert_nonnull (tambo_portrait_hint (measures));
}

static void test_measures (void) {
  static const char *const names[] = { "width", "height", "exposure", "dynamic-range",
                                       "sharpness" };
  g_autoptr (TamboImage) image = portrait_new (600, 800, 170);
  g_autoptr (GArray) measures = tambo_portrait_check (image);

  g_assert_cmpuint (measures->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < measures->len; i++) {
    const TamboPortraitMeasure *measure = &g_array_index (measures, TamboPortraitMeasure, i);
    g_assert_cmpstr (measure->measure, ==, names[i]);
    g_assert_true (isfinite (measure->value));
    g_assert_true (measure->passed);
    g_assert_cmpstr (measure->hint, ==, "");
  }
  g_assert_cmpfloat (find (measures, "width")->value, ==, 600);
  g_assert_cmpfloat (find (measures, "height")->value, ==, 800);
  g_assert_null (tambo_portrait_hint (measures));
}

static void test_good (void) {
  static const int sizes[][2] = { { 480, 640 }, { 600, 800 }, { 1200, 1600 }, { 1500, 2000 } };
  static const double skins[] = { 70, 120, 170, 210 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    for (guint j = 0; j < G_N_ELEMENTS (skins); j++) {
      g_autoptr (TamboImage) image = portrait_new (sizes[i][0], sizes[i][1], skins[j]);
      assert_passes (image, "drawn");
      g_autoptr (TamboImage) grainy = noisy (image, 10);
      assert_passes (grainy, "drawn with noise");
      g_autoptr (TamboImage) grey = tambo_image_to_grey (image);
      assert_passes (grey, "drawn in grey");
    }
  }
}

static void test_small (void) {
  g_autoptr (TamboImage) narrow = portrait_new (479, 700, 170);
  g_autoptr (TamboImage) low = portrait_new (640, 480, 170);
  assert_fails (narrow, "width");
  assert_fails (low, "height");
}

static void test_light (void) {
  g_autoptr (TamboImage) image = portrait_new (600, 800, 170);
  g_autoptr (TamboImage) dark = multiplied (image, 0.15);
  g_autoptr (TamboImage) bright = multiplied (image, 2.5);
  assert_fails (dark, "exposure");
  assert_fails (bright, "exposure");

  g_autoptr (TamboImage) flat = tambo_image_copy (image);
  for (gsize i = 0; i < tambo_image_size (flat); i++)
    flat->data[i] = (guint8) (120 + flat->data[i] / 6);
  assert_fails (flat, "dynamic-range");
}

static void test_blurred (void) {
  g_autoptr (TamboImage) image = portrait_new (600, 800, 170);
  g_autoptr (TamboImage) large = portrait_new (1200, 1600, 170);
  g_autoptr (TamboImage) soft = blurred (large, 1);
  g_autoptr (TamboImage) heavy = blurred (image, 9);
  assert_passes (soft, "a little soft");
  assert_fails (heavy, "sharpness");
}

static void test_degenerate (void) {
  static const int sizes[][2] = { { 1, 1 }, { 2, 3 }, { 3, 3000 }, { 3000, 2 } };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (TamboImage) image = tambo_image_new (sizes[i][0], sizes[i][1], 3);
    assert_fails (image, "dynamic-range");
  }
  g_autoptr (TamboImage) noise = tambo_image_new (600, 800, 1);
  memset (noise->data, 128, 600 * 800);
  g_autoptr (TamboImage) grain = noisy (noise, 128);
  assert_fails (grain, "sharpness");
}

static void test_data (void) {
  g_autoptr (GPtrArray) names = test_pictures ("faces/sfhq");
  int count = 0;

  for (guint i = 0; i < names->len; i++) {
    g_autoptr (TamboImage) image = test_picture_load (g_ptr_array_index (names, i));
    if (image == NULL || image->height < 640)
      continue;
    assert_passes (image, g_ptr_array_index (names, i));
    g_autoptr (TamboImage) part = tambo_image_fit (image, 600, 800);
    g_autoptr (TamboImage) dark = multiplied (part, 0.15);
    g_autoptr (TamboImage) bright = multiplied (part, 3);
    g_autoptr (TamboImage) blur = blurred (part, 5);
    assert_passes (part, g_ptr_array_index (names, i));
    assert_fails (dark, "exposure");
    assert_fails (bright, "exposure");
    assert_fails (blur, "sharpness");
    count++;
  }
  g_test_message ("%d faces", count);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/portrait-check/measures", test_measures);
  g_test_add_func ("/portrait-check/good", test_good);
  g_test_add_func ("/portrait-check/small", test_small);
  g_test_add_func ("/portrait-check/light", test_light);
  g_test_add_func ("/portrait-check/blurred", test_blurred);
  g_test_add_func ("/portrait-check/degenerate", test_degenerate);
  g_test_add_func ("/portrait-check/data", test_data);
  return g_test_run ();
}
