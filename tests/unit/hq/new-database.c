/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "new-database.h"

#include <glib.h>

char *new_database (void) {
  static guint n;
  g_autofree char *name = g_strdup_printf ("test_%u", n++);
  g_autofree char *sql = g_strdup_printf ("CREATE DATABASE %s", name);
  const char *words[] = { "psql", "-X", "-q", "-d", "postgres", "-c", sql, NULL };
  int status = -1;

  if (g_getenv ("TAMBO_TEST_POSTGRESQL") == NULL)
    return NULL;
  g_assert_true (g_spawn_sync (NULL, (char **) words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  return g_strconcat ("postgresql:///", name, NULL);
}
