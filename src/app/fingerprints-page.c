/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/asked-fingers.h"
#include "app/capture-removal.h"
#include "app/error-text.h"
#include "app/finger-row.h"
#include "app/fingerprints-page-private.h"
#include "app/focus.h"
#include "app/shortcuts.h"
#include "app/speak.h"

G_DEFINE_FINAL_TYPE (TamboFingerprintsPage, tambo_fingerprints_page, TAMBO_TYPE_STEP_PAGE)

TamboSession *tambo_fingerprints_page_get_session (TamboFingerprintsPage *self) {
  return tambo_step_page_get_session (TAMBO_STEP_PAGE (self));
}

/* ---- the keys ---- */

/* Its number in the picture of the hands. */
static void on_finger (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (widget);
  TamboFinger finger = (TamboFinger) g_variant_get_int32 (parameter);

  if (tambo_asked_fingers_have (tambo_fingerprints_page_get_session (self), finger))
    tambo_fingerprints_page_capture_one (self, finger);
}

/* One finger after another, or whole hands again. */
static void on_single (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (widget);

  self->is_single = !self->is_single;
  if (self->finger != TAMBO_FINGER_UNKNOWN)
    tambo_fingerprints_page_capture (self, self->finger);
}

static void on_removed (gpointer page) {
  tambo_fingerprints_page_go_on (page);
}

/* Of the row that has the focus: its print, or the reason why it is not there. */
static void on_remove (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (widget);
  GtkWidget *row = gtk_root_get_focus (gtk_widget_get_root (widget));

  if (row == NULL || !TAMBO_IS_FINGER_ROW (row))
    return;
  TamboFinger finger = tambo_finger_row_get_finger (TAMBO_FINGER_ROW (row));
  if (tambo_asked_fingers_get_state (tambo_fingerprints_page_get_session (self), finger)
      == TAMBO_HAND_TODO)
    return;
  g_autofree char *slot = g_strconcat ("finger-", tambo_finger_to_string (finger), NULL);
  g_autofree char *text = g_strdup_printf (_ ("%s was removed."), tambo_text_finger (finger));
  tambo_fingerprints_page_stop (self);
  tambo_capture_removal_run (TAMBO_STEP_PAGE (self), slot, text, on_removed);
}

/* ---- the page ---- */

static void tambo_fingerprints_page_enter (TamboStepPage *page) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (page);

  tambo_fingerprints_page_watch_reader (self);
  self->is_single = FALSE;
  tambo_fingerprints_page_make_rows (self);
  tambo_fingerprints_page_show_last_print (self);
  tambo_focus_take (self->again_button);
  tambo_fingerprints_page_go_on (self);
}

static void tambo_fingerprints_page_leave (TamboStepPage *page) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (page);

  tambo_fingerprints_page_stop (self);
  tambo_device_wait_reset (self->wait);
  tambo_applicant_screen_wait (
      tambo_session_get_screen (tambo_fingerprints_page_get_session (self)));
  gtk_popover_popdown (self->exception_popover);
  tambo_fingerprints_page_show_print (self, TAMBO_FINGER_UNKNOWN, NULL);
}

static void tambo_fingerprints_page_refresh (TamboStepPage *page) {
  tambo_fingerprints_page_show_rows (TAMBO_FINGERPRINTS_PAGE (page));
}

static void tambo_fingerprints_page_cancel (TamboStepPage *page) {
  tambo_fingerprints_page_give_up (TAMBO_FINGERPRINTS_PAGE (page));
}

/* F5 takes the finger that is due once more; when a capture runs it waits for the finger already. */
static gboolean tambo_fingerprints_page_again (TamboStepPage *page) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (page);

  if (self->has_failed)
    tambo_fingerprints_page_retry (self);
  else if (self->cancellable == NULL && self->print == NULL)
    return FALSE;
  else if (self->cancellable == NULL && self->finger != TAMBO_FINGER_UNKNOWN)
    tambo_fingerprints_page_capture (self, self->finger);
  return TRUE;
}

static void tambo_fingerprints_page_dispose (GObject *object) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (object);

  tambo_fingerprints_page_stop (self);
  g_clear_object (&self->wait);
  g_clear_pointer (&self->print, tambo_shown_print_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_FINGERPRINTS_PAGE);
  G_OBJECT_CLASS (tambo_fingerprints_page_parent_class)->dispose (object);
}

static void bind_template (GtkWidgetClass *widget_class) {
  g_type_ensure (TAMBO_TYPE_HAND_AREA);
  g_type_ensure (TAMBO_TYPE_PICTURE_AREA);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/fingerprints-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboFingerprintsPage, area);
  gtk_widget_class_bind_template_child (widget_class, TamboFingerprintsPage, prompt);
  gtk_widget_class_bind_template_child (widget_class, TamboFingerprintsPage, status);
  gtk_widget_class_bind_template_child (widget_class, TamboFingerprintsPage, hands);
  gtk_widget_class_bind_template_child (widget_class, TamboFingerprintsPage, map_button);
  gtk_widget_class_bind_template_child (widget_class, TamboFingerprintsPage, list);
  gtk_widget_class_bind_template_child (widget_class, TamboFingerprintsPage, again_button);
  gtk_widget_class_bind_template_child (widget_class, TamboFingerprintsPage, exception_button);
  gtk_widget_class_bind_template_child (widget_class, TamboFingerprintsPage, exception_popover);
  gtk_widget_class_bind_template_child (widget_class, TamboFingerprintsPage, reason_entry);
  tambo_fingerprints_page_bind_print (widget_class);
  tambo_fingerprints_page_bind_capture (widget_class);
  tambo_fingerprints_page_install_exceptions (widget_class);
}

static void tambo_fingerprints_page_class_init (TamboFingerprintsPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboStepPageClass *step_class = TAMBO_STEP_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_fingerprints_page_dispose;
  step_class->enter = tambo_fingerprints_page_enter;
  step_class->leave = tambo_fingerprints_page_leave;
  step_class->refresh = tambo_fingerprints_page_refresh;
  step_class->cancel = tambo_fingerprints_page_cancel;
  step_class->again = tambo_fingerprints_page_again;
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "fingerprints.single", NULL, on_single);
  gtk_widget_class_install_action (widget_class, "fingerprints.finger", "i", on_finger);
  gtk_widget_class_install_action (widget_class, "fingerprints.remove", NULL, on_remove);
}

static void tambo_fingerprints_page_init (TamboFingerprintsPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_shortcuts_attach (GTK_WIDGET (self), "fingerprints");
  tambo_speak_label (self->prompt);
  tambo_speak_label (self->status);
  tambo_speak_toggle (self->map_button);
}
