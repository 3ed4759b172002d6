/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "made-hq.h"

#include <glib/gstdio.h>

#include "new-database.h"

static void remove_tree (const char *path) {
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    remove_tree (child);
  }
  g_remove (path);
}

void made_hq_init (MadeHq *self) {
  g_autofree char *database = new_database ();
  const TamboHqSettings settings = {
    .name = "Utopia", .state = "UTO", .country = "UT", .database = database
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("tambo-hq-XXXXXX", &error);

  g_assert_no_error (error);
  self->folder = g_build_filename (folder, "hq", NULL);
  tambo_hq_create (self->folder, &settings, &error);
  g_assert_no_error (error);
  self->hq = tambo_hq_open (self->folder, &error);
  g_assert_no_error (error);
}

void made_hq_clear (MadeHq *self) {
  g_autofree char *folder = g_path_get_dirname (self->folder);

  tambo_hq_close (self->hq);
  remove_tree (folder);
  g_free (self->folder);
}

void made_hq_add_case (MadeHq *self, const char *id, const char *tracking_number,
                       const char *state) {
  g_autoptr (GError) error = NULL;

  tambo_database_run (self->hq->database, &error,
                      "INSERT INTO cases (id, tracking_number, station, epoch, state, created_at,"
                      " updated_at) VALUES (?, ?, 'VAN-7', 1, ?, '2026-11-22T09:00:00Z',"
                      " '2026-11-22T09:00:00Z')",
                      "sss", id, tracking_number, state);
  g_assert_no_error (error);
}
