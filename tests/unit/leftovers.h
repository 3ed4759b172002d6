/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a process holds: for tests that count what is left over after many turns.
 */
#pragma once

#include <glib.h>

typedef struct {
  guint descriptors, threads, children;
} Leftovers;

static inline guint leftovers_count_entries (const char *path) {
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

/* Of all threads: whoever started a process is its parent. */
static inline guint leftovers_count_children (void) {
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  const char *task;
  guint n = 0;

  while (tasks != NULL && (task = g_dir_read_name (tasks)) != NULL) {
    g_autofree char *path = g_build_filename ("/proc/self/task", task, "children", NULL);
    g_autofree char *text = NULL;

    if (g_file_get_contents (path, &text, NULL, NULL))
      for (const char *c = text; *c != '\0'; c++)
        n += *c == ' ';
  }
  return n;
}

static inline Leftovers leftovers_count (void) {
  return (Leftovers){ leftovers_count_entries ("/proc/self/fd"),
                      leftovers_count_entries ("/proc/self/task"), leftovers_count_children () };
}

static inline gboolean leftovers_exceed (const Leftovers *now, const Leftovers *before) {
  return now->descriptors > before->descriptors || now->threads > before->threads
         || now->children > before->children;
}

/* Reapers and worker threads that have nothing to do end a moment later: what there is once it is no more than LIMIT,
 * or SECONDS later. */
static inline Leftovers leftovers_count_rested (const Leftovers *limit, guint seconds) {
  gint64 deadline = g_get_monotonic_time () + seconds * G_TIME_SPAN_SECOND;
  Leftovers now;

  while (now = leftovers_count (),
         leftovers_exceed (&now, limit) && g_get_monotonic_time () < deadline)
    g_usleep (50 * 1000);
  return now;
}
