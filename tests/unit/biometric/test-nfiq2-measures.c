/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-measures.h"

#include "format/image-codec.h"
#include "nfiq2-picture.h"

#include <gio/gio.h>
#include <math.h>
#include <stdlib.h>
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

/* A print of our own gives what it gave when all was equal to what is published. */
static void test_drawn (void) {
  g_autofree char *known = g_strdup (
      "FDA_Bin10_0: 0\nFDA_Bin10_1: 0\nFDA_Bin10_2: 0\nFDA_Bin10_3: 1\nFDA_Bin10_4: 2\n"
      "FDA_Bin10_5: 4\nFDA_Bin10_6: 8\nFDA_Bin10_7: 15\nFDA_Bin10_8: 76\nFDA_Bin10_9: 6\n"
      "FDA_Bin10_Mean: 0.641132238\nFDA_Bin10_StdDev: 0.176513472\n"
      "FingerJetFX_MinCount_COMMinRect200x200: 5\nFingerJetFX_MinutiaeCount: 12\n"
      "FJFXPos_Mu_MinutiaeQuality_2: 1\nFJFXPos_OCL_MinutiaeQuality_80: 1\n"
      "ImgProcROIArea_Mean: 139.553052\nLCS_Bin10_0: 0\nLCS_Bin10_1: 3\nLCS_Bin10_2: 0\n"
      "LCS_Bin10_3: 1\nLCS_Bin10_4: 1\nLCS_Bin10_5: 2\nLCS_Bin10_6: 0\nLCS_Bin10_7: 1\n"
      "LCS_Bin10_8: 8\nLCS_Bin10_9: 96\nLCS_Bin10_Mean: 0.881592748\n"
      "LCS_Bin10_StdDev: 0.151347061\nMMB: 164.729691\nMu: 161.664046\nOCL_Bin10_0: 3\n"
      "OCL_Bin10_1: 0\nOCL_Bin10_2: 0\nOCL_Bin10_3: 3\nOCL_Bin10_4: 0\nOCL_Bin10_5: 2\n"
      "OCL_Bin10_6: 2\nOCL_Bin10_7: 4\nOCL_Bin10_8: 8\nOCL_Bin10_9: 101\n"
      "OCL_Bin10_Mean: 0.931637105\nOCL_Bin10_StdDev: 0.132730109\nOF_Bin10_0: 14\n"
      "OF_Bin10_1: 11\nOF_Bin10_2: 5\nOF_Bin10_3: 5\nOF_Bin10_4: 3\nOF_Bin10_5: 0\n"
      "OF_Bin10_6: 5\nOF_Bin10_7: 0\nOF_Bin10_8: 14\nOF_Bin10_9: 8\n"
      "OF_Bin10_Mean: 0.297944212\nOF_Bin10_StdDev: 0.363058691\n"
      "OrientationMap_ROIFilter_CoherenceRel: 0.866267142\n"
      "OrientationMap_ROIFilter_CoherenceSum: 116.079797\nRVUP_Bin10_0: 0\nRVUP_Bin10_1: 6\n"
      "RVUP_Bin10_2: 6\nRVUP_Bin10_3: 81\nRVUP_Bin10_4: 167\nRVUP_Bin10_5: 7\n"
      "RVUP_Bin10_6: 5\nRVUP_Bin10_7: 1\nRVUP_Bin10_8: 0\nRVUP_Bin10_9: 0\n"
      "RVUP_Bin10_Mean: 1.00674167\nRVUP_Bin10_StdDev: 0.192814567\n");
  g_autoptr (TamboImage) image = drawn_print_new ();
  TamboNfiq2Measures measures;

  g_assert_true (tambo_nfiq2_measure (image, &measures));
  g_assert_true (measures.scorable);
  g_assert_cmpfloat_with_epsilon (measures.deviation, 73.4394, 0.01);
  g_assert_cmpfloat_with_epsilon (measures.foreground, 118996, 0.5);
  compare (&measures, known);
}

/* ---- the tables of NIST's conformance set, whose images are not to be had ---- */

/* The lines of a table; NULL, with the test skipped, without the data. */
static char **read_table (const char *name) {
  const char *root = g_getenv ("TAMBO_TEST_DATA");
  g_autofree char *path = g_strdup_printf ("%s/fingers/sfinge/%s", root != NULL ? root : "", name);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) packed = g_file_read (file, NULL, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  char piece[4096];
  gssize size;

  if (packed == NULL) {
    g_test_skip ("no data");
    return NULL;
  }
  g_autoptr (GZlibDecompressor) gzip = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GInputStream) plain =
      g_converter_input_stream_new (G_INPUT_STREAM (packed), G_CONVERTER (gzip));
  while ((size = g_input_stream_read (plain, piece, sizeof piece, NULL, NULL)) > 0)
    g_string_append_len (text, piece, size);
  return g_strsplit (text->str, "\n", -1);
}

