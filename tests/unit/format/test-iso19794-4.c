/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso19794-4.h"

#include "base/bytes.h"
#include "format/format-error.h"
#include "picture.h"

static void add (TamboFingerRecord *record, guint8 position, int width, int height, GBytes *image) {
  TamboFirView *view = g_new0 (TamboFirView, 1);
  view->position = position;
  view->quality = (guint8) (50 + position);
  view->width = (guint16) width;
  view->height = (guint16) height;
  view->image = g_bytes_ref (image);
  g_ptr_array_add (record->views, view);
}

static TamboFingerRecord *make_record (void) {
  TamboFingerRecord *record = tambo_finger_record_new (500, TAMBO_FIR_PNG);
  g_autoptr (TamboImage) image = picture_new (20, 30, 1);
  g_autoptr (GBytes) png = tambo_image_encode_png (image, NULL);
  record->device_id = 0x1234;
  add (record, 2, 20, 30, png);
  add (record, 7, 20, 30, png);
  add (record, 2, 20, 30, png);
  return record;
}

static void test_round_trip (void) {
  g_autoptr (TamboFingerRecord) record = make_record ();
  g_autoptr (GBytes) bytes = tambo_finger_record_encode (record);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboFingerRecord) parsed = tambo_finger_record_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (parsed->device_id, ==, 0x1234);
  g_assert_cmpuint (parsed->ppi, ==, 500);
  g_assert_cmpint (parsed->compression, ==, TAMBO_FIR_PNG);
  g_assert_cmpuint (parsed->views->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    const TamboFirView *a = g_ptr_array_index (record->views, i);
    const TamboFirView *b = g_ptr_array_index (parsed->views, i);
    g_assert_cmpuint (a->position, ==, b->position);
    g_assert_cmpuint (a->quality, ==, b->quality);
    g_assert_cmpuint (a->impression, ==, b->impression);
    g_assert_cmpuint (a->width, ==, b->width);
    g_assert_cmpuint (a->height, ==, b->height);
    g_assert_true (g_bytes_equal (a->image, b->image));
  }
}

static void test_layout (void) {
  g_autoptr (TamboFingerRecord) record = tambo_finger_record_new (500, TAMBO_FIR_UNCOMPRESSED);
  g_autoptr (GBytes) pixels = g_bytes_new_static ("abcdef", 6);
  add (record, 2, 3, 2, pixels);
  add (record, 2, 2, 3, pixels);
  g_autoptr (GBytes) bytes = tambo_finger_record_encode (record);
  g_autofree char *hex =
      tambo_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_cmpstr (hex, ==,
                   "46495200"
                   "30313000"
                   "000000000048"
                   "0000"
                   "001e"
                   "02"
                   "02"
                   "00c500c500c500c5"
                   "08"
                   "00"
                   "0000"
                   "00000014"
                   "02"
                   "02"
                   "01"
                   "34"
                   "00"
                   "0003"
                   "0002"
                   "00"
                   "616263646566"
                   "00000014"
                   "02"
                   "02"
                   "02"
                   "34"
                   "00"
                   "0002"
                   "0003"
                   "00"
                   "616263646566");
}

static void test_resolutions (void) {
  static const guint16 values[] = { 0, 75, 125, 250, 363, 500, 508, 512, 750, 1000, 1200, 2000 };
  g_autoptr (GBytes) pixel = g_bytes_new_static ("x", 1);

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr (TamboFingerRecord) record =
        tambo_finger_record_new (values[i], TAMBO_FIR_UNCOMPRESSED);
    add (record, 1, 1, 1, pixel);
    g_autoptr (GBytes) bytes = tambo_finger_record_encode (record);
    g_autoptr (TamboFingerRecord) parsed = tambo_finger_record_parse (bytes, NULL);
    /* whole pixels per centimetre: what is not round comes back within one of them */
    g_assert_cmpint (ABS (parsed->ppi - values[i]), <=, values[i] % 125 == 0 ? 0 : 3);
  }
}

static void test_truncated (void) {
  g_autoptr (TamboFingerRecord) record = make_record ();
  g_autoptr (GBytes) bytes = tambo_finger_record_encode (record);

  for (gsize size = 0; size < g_bytes_get_size (bytes); size++) {
    g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (bytes, NULL), size);
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_finger_record_parse (part, &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED);
  }
}

