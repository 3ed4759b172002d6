/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print/label-page.h"

#include <string.h>

#include "print/bar-code.h"

#define NUMBER "TB-1234-5678-9"

static const TamboLabelPage page = {
  .office = "MIG-TEST-01", .kind = "Tarjeta", .number = NUMBER, .blank = "C0000001"
};

static gboolean is_dark (const TamboImage *image, int x, int y) {
  return image->data[((gsize) y * image->width + x) * 3] < 128;
}

/* The bars stand in the picture as they were encoded, read at the middle of each module. */
static void test_bars (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboImage) image = tambo_label_page_picture (&page, 1800, &error);
  g_autoptr (GByteArray) modules = tambo_bar_code_encode (NUMBER);
  const int margin = 1800 * 4 / 90, y = image->height * 15 / 50;
  double module = (1800.0 - 2 * margin) / (modules->len + 20);

  g_assert_no_error (error);
  g_assert_cmpint (image->height, >=, 999);
  for (guint i = 0; i < modules->len; i++)
    g_assert_cmpint (is_dark (image, (int) (margin + (i + 10.5) * module), y), ==,
                     modules->data[i]);
  /* Nothing in the quiet zones. */
  for (int x = margin; x < margin + (int) (9 * module); x++)
    g_assert_false (is_dark (image, x, y));
}

static void test_pdf (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pdf = tambo_label_page_draw (&page, &error);
  gsize size;
  const char *data = g_bytes_get_data (pdf, &size);

  g_assert_no_error (error);
  g_assert_cmpmem (data, 5, "%PDF-", 5);
  g_assert_nonnull (memmem (data, size, "/Count 1", 8));
}

static guint count_red (const TamboImage *image) {
  guint count = 0;

  for (gsize i = 0; i < (gsize) image->width * image->height; i++)
    count += image->data[i * 3] > image->data[i * 3 + 1] + 20;
  return count;
}

static void test_practice (void) {
  TamboLabelPage practice = page;
  g_autoptr (TamboImage) real = tambo_label_page_picture (&page, 900, NULL);
  g_autoptr (TamboImage) marked = NULL;

  practice.practice = TRUE;
  marked = tambo_label_page_picture (&practice, 900, NULL);
  g_assert_cmpuint (count_red (real), ==, 0);
  g_assert_cmpuint (count_red (marked), >, 5000);
}

static void test_no_bar_code (void) {
  TamboLabelPage other = page;
  g_autoptr (GError) error = NULL;

  other.number = "TB\t1";
  g_assert_null (tambo_label_page_draw (&other, &error));
  g_assert_error (error, TAMBO_PRINT_ERROR, TAMBO_PRINT_ERROR_FAILED);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/label-page/bars", test_bars);
  g_test_add_func ("/label-page/pdf", test_pdf);
  g_test_add_func ("/label-page/practice", test_practice);
  g_test_add_func ("/label-page/no-bar-code", test_no_bar_code);
  return g_test_run ();
}
