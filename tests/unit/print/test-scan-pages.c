/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print/scan-pages.h"

#include <string.h>

#include "format/image-codec.h"

static TamboImage *page_new (int width, int height, int channels, int ppi) {
  TamboImage *page = tambo_image_new (width, height, channels);

  page->ppi = ppi;
  for (gsize i = 0; i < tambo_image_size (page); i++)
    page->data[i] = (guint8) (i / 3 % 251);
  return page;
}

static guint count (GBytes *pdf, const char *text) {
  gsize size;
  const char *data = g_bytes_get_data (pdf, &size), *end = data + size;
  guint n = 0;

  while ((data = memmem (data, (gsize) (end - data), text, strlen (text))) != NULL) {
    data += strlen (text);
    n++;
  }
  return n;
}

static GBytes *make (GPtrArray *pages) {
  g_autoptr (GError) error = NULL;
  GBytes *pdf = tambo_scan_pages_to_pdf (pages, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (pdf, NULL), 5, "%PDF-", 5);
  g_assert_cmpuint (count (pdf, "%%EOF"), ==, 1);
  return pdf;
}

static void test_pages (void) {
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_image_free);
  g_autoptr (GBytes) pdf = NULL;

  g_ptr_array_add (pages, page_new (425, 550, 3, 50)); /* US letter */
  g_ptr_array_add (pages, page_new (400, 200, 1, 200));
  g_ptr_array_add (pages, page_new (300, 100, 1, 0)); /* taken for 200 ppi */
  pdf = make (pages);
  g_assert_cmpuint (count (pdf, "/DCTDecode"), ==, 3);
  g_assert_cmpuint (count (pdf, "/MediaBox [ 0 0 612 792 ]"), ==, 1);
  g_assert_cmpuint (count (pdf, "/MediaBox [ 0 0 144 72 ]"), ==, 1);
  g_assert_cmpuint (count (pdf, "/MediaBox [ 0 0 108 36 ]"), ==, 1);
}

/* The picture lies in it as it was compressed, once. */
static void test_keeps_the_jpeg (void) {
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_image_free);
  g_autoptr (GBytes) jpeg = NULL;
  g_autoptr (GBytes) pdf = NULL;
  gsize size, whole;
  const guint8 *data;

  g_ptr_array_add (pages, page_new (640, 480, 3, 200));
  jpeg = tambo_image_encode_jpeg (pages->pdata[0], 80, NULL);
  data = g_bytes_get_data (jpeg, &size);
  pdf = make (pages);
  g_assert_nonnull (memmem (g_bytes_get_data (pdf, &whole), g_bytes_get_size (pdf), data, size));
  g_assert_cmpuint (g_bytes_get_size (pdf), <, size + 2000);
}

static void test_too_large (void) {
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_image_free);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (pages, page_new (40000, 2, 1, 200));
  g_assert_null (tambo_scan_pages_to_pdf (pages, &error));
  g_assert_error (error, TAMBO_PRINT_ERROR, TAMBO_PRINT_ERROR_FAILED);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan-pages/pages", test_pages);
  g_test_add_func ("/scan-pages/keeps-the-jpeg", test_keeps_the_jpeg);
  g_test_add_func ("/scan-pages/too-large", test_too_large);
  return g_test_run ();
}
