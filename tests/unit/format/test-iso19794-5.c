/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso19794-5.h"

#include "base/bytes.h"
#include "format/format-error.h"
#include "picture.h"

static GBytes *make_image (TamboImageType type, int channels) {
  g_autoptr (TamboImage) image = picture_new (60, 80, channels);
  GBytes *bytes = type == TAMBO_IMAGE_JPEG ? tambo_image_encode_jpeg (image, 80, NULL)
                                           : tambo_image_encode_jpeg2000 (image, 3000, NULL);
  g_assert_nonnull (bytes);
  return bytes;
}

static GBytes *make_record (TamboImageType type, int channels) {
  g_auto (TamboFaceRecord) record = { .gender = 2,
                                      .eye_colour = 3,
                                      .hair_colour = 4,
                                      .face_image_type = 1,
                                      .image_type = type,
                                      .width = 60,
                                      .height = 80,
                                      .image = make_image (type, channels) };
  return tambo_face_record_encode (&record);
}

static void test_round_trip (void) {
  static const TamboImageType types[] = { TAMBO_IMAGE_JPEG, TAMBO_IMAGE_JPEG2000 };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autoptr (GBytes) image = make_image (types[i], 3);
    g_autoptr (GBytes) bytes = make_record (types[i], 3);
    g_auto (TamboFaceRecord) record = { 0 };
    g_autoptr (GError) error = NULL;

    g_assert_true (tambo_face_record_parse (bytes, &record, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (record.gender, ==, 2);
    g_assert_cmpuint (record.eye_colour, ==, 3);
    g_assert_cmpuint (record.hair_colour, ==, 4);
    g_assert_cmpuint (record.face_image_type, ==, 1);
    g_assert_cmpint (record.image_type, ==, types[i]);
    g_assert_cmpuint (record.width, ==, 60);
    g_assert_cmpuint (record.height, ==, 80);
    g_assert_true (g_bytes_equal (record.image, image));
  }
}

/* Offsets of the standard's table 2, for one face without feature points. */
static void test_layout (void) {
  g_autoptr (GBytes) bytes = make_record (TAMBO_IMAGE_JPEG2000, 3);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_assert_cmpmem (data, 8,
                   "FAC\0"
                   "010",
                   8);
  g_assert_cmpuint ((guint) (data[8] << 24 | data[9] << 16 | data[10] << 8 | data[11]), ==, size);
  g_assert_cmpmem (data + 12, 2, "\0\1", 2);
  g_assert_cmpuint ((guint) (data[14] << 24 | data[15] << 16 | data[16] << 8 | data[17]), ==,
                    size - 14);
  g_assert_cmpmem (data + 20, 3, "\2\3\4", 3);
  static const guint8 image_block[] = { 1, 1, 0, 60, 0, 80, 1, 0, 0, 0, 0, 0 };
  g_assert_cmpmem (data + 34, 12, image_block, 12);
  g_assert_cmpmem (data + 46, 4, "\0\0\0\x0C", 4);

  g_autoptr (GBytes) grey = make_record (TAMBO_IMAGE_JPEG, 1);
  g_assert_cmpuint (((const guint8 *) g_bytes_get_data (grey, NULL))[40], ==, 3);
}

static void test_truncated (void) {
  g_autoptr (GBytes) bytes = make_record (TAMBO_IMAGE_JPEG, 3);
  gsize whole = g_bytes_get_size (bytes);

  for (gsize size = 0; size < whole; size++) {
    g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (bytes, NULL), size);
    TamboFaceRecord record = { .gender = 9 };
    g_autoptr (GError) error = NULL;
    g_assert_false (tambo_face_record_parse (part, &record, &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED);
    g_assert_cmpuint (record.gender, ==, 9);
    g_assert_null (record.image);
  }
}

static void test_wrong_fields (void) {
  static const struct {
    gsize offset;
    const char *hex;
    TamboFormatError code;
  } rows[] = {
    { 0, "464952", TAMBO_FORMAT_ERROR_MALFORMED },   /* another record */
    { 4, "303330", TAMBO_FORMAT_ERROR_UNSUPPORTED }, /* version 030 */
    { 8, "ffffffff", TAMBO_FORMAT_ERROR_MALFORMED }, /* length */
    { 8, "00000010", TAMBO_FORMAT_ERROR_MALFORMED },
    { 12, "0000", TAMBO_FORMAT_ERROR_MALFORMED },     /* no face */
    { 14, "ffffffff", TAMBO_FORMAT_ERROR_MALFORMED }, /* face block */
    { 14, "00000020", TAMBO_FORMAT_ERROR_MALFORMED },
    { 18, "ffff", TAMBO_FORMAT_ERROR_MALFORMED },     /* feature points */
    { 46, "474946", TAMBO_FORMAT_ERROR_UNSUPPORTED }, /* image */
  };
  g_autoptr (GBytes) bytes = make_record (TAMBO_IMAGE_JPEG, 3);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    gsize size;
    gconstpointer data = g_bytes_get_data (bytes, &size);
    guint8 *copy = g_memdup2 (data, size);
    g_autoptr (GBytes) patch = tambo_hex_decode (rows[i].hex);
    memcpy (copy + rows[i].offset, g_bytes_get_data (patch, NULL), g_bytes_get_size (patch));
    g_autoptr (GBytes) wrong = g_bytes_new_take (copy, size);
    g_auto (TamboFaceRecord) record = { 0 };
    g_autoptr (GError) error = NULL;
    g_assert_false (tambo_face_record_parse (wrong, &record, &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, (int) rows[i].code);
  }
}

static void test_data (void) {
  g_autoptr (GBytes) bytes = test_data_load ("fingers/libbiomeval/face01.iso2005");
  g_auto (TamboFaceRecord) record = { 0 };
  g_autoptr (GError) error = NULL;

  if (bytes == NULL)
    return;
  g_assert_true (tambo_face_record_parse (bytes, &record, &error));
  g_assert_no_error (error);
  g_assert_cmpint (record.image_type, ==, TAMBO_IMAGE_JPEG);
  g_autoptr (TamboImage) image = tambo_image_decode (record.image, &error);
  g_assert_no_error (error);
  g_test_message ("gender %u, %u x %u in the header, %d x %d in the image", record.gender,
                  record.width, record.height, image->width, image->height);
  g_assert_cmpint (image->width, ==, record.width);
  g_assert_cmpint (image->height, ==, record.height);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/iso19794-5/round-trip", test_round_trip);
  g_test_add_func ("/iso19794-5/layout", test_layout);
  g_test_add_func ("/iso19794-5/truncated", test_truncated);
  g_test_add_func ("/iso19794-5/wrong-fields", test_wrong_fields);
  g_test_add_func ("/iso19794-5/data", test_data);
  return g_test_run ();
}
