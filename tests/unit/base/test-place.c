/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/place.h"

static void test_variable_first (void) {
  g_setenv ("TAMBO_TEST_PLACE", "/told", TRUE);
  g_autofree char *place = tambo_place_find ("TAMBO_TEST_PLACE", "/", ".");
  g_assert_cmpstr (place, ==, "/told");
  g_unsetenv ("TAMBO_TEST_PLACE");
}

static void test_installed_before_build (void) {
  g_autofree char *place = tambo_place_find ("TAMBO_TEST_PLACE", "/", ".");
  g_assert_cmpstr (place, ==, "/");
}

static void test_beside_the_program (void) {
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (program);
  g_autofree char *name = g_path_get_basename (program);
  g_autofree char *place = tambo_place_find ("TAMBO_TEST_PLACE", "/not/installed", name);

  g_assert_cmpstr (place, ==, program);
  g_autofree char *nowhere = tambo_place_find ("TAMBO_TEST_PLACE", "/not/installed", "not-built");
  g_assert_cmpstr (nowhere, ==, "/not/installed");
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/place/variable", test_variable_first);
  g_test_add_func ("/base/place/installed", test_installed_before_build);
  g_test_add_func ("/base/place/beside", test_beside_the_program);
  return g_test_run ();
}
