/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/fingerprint-quality.h"

#include "picture.h"

#define WHITE 245
#define NAMED_MIN 0.9 /* of the spoiled prints of the data */
#define FALSE_MAX 0.1 /* of the good ones, for each reason */

/* ---- ways to spoil a print ---- */

/* The lightest or darkest pixel around each. */
static TamboImage *spread (const TamboImage *image, int reach, gboolean dark) {
  TamboImage *copy = tambo_image_copy (image);

  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++) {
      int best = image->data[y * image->width + x];
      for (int v = MAX (y - reach, 0); v <= MIN (y + reach, image->height - 1); v++)
        for (int u = MAX (x - reach, 0); u <= MIN (x + reach, image->width - 1); u++) {
          int level = image->data[v * image->width + u];
          best = dark ? MIN (best, level) : MAX (best, level);
        }
      copy->data[y * image->width + x] = (guint8) best;
    }
  return copy;
}

/* Thin ridges, with gaps. */
static TamboImage *dry (const TamboImage *image) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (9);
  TamboImage *copy = spread (image, 1, FALSE);

  for (int i = 0; i < image->width * image->height / 30; i++) {
    int left = g_rand_int_range (rand, 0, image->width - 3);
    int top = g_rand_int_range (rand, 0, image->height - 3);
    for (int y = top; y < top + 3; y++)
      memset (copy->data + y * image->width + left, WHITE, 3);
  }
  return copy;
}

/* Ridges that run into each other. */
static TamboImage *wet (const TamboImage *image) {
  return spread (image, 2, TRUE);
}

static TamboImage *light (const TamboImage *image) {
  TamboImage *copy = tambo_image_copy (image);

  for (gsize i = 0; i < tambo_image_size (image); i++)
    copy->data[i] = (guint8) (255 - (255 - image->data[i]) / 5);
  return copy;
}

static TamboImage *moved (const TamboImage *image) {
  TamboImage *copy = tambo_image_copy (image);
  int shift = image->width * 9 / 20;

  for (int y = 0; y < image->height; y++) {
    memset (copy->data + y * image->width, WHITE, (gsize) shift);
    memcpy (copy->data + y * image->width + shift, image->data + y * image->width,
            (gsize) (image->width - shift));
  }
  return copy;
}

/* The tip alone: a disc of 8 mm. */
static TamboImage *cropped (const TamboImage *image) {
  TamboImage *copy = tambo_image_copy (image);

  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++)
      if (hypot (x - image->width / 2.0, y - image->height / 2.0) > 79)
        copy->data[y * image->width + x] = WHITE;
  return copy;
}

/* The lower half moved while the picture was taken, this way and that. */
static TamboImage *smeared (const TamboImage *image) {
  TamboImage *copy = tambo_image_copy (image);
  const int reach = 14;

  for (int pass = 0; pass < 2; pass++) {
    g_autoptr (TamboImage) source = tambo_image_copy (copy);
    for (int y = image->height * 2 / 5; y < image->height - reach; y++)
      for (int x = reach; x < image->width - reach; x++) {
        int sum = 0;
        for (int i = -reach; i <= reach; i++)
          sum += pass == 0 ? source->data[y * image->width + x + i]
                           : source->data[(y + i) * image->width + x];
        copy->data[y * image->width + x] = (guint8) (sum / (2 * reach + 1));
      }
  }
  return copy;
}

static TamboImage *(*const spoil[TAMBO_FINGERPRINT_REASONS]) (const TamboImage *) = {
  [TAMBO_FINGERPRINT_TOO_DRY] = dry,        [TAMBO_FINGERPRINT_TOO_WET] = wet,
  [TAMBO_FINGERPRINT_TOO_LIGHT] = light,    [TAMBO_FINGERPRINT_OFF_CENTRE] = moved,
  [TAMBO_FINGERPRINT_SMALL_AREA] = cropped, [TAMBO_FINGERPRINT_SMEARED] = smeared,
};

/* ---- tests ---- */

static gboolean is_named (const TamboImage *image, TamboFingerprintReason reason) {
  TamboFingerprintQuality quality;

  tambo_fingerprint_quality (image, &quality);
  g_assert_true (tambo_fingerprint_has_ridges (&quality));
  if (g_test_verbose ())
    g_test_message ("%s: %.2f", tambo_fingerprint_reason_info (reason)->name,
                    tambo_fingerprint_reason_value (&quality, reason));
  return tambo_fingerprint_has_reason (&quality, reason);
}

