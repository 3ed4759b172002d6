/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/portrait-loader.h"

#include "app/picture-area.h"
#include "format/image-codec.h"

typedef struct {
  TamboSession *session;
  int width, height;
  TamboPortraitLoaded loaded;
  cairo_surface_t *picture;
  TamboPortraitReport *report;
} Load;

static void load_free (Load *load) {
  g_clear_pointer (&load->picture, cairo_surface_destroy);
  tambo_portrait_report_free (load->report);
  g_object_unref (load->session);
  g_free (load);
}

static gboolean run_load (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                          GCancellable *cancellable, GError **error) {
  Load *load = data;
  g_autoptr (GBytes) bytes = tambo_enrol_load_sample (station, enrolment, "portrait", error);
  g_autoptr (TamboImage) image = bytes != NULL ? tambo_image_decode (bytes, error) : NULL;

  if (image == NULL)
    return FALSE;
  load->report = tambo_portrait_report_new (image);
  load->picture = tambo_picture_surface (load->report->crop != NULL ? load->report->crop : image,
                                         load->width, load->height);
  return TRUE;
}

static void on_loaded (gpointer owner, gpointer data, const GError *error) {
  Load *load = data;

  tambo_session_fail (load->session, error);
  load->loaded (owner, load->picture, load->report);
}

void tambo_portrait_loader_load (TamboSession *session, int width, int height,
                                 TamboPortraitLoaded loaded, gpointer owner) {
  Load *load = g_new0 (Load, 1);

  load->session = g_object_ref (session);
  load->width = width;
  load->height = height;
  load->loaded = loaded;
  tambo_session_read (session, run_load, load, (GDestroyNotify) load_free, NULL, on_loaded, owner);
}
