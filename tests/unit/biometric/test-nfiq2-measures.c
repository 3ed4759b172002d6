/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-measures.h"

#include "format/image-codec.h"

#include <math.h>
#include <string.h>

#define TOLERANCE 1e-3 /* relative */

/* Compares what NFIQ 2 published for one image, one "name: value" a line. */
static void compare (const TamboNfiq2Measures *all, char *published) {
  g_auto (GStrv) lines = g_strsplit (published, "\n", -1);
  const TamboNfiq2Measure *measures = all->measures;
  int compared = 0;

  for (char **line = lines; *line != NULL; line++) {
    g_auto (GStrv) parts = g_strsplit (*line, ": ", 2);
    for (int i = 0; parts[0] != NULL && parts[1] != NULL && i < TAMBO_NFIQ2_MEASURES; i++) {
      if (strcmp (parts[0], measures[i].name) != 0)
        continue;
      double value = g_ascii_strtod (parts[1], NULL);
      if (fabs (measures[i].value - value) > TOLERANCE * fabs (value) + 1e-9)
        g_error ("%s: %g, published %g", parts[0], measures[i].value, value);
      compared++;
    }
  }
  g_assert_cmpint (compared, ==, TAMBO_NFIQ2_MEASURES);
}

static void test_published (void) {
  const char *root = g_getenv ("TAMBO_TEST_DATA");

  for (int i = 1; i <= 5; i++) {
    g_autofree char *stem =
        g_strdup_printf ("%s/fingers/sfinge/SFinGe_Test%02d", root != NULL ? root : "", i);
    g_autofree char *image_path = g_strconcat (stem, ".pgm", NULL);
    g_autofree char *text_path = g_strconcat (stem, "_output.txt", NULL);
    g_autofree char *content = NULL;
    g_autofree char *published = NULL;
    gsize size;
    if (!g_file_get_contents (image_path, &content, &size, NULL)
        || !g_file_get_contents (text_path, &published, NULL, NULL)) {
      g_test_skip ("no data");
      return;
    }
    g_autoptr (GBytes) bytes = g_bytes_new (content, size);
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboImage) image = tambo_image_decode (bytes, &error);
    TamboNfiq2Measures measures;
    g_assert_no_error (error);
    g_assert_true (tambo_nfiq2_measure (image, &measures));
    compare (&measures, published);
  }
}

/* Straight ridges in a white frame: every block is certain and none turns. */
static void test_straight_ridges (void) {
  g_autoptr (TamboImage) image = tambo_image_new (400, 360, 1);
  TamboNfiq2Measures measures;

  memset (image->data, 255, tambo_image_size (image));
  for (int y = 20; y < 340; y++)
    for (int x = 40; x < 360; x++)
      image->data[y * 400 + x] = (guint8) (128 + 100 * sin (0.7 * x));
  g_assert_true (tambo_nfiq2_measure (image, &measures));
  g_assert_cmpfloat (tambo_nfiq2_measures_get (&measures, "OCL_Bin10_9"), ==, 100);
  g_assert_cmpfloat (tambo_nfiq2_measures_get (&measures, "OCL_Bin10_Mean"), >, 0.999);
  g_assert_cmpfloat (tambo_nfiq2_measures_get (&measures, "OF_Bin10_Mean"), ==, 0);
  g_assert_cmpfloat (fabs (tambo_nfiq2_measures_get (&measures, "Mu") - 128), <, 2);
}

static void test_nothing_to_measure (void) {
  g_autoptr (TamboImage) white = tambo_image_new (200, 200, 1);
  g_autoptr (TamboImage) small = tambo_image_new (31, 200, 1);
  TamboNfiq2Measures measures;

  memset (white->data, 255, tambo_image_size (white));
  g_assert_false (tambo_nfiq2_measure (white, &measures));
  g_assert_false (tambo_nfiq2_measure (small, &measures));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nfiq2-measures/published", test_published);
  g_test_add_func ("/nfiq2-measures/straight-ridges", test_straight_ridges);
  g_test_add_func ("/nfiq2-measures/nothing-to-measure", test_nothing_to_measure);
  return g_test_run ();
}
