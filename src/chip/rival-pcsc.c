/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/rival-pcsc.h"

#include <string.h>
#include <unistd.h>

#define LIBRARY "/libpcsclite"
#define MAX_RIVALS 4

static gboolean has_library (const char *process) {
  g_autofree char *path = g_build_filename ("/proc", process, "maps", NULL);
  g_autofree char *maps = NULL;

  return g_file_get_contents (path, &maps, NULL, NULL) && strstr (maps, LIBRARY);
}

static char *dup_name (const char *process) {
  g_autofree char *path = g_build_filename ("/proc", process, "comm", NULL);
  g_autofree char *name = NULL;

  if (!g_file_get_contents (path, &name, NULL, NULL))
    return NULL;
  return g_strdup_printf ("%s (%s)", g_strchomp (name), process);
}

char *tambo_pcsc_dup_rivals (void) {
  g_autoptr (GDir) folder = g_dir_open ("/proc", 0, NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *self = g_strdup_printf ("%d", (int) getpid ());
  const char *process;
  int count = 0;

  while (folder && count < MAX_RIVALS && (process = g_dir_read_name (folder))) {
    if (!g_ascii_isdigit (*process) || strcmp (process, self) == 0 || !has_library (process))
      continue;
    g_autofree char *name = dup_name (process);
    if (!name)
      continue;
    g_strv_builder_add (builder, name);
    count++;
  }
  g_auto (GStrv) names = g_strv_builder_end (builder);
  return count ? g_strjoinv (", ", names) : NULL;
}
