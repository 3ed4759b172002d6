/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Puts the scripted helper in the place of tambo-capture-helper for the tests of one program.
 */
#pragma once

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

#include "capture/helper-protocol.h"

static inline char *scripted_set_up (void) {
  char *folder = g_dir_make_tmp ("tambo-capture-XXXXXX", NULL);
  g_autofree char *place = g_build_filename (folder, "tambo-capture-helper", NULL);

  g_assert_cmpint (symlink (SCRIPTED_HELPER, place), ==, 0);
  g_setenv ("TAMBO_LIBEXECDIR", folder, TRUE);
  g_setenv ("TAMBO_TEST_FOLDER", folder, TRUE);
  return folder;
}

static inline void scripted_tear_down (char *folder) {
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    g_unlink (path);
  }
  g_dir_close (dir);
  g_rmdir (folder);
  g_free (folder);
}

static inline void scripted_say (const char *folder, const char *mode, const char *name,
                                 const GByteArray *bytes) {
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *order = g_build_filename (folder, "mode", NULL);

  g_assert_true (g_file_set_contents (order, mode, -1, NULL));
  if (bytes != NULL)
    g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
}

/* Waits until the helper has written its number. */
static inline pid_t scripted_pid (const char *folder) {
  g_autofree char *path = g_build_filename (folder, "pid", NULL);

  for (int i = 0; i < 500; i++) {
    g_autofree char *text = NULL;

    if (g_file_get_contents (path, &text, NULL, NULL) && *text != '\0')
      return (pid_t) g_ascii_strtoll (text, NULL, 10);
    g_usleep (10 * 1000);
  }
  g_assert_not_reached ();
}

static inline gboolean scripted_is_gone (pid_t pid, int within_ms) {
  gint64 deadline = g_get_monotonic_time () + within_ms * 1000;

  while (g_get_monotonic_time () < deadline) {
    if (kill (pid, 0) != 0 && errno == ESRCH)
      return TRUE;
    g_usleep (5 * 1000);
  }
  return FALSE;
}
