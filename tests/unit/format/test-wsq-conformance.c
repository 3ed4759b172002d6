/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * NIST's reference set for WSQ, when it is there: our bins against those of the reference encoder, and
 * what the reference files decode to against the pictures they were made of.
 */
#include <gio/gio.h>

#include "format/wsq-private.h"
#include "picture.h"

/* The certification's tolerances. */
#define BINS_EQUAL_MIN 0.99999
#define WIDTH_ERROR_MAX 0.00051
#define SIZE_ERROR_MAX 0.004

static const char *const names[] = { "a001",     "a018",      "a070",     "a107",     "b082",
                                     "b157",     "cmp00001",  "cmp00004", "cmp00009", "cmp00013",
                                     "cmp00017", "sample_01", "sample_10" };

static GBytes *inflate (GBytes *bytes) {
  g_autoptr (GZlibDecompressor) gzip = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GInputStream) packed = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GInputStream) plain = g_converter_input_stream_new (packed, G_CONVERTER (gzip));
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_output_stream_splice (out, plain, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
  g_assert_no_error (error);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

static GBytes *load (const char *folder, const char *name, const char *suffix) {
  g_autofree char *path = g_strdup_printf ("fingers/nist-wsq-ref/%s/%s.%s", folder, name, suffix);
  return test_data_load (path);
}

/* NULL when there is no data. */
static TamboImage *load_input (const char *name) {
  g_autoptr (GBytes) packed = load ("input", name, "pgm.gz");
  if (packed == NULL)
    return NULL;
  g_autoptr (GBytes) bytes = inflate (packed);
  g_autoptr (GError) error = NULL;
  TamboImage *image = tambo_image_decode (bytes, &error);
  g_assert_no_error (error);
  return image;
}

static double find_rate (const char *folder) {
  return strcmp (folder, "wsq075") == 0 ? TAMBO_WSQ_RATE : TAMBO_WSQ_RATE_FINE;
}

static void read_file (TamboWsqFile *file, GBytes *bytes) {
  g_autoptr (GError) error = NULL;
  gboolean read = tambo_wsq_file_read (file, bytes, &error);

  g_assert_no_error (error);
  g_assert_true (read);
}

/* Bytes of the comment, which the reference files do not have. */
static gsize comment_size (GBytes *bytes) {
  const guint8 *data = g_bytes_get_data (bytes, NULL);

  return data[2] == 0xFF && data[3] == 0xA8 ? 2 + ((gsize) data[4] << 8 | data[5]) : 0;
}

typedef struct {
  gsize bins, different, far;
  double worst_width, worst_size;
} Tally;

static double relative (double a, double b) {
  return b == 0 ? fabs (a) : fabs (a - b) / b;
}

static void compare_files (Tally *tally, GBytes *ours, GBytes *reference) {
  g_auto (TamboWsqFile) a;
  g_auto (TamboWsqFile) b;

  read_file (&a, ours);
  read_file (&b, reference);
  g_assert_cmpuint (a.size, ==, b.size);
  g_assert_cmpfloat (relative (a.shift, b.shift), <, 1e-4);
  g_assert_cmpfloat (relative (a.scale, b.scale), <, 1e-4);
  for (gsize i = 0; i < a.size; i++) {
    int difference = ABS (a.indices[i] - b.indices[i]);
    tally->different += difference != 0;
    tally->far += difference > 1;
  }
  tally->bins += a.size;
  for (int i = 0; i < TAMBO_WSQ_SUBBANDS; i++) {
    double bin = relative (a.quantiser.bin[i], b.quantiser.bin[i]);
    double zero = relative (a.quantiser.zero[i], b.quantiser.zero[i]);
    tally->worst_width = MAX (tally->worst_width, MAX (bin, zero));
  }
  double size = (double) g_bytes_get_size (reference);
  double error = relative ((double) g_bytes_get_size (ours), size);
  double without = relative ((double) (g_bytes_get_size (ours) - comment_size (ours)), size);
  tally->worst_size = MAX (tally->worst_size, MAX (error, without));
}

static void test_encodes_like_the_reference (gconstpointer data) {
  const char *folder = data;
  double rate = find_rate (folder);
  Tally tally = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (TamboImage) image = load_input (names[i]);
    g_autoptr (GBytes) reference = load (folder, names[i], "wsq");
    if (image == NULL || reference == NULL) {
      g_test_skip ("no data");
      return;
    }
    g_autoptr (GError) error = NULL;
    image->ppi = 500;
    g_autoptr (GBytes) ours = tambo_wsq_encode (image, rate, &error);
    g_assert_no_error (error);
    compare_files (&tally, ours, reference);
  }
  g_test_message ("%s: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " bins differ, %" G_GSIZE_FORMAT
                  " by more than 1; widths within %.4f %%, sizes within %.3f %%",
                  folder, tally.different, tally.bins, tally.far, 100 * tally.worst_width,
                  100 * tally.worst_size);
  g_assert_cmpfloat ((double) tally.different, <=, (double) tally.bins * (1 - BINS_EQUAL_MIN));
  g_assert_cmpuint (tally.far, ==, 0);
  g_assert_cmpfloat (tally.worst_width, <=, WIDTH_ERROR_MAX);
  g_assert_cmpfloat (tally.worst_size, <=, SIZE_ERROR_MAX);
}