static void test_wrong_fields (void) {
  static const struct {
    gsize offset;
    const char *hex;
    TamboFormatError code;
  } rows[] = {
    { 0, "464143", TAMBO_FORMAT_ERROR_MALFORMED },
    { 4, "303430", TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { 4, "303230", TAMBO_FORMAT_ERROR_MALFORMED }, /* of 2011 it would be cut short */
    { 8, "ffffffffffff", TAMBO_FORMAT_ERROR_MALFORMED },
    { 8, "000000000020", TAMBO_FORMAT_ERROR_MALFORMED }, /* ends before the views */
    { 18, "00", TAMBO_FORMAT_ERROR_MALFORMED },
    { 18, "ff", TAMBO_FORMAT_ERROR_MALFORMED },
    { 19, "03", TAMBO_FORMAT_ERROR_MALFORMED },
    { 24, "00c5018a", TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { 28, "10", TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { 29, "01", TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { 29, "63", TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { 29, "00", TAMBO_FORMAT_ERROR_MALFORMED }, /* not width * height bytes */
    { 32, "0000000e", TAMBO_FORMAT_ERROR_MALFORMED },
    { 32, "ffffffff", TAMBO_FORMAT_ERROR_MALFORMED },
  };
  g_autoptr (TamboFingerRecord) record = make_record ();
  g_autoptr (GBytes) bytes = tambo_finger_record_encode (record);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    gsize size;
    gconstpointer data = g_bytes_get_data (bytes, &size);
    guint8 *copy = g_memdup2 (data, size);
    g_autoptr (GBytes) patch = tambo_hex_decode (rows[i].hex);
    memcpy (copy + rows[i].offset, g_bytes_get_data (patch, NULL), g_bytes_get_size (patch));
    g_autoptr (GBytes) wrong = g_bytes_new_take (copy, size);
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_finger_record_parse (wrong, &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, (int) rows[i].code);
  }
}

/* ---- 2011 ---- */

static void test_2011_round_trip (void) {
  static const TamboFirCompression kinds[] = { TAMBO_FIR_WSQ, TAMBO_FIR_JPEG, TAMBO_FIR_JPEG2000,
                                               TAMBO_FIR_PNG };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autoptr (TamboFingerRecord) record = make_record ();
    g_autoptr (GError) error = NULL;

    record->compression = kinds[i];
    g_autoptr (GBytes) bytes = tambo_finger_record_encode_2011 (record);
    g_autoptr (TamboFingerRecord) again = tambo_finger_record_parse (bytes, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (again->compression, ==, record->compression);
    g_assert_cmpuint (again->ppi, ==, record->ppi);
    g_assert_cmpuint (again->device_id, ==, record->device_id);
    g_assert_cmpuint (again->views->len, ==, record->views->len);
    for (guint j = 0; j < record->views->len; j++) {
      const TamboFirView *a = record->views->pdata[j], *b = again->views->pdata[j];
      g_assert_cmpuint (a->position, ==, b->position);
      g_assert_cmpuint (a->quality, ==, b->quality);
      g_assert_cmpuint (a->impression, ==, b->impression);
      g_assert_cmpuint (a->width, ==, b->width);
      g_assert_cmpuint (a->height, ==, b->height);
      g_assert_true (g_bytes_equal (a->image, b->image));
    }
  }
}

static void test_2011_truncated (void) {
  g_autoptr (TamboFingerRecord) record = make_record ();
  g_autoptr (GBytes) bytes = tambo_finger_record_encode_2011 (record);

  for (gsize size = 0; size < g_bytes_get_size (bytes); size++) {
    g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (bytes, NULL), size);
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_finger_record_parse (part, &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED);
  }
}

/* A certified device, and a segmentation block behind the image: read over. */
static void test_2011_blocks (void) {
  g_autoptr (GBytes) bytes =
      tambo_hex_decode ("464952003032300000000047000101010000003707ea0b160a0000000008003400050150"
                        "000100010100020107000101f401f401f401f408000000020001000000021234aabbcc");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboFingerRecord) record = tambo_finger_record_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (record->ppi, ==, 500);
  const TamboFirView *view = record->views->pdata[0];
  g_assert_cmpuint (view->position, ==, 7);
  g_assert_cmpuint (view->quality, ==, 80);
  g_assert_cmpuint (view->width, ==, 2);
  g_assert_cmpuint (((const guint8 *) g_bytes_get_data (view->image, NULL))[1], ==, 0x34);
}

static void test_2011_wrong_fields (void) {
  static const struct {
    gsize offset;
    const char *hex;
    TamboFormatError code;
  } rows[] = {
    { 8, "00000005", TAMBO_FORMAT_ERROR_MALFORMED },
    { 12, "0000", TAMBO_FORMAT_ERROR_MALFORMED },
    { 12, "ffff", TAMBO_FORMAT_ERROR_MALFORMED },
    { 14, "02", TAMBO_FORMAT_ERROR_MALFORMED },
    { 16, "00000003", TAMBO_FORMAT_ERROR_MALFORMED },
    { 16, "ffffffff", TAMBO_FORMAT_ERROR_MALFORMED },
    { 34, "ff", TAMBO_FORMAT_ERROR_MALFORMED }, /* more quality blocks than there are */
    { 42, "03", TAMBO_FORMAT_ERROR_MALFORMED },
    { 47, "00c5018a", TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { 51, "10", TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { 52, "01", TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { 52, "07", TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { 52, "00", TAMBO_FORMAT_ERROR_MALFORMED }, /* not width * height bytes */
    { 58, "00000000", TAMBO_FORMAT_ERROR_MALFORMED },
    { 58, "ffffffff", TAMBO_FORMAT_ERROR_MALFORMED },
  };
  g_autoptr (TamboFingerRecord) record = make_record ();
  g_autoptr (GBytes) bytes = tambo_finger_record_encode_2011 (record);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    gsize size;
    gconstpointer data = g_bytes_get_data (bytes, &size);
    guint8 *copy = g_memdup2 (data, size);
    g_autoptr (GBytes) patch = tambo_hex_decode (rows[i].hex);
    memcpy (copy + rows[i].offset, g_bytes_get_data (patch, NULL), g_bytes_get_size (patch));
    g_autoptr (GBytes) wrong = g_bytes_new_take (copy, size);
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_finger_record_parse (wrong, &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, (int) rows[i].code);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/iso19794-4/round-trip", test_round_trip);
  g_test_add_func ("/iso19794-4/layout", test_layout);
  g_test_add_func ("/iso19794-4/resolutions", test_resolutions);
  g_test_add_func ("/iso19794-4/truncated", test_truncated);
  g_test_add_func ("/iso19794-4/wrong-fields", test_wrong_fields);
  g_test_add_func ("/iso19794-4/2011-round-trip", test_2011_round_trip);
  g_test_add_func ("/iso19794-4/2011-truncated", test_2011_truncated);
  g_test_add_func ("/iso19794-4/2011-blocks", test_2011_blocks);
  g_test_add_func ("/iso19794-4/2011-wrong-fields", test_2011_wrong_fields);
  return g_test_run ();
}
