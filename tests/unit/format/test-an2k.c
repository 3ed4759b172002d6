/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/an2k-records.h"

#include "base/bytes.h"
#include "format/format-error.h"
#include "format/image-codec.h"
#include "format/wsq.h"
#include "picture.h"

#define DAY 1132154722 /* 2005-11-16 15:25:22 */

static TamboAn2k *make_empty (void) {
  const TamboAn2kHeader header = { .transaction = "NFUF",
                                   .destination = "UTO-HQ",
                                   .origin = "UTO-01",
                                   .control = "42",
                                   .domain = "UTOPIA",
                                   .time = DAY };

  return tambo_an2k_new (&header);
}

static TamboAn2kImage make_rows (guint8 position) {
  static const guint8 pixels[6] = { 0, 28, 29, 30, 31, 255 }; /* all separators among them */

  return (TamboAn2kImage){ .position = position,
                           .width = 3,
                           .height = 2,
                           .ppi = 500,
                           .source = "UTO",
                           .data = g_bytes_new_static (pixels, sizeof pixels) };
}

static TamboMinutiaeRecord *make_minutiae (void) {
  TamboMinutiaeRecord *record = tambo_minutiae_record_new ();
  TamboMinutiaeView *view = tambo_minutiae_view_new ();
  const TamboMinutia two[] = { { TAMBO_MINUTIA_ENDING, 64, 90, 100, 14 },
                               { TAMBO_MINUTIA_BIFURCATION, 255, 0, 299, 399 } };

  record->width = 300;
  record->height = 400;
  record->per_centimetre_x = record->per_centimetre_y = 197;
  view->position = 2;
  view->quality = 86;
  g_array_append_vals (view->minutiae, two, G_N_ELEMENTS (two));
  g_ptr_array_add (record->views, view);
  return record;
}

static TamboAn2k *make_all (void) {
  TamboAn2k *an2k = make_empty ();
  g_auto (TamboAn2kImage) right = make_rows (2), left = make_rows (7), face = make_rows (0);
  g_autoptr (TamboMinutiaeRecord) minutiae = make_minutiae ();

  tambo_an2k_record_add (tambo_an2k_add_type2 (an2k), 18, "ERIKSSON,ANNA MARIA");
  tambo_an2k_add_type4 (an2k, &right);
  tambo_an2k_add_type9 (an2k, minutiae, 0);
  face.ppi = 0;
  face.compression = TAMBO_AN2K_JPEG;
  tambo_an2k_add_type10 (an2k, &face, DAY);
  tambo_an2k_add_type14 (an2k, &left, DAY);
  return an2k;
}

static char *show (GBytes *bytes) {
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  GString *text = g_string_new_len (data, (gssize) size);

  for (gsize i = 0; i < text->len; i++)
    if (text->str[i] >= '\x1C' && text->str[i] <= '\x1F')
      text->str[i] = "\n|;,"[text->str[i] - '\x1C'];
  return g_string_free (text, FALSE);
}

static void test_layout (void) {
  g_autoptr (TamboAn2k) an2k = make_empty ();
  g_autoptr (TamboMinutiaeRecord) minutiae = make_minutiae ();

  tambo_an2k_record_add (tambo_an2k_add_type2 (an2k), 18, "ERIKSSON");
  tambo_an2k_add_type9 (an2k, minutiae, 0);
  g_autoptr (GBytes) bytes = tambo_an2k_encode (an2k);
  g_autofree char *text = show (bytes);
  g_assert_cmpstr (
      text, ==,
      "1.001:161|1.002:0501|1.003:1,2;2,00;9,01|1.004:NFUF|1.005:20051116|1.007:UTO-HQ|"
      "1.008:UTO-01|1.009:42|1.011:19.69|1.012:19.69|1.013:UTOPIA|1.014:20051116152522Z\n"
      "2.001:33|2.002:00|2.018:ERIKSSON\n"
      "9.001:185|9.002:01|9.003:0|9.004:U|9.126:27,513,0|9.127:NONE,0|9.128:300|9.129:400|"
      "9.130:2|9.131:197|9.132:197|9.133:0|9.134:2|9.135:86|9.136:2|"
      "9.137:1,100,14,45,1,90;2,299,399,179,2,0\n");
  g_assert_true (tambo_an2k_sniff (bytes));
}

