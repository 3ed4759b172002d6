/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/shown-print.h"

#include "app/picture-area.h"
#include "format/image-codec.h"

TamboShownPrint *tambo_shown_print_new (const TamboPrintReport *report, int width, int height) {
  TamboShownPrint *print = g_new0 (TamboShownPrint, 1);

  print->plain = tambo_picture_surface (report->print, width, height);
  if (report->drawn != NULL)
    print->drawn = tambo_picture_surface (report->drawn, width, height);
  print->quality = report->quality.index;
  print->n_minutiae = report->n_minutiae;
  print->reason = report->reason;
  print->twin = report->twin;
  return print;
}

void tambo_shown_print_free (TamboShownPrint *print) {
  if (print == NULL)
    return;
  g_clear_pointer (&print->plain, cairo_surface_destroy);
  g_clear_pointer (&print->drawn, cairo_surface_destroy);
  g_free (print);
}

typedef struct {
  TamboSession *session;
  TamboFinger finger;
  int width, height;
  TamboPrintLoaded loaded;
  TamboShownPrint *print;
} Load;

static void load_free (Load *load) {
  tambo_shown_print_free (load->print);
  g_object_unref (load->session);
  g_free (load);
}

static gboolean run_load (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                          GCancellable *cancellable, GError **error) {
  Load *load = data;
  g_autofree char *slot = g_strconcat ("finger-", tambo_finger_to_string (load->finger), NULL);
  g_autoptr (GBytes) bytes = tambo_enrol_load_sample (station, enrolment, slot, error);
  g_autoptr (TamboImage) image = bytes != NULL ? tambo_image_decode (bytes, error) : NULL;
  if (image == NULL)
    return FALSE;

  g_autoptr (TamboPrintReport) report = tambo_print_report_new (image);
  load->print = tambo_shown_print_new (report, load->width, load->height);
  return TRUE;
}

static void on_loaded (gpointer owner, gpointer data, const GError *error) {
  Load *load = data;

  tambo_session_fail (load->session, error);
  load->loaded (owner, g_steal_pointer (&load->print));
}

void tambo_shown_print_load (TamboSession *session, TamboFinger finger, int width, int height,
                             TamboPrintLoaded loaded, gpointer owner) {
  Load *load = g_new0 (Load, 1);

  load->session = g_object_ref (session);
  load->finger = finger;
  load->width = width;
  load->height = height;
  load->loaded = loaded;
  tambo_session_read (session, run_load, load, (GDestroyNotify) load_free, NULL, on_loaded, owner);
}
