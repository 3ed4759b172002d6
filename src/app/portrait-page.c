/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/portrait-page.h"

#include <glib/gi18n.h>

#include "app/capture-run.h"
#include "app/error-text.h"
#include "app/live-view.h"
#include "app/picture-area.h"
#include "app/sample-loader.h"

#define STILL_WIDTH 960
#define STILL_HEIGHT 1200

struct _TamboPortraitPage {
  TamboStepPage parent;
  TamboPictureArea *area;
  GtkLabel *prompt;
  GtkLabel *verdict;
  GtkLabel *detail;
  GtkButton *take_button;
  GCancellable *cancellable; /* of what runs: the live view or the capture */
  gboolean is_live;
};

G_DEFINE_FINAL_TYPE (TamboPortraitPage, tambo_portrait_page, TAMBO_TYPE_STEP_PAGE)

static TamboSession *session_of (TamboPortraitPage *self) {
  return tambo_step_page_get_session (TAMBO_STEP_PAGE (self));
}

static void stop (TamboPortraitPage *self) {
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->is_live = FALSE;
}

static void say (TamboPortraitPage *self, const char *prompt, const char *verdict,
                 const char *detail) {
  gtk_label_set_label (self->prompt, prompt);
  gtk_label_set_label (self->verdict, verdict);
  gtk_label_set_label (self->detail, detail);
  tambo_picture_area_set_label (self->area, prompt);
}

static void set_button (TamboPortraitPage *self, const char *label) {
  gtk_button_set_label (self->take_button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->take_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->take_button), TRUE);
}

static void show_failure (TamboPortraitPage *self, const GError *error) {
  g_autofree char *sentence = tambo_error_text_sentence (error);

  say (self, _ ("There is no picture."), sentence, error->message);
  set_button (self, _ ("Try again"));
  gtk_widget_grab_focus (GTK_WIDGET (self->take_button));
}

static void on_live_ended (gpointer owner, gpointer data, const GError *error) {
  TamboPortraitPage *self = owner;

  /* Cancelled by us: something else has begun. */
  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  stop (self);
  show_failure (self, error);
}

static void start_live (TamboPortraitPage *self) {
  stop (self);
  self->cancellable = g_cancellable_new ();
  self->is_live = TRUE;
  tambo_picture_area_set_surface (self->area, NULL);
  g_object_set (self->area, "oval", TRUE, NULL);
  say (self, _ ("Look at the camera."),
                _ ("Bring the face into the oval, eyes open, mouth closed."), "");
  set_button (self, _ ("Take now"));
  gtk_widget_grab_focus (GTK_WIDGET (self->take_button));
  tambo_live_view_run (session_of (self), self->area, self->cancellable, on_live_ended, self);
}

static void show_still (TamboPortraitPage *self, cairo_surface_t *picture) {
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));
  const TamboSample *sample =
      shown != NULL ? tambo_enrolment_find_sample (shown, "portrait") : NULL;

  if (sample == NULL)
    return;
  g_autofree char *detail =
      g_strdup_printf ("%d × %d · %s", sample->width, sample->height, sample->device);
  g_object_set (self->area, "oval", FALSE, NULL);
  tambo_picture_area_set_surface (self->area, picture);
  say (self, _ ("The portrait is good."), _ ("Size, light, contrast and sharpness pass."), detail);
  set_button (self, _ ("Take again"));
  tambo_step_page_ready (TAMBO_STEP_PAGE (self));
}

static void on_attempt (gpointer owner, int attempt, const char *why) {
  TamboPortraitPage *self = owner;
  g_autofree char *prompt = g_strdup_printf (_ ("Keep still. Attempt %d of 3"), attempt);

  say (self, prompt,
       why != NULL ? _ ("The last picture was not good enough.") : "", why != NULL ? why : "");
}