static TamboAn2k *parse (GBytes *bytes) {
  g_autoptr (GError) error = NULL;
  TamboAn2k *an2k = tambo_an2k_parse (bytes, &error);

  g_assert_no_error (error);
  return an2k;
}

static void test_type4_layout (void) {
  g_autoptr (TamboAn2k) an2k = make_empty ();
  g_auto (TamboAn2kImage) image = make_rows (2);

  image.compression = TAMBO_AN2K_WSQ;
  tambo_an2k_add_type4 (an2k, &image);
  g_autoptr (GBytes) bytes = tambo_an2k_encode (an2k);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autofree char *hex = tambo_hex_encode (data + size - 24, 24);
  g_assert_cmpstr (hex, ==,
                   "00000018"
                   "00"
                   "00"
                   "02ffffffffff"
                   "00"
                   "0003"
                   "0002"
                   "01"
                   "001c1d1e1fff");
}

static void test_round_trip (void) {
  g_autoptr (TamboAn2k) an2k = make_all ();
  g_autoptr (GBytes) bytes = tambo_an2k_encode (an2k);
  g_autoptr (TamboAn2k) parsed = parse (bytes);
  g_autoptr (GBytes) again = tambo_an2k_encode (parsed);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_bytes_equal (bytes, again));
  g_assert_cmpuint (parsed->records->len, ==, 6);
  for (guint position = 0; position <= 10; position++) {
    g_autoptr (TamboImage) image = tambo_an2k_find_finger (parsed, position, &error);
    g_assert_no_error (error);
    g_assert_true ((image != NULL) == (position == 2 || position == 7));
    if (image != NULL) {
      g_assert_cmpint (image->ppi, ==, 500);
      g_assert_cmpint (image->data[1], ==, 28);
    }
  }
  g_autoptr (TamboMinutiaeRecord) made = make_minutiae ();
  g_autoptr (TamboMinutiaeRecord) read =
      tambo_an2k_record_get_minutiae (g_ptr_array_index (parsed->records, 3), &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) a = tambo_minutiae_record_encode (made);
  g_autoptr (GBytes) b = tambo_minutiae_record_encode (read);
  g_assert_cmpuint (g_bytes_get_size (a), ==, g_bytes_get_size (b));
  const TamboMinutiaeView *view = g_ptr_array_index (read->views, 0);
  g_assert_cmpuint (g_array_index (view->minutiae, TamboMinutia, 0).angle, ==, 64);
  g_assert_cmpuint (g_array_index (view->minutiae, TamboMinutia, 1).angle, ==, 255);
}

static void test_wsq_inside (void) {
  g_autoptr (TamboImage) picture = picture_new (128, 96, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboAn2k) an2k = make_empty ();
  g_auto (TamboAn2kImage) image = { .position = 1,
                                    .width = 128,
                                    .height = 96,
                                    .source = "UTO",
                                    .ppi = 500,
                                    .compression = TAMBO_AN2K_WSQ };

  picture->ppi = 500;
  image.data = tambo_wsq_encode (picture, TAMBO_WSQ_RATE, &error);
  g_assert_no_error (error);
  tambo_an2k_add_type14 (an2k, &image, DAY);
  g_autoptr (GBytes) bytes = tambo_an2k_encode (an2k);
  g_autoptr (TamboAn2k) parsed = parse (bytes);
  g_autoptr (TamboImage) read = tambo_an2k_find_finger (parsed, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read->width, ==, 128);

  image.width = 127;
  g_assert_null (tambo_an2k_image_decode (&image, &error));
  g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED);
}

