/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/capture-removal.h"

#include "station/take-back.h"

typedef struct {
  char *slot, *text;
  TamboCaptureRemoved done;
} Removal;

static void removal_free (Removal *removal) {
  g_free (removal->slot);
  g_free (removal->text);
  g_free (removal);
}

static gboolean run (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                     GCancellable *cancellable, GError **error) {
  const Removal *removal = data;

  return tambo_take_back_remove (station, enrolment, removal->slot, error);
}

static void on_removed (gpointer owner, gpointer data, const GError *error) {
  TamboStepPage *page = owner;
  const Removal *removal = data;

  tambo_session_fail (tambo_step_page_get_session (page), error);
  if (error != NULL || !gtk_widget_get_mapped (GTK_WIDGET (page)))
    return;
  removal->done (page);
  tambo_capture_removal_offer (page, removal->text);
}

void tambo_capture_removal_run (TamboStepPage *page, const char *slot, const char *text,
                                TamboCaptureRemoved done) {
  Removal *removal = g_new0 (Removal, 1);

  removal->slot = g_strdup (slot);
  removal->text = g_strdup (text);
  removal->done = done;
  tambo_session_push (tambo_step_page_get_session (page), run, removal,
                      (GDestroyNotify) removal_free, NULL, on_removed, page);
}

void tambo_capture_removal_offer (TamboStepPage *page, const char *text) {
  gtk_widget_activate_action (GTK_WIDGET (page), "win.offer-undo", "s", text);
}
