/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "capture/document-reader.h"
#include "format/format-error.h"
#include "format/image-codec.h"

static char *path;

static gboolean read_bytes (gconstpointer data, gsize size, TamboScan *scan, GError **error) {
  g_assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
  return tambo_document_reader_read (path, scan, error);
}

static GBytes *encode (gboolean png) {
  g_autoptr (TamboImage) image = tambo_image_new (40, 30, 3);

  for (gsize i = 0; i < tambo_image_size (image); i++)
    image->data[i] = (guint8) (i * 7);
  return png ? tambo_image_encode_png (image, NULL) : tambo_image_encode_jpeg (image, 90, NULL);
}

static void test_images (void) {
  for (int png = 0; png < 2; png++) {
    g_autoptr (GBytes) bytes = encode (png);
    g_auto (TamboScan) scan = { 0 };
    g_autoptr (GError) error = NULL;

    g_assert_true (
        read_bytes (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &scan, &error));
    g_assert_no_error (error);
    g_assert_cmpstr (scan.media_type, ==, png ? "image/png" : "image/jpeg");
    g_assert_cmpint (scan.width, ==, 40);
    g_assert_cmpint (scan.height, ==, 30);
    g_assert_true (g_bytes_equal (scan.bytes, bytes));
  }
}

static void test_pdf (void) {
  static const char pdf[] = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";
  g_auto (TamboScan) scan = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (read_bytes (pdf, strlen (pdf), &scan, &error));
  g_assert_cmpstr (scan.media_type, ==, "application/pdf");
  g_assert_cmpint (scan.width, ==, 0);
  for (gsize size = 0; size < strlen (pdf) - 1; size++) {
    TamboScan cut = { 0 };
    g_autoptr (GError) cause = NULL;

    g_assert_false (read_bytes (pdf, size, &cut, &cause));
    g_assert_cmpint (cause->domain, ==, TAMBO_FORMAT_ERROR);
    g_assert_null (cut.bytes);
  }
}

/* A picture that a full memory card cut short must not become a case's document. */
static void test_cut_images (void) {
  for (int png = 0; png < 2; png++) {
    g_autoptr (GBytes) bytes = encode (png);
    gsize whole = g_bytes_get_size (bytes);

    for (gsize size = 0; size < whole * 3 / 4; size += 13) {
      TamboScan scan = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_false (read_bytes (g_bytes_get_data (bytes, NULL), size, &scan, &error));
      g_assert_cmpint (error->domain, ==, TAMBO_FORMAT_ERROR);
      g_assert_null (scan.bytes);
    }
  }
}

static void test_other_files (void) {
  static const char text[] = "Dear sir or madam";
  g_autoptr (GError) error = NULL;
  TamboScan scan = { 0 };

  g_assert_false (read_bytes (text, strlen (text), &scan, &error));
  g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_false (read_bytes ("P5 1 1 255 x", 12, &scan, &error));
  g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_false (tambo_document_reader_read ("/nonexistent/scan.pdf", &scan, &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND);
}

static void test_too_large (void) {
  gsize size = 16 * 1024 * 1024 + 1;
  g_autofree char *bytes = g_strnfill (size, 'x');
  g_autoptr (GError) error = NULL;
  TamboScan scan = { 0 };

  memcpy (bytes, "%PDF-1.7", 8);
  memcpy (bytes + size - 6, "%%EOF\n", 6);
  g_assert_false (read_bytes (bytes, size, &scan, &error));
  g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_assert_true (read_bytes (bytes, size - 1, &scan, &error));
  tambo_scan_clear (&scan);
  g_assert_null (scan.bytes);
}

int main (int argc, char **argv) {
  g_autofree char *folder = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("tambo-document-XXXXXX", NULL);
  path = g_build_filename (folder, "scan", NULL);
  g_test_add_func ("/capture/document-reader/images", test_images);
  g_test_add_func ("/capture/document-reader/pdf", test_pdf);
  g_test_add_func ("/capture/document-reader/cut-images", test_cut_images);
  g_test_add_func ("/capture/document-reader/other-files", test_other_files);
  g_test_add_func ("/capture/document-reader/too-large", test_too_large);
  status = g_test_run ();
  g_unlink (path);
  g_rmdir (folder);
  g_free (path);
  return status;
}
