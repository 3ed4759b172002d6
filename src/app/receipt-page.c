/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/receipt-page.h"

#include <glib/gi18n.h>

#include "app/focus.h"
#include "app/paper.h"
#include "app/picture-area.h"
#include "app/shortcuts.h"
#include "app/speak.h"
#include "base/file.h"
#include "station/case-desk.h"

#define PREVIEW_WIDTH 440

struct _TamboReceiptPage {
  TamboStepPage parent;
  GtkLabel *number;
  GtkLabel *saved;
  GtkWidget *next_button;
  TamboPictureArea *preview;
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (TamboReceiptPage, tambo_receipt_page, TAMBO_TYPE_STEP_PAGE)

static TamboSession *session_of (TamboReceiptPage *self) {
  return tambo_step_page_get_session (TAMBO_STEP_PAGE (self));
}

static gboolean run_save (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                          GCancellable *cancellable, GError **error) {
  g_autoptr (GBytes) pdf = tambo_case_desk_receipt (station, enrolment->id, error);

  return pdf != NULL && tambo_file_write_durable (data, pdf, 0600, error);
}

static void on_saved (gpointer owner, gpointer data, const GError *error) {
  TamboReceiptPage *self = owner;

  if (error != NULL) {
    tambo_session_fail (session_of (self), error);
    return;
  }
  g_autofree char *text = g_strdup_printf (_ ("The receipt is in %s"), (const char *) data);
  gtk_label_set_label (self->saved, text);
}

static void on_chooser_response_cb (TamboReceiptPage *self, int response) {
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
    char *path = file != NULL ? g_file_get_path (file) : NULL;
    if (path != NULL)
      tambo_session_read (session_of (self), run_save, path, g_free, NULL, on_saved, self);
  }
  g_clear_object (&self->chooser);
}

static void on_save_cb (TamboReceiptPage *self) {
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  g_autofree char *name = g_strconcat (shown->tracking_number, ".pdf", NULL);

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_ ("Save the receipt"), window,
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _ ("Save"), NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_chooser_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void on_preview (gpointer owner, cairo_surface_t *picture) {
  TamboReceiptPage *self = owner;

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    tambo_picture_area_set_surface (self->preview, picture);
}

static void on_print (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboReceiptPage *self = TAMBO_RECEIPT_PAGE (widget);
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));

  if (shown != NULL)
    tambo_paper_print_receipt (widget, session_of (self), shown->id);
}

static void tambo_receipt_page_enter (TamboStepPage *page) {
  TamboReceiptPage *self = TAMBO_RECEIPT_PAGE (page);
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));

  tambo_applicant_screen_leave (tambo_session_get_screen (session_of (self)),
                                shown->tracking_number);
  gtk_label_set_label (self->number, shown->tracking_number);
  gtk_label_set_label (self->saved, "");
  tambo_paper_preview_receipt (session_of (self), shown->id, PREVIEW_WIDTH, on_preview, self);
  tambo_focus_take (self->next_button);
}

static void tambo_receipt_page_leave (TamboStepPage *page) {
  tambo_applicant_screen_wait (tambo_session_get_screen (tambo_step_page_get_session (page)));
  g_clear_object (&TAMBO_RECEIPT_PAGE (page)->chooser);
  tambo_picture_area_set_surface (TAMBO_RECEIPT_PAGE (page)->preview, NULL);
}

static gboolean tambo_receipt_page_finish (TamboStepPage *page) {
  gtk_widget_activate_action (GTK_WIDGET (page), "win.new", NULL);
  return FALSE;
}

static void tambo_receipt_page_dispose (GObject *object) {
  g_clear_object (&TAMBO_RECEIPT_PAGE (object)->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_RECEIPT_PAGE);
  G_OBJECT_CLASS (tambo_receipt_page_parent_class)->dispose (object);
}

static void tambo_receipt_page_class_init (TamboReceiptPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboStepPageClass *step_class = TAMBO_STEP_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_receipt_page_dispose;
  step_class->enter = tambo_receipt_page_enter;
  step_class->leave = tambo_receipt_page_leave;
  step_class->finish = tambo_receipt_page_finish;
  g_type_ensure (TAMBO_TYPE_PICTURE_AREA);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/receipt-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboReceiptPage, number);
  gtk_widget_class_bind_template_child (widget_class, TamboReceiptPage, saved);
  gtk_widget_class_bind_template_child (widget_class, TamboReceiptPage, next_button);
  gtk_widget_class_bind_template_child (widget_class, TamboReceiptPage, preview);
  gtk_widget_class_bind_template_callback (widget_class, on_save_cb);
  gtk_widget_class_install_action (widget_class, "receipt.print", NULL, on_print);
}

static void tambo_receipt_page_init (TamboReceiptPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_shortcuts_attach (GTK_WIDGET (self), "receipt");
  tambo_speak_label (self->number);
  tambo_speak_label (self->saved);
}
