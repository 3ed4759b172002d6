/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "capture/helper-protocol.h"

static TamboHelperFrame parse_whole (const GByteArray *array) {
  TamboReader reader = tambo_reader (array->data, array->len);
  g_autoptr (GError) error = NULL;
  TamboHelperFrame frame = { 0 };

  g_assert_cmpint (tambo_helper_frame_parse (&reader, &frame, &error), ==,
                   TAMBO_HELPER_PARSE_WHOLE);
  g_assert_no_error (error);
  g_assert_cmpuint (tambo_reader_left (&reader), ==, 0);
  return frame;
}

static GByteArray *device_frame (void) {
  g_autoptr (TamboDeviceRow) row =
      tambo_device_row_new ("usb:1", "Reader", "uru4000", TAMBO_DEVICE_BUSY, "held");
  GByteArray *array = g_byte_array_new ();

  tambo_helper_put_device (array, row);
  return array;
}

static GByteArray *fingerprint_frame (void) {
  g_autoptr (TamboFingerprintCapture) capture = g_new0 (TamboFingerprintCapture, 1);
  GByteArray *array = g_byte_array_new ();

  capture->image = tambo_image_new (7, 5, 1);
  for (int i = 0; i < 35; i++)
    capture->image->data[i] = (guint8) (i * 3);
  capture->image->ppi = 512;
  capture->driver = g_strdup ("uru4000");
  capture->n_minutiae = 61;
  tambo_helper_put_fingerprint (array, capture);
  return array;
}

static void test_round_trip (void) {
  g_autoptr (GByteArray) device = device_frame ();
  g_autoptr (GByteArray) finger = fingerprint_frame ();
  TamboHelperFrame frame = parse_whole (device);
  g_autoptr (TamboDeviceRow) row = tambo_helper_parse_device (&frame, NULL);
  g_autoptr (TamboFingerprintCapture) capture = NULL;

  g_assert_nonnull (row);
  g_assert_cmpstr (row->id, ==, "usb:1");
  g_assert_cmpstr (row->name, ==, "Reader");
  g_assert_cmpstr (row->driver, ==, "uru4000");
  g_assert_cmpstr (row->detail, ==, "held");
  g_assert_cmpint (row->state, ==, TAMBO_DEVICE_BUSY);

  frame = parse_whole (finger);
  capture = tambo_helper_parse_fingerprint (&frame, NULL);
  g_assert_nonnull (capture);
  g_assert_cmpint (capture->image->width, ==, 7);
  g_assert_cmpint (capture->image->height, ==, 5);
  g_assert_cmpint (capture->image->ppi, ==, 512);
  g_assert_cmpint (capture->image->data[34], ==, 102);
  g_assert_cmpint (capture->n_minutiae, ==, 61);
  g_assert_cmpstr (capture->driver, ==, "uru4000");
}

static void test_pen_and_pad (void) {
  g_autoptr (TamboSignature) ranges = tambo_signature_new (9600, 6000, 1023, 2540);
  g_autoptr (TamboSignature) parsed = NULL;
  g_autoptr (GByteArray) array = g_byte_array_new ();
  TamboPenSample sample = { .x = 1, .y = 65535, .pressure = 1023, .time = 70000 };
  TamboPenSample got;
  TamboHelperFrame frame;

  tambo_helper_put_pad (array, ranges);
  frame = parse_whole (array);
  parsed = tambo_helper_parse_pad (&frame, NULL);
  g_assert_nonnull (parsed);
  g_assert_cmpint (parsed->max_x, ==, 9600);
  g_assert_cmpint (parsed->units_per_inch, ==, 2540);
  g_byte_array_set_size (array, 0);
  tambo_helper_put_pen (array, &sample);
  frame = parse_whole (array);
  g_assert_true (tambo_helper_parse_pen (&frame, &got, NULL));
  g_assert_cmpint (got.x, ==, 1);
  g_assert_cmpint (got.y, ==, 65535);
  g_assert_cmpint (got.pressure, ==, 1023);
  g_assert_cmpuint (got.time, ==, 70000);
}

