/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/error-text.h"
#include "app/fingerprints-page-private.h"

static void paint_print (TamboFingerprintsPage *self) {
  const TamboShownPrint *print = self->print;
  gboolean has_map = print != NULL && print->drawn != NULL;

  if (print == NULL)
    tambo_picture_area_set_surface (self->area, NULL);
  else
    tambo_picture_area_set_surface (
        self->area,
        has_map && gtk_toggle_button_get_active (self->map_button) ? print->drawn : print->plain);
}

void tambo_fingerprints_page_show_print (TamboFingerprintsPage *self, TamboFinger finger,
                                         TamboShownPrint *print) {
  tambo_shown_print_free (self->print);
  self->print = print;
  paint_print (self);
  if (print == NULL)
    return;
  g_autofree char *label =
      g_strdup_printf (_ ("%s: quality %d, %d minutiae"), tambo_text_finger (finger),
                       print->quality, print->n_minutiae);
  tambo_picture_area_set_label (self->area, label);
}

static void on_print_loaded (gpointer owner, TamboShownPrint *print) {
  TamboFingerprintsPage *self = owner;

  if (print != NULL && self->print == NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    tambo_fingerprints_page_show_print (self, TAMBO_FINGER_UNKNOWN, print);
  else
    tambo_shown_print_free (print);
}

void tambo_fingerprints_page_show_last_print (TamboFingerprintsPage *self) {
  TamboSession *session = tambo_fingerprints_page_get_session (self);
  const TamboEnrolment *shown = tambo_session_get_shown (session);

  for (guint i = shown->samples->len; i > 0; i--) {
    const TamboSample *sample = g_ptr_array_index (shown->samples, i - 1);
    if (sample->kind != TAMBO_SAMPLE_FINGERPRINT)
      continue;
    tambo_shown_print_load (session, sample->finger, TAMBO_FINGERPRINTS_PICTURE_WIDTH,
                            TAMBO_FINGERPRINTS_PICTURE_HEIGHT, on_print_loaded, self);
    return;
  }
}

static void on_map_toggled_cb (TamboFingerprintsPage *self) {
  paint_print (self);
}

void tambo_fingerprints_page_bind_print (GtkWidgetClass *widget_class) {
  gtk_widget_class_bind_template_callback (widget_class, on_map_toggled_cb);
}
