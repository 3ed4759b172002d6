/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/helper-devices.h"
#include "scripted.h"

static char *folder;

static TamboSignaturePad *pad_new (void) {
  g_autoptr (TamboDeviceRow) row = tambo_device_row_new ("hidraw:/dev/hidraw0", "Wacom STU-530",
                                                         "stu-530", TAMBO_DEVICE_READY, NULL);

  return TAMBO_SIGNATURE_PAD (tambo_helper_signature_pad_new (row));
}

static void put_samples (GByteArray *answer) {
  g_autoptr (TamboSignature) ranges = tambo_signature_new (9600, 6000, 1023, 2540);

  tambo_helper_put_pad (answer, ranges);
  for (guint i = 0; i < 100; i++) {
    const TamboPenSample sample = { (guint16) (i * 10), (guint16) (i * 5), i == 99 ? 0 : 500,
                                    i * 5 };

    tambo_helper_put_pen (answer, &sample);
  }
}

static void on_sample_cb (const TamboPenSample *sample, gpointer data) {
  guint *n = data;

  g_assert_cmpuint (sample->time, ==, *n * 5);
  ++*n;
}

static void test_signature (void) {
  g_autoptr (TamboSignaturePad) pad = pad_new ();
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  g_autoptr (TamboSignature) signature = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  put_samples (answer);
  tambo_helper_put_header (answer, TAMBO_HELPER_DONE, 0);
  scripted_say (folder, "play", "pad", answer);
  signature = tambo_signature_pad_capture (pad, 1500, 60000, on_sample_cb, &n, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 100);
  g_assert_cmpuint (signature->samples->len, ==, 100);
  g_assert_cmpint (signature->max_x, ==, 9600);
  g_assert_cmpint (g_array_index (signature->samples, TamboPenSample, 98).x, ==, 980);
}

/* A cable that comes off in mid stroke leaves no half signature. */
static void test_torn (void) {
  g_autoptr (TamboSignaturePad) pad = pad_new ();
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  g_autoptr (GError) removed = g_error_new_literal (
      TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_REMOVED, "the signature pad was unplugged");
  g_autoptr (GError) error = NULL;

  put_samples (answer);
  tambo_helper_put_error (answer, removed);
  scripted_say (folder, "play", "pad", answer);
  g_assert_null (tambo_signature_pad_capture (pad, 1500, 60000, NULL, NULL, NULL, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_REMOVED);
  g_assert_cmpint (tambo_device_get_state (TAMBO_DEVICE (pad)), ==, TAMBO_DEVICE_REMOVED);
}

/* Samples before the pad's ranges are nonsense. */
static void test_no_ranges (void) {
  g_autoptr (TamboSignaturePad) pad = pad_new ();
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  const TamboPenSample sample = { 1, 2, 3, 0 };
  g_autoptr (GError) error = NULL;

  tambo_helper_put_pen (answer, &sample);
  scripted_say (folder, "play", "pad", answer);
  g_assert_null (tambo_signature_pad_capture (pad, 1500, 60000, NULL, NULL, NULL, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
}

int main (int argc, char **argv) {
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = scripted_set_up ();
  g_test_add_func ("/capture/signature-pad/signature", test_signature);
  g_test_add_func ("/capture/signature-pad/torn", test_torn);
  g_test_add_func ("/capture/signature-pad/no-ranges", test_no_ranges);
  status = g_test_run ();
  scripted_tear_down (folder);
  return status;
}
