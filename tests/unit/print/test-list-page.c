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

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/list-page/one", test_one);
  g_test_add_func ("/list-page/flows", test_flows);
  return g_test_run ();
}
