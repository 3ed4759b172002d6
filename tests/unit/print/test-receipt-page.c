/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print/receipt-page.h"

#include <string.h>

static const TamboReceiptPage page = {
  .office = "MIG-LIMA-01",
  .procedure = "Carné de extranjería",
  .tracking_number = "TB-7K3M-9QX4-H",
  .received = "2026-11-22T09:51:07Z",
  .state = "Registrado en esta oficina; pendiente de envío a la sede.",
  .practice = TRUE,
};

static void test_draw (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pdf = tambo_receipt_page_draw (&page, &error);

  g_assert_no_error (error);
  gsize size;
  const char *data = g_bytes_get_data (pdf, &size);
  g_assert_cmpuint (size, >, 1000);
  g_assert_cmpmem (data, 5, "%PDF-", 5);
  g_assert_nonnull (memmem (data, size, "%%EOF", 5));
}

/* The three finder patterns of ISO/IEC 18004 section 6.3.3: a dark 7 x 7 ring around a light one. */
static void test_qr (void) {
  g_autoptr (GError) error = NULL;
  int side;
  g_autoptr (GBytes) modules = tambo_qr_encode ("TB-7K3M-9QX4-H", &side, &error);

  g_assert_no_error (error);
  g_assert_cmpint (side % 4, ==, 1);
  const guint8 *dark = g_bytes_get_data (modules, NULL);
  const int corners[3][2] = { { 0, 0 }, { side - 7, 0 }, { 0, side - 7 } };
  for (int corner = 0; corner < 3; corner++)
    for (int i = 0; i < 7; i++) {
      int x = corners[corner][0], y = corners[corner][1];
      g_assert_cmpint (dark[y * side + x + i], ==, 1);
      g_assert_cmpint (dark[(y + 6) * side + x + i], ==, 1);
      g_assert_cmpint (dark[(y + 1) * side + x + i], ==, i == 0 || i == 6);
    }
}

static void test_qr_too_long (void) {
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (4000, 'A');
  int side;

  g_assert_null (tambo_qr_encode (text, &side, &error));
  g_assert_error (error, TAMBO_PRINT_ERROR, TAMBO_PRINT_ERROR_FAILED);
}

static guint count_dark (const TamboImage *image) {
  guint n = 0;

  for (gsize i = 0; i < tambo_image_size (image); i += 3)
    n += image->data[i] < 64;
  return n;
}

/* A5, white, with what is written dark on it; the watermark is red. */
static void test_picture (void) {
  TamboReceiptPage paper = {
    .office = "MIG-TEST-01",
    .procedure = "Carné",
    .tracking_number = "TB-7K3M-9QX4-H",
    .received = "2026-03-02T09:40:00Z",
    .state = "Recibido.",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboImage) real = tambo_receipt_page_picture (&paper, 300, &error);
  g_assert_no_error (error);
  paper.practice = TRUE;
  g_autoptr (TamboImage) practice = tambo_receipt_page_picture (&paper, 300, &error);
  g_assert_no_error (error);

  g_assert_cmpint (real->width, ==, 300);
  g_assert_cmpint (real->height, ==, 425);
  g_assert_cmpint (real->data[0], ==, 255);
  g_assert_cmpuint (count_dark (real), >, 500);
  g_assert_cmpint (memcmp (real->data, practice->data, tambo_image_size (real)), !=, 0);
}

/* Once there is a document, its code stands beside the other one. */
static void test_verification (void) {
  TamboReceiptPage paper = page;
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboImage) before = tambo_receipt_page_picture (&paper, 400, &error);
  g_assert_no_error (error);
  paper.verification_code = "7K3M-9QXW-2FHD-7K3M-9QXW";
  g_autoptr (TamboImage) code = tambo_receipt_page_picture (&paper, 400, &error);
  g_assert_no_error (error);
  paper.verification_url = "https://citas.example/v/7K3M9QXW2FHD7K3M9QXW";
  g_autoptr (TamboImage) both = tambo_receipt_page_picture (&paper, 400, &error);
  g_assert_no_error (error);

  g_assert_cmpuint (count_dark (code), >, count_dark (before) + 50);
  g_assert_cmpuint (count_dark (both), >, count_dark (code) + 500);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/print/receipt-page/draw", test_draw);
  g_test_add_func ("/print/receipt-page/picture", test_picture);
  g_test_add_func ("/print/receipt-page/verification", test_verification);
  g_test_add_func ("/print/qr/finder-patterns", test_qr);
  g_test_add_func ("/print/qr/too-long", test_qr_too_long);
  return g_test_run ();
}
