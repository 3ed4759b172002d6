/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sample-loader.h"

#include "app/picture-area.h"

typedef struct {
  TamboSession *session;
  char *slot;
  int width, height;
  TamboSampleLoaded loaded;
  cairo_surface_t *picture;
} Load;

static void load_free (Load *load) {
  g_clear_pointer (&load->picture, cairo_surface_destroy);
  g_object_unref (load->session);
  g_free (load->slot);
  g_free (load);
}

static gboolean run_load (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                          GCancellable *cancellable, GError **error) {
  Load *load = data;
  g_autoptr (GError) own_error = NULL;

  load->picture =
      tambo_picture_load (station, enrolment, load->slot, load->width, load->height, &own_error);
  if (own_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&own_error));
  return FALSE;
}

static void on_loaded (gpointer owner, gpointer data, const GError *error) {
  Load *load = data;

  tambo_session_fail (load->session, error);
  load->loaded (owner, load->picture);
}

void tambo_sample_loader_load (TamboSession *session, const char *slot, int width, int height,
                               TamboSampleLoaded loaded, gpointer owner) {
  Load *load = g_new0 (Load, 1);

  load->session = g_object_ref (session);
  load->slot = g_strdup (slot);
  load->width = width;
  load->height = height;
  load->loaded = loaded;
  tambo_session_read (session, run_load, load, (GDestroyNotify) load_free, NULL, on_loaded, owner);
}