static void test_errors_travel (void) {
  g_autoptr (GError) retry =
      g_error_new_literal (TAMBO_CAPTURE_RETRY, TAMBO_CAPTURE_RETRY_CENTER_FINGER, "centre it");
  g_autoptr (GError) foreign =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "not \xff UTF-8");
  g_autoptr (GByteArray) array = g_byte_array_new ();
  g_autoptr (GError) got = NULL;
  TamboHelperFrame frame;

  tambo_helper_put_error (array, retry);
  frame = parse_whole (array);
  got = tambo_helper_parse_error (&frame);
  g_assert_error (got, TAMBO_CAPTURE_RETRY, TAMBO_CAPTURE_RETRY_CENTER_FINGER);
  g_assert_cmpstr (got->message, ==, "centre it");

  g_clear_error (&got);
  g_byte_array_set_size (array, 0);
  tambo_helper_put_error (array, foreign);
  frame = parse_whole (array);
  got = tambo_helper_parse_error (&frame);
  g_assert_error (got, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED);
  g_assert_true (g_utf8_validate (got->message, -1, NULL));

  /* A code that no enumeration has, and a domain that is none. */
  array->data[TAMBO_HELPER_HEADER_SIZE + 1] = 200;
  g_clear_error (&got);
  got = tambo_helper_parse_error (&frame);
  g_assert_error (got, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
  array->data[TAMBO_HELPER_HEADER_SIZE] = 9;
  g_clear_error (&got);
  got = tambo_helper_parse_error (&frame);
  g_assert_error (got, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
}

static void test_long_text (void) {
  g_autofree char *name = g_strnfill (3000, 'x');
  g_autoptr (TamboDeviceRow) row = NULL;
  g_autoptr (TamboDeviceRow) got = NULL;
  g_autoptr (GByteArray) array = g_byte_array_new ();
  TamboHelperFrame frame;

  /* The cut falls within a character of two bytes. */
  memcpy (name + TAMBO_HELPER_MAX_TEXT - 1, "ü", 2);
  row = tambo_device_row_new ("id", name, "", TAMBO_DEVICE_READY, NULL);
  tambo_helper_put_device (array, row);
  frame = parse_whole (array);
  got = tambo_helper_parse_device (&frame, NULL);
  g_assert_nonnull (got);
  g_assert_cmpuint (strlen (got->name), ==, TAMBO_HELPER_MAX_TEXT - 1);
}

/* Every prefix of a good frame wants more; every shortened payload is refused. */
static void test_truncation (void) {
  g_autoptr (GByteArray) device = device_frame ();
  g_autoptr (GByteArray) finger = fingerprint_frame ();
  const GByteArray *const frames[] = { device, finger };

  for (guint f = 0; f < G_N_ELEMENTS (frames); f++) {
    TamboHelperFrame whole = parse_whole (frames[f]);

    for (guint size = 0; size < frames[f]->len; size++) {
      g_autofree guint8 *copy = g_memdup2 (frames[f]->data, MAX (size, 1));
      TamboReader reader = tambo_reader (copy, size);
      TamboHelperFrame frame;

      g_assert_cmpint (tambo_helper_frame_parse (&reader, &frame, NULL), ==,
                       TAMBO_HELPER_PARSE_MORE);
      g_assert_cmpuint (reader.position, ==, 0);
    }
    for (gsize size = 0; size < whole.size; size++) {
      g_autofree guint8 *copy = g_memdup2 (whole.payload, MAX (size, 1));
      TamboHelperFrame frame = { whole.type, copy, size };
      g_autoptr (GError) error = NULL;
      g_autoptr (TamboDeviceRow) row = NULL;
      g_autoptr (TamboFingerprintCapture) capture = NULL;

      if (f == 0)
        row = tambo_helper_parse_device (&frame, &error);
      else
        capture = tambo_helper_parse_fingerprint (&frame, &error);
      g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
    }
  }
}

static void test_garbage (void) {
  static const guint8 too_long[] = { 0x04, 0x00, 0x00, 0x01, TAMBO_HELPER_PICTURE };
  static const guint8 unknown[] = { 0x00, 0x00, 0x00, 0x00, 0xee };
  static const guint8 huge_image[] = { 0x00, 0x00, 0xff, 0xff, 0x00, 0x00, 0xff, 0xff, 2,
                                       0,    0,    0,    0,    9,    0,    1,    'x',  0 };
  TamboHelperFrame frame = { TAMBO_HELPER_FINGERPRINT, huge_image, sizeof huge_image };
  TamboReader reader = tambo_reader (too_long, sizeof too_long);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (tambo_helper_frame_parse (&reader, &frame, &error), ==,
                   TAMBO_HELPER_PARSE_ERROR);
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
  g_clear_error (&error);
  reader = tambo_reader (unknown, sizeof unknown);
  g_assert_cmpint (tambo_helper_frame_parse (&reader, &frame, &error), ==,
                   TAMBO_HELPER_PARSE_ERROR);
  g_clear_error (&error);
  g_assert_null (tambo_helper_parse_fingerprint (&frame, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
  g_clear_error (&error);
  frame.type = TAMBO_HELPER_PICTURE;
  g_assert_null (tambo_helper_parse_picture (&frame, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
}

/* Random bytes end in one of the three answers and never beyond the buffer. */
static void test_noise (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (19794);

  for (int round = 0; round < 20000; round++) {
    gsize size = (gsize) g_rand_int_range (rand, 1, 60);
    g_autofree guint8 *data = g_malloc (size);
    TamboReader reader;
    TamboHelperFrame frame;

    for (gsize i = 0; i < size; i++)
      data[i] = (guint8) g_rand_int (rand);
    if (round % 2 == 0 && size >= TAMBO_HELPER_HEADER_SIZE) {
      memset (data, 0, 3);
      data[4] = (guint8) g_rand_int_range (rand, TAMBO_HELPER_ALIVE, TAMBO_HELPER_PEN + 1);
    }
    reader = tambo_reader (data, size);
    if (tambo_helper_frame_parse (&reader, &frame, NULL) == TAMBO_HELPER_PARSE_WHOLE) {
      g_autoptr (TamboDeviceRow) row = tambo_helper_parse_device (&frame, NULL);
      g_autoptr (TamboFingerprintCapture) capture = tambo_helper_parse_fingerprint (&frame, NULL);
      g_autoptr (TamboSignature) pad = tambo_helper_parse_pad (&frame, NULL);
      g_autoptr (GError) error = tambo_helper_parse_error (&frame);

      g_assert_cmpuint (frame.size, <=, size);
      g_assert_nonnull (error);
      g_assert_true (row == NULL || frame.type == TAMBO_HELPER_DEVICE);
      g_assert_true (capture == NULL || frame.type == TAMBO_HELPER_FINGERPRINT);
      g_assert_true (pad == NULL || frame.type == TAMBO_HELPER_PAD);
    }
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture/helper-protocol/round-trip", test_round_trip);
  g_test_add_func ("/capture/helper-protocol/pen-and-pad", test_pen_and_pad);
  g_test_add_func ("/capture/helper-protocol/errors-travel", test_errors_travel);
  g_test_add_func ("/capture/helper-protocol/long-text", test_long_text);
  g_test_add_func ("/capture/helper-protocol/truncation", test_truncation);
  g_test_add_func ("/capture/helper-protocol/garbage", test_garbage);
  g_test_add_func ("/capture/helper-protocol/noise", test_noise);
  return g_test_run ();
}
