/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/asked-fingers.h"
#include "app/error-text.h"
#include "app/finger-row.h"
#include "app/fingerprints-page-private.h"

static gboolean is_now (TamboFingerprintsPage *self, TamboFinger finger) {
  return self->finger != TAMBO_FINGER_UNKNOWN && (self->pressed & 1u << finger) != 0;
}

/* The same in words: "Right thumb: captured, Right index finger: now". */
static void show_hands (TamboFingerprintsPage *self) {
  static const char *const words[] = {
    [TAMBO_HAND_TODO] = N_ ("to do"),
    [TAMBO_HAND_CAPTURED] = N_ ("captured"),
    [TAMBO_HAND_WEAK] = N_ ("weak"),
    [TAMBO_HAND_MISSING] = N_ ("missing"),
  };
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++) {
    TamboFinger finger = (TamboFinger) i;
    TamboHandState state =
        tambo_asked_fingers_get_state (tambo_fingerprints_page_get_session (self), finger);
    tambo_hand_area_set_state (self->hands, finger, state);
    if (state == TAMBO_HAND_NOT_ASKED)
      continue;
    g_string_append_printf (text, "%s%s: %s", text->len > 0 ? ", " : "", tambo_text_finger (finger),
                            is_now (self, finger) ? _ ("now") : _ (words[state]));
  }
  tambo_hand_area_set_now (self->hands, self->finger != TAMBO_FINGER_UNKNOWN ? self->pressed : 0);
  tambo_hand_area_set_label (self->hands, text->str);
}

void tambo_fingerprints_page_show_rows (TamboFingerprintsPage *self) {
  TamboSession *session = tambo_fingerprints_page_get_session (self);
  const TamboEnrolment *shown = tambo_session_get_shown (session);
  const TamboProcedure *procedure = tambo_session_get_procedure (session);
  if (shown == NULL || procedure == NULL)
    return;

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->list)); row != NULL;
       row = gtk_widget_get_next_sibling (row)) {
    TamboFinger finger = tambo_finger_row_get_finger (TAMBO_FINGER_ROW (row));
    tambo_finger_row_show (TAMBO_FINGER_ROW (row), shown, procedure->minimum_finger_quality,
                           is_now (self, finger));
  }
  show_hands (self);
}

static void on_row_clicked_cb (TamboFingerprintsPage *self, GtkButton *button) {
  tambo_fingerprints_page_capture_one (self,
                                       tambo_finger_row_get_finger (TAMBO_FINGER_ROW (button)));
}

void tambo_fingerprints_page_make_rows (TamboFingerprintsPage *self) {
  GtkWidget *old;

  while ((old = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_box_remove (self->list, old);
  for (int i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++) {
    if (!tambo_asked_fingers_have (tambo_fingerprints_page_get_session (self), (TamboFinger) i))
      continue;
    GtkWidget *row = tambo_finger_row_new ((TamboFinger) i);
    g_signal_connect_object (row, "clicked", G_CALLBACK (on_row_clicked_cb), self,
                             G_CONNECT_SWAPPED);
    gtk_box_append (self->list, row);
  }
  tambo_fingerprints_page_show_rows (self);
}