static void assert_refused (const void *data, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_an2k_parse (bytes, &error));
  g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED);
}

static void test_truncated (void) {
  g_autoptr (TamboAn2k) an2k = make_all ();
  g_autoptr (GBytes) bytes = tambo_an2k_encode (an2k);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize n = 0; n < size; n++) {
    g_autofree guint8 *copy = g_memdup2 (data, n);
    assert_refused (copy, n);
  }
  g_autofree guint8 *longer = g_malloc0 (size + 1);
  memcpy (longer, data, size);
  assert_refused (longer, size + 1);
}

static void test_malformed (void) {
  static const char *const rows[] = {
    "1.001:0\0351.003:1\0370\034",             /* no length */
    "1.001:7\0351.003:1\0370\034",             /* ends before its second field */
    "1.001:99999999999\0351.003:1\0370\034",   /* more than any file */
    "1.001:23\0351.003:1\0370\035",            /* no file separator */
    "1.001:25\0351.003:1\0371000000\034",      /* too many records */
    "1.001:29\0351.003:1\0371\0362\03700\034", /* a record that does not follow */
    "1.001:23\0351.x03:1\0370\034",
    "2.001:23\0352.003:1\0370\034",
    "1.001:12\0351.02:\034", /* no contents */
    ":",
    "1.",
    "1.001",
    "1.001:",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_refused (rows[i], strlen (rows[i]));
}

static void test_wrong_designation (void) {
  g_autoptr (TamboAn2k) an2k = make_all ();

  ((TamboAn2kRecord *) g_ptr_array_index (an2k->records, 2))->idc = 9;
  g_autoptr (GBytes) bytes = tambo_an2k_encode (an2k);
  assert_refused (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void test_wrong_image (void) {
  static const guint8 bodies[][14] = {
    { 0, 2, 255, 255, 255, 255, 255, 0, 0, 3, 0, 2, 3, 0 }, /* JPEG without loss */
    { 0, 2, 255, 255, 255, 255, 255, 0, 0, 0, 0, 2, 0, 0 }, /* no width */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autoptr (TamboAn2k) an2k = make_empty ();
    g_autoptr (GBytes) body = g_bytes_new_static (bodies[i], sizeof bodies[i]);
    g_auto (TamboAn2kImage) image = { 0 };
    g_autoptr (GError) error = NULL;
    const TamboAn2kRecord *record = tambo_an2k_add_record (an2k, 4, body);
    g_assert_false (tambo_an2k_record_get_image (record, &image, &error));
    g_assert_nonnull (error);
  }
}

/* NIST's own transactions; some have slips in their tags, which are kept. */
static void test_published (void) {
  g_autofree char *folder =
      g_build_filename (g_getenv ("TAMBO_TEST_DATA") ?: "", "fingers/an2k", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint seen = 0;

  if (dir == NULL) {
    g_test_skip ("no data");
    return;
  }
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename ("fingers/an2k", name, NULL);
    g_autoptr (GBytes) bytes = test_data_load (path);
    g_autoptr (TamboAn2k) an2k = parse (bytes);
    g_autoptr (GBytes) again = tambo_an2k_encode (an2k);
    g_test_message ("%s: %u records", name, an2k->records->len);
    g_assert_true (g_bytes_equal (bytes, again));
    seen++;
  }
  g_assert_cmpuint (seen, ==, 21);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/an2k/layout", test_layout);
  g_test_add_func ("/an2k/type4-layout", test_type4_layout);
  g_test_add_func ("/an2k/round-trip", test_round_trip);
  g_test_add_func ("/an2k/wsq-inside", test_wsq_inside);
  g_test_add_func ("/an2k/truncated", test_truncated);
  g_test_add_func ("/an2k/malformed", test_malformed);
  g_test_add_func ("/an2k/wrong-designation", test_wrong_designation);
  g_test_add_func ("/an2k/wrong-image", test_wrong_image);
  g_test_add_func ("/an2k/published", test_published);
  return g_test_run ();
}
