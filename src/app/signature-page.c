/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/signature-page.h"

#include <glib/gi18n.h>

#include "app/capture-run.h"
#include "app/error-text.h"
#include "app/ink-area.h"
#include "app/picture-area.h"
#include "app/sample-loader.h"
#include "app/stack-pages.h"

#define INK_WIDTH 1200
#define INK_HEIGHT 500

struct _TamboSignaturePage {
  TamboStepPage parent;
  GtkLabel *prompt;
  GtkLabel *status;
  GtkStack *stack;
  TamboInkArea *ink;
  TamboPictureArea *area;
  GtkWidget *again_button;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (TamboSignaturePage, tambo_signature_page, TAMBO_TYPE_STEP_PAGE)

static TamboSession *session_of (TamboSignaturePage *self) {
  return tambo_step_page_get_session (TAMBO_STEP_PAGE (self));
}

static void stop (TamboSignaturePage *self) {
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void say (TamboSignaturePage *self, const char *prompt, const char *status) {
  gtk_label_set_label (self->prompt, prompt);
  gtk_label_set_label (self->status, status);
}

static void show_signature (TamboSignaturePage *self, cairo_surface_t *picture) {
  tambo_picture_area_set_surface (self->area, picture);
  tambo_stack_show (self->stack, "saved");
  say (self, _ ("The signature is saved."), "");
  tambo_applicant_screen_wait (tambo_session_get_screen (session_of (self)));
  tambo_step_page_ready (TAMBO_STEP_PAGE (self));
}

static void on_attempt (gpointer owner, int attempt, const char *why) {
  TamboSignaturePage *self = owner;
  g_autofree char *status = g_strdup_printf (_ ("Attempt %d of 3"), attempt);

  tambo_ink_area_clear (self->ink);
  gtk_label_set_label (self->status, status);
}

static void on_ink (gpointer owner, GArray *samples) {
  tambo_ink_area_add (TAMBO_SIGNATURE_PAGE (owner)->ink, samples);
}

static void on_signed (gpointer owner, cairo_surface_t *picture, const GError *error) {
  TamboSignaturePage *self = owner;

  if (self->cancellable == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error == NULL) {
    g_clear_object (&self->cancellable);
    show_signature (self, picture);
    return;
  }
  stop (self);
  tambo_session_fail (session_of (self), error);
  g_autofree char *action = tambo_error_text_action (error);
  say (self, tambo_error_text_cause (error), action);
  gtk_widget_grab_focus (self->again_button);
}

static const TamboCaptureEvents events = {
  .attempt = on_attempt,
  .ink = on_ink,
  .done = on_signed,
};

static void capture (TamboSignaturePage *self) {
  const TamboCaptureWish wish = { .kind = TAMBO_SAMPLE_SIGNATURE,
                                  .width = INK_WIDTH,
                                  .height = INK_HEIGHT };

  stop (self);
  self->cancellable = g_cancellable_new ();
  tambo_ink_area_clear (self->ink);
  tambo_stack_show (self->stack, "ink");
  say (self, _ ("Sign on the pad."), "");
  tambo_applicant_screen_sign (tambo_session_get_screen (session_of (self)));
  gtk_widget_grab_focus (self->again_button);
  tambo_capture_run (session_of (self), &wish, &events, self->cancellable, self);
}

static void on_again_cb (TamboSignaturePage *self) {
  capture (self);
}

static void on_signature_loaded (gpointer owner, cairo_surface_t *picture) {
  if (picture != NULL && TAMBO_SIGNATURE_PAGE (owner)->cancellable == NULL)
    show_signature (owner, picture);
}

static void tambo_signature_page_enter (TamboStepPage *page) {
  TamboSignaturePage *self = TAMBO_SIGNATURE_PAGE (page);
  TamboSession *session = session_of (self);
  const TamboEnrolment *shown = tambo_session_get_shown (session);

  if (tambo_enrolment_find_sample (shown, "signature") != NULL) {
    tambo_sample_loader_load (session, "signature", INK_WIDTH, INK_HEIGHT, on_signature_loaded,
                              self);
  } else if (tambo_session_get_step_state (session, TAMBO_STEP_SIGNATURE)
             == TAMBO_STEP_STATE_NOT_NEEDED) {
    say (self, _ ("No signature is needed."), "");
    tambo_step_page_ready (page);
  } else {
    capture (self);
  }
}

static void tambo_signature_page_leave (TamboStepPage *page) {
  TamboSignaturePage *self = TAMBO_SIGNATURE_PAGE (page);

  stop (self);
  tambo_applicant_screen_wait (tambo_session_get_screen (session_of (self)));
  tambo_ink_area_clear (self->ink);
  tambo_picture_area_set_surface (self->area, NULL);
}

static void tambo_signature_page_cancel (TamboStepPage *page) {
  TamboSignaturePage *self = TAMBO_SIGNATURE_PAGE (page);

  if (self->cancellable == NULL)
    return;
  stop (self);
  say (self, _ ("The capture was stopped."), _ ("Press “Sign again” to go on."));
  gtk_widget_grab_focus (self->again_button);
}

static void tambo_signature_page_dispose (GObject *object) {
  stop (TAMBO_SIGNATURE_PAGE (object));
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_SIGNATURE_PAGE);
  G_OBJECT_CLASS (tambo_signature_page_parent_class)->dispose (object);
}

static void tambo_signature_page_class_init (TamboSignaturePageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboStepPageClass *step_class = TAMBO_STEP_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_signature_page_dispose;
  step_class->enter = tambo_signature_page_enter;
  step_class->leave = tambo_signature_page_leave;
  step_class->cancel = tambo_signature_page_cancel;
  g_type_ensure (TAMBO_TYPE_INK_AREA);
  g_type_ensure (TAMBO_TYPE_PICTURE_AREA);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/signature-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboSignaturePage, prompt);
  gtk_widget_class_bind_template_child (widget_class, TamboSignaturePage, status);
  gtk_widget_class_bind_template_child (widget_class, TamboSignaturePage, stack);
  gtk_widget_class_bind_template_child (widget_class, TamboSignaturePage, ink);
  gtk_widget_class_bind_template_child (widget_class, TamboSignaturePage, area);
  gtk_widget_class_bind_template_child (widget_class, TamboSignaturePage, again_button);
  gtk_widget_class_bind_template_callback (widget_class, on_again_cb);
}

static void tambo_signature_page_init (TamboSignaturePage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_stack_show (self->stack, "ink");
}