/* Our own files and the reference's have nearly the same bins, so they must show the same picture. */
static void test_decodes_the_reference (gconstpointer data) {
  const char *folder = data;
  double rate = find_rate (folder);
  gsize different = 0, pixels = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (TamboImage) image = load_input (names[i]);
    g_autoptr (GBytes) reference = load (folder, names[i], "wsq");
    if (image == NULL || reference == NULL) {
      g_test_skip ("no data");
      return;
    }
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) ours = tambo_wsq_encode (image, rate, &error);
    g_assert_no_error (error);
    g_autoptr (TamboImage) a = tambo_wsq_decode (ours, &error);
    g_assert_no_error (error);
    g_autoptr (TamboImage) b = tambo_wsq_decode (reference, &error);
    g_assert_no_error (error);
    g_assert_cmpfloat (tambo_image_psnr (image, b), >, 22);
    for (gsize p = 0; p < tambo_image_size (b); p++)
      different += a->data[p] != b->data[p];
    pixels += tambo_image_size (b);
  }
  g_test_message ("%s: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " pixels differ", folder, different,
                  pixels);
  g_assert_cmpuint (different, <=, pixels / 1000);
}

/* Filters of 6 and 10 and of 10 and 10 taps. What they show is what the usual filters show. */
static void test_decodes_other_filters (void) {
  g_autoptr (TamboImage) image = load_input ("cmp00009");
  g_autoptr (GBytes) six = load ("wsq_not79", "cmp00009", "wsq");
  g_autoptr (GBytes) ten = load ("wsq_not79", "cmp00014", "wsq");
  g_autoptr (GBytes) nine = load ("wsq075", "cmp00009", "wsq");
  g_autoptr (GError) error = NULL;

  if (image == NULL || six == NULL || ten == NULL || nine == NULL) {
    g_test_skip ("no data");
    return;
  }
  g_autoptr (TamboImage) from_six = tambo_wsq_decode (six, &error);
  g_assert_no_error (error);
  g_autoptr (TamboImage) from_nine = tambo_wsq_decode (nine, &error);
  g_assert_no_error (error);
  double psnr_six = tambo_image_psnr (image, from_six);
  double psnr_nine = tambo_image_psnr (image, from_nine);
  g_test_message ("%.2f dB with 6 and 10 taps, %.2f with 9 and 7", psnr_six, psnr_nine);
  g_assert_cmpfloat (psnr_six, >, psnr_nine - 1);

  /* No picture goes with the other one: it must be as smooth as a print, which wrong filters break. */
  g_autoptr (TamboImage) from_ten = tambo_wsq_decode (ten, &error);
  g_assert_no_error (error);
  g_assert_cmpint (from_ten->width, ==, 466);
  guint64 steps = 0;
  for (int i = 1; i < 466 * 578; i++)
    steps += (guint64) ABS (from_ten->data[i] - from_ten->data[i - 1]);
  double step = (double) steps / (466 * 578);
  g_test_message ("mean step %.2f with 10 and 10 taps", step);
  g_assert_cmpfloat (step, <, 20);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/wsq-conformance/encode-0.75", "wsq075", test_encodes_like_the_reference);
  g_test_add_data_func ("/wsq-conformance/encode-2.25", "wsq225", test_encodes_like_the_reference);
  g_test_add_data_func ("/wsq-conformance/decode-0.75", "wsq075", test_decodes_the_reference);
  g_test_add_data_func ("/wsq-conformance/decode-2.25", "wsq225", test_decodes_the_reference);
  g_test_add_func ("/wsq-conformance/other-filters", test_decodes_other_filters);
  return g_test_run ();
}
