/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/file-look.h"

#include <glib/gstdio.h>
#include <unistd.h>

static void test_look (void) {
  g_autofree char *folder = g_dir_make_tmp ("tambo-look-XXXXXX", NULL);
  g_autofree char *one = g_build_filename (folder, "one", NULL);
  g_autofree char *other = g_build_filename (folder, "other", NULL);
  TamboFileLook before, after;

  g_assert_false (tambo_file_look (one, &before));
  g_assert_true (g_file_set_contents (one, "12345", 5, NULL));
  g_assert_true (tambo_file_look (one, &before));
  g_assert_cmpint (before.size, ==, 5);
  g_assert_true (before.is_regular);
  g_assert_cmpint (truncate (one, 3), ==, 0);
  g_assert_true (tambo_file_look (one, &after));
  g_assert_cmpint (after.size, ==, 3);
  g_assert_true (tambo_file_look_is_same (&before, &after));
  /* Another file of the same name. */
  g_assert_true (g_file_set_contents (other, "123", 3, NULL));
  g_assert_cmpint (g_rename (other, one), ==, 0);
  g_assert_true (tambo_file_look (one, &after));
  g_assert_false (tambo_file_look_is_same (&before, &after));
  g_assert_true (tambo_file_look (folder, &after));
  g_assert_false (after.is_regular);
  g_assert_cmpint (g_unlink (one), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/file-look/look", test_look);
  return g_test_run ();
}