static void on_taken (gpointer owner, cairo_surface_t *picture, const GError *error) {
  TamboPortraitPage *self = owner;

  if (self->cancellable == NULL) /* the page was left meanwhile */
    return;
  if (error == NULL) {
    g_clear_object (&self->cancellable);
    show_still (self, picture);
  } else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    stop (self);
    tambo_session_fail (session_of (self), error);
    show_failure (self, error);
  }
}

static const TamboCaptureEvents events = { .attempt = on_attempt, .done = on_taken };

static void take (TamboPortraitPage *self) {
  stop (self);
  self->cancellable = g_cancellable_new ();
  g_object_set (self->area, "oval", FALSE, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->take_button), FALSE);
  say (self, _ ("Keep still."), "", "");
  /* After the live view has let the camera go: both run on the case's one thread. */
  tambo_capture_run (session_of (self), TAMBO_SAMPLE_PORTRAIT, TAMBO_FINGER_UNKNOWN, STILL_WIDTH,
                     STILL_HEIGHT, &events, self->cancellable, self);
}

static void on_scanned (gpointer owner, gpointer data, const GError *error) {
  TamboPortraitPage *self = owner;

  if (error == NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) && self->cancellable == NULL)
    start_live (self);
}

static void on_take_cb (TamboPortraitPage *self) {
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));

  if (self->is_live)
    take (self);
  else if (shown != NULL && tambo_enrolment_find_sample (shown, "portrait") != NULL)
    start_live (self);
  else
    tambo_session_scan (session_of (self), on_scanned, self);
}

static void on_still_loaded (gpointer owner, cairo_surface_t *picture) {
  if (picture != NULL && !TAMBO_PORTRAIT_PAGE (owner)->is_live)
    show_still (owner, picture);
}

static void tambo_portrait_page_enter (TamboStepPage *page) {
  TamboPortraitPage *self = TAMBO_PORTRAIT_PAGE (page);
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));

  if (shown != NULL && tambo_enrolment_find_sample (shown, "portrait") != NULL)
    tambo_sample_loader_load (session_of (self), "portrait", STILL_WIDTH, STILL_HEIGHT,
                              on_still_loaded, self);
  else
    start_live (self);
}

/* What lies in the area is personal and does not stay for the next applicant. */
static void tambo_portrait_page_leave (TamboStepPage *page) {
  TamboPortraitPage *self = TAMBO_PORTRAIT_PAGE (page);

  stop (self);
  tambo_picture_area_set_surface (self->area, NULL);
}

static void tambo_portrait_page_cancel (TamboStepPage *page) {
  TamboPortraitPage *self = TAMBO_PORTRAIT_PAGE (page);

  if (self->cancellable != NULL && !self->is_live)
    start_live (self);
}

static void tambo_portrait_page_dispose (GObject *object) {
  stop (TAMBO_PORTRAIT_PAGE (object));
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_PORTRAIT_PAGE);
  G_OBJECT_CLASS (tambo_portrait_page_parent_class)->dispose (object);
}

static void tambo_portrait_page_class_init (TamboPortraitPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboStepPageClass *step_class = TAMBO_STEP_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_portrait_page_dispose;
  step_class->enter = tambo_portrait_page_enter;
  step_class->leave = tambo_portrait_page_leave;
  step_class->cancel = tambo_portrait_page_cancel;
  g_type_ensure (TAMBO_TYPE_PICTURE_AREA);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/portrait-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboPortraitPage, area);
  gtk_widget_class_bind_template_child (widget_class, TamboPortraitPage, prompt);
  gtk_widget_class_bind_template_child (widget_class, TamboPortraitPage, verdict);
  gtk_widget_class_bind_template_child (widget_class, TamboPortraitPage, detail);
  gtk_widget_class_bind_template_child (widget_class, TamboPortraitPage, take_button);
  gtk_widget_class_bind_template_callback (widget_class, on_take_cb);
}

static void tambo_portrait_page_init (TamboPortraitPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}
