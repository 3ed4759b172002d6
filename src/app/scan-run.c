/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/scan-run.h"

#include "app/picture-area.h"
#include "capture/scanner.h"
#include "station/page-desk.h"

typedef struct {
  TamboSession *session;
  TamboPagePile *pile;
  GCancellable *cancellable;
  TamboScanSaving saving;
  TamboScanDone done;
  int width, height;
  TamboImage *sheet;
  cairo_surface_t *picture;
} Run;

static void run_free (Run *run) {
  g_object_unref (run->session);
  tambo_page_pile_unref (run->pile);
  g_object_unref (run->cancellable);
  g_clear_pointer (&run->sheet, tambo_image_free);
  g_clear_pointer (&run->picture, cairo_surface_destroy);
  g_free (run);
}

static gboolean run_scan (gpointer data, GCancellable *cancellable, GError **error) {
  Run *run = data;
  g_autoptr (TamboImage) glass = tambo_scanner_scan (NULL, cancellable, error);

  if (glass == NULL)
    return FALSE;
  run->sheet = tambo_page_desk_straighten (glass);
  run->picture = tambo_picture_surface (run->sheet, run->width, run->height);
  return TRUE;
}

static gboolean run_add (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                         GCancellable *cancellable, GError **error) {
  Run *run = data;

  return tambo_page_pile_add (run->pile, station, enrolment, g_steal_pointer (&run->sheet), error);
}

static void on_added (gpointer owner, gpointer data, const GError *error) {
  Run *run = data;

  if (!g_cancellable_is_cancelled (run->cancellable))
    run->done (owner, run->picture, error);
}

static void on_scanned (gpointer owner, gpointer data, const GError *error) {
  Run *run = data;

  if (g_cancellable_is_cancelled (run->cancellable))
    return;
  if (error != NULL) {
    run->done (owner, NULL, error);
    return;
  }
  run->saving (owner);
  /* What was begun by the one queue is thrown away by it. */
  Run *next = g_new0 (Run, 1);
  *next = (Run){ .session = g_object_ref (run->session),
                 .pile = tambo_page_pile_ref (run->pile),
                 .cancellable = g_object_ref (run->cancellable),
                 .done = run->done,
                 .sheet = g_steal_pointer (&run->sheet),
                 .picture = g_steal_pointer (&run->picture) };
  tambo_session_push (run->session, run_add, next, (GDestroyNotify) run_free, NULL, on_added,
                      owner);
}

void tambo_scan_run (TamboSession *session, TamboPagePile *pile, int width, int height,
                     GCancellable *cancellable, TamboScanSaving saving, TamboScanDone done,
                     gpointer owner) {
  Run *run = g_new0 (Run, 1);

  *run = (Run){ .session = g_object_ref (session),
                .pile = tambo_page_pile_ref (pile),
                .cancellable = g_object_ref (cancellable),
                .saving = saving,
                .done = done,
                .width = width,
                .height = height };
  tambo_work_push (tambo_session_get_desk_queue (session), run_scan, run, (GDestroyNotify) run_free,
                   cancellable, on_scanned, owner);
}
