/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/signature-page.h"

#include <glib/gi18n.h>

#include "app/capture-removal.h"
#include "app/capture-run.h"
#include "app/device-wait.h"
#include "app/error-text.h"
#include "app/focus.h"
#include "app/ink-area.h"
#include "app/picture-area.h"
#include "app/sample-loader.h"
#include "app/speak.h"
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
  GtkWidget *remove_button;
  GCancellable *cancellable;
  TamboDeviceWait *wait;
  gboolean has_failed; /* the pad, and the clerk reads why */
  gboolean is_new;     /* the case has had none before */
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
  gtk_widget_set_visible (self->remove_button, TRUE);
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

/* A pad that comes back is seen by itself, and a second failure does not take the focus again. */
static void show_pad_fault (TamboSignaturePage *self, const GError *error) {
  g_autofree char *sentence = tambo_device_wait_sentence (error);

  say (self, _ ("There is no signature."), sentence);
  tambo_applicant_screen_wait (tambo_session_get_screen (session_of (self)));
  if (!self->has_failed)
    tambo_focus_take (self->again_button);
  self->has_failed = TRUE;
}

static void on_signed (gpointer owner, cairo_surface_t *picture, const GError *error) {
  TamboSignaturePage *self = owner;

  if (self->cancellable == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error == NULL) {
    g_clear_object (&self->cancellable);
    self->has_failed = FALSE;
    tambo_device_wait_reset (self->wait);
    show_signature (self, picture);
    if (!self->is_new)
      tambo_capture_removal_offer (TAMBO_STEP_PAGE (self),
                                   _ ("The earlier signature was replaced."));
    return;
  }
  stop (self);
  if (tambo_device_wait_begin (self->wait, error)) {
    show_pad_fault (self, error);
    return;
  }
  tambo_session_fail (session_of (self), error);
  g_autofree char *action = tambo_error_text_action (error);
  say (self, tambo_error_text_cause (error), action);
  tambo_focus_take (self->again_button);
}

static const TamboCaptureEvents events = {
  .attempt = on_attempt,
  .ink = on_ink,
  .done = on_signed,
};

static gboolean has_signature (TamboSignaturePage *self) {
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));

  return shown != NULL && tambo_enrolment_find_sample (shown, "signature") != NULL;
}

/* By itself, or because the clerk wants it. */
static void capture (TamboSignaturePage *self) {
  const TamboCaptureWish wish = { .kind = TAMBO_SAMPLE_SIGNATURE,
                                  .width = INK_WIDTH,
                                  .height = INK_HEIGHT };

  stop (self);
  tambo_device_wait_end (self->wait);
  self->cancellable = g_cancellable_new ();
  tambo_ink_area_clear (self->ink);
  tambo_stack_show (self->stack, "ink");
  gtk_widget_set_visible (self->remove_button, FALSE);
  say (self, _ ("Sign on the pad."), "");
  tambo_applicant_screen_sign (tambo_session_get_screen (session_of (self)));
  tambo_capture_run (session_of (self), &wish, &events, self->cancellable, self);
}

static void on_pad_back (gpointer owner) {
  TamboSignaturePage *self = owner;

  if (self->cancellable == NULL)
    capture (self);
}

static void begin (TamboSignaturePage *self) {
  tambo_device_wait_reset (self->wait);
  self->has_failed = FALSE;
  self->is_new = !has_signature (self);
  capture (self);
  tambo_focus_take (self->again_button);
}

static void begin_again (gpointer owner, gpointer data, const GError *error) {
  if (error == NULL && gtk_widget_get_mapped (owner))
    begin (owner);
}

static void on_removed (gpointer page) {
  begin (page);
}

static void on_remove_cb (TamboSignaturePage *self) {
  tambo_capture_removal_run (TAMBO_STEP_PAGE (self), "signature", _ ("The signature was removed."),
                             on_removed);
}

/* A pad that failed is looked for first: it may be back. */
static void on_again_cb (TamboSignaturePage *self) {
  if (self->has_failed)
    tambo_session_scan (session_of (self), begin_again, self);
  else
    begin (self);
}

static void on_signature_loaded (gpointer owner, cairo_surface_t *picture) {
  if (picture != NULL && TAMBO_SIGNATURE_PAGE (owner)->cancellable == NULL)
    show_signature (owner, picture);
}

static void tambo_signature_page_enter (TamboStepPage *page) {
  TamboSignaturePage *self = TAMBO_SIGNATURE_PAGE (page);
  TamboSession *session = session_of (self);

  gtk_widget_set_visible (self->remove_button, FALSE);
  if (self->wait == NULL)
    self->wait = tambo_device_wait_new (session, TAMBO_DEVICE_SIGNATURE_PAD, on_pad_back, self);
  if (has_signature (self)) {
    tambo_sample_loader_load (session, "signature", INK_WIDTH, INK_HEIGHT, on_signature_loaded,
                              self);
  } else if (tambo_session_get_step_state (session, TAMBO_STEP_SIGNATURE)
             == TAMBO_STEP_STATE_NOT_NEEDED) {
    say (self, _ ("No signature is needed."), "");
    tambo_step_page_ready (page);
  } else {
    begin (self);
  }
}

static void tambo_signature_page_leave (TamboStepPage *page) {
  TamboSignaturePage *self = TAMBO_SIGNATURE_PAGE (page);

  stop (self);
  tambo_device_wait_reset (self->wait);
  tambo_applicant_screen_wait (tambo_session_get_screen (session_of (self)));
  tambo_ink_area_clear (self->ink);
  tambo_picture_area_set_surface (self->area, NULL);
}

static void tambo_signature_page_cancel (TamboStepPage *page) {
  TamboSignaturePage *self = TAMBO_SIGNATURE_PAGE (page);

  if (self->cancellable == NULL && !self->has_failed)
    return;
  stop (self);
  tambo_device_wait_end (self->wait);
  self->has_failed = FALSE;
  say (self, _ ("The capture was stopped."), _ ("Press “Sign again” to go on."));
  tambo_focus_take (self->again_button);
}

static void tambo_signature_page_dispose (GObject *object) {
  TamboSignaturePage *self = TAMBO_SIGNATURE_PAGE (object);

  stop (self);
  if (self->wait != NULL)
    tambo_device_wait_end (self->wait);
  g_clear_object (&self->wait);
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
  gtk_widget_class_bind_template_child (widget_class, TamboSignaturePage, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, on_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_cb);
}

static void tambo_signature_page_init (TamboSignaturePage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_speak_label (self->prompt);
  tambo_speak_label (self->status);
  tambo_stack_show (self->stack, "ink");
}
