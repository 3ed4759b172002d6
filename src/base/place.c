/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/place.h"

#include <gio/gio.h>

static char *find_beside_program (const char *in_build) {
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  if (program == NULL)
    return NULL;

  g_autofree char *folder = g_path_get_dirname (program);
  g_autofree char *path = g_build_filename (folder, in_build, NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_canonicalize_filename (path, NULL) : NULL;
}

char *tambo_place_find (const char *variable, const char *installed, const char *in_build) {
  const char *told = g_getenv (variable);
  if (told != NULL)
    return g_strdup (told);
  if (g_file_test (installed, G_FILE_TEST_EXISTS))
    return g_strdup (installed);

  char *beside = find_beside_program (in_build);
  return beside != NULL ? beside : g_strdup (installed);
}