static guint find_column (char **columns, const char *name) {
  guint i = 0;

  while (columns[i] != NULL && strcmp (columns[i], name) != 0)
    i++;
  g_assert_nonnull (columns[i]);
  return i;
}

/* They name the same measures in the same order. */
static void test_names (void) {
  g_auto (GStrv) lines = read_table ("conformance_expected_output-v2.3.0.csv.gz");
  g_autoptr (TamboImage) image = drawn_print_new ();
  TamboNfiq2Measures measures;

  if (lines == NULL)
    return;
  g_auto (GStrv) columns = g_strsplit (lines[0], ",", -1);
  guint first = find_column (columns, "FDA_Bin10_0");
  g_assert_true (tambo_nfiq2_measure (image, &measures));
  for (guint i = 0; i < TAMBO_NFIQ2_MEASURES; i++)
    g_assert_cmpstr (columns[first + i], ==, measures.measures[i].name);
}

/* Measures of one table are the quality block values of the other; the published measures are rounded. */
static void test_block_values (void) {
  g_auto (GStrv) native = read_table ("conformance_expected_output-v2.3.0.csv.gz");
  g_auto (GStrv) mapped = read_table ("conformance_expected_output-v2.3.0-mapped.csv.gz");
  int compared = 0;

  if (native == NULL || mapped == NULL)
    return;
  g_auto (GStrv) names = g_strsplit (native[0], ",", -1);
  g_auto (GStrv) mapped_names = g_strsplit (mapped[0], ",", -1);
  guint first = find_column (names, "FDA_Bin10_0");
  guint mapped_first = find_column (mapped_names, "QB_FDA_Bin10_0");
  for (guint line = 1; native[line] != NULL && mapped[line] != NULL; line++) {
    g_auto (GStrv) values = g_strsplit (native[line], ",", -1);
    g_auto (GStrv) wanted = g_strsplit (mapped[line], ",", -1);
    if (g_strv_length (values) < first + TAMBO_NFIQ2_MEASURES || strcmp (values[first], "NA") == 0)
      continue;
    for (guint i = 0; i < TAMBO_NFIQ2_MEASURES; i++) {
      TamboNfiq2Measure measure = { .value = g_ascii_strtod (values[first + i], NULL) };
      const char *text = wanted[mapped_first + i];
      g_strlcpy (measure.name, names[first + i], sizeof measure.name);
      g_assert_cmpint (tambo_nfiq2_block_value (&measure), ==,
                       strcmp (text, "NA") == 0 ? -1 : atoi (text));
      compared++;
    }
  }
  g_test_message ("%d values", compared);
  g_assert_cmpint (compared, >, 100 * TAMBO_NFIQ2_MEASURES);
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
  g_autoptr (TamboImage) wide = tambo_image_new (801, 200, 1);
  TamboNfiq2Measures measures;

  memset (white->data, 255, tambo_image_size (white));
  g_assert_false (tambo_nfiq2_measure (white, &measures));
  g_assert_false (tambo_nfiq2_measure (small, &measures));
  g_assert_false (tambo_nfiq2_measure (wide, &measures));
}

/* Pictures of any shape and content. */
static void test_any_size (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (12);

  for (int round = 0; round < 40; round++) {
    g_autoptr (TamboImage) image =
        tambo_image_new (g_rand_int_range (rand, 1, 250), g_rand_int_range (rand, 1, 250), 1);
    TamboNfiq2Measures measures;
    int step = g_rand_int_range (rand, 1, 12);
    for (int i = 0; i < (int) tambo_image_size (image); i++) {
      int level = 120 * (i / step % 2);
      if (round % 4 < 2)
        level = round % 4 == 0 ? round : g_rand_int_range (rand, 0, 256);
      image->data[i] = (guint8) level;
    }
    if (!tambo_nfiq2_measure (image, &measures))
      continue;
    for (int i = 0; i < TAMBO_NFIQ2_MEASURES; i++)
      g_assert_true (isfinite (measures.measures[i].value));
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nfiq2-measures/published", test_published);
  g_test_add_func ("/nfiq2-measures/drawn", test_drawn);
  g_test_add_func ("/nfiq2-measures/names", test_names);
  g_test_add_func ("/nfiq2-measures/block-values", test_block_values);
  g_test_add_func ("/nfiq2-measures/straight-ridges", test_straight_ridges);
  g_test_add_func ("/nfiq2-measures/any-size", test_any_size);
  g_test_add_func ("/nfiq2-measures/nothing-to-measure", test_nothing_to_measure);
  return g_test_run ();
}
