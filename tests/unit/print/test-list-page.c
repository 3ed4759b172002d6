/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print/list-page.h"

#include <string.h>

static GBytes *draw (guint n_rows) {
  g_autoptr (GPtrArray) rows = tambo_list_rows_new ();
  g_autoptr (GError) error = NULL;
  const TamboListPage page = {
    .title = "Cierre del día", .signer = "Firma", .foot = "MIG-TEST-01", .rows = rows
  };

  tambo_list_rows_take (rows, g_strdup ("Del día"), NULL);
  for (guint i = 0; i < n_rows; i++)
    tambo_list_rows_take (rows, g_strdup ("Trámites"), g_strdup_printf ("%u", i));
  GBytes *pdf = tambo_list_page_draw (&page, &error);
  g_assert_no_error (error);
  return pdf;
}

static void assert_pages (guint n_rows, const char *count) {
  g_autoptr (GBytes) pdf = draw (n_rows);
  gsize size;
  const char *data = g_bytes_get_data (pdf, &size);

  g_assert_cmpmem (data, 5, "%PDF-", 5);
  g_assert_nonnull (memmem (data, size, count, strlen (count)));
}

static void test_one (void) {
  assert_pages (0, "/Count 1");
  assert_pages (20, "/Count 1");
}

static void test_flows (void) {
  assert_pages (60, "/Count 2");
  assert_pages (80, "/Count 3");
}

/* Where the ink of a page with one row ends, above its foot. */
static int find_end (const char *value) {
  g_autoptr (GPtrArray) rows = tambo_list_rows_new ();
  g_autoptr (GError) error = NULL;
  const TamboListPage page = { .title = "Acta", .signer = "Firma", .foot = "", .rows = rows };

  tambo_list_rows_take (rows, g_strdup ("Lo que vieron"), g_strdup (value));
  g_autoptr (TamboImage) image = tambo_list_page_picture (&page, 595, &error);
  g_assert_no_error (error);
  for (int y = 780; y > 0; y--)
    for (int x = 0; x < image->width; x++)
      if (image->data[((gsize) y * image->width + x) * 3] < 128)
        return y;
  return 0;
}

static void test_long_value (void) {
  int line = find_end ("face and signature agree");
  int lines = find_end ("face and signature agree, and the holder knows what was asked at the "
                        "enrolment, and the photograph of the old passport is of the same person");

  g_assert_cmpint (lines, >, line + 30);
}

/* A picture shows the first page alone: the second would lie on its title. */
static void test_picture (void) {
  g_autoptr (GPtrArray) rows = tambo_list_rows_new ();
  g_autoptr (GError) error = NULL;
  const TamboListPage page = { .title = "Cierre", .signer = "Firma", .foot = "1", .rows = rows };

  g_autoptr (TamboImage) empty = tambo_list_page_picture (&page, 595, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 100; i++)
    tambo_list_rows_take (rows, g_strdup ("Trámites"), g_strdup ("1"));
  g_autoptr (TamboImage) image = tambo_list_page_picture (&page, 595, &error);
  g_assert_no_error (error);
  g_assert_cmpint (image->height, ==, empty->height);
  g_assert_cmpmem (image->data + 56 * 595 * 3, 19 * 595 * 3, empty->data + 56 * 595 * 3,
                   19 * 595 * 3);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list-page/one", test_one);
  g_test_add_func ("/list-page/flows", test_flows);
  g_test_add_func ("/list-page/long-value", test_long_value);
  g_test_add_func ("/list-page/picture", test_picture);
  return g_test_run ();
}
