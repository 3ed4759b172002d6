/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "capture/capture-error.h"
#include "capture/sbi-image.h"
#include "format/image-codec.h"
#include "format/iso19794-4.h"
#include "format/wsq.h"

#define SIDE 96

static TamboImage *ridges (void) {
  TamboImage *image = tambo_image_new (SIDE, SIDE, 1);

  for (int i = 0; i < SIDE * SIDE; i++)
    image->data[i] = (guint8) ((i % SIDE / 5) % 2 == 0 ? 40 : 220);
  return image;
}

static GBytes *compress (const TamboImage *image, TamboFirCompression compression) {
  GError *error = NULL;
  GBytes *bytes = NULL;

  switch (compression) {
  case TAMBO_FIR_WSQ:
    bytes = tambo_wsq_encode (image, TAMBO_WSQ_RATE_FINE, &error);
    break;
  case TAMBO_FIR_JPEG:
    bytes = tambo_image_encode_jpeg (image, 90, &error);
    break;
  case TAMBO_FIR_JPEG2000:
    bytes = tambo_image_encode_jpeg2000 (image, SIDE * SIDE * 2, &error);
    break;
  case TAMBO_FIR_PNG:
    bytes = tambo_image_encode_png (image, &error);
    break;
  default:
    bytes = g_bytes_new (image->data, SIDE * SIDE);
  }
  g_assert_no_error (error);
  return bytes;
}

/* N_VIEWS of the left index, of WIDTH as the header has it. */
static GBytes *make_record (TamboFirCompression compression, guint n_views, guint16 width,
                            gboolean is_old) {
  g_autoptr (TamboImage) image = ridges ();
  g_autoptr (TamboFingerRecord) record = tambo_finger_record_new (500, compression);

  for (guint i = 0; i < n_views; i++) {
    TamboFirView *view = g_new0 (TamboFirView, 1);
    view->position = TAMBO_FINGER_LEFT_INDEX;
    view->width = width;
    view->height = SIDE;
    view->image = compress (image, compression);
    g_ptr_array_add (record->views, view);
  }
  return is_old ? tambo_finger_record_encode (record) : tambo_finger_record_encode_2011 (record);
}

static void test_compressions (void) {
  static const TamboFirCompression kinds[] = { TAMBO_FIR_UNCOMPRESSED, TAMBO_FIR_WSQ,
                                               TAMBO_FIR_JPEG, TAMBO_FIR_JPEG2000, TAMBO_FIR_PNG };
  g_autoptr (TamboImage) wanted = ridges ();

  for (guint i = 0; i < 2 * G_N_ELEMENTS (kinds); i++) {
    g_autoptr (GBytes) record = make_record (kinds[i / 2], 1, SIDE, i % 2 == 0);
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboImage) image =
        tambo_sbi_image_from_record (record, TAMBO_FINGER_LEFT_INDEX, &error);

    g_assert_no_error (error);
    g_assert_cmpint (image->ppi, ==, 500);
    g_assert_cmpint (image->channels, ==, 1);
    g_assert_cmpfloat (tambo_image_psnr (image, wanted), >, 25);
  }
}

static void check_refused (GBytes *record, TamboFinger finger, const char *words) {
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_sbi_image_from_record (record, finger, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
  g_assert_nonnull (strstr (error->message, words));
}

static void test_refusals (void) {
  g_autoptr (GBytes) good = make_record (TAMBO_FIR_PNG, 1, SIDE, FALSE);
  g_autoptr (GBytes) two = make_record (TAMBO_FIR_PNG, 2, SIDE, FALSE);
  g_autoptr (GBytes) wider = make_record (TAMBO_FIR_PNG, 1, SIDE + 1, FALSE);
  g_autoptr (GBytes) widest = make_record (TAMBO_FIR_PNG, 1, 5000, FALSE);
  g_autoptr (GBytes) no_width = make_record (TAMBO_FIR_PNG, 1, 0, FALSE);
  g_autoptr (TamboImage) any = tambo_sbi_image_from_record (good, TAMBO_FINGER_UNKNOWN, NULL);

  g_assert_nonnull (any);
  check_refused (good, TAMBO_FINGER_RIGHT_INDEX, "another finger");
  check_refused (two, TAMBO_FINGER_LEFT_INDEX, "not one finger");
  check_refused (wider, TAMBO_FINGER_LEFT_INDEX, "not as large");
  check_refused (widest, TAMBO_FINGER_LEFT_INDEX, "sides");
  check_refused (no_width, TAMBO_FINGER_LEFT_INDEX, "sides");
  for (gsize size = 0; size < g_bytes_get_size (good); size += 7) {
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (good, 0, size);
    check_refused (part, TAMBO_FINGER_LEFT_INDEX, "cannot be used");
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture/sbi-image/compressions", test_compressions);
  g_test_add_func ("/capture/sbi-image/refusals", test_refusals);
  return g_test_run ();
}
