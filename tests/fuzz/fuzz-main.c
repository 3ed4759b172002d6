/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Replays a corpus: each argument is a file, or a folder of files. Every file is also given cut off at
 * each of its first bytes, which costs little and is where parsers err.
 */
#include <stdio.h>

#include "fuzz.h"

#define MAX_CUTS 512

static guint n_inputs;

/* A copy of exactly that size, so that a sanitizer sees a read behind it. */
static void give (const guint8 *data, gsize size) {
  g_autofree guint8 *copy = g_memdup2 (data, size);

  LLVMFuzzerTestOneInput (copy, size);
  n_inputs++;
}

static void replay_file (const char *path) {
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  if (!g_file_get_contents (path, &content, &size, &error))
    g_error ("%s", error->message);
  for (gsize cut = 0; cut < MIN (size, MAX_CUTS); cut++)
    give ((const guint8 *) content, cut);
  give ((const guint8 *) content, size);
}

static void replay (const char *path) {
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  if (!folder) {
    replay_file (path);
    return;
  }
  while ((name = g_dir_read_name (folder))) {
    g_autofree char *file = g_build_filename (path, name, NULL);
    replay_file (file);
  }
}

int main (int argc, char **argv) {
  for (int i = 1; i < argc; i++)
    replay (argv[i]);
  printf ("%u inputs\n", n_inputs);
  return n_inputs > 0 ? 0 : 1;
}