static void test_drawn (void) {
  static const double periods[] = { 7, 8, 9, 10 };
  int wrong = 0;

  for (guint i = 0; i < G_N_ELEMENTS (periods); i++) {
    g_autoptr (TamboImage) good = ridges_new (320, 420, periods[i]);
    for (int reason = 0; reason < TAMBO_FINGERPRINT_REASONS; reason++) {
      const TamboFingerprintReasonInfo *info = tambo_fingerprint_reason_info (reason);
      g_autoptr (TamboImage) bad = spoil[reason](good);
      gboolean alarm = is_named (good, reason), named = is_named (bad, reason);
      if (alarm || !named)
        g_test_message ("%s at period %g: %s", info->name, periods[i],
                        alarm ? "false alarm" : "not named");
      wrong += alarm || !named;
    }
  }
  g_assert_cmpint (wrong, ==, 0);
}

/* Prints that are good and those same prints spoiled. */
static void test_data (void) {
  int prints = 0, named[TAMBO_FINGERPRINT_REASONS] = { 0 };
  int alarms[TAMBO_FINGERPRINT_REASONS] = { 0 };

  for (int i = 1; i <= 5; i++) {
    g_autofree char *name = g_strdup_printf ("fingers/sfinge/SFinGe_Test%02d.pgm", i);
    g_autoptr (TamboImage) good = test_picture_load (name);
    if (good == NULL)
      continue;
    prints++;
    for (int reason = 0; reason < TAMBO_FINGERPRINT_REASONS; reason++) {
      g_autoptr (TamboImage) bad = spoil[reason](good);
      alarms[reason] += is_named (good, reason);
      named[reason] += is_named (bad, reason);
    }
  }
  for (int reason = 0; reason < TAMBO_FINGERPRINT_REASONS; reason++) {
    g_test_message ("%s: %d of %d, %d false", tambo_fingerprint_reason_info (reason)->name,
                    named[reason], prints, alarms[reason]);
    g_assert_cmpfloat (named[reason], >=, NAMED_MIN * prints);
    g_assert_cmpfloat (alarms[reason], <=, FALSE_MAX * prints);
  }
}

static void test_no_finger (void) {
  g_autoptr (TamboImage) blank = tambo_image_new (320, 420, 1);
  TamboFingerprintQuality quality;

  memset (blank->data, WHITE, tambo_image_size (blank));
  tambo_fingerprint_quality (blank, &quality);
  for (int reason = 0; reason < TAMBO_FINGERPRINT_REASONS; reason++)
    g_assert_false (tambo_fingerprint_has_reason (&quality, reason));
}

static void test_thresholds (void) {
  g_assert_cmpint (tambo_fingerprint_threshold (TAMBO_FINGERPRINT_PLAIN_ENROLMENT, 1), ==, 30);
  g_assert_cmpint (tambo_fingerprint_threshold (TAMBO_FINGERPRINT_PLAIN_ENROLMENT, 7), ==, 30);
  g_assert_cmpint (tambo_fingerprint_threshold (TAMBO_FINGERPRINT_PLAIN_ENROLMENT, 3), ==, 20);
  g_assert_cmpint (tambo_fingerprint_threshold (TAMBO_FINGERPRINT_PLAIN_CONTROL, 2), ==, 20);
  g_assert_cmpint (tambo_fingerprint_threshold (TAMBO_FINGERPRINT_ROLLED, 10), ==, 5);
  g_assert_cmpint (tambo_fingerprint_threshold (TAMBO_FINGERPRINT_ROLLED, 6), ==, 20);
  g_assert_cmpint (tambo_fingerprint_threshold (TAMBO_FINGERPRINT_ROLLED, 0), ==, -1);
  g_assert_cmpint (tambo_fingerprint_threshold (TAMBO_FINGERPRINT_ROLLED, 11), ==, -1);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fingerprint-reason/drawn", test_drawn);
  g_test_add_func ("/fingerprint-reason/data", test_data);
  g_test_add_func ("/fingerprint-reason/no-finger", test_no_finger);
  g_test_add_func ("/fingerprint-reason/thresholds", test_thresholds);
  return g_test_run ();
}
