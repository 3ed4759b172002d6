/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/portrait-page.h"

#include <glib/gi18n.h>

#include "app/camera-rival.h"
#include "app/capture-removal.h"
#include "app/capture-run.h"
#include "app/detail-text.h"
#include "app/device-wait.h"
#include "app/error-text.h"
#include "app/focus.h"
#include "app/live-view.h"
#include "app/picture-area.h"
#include "app/portrait-loader.h"
#include "app/quality-text.h"
#include "app/speak.h"
#include "app/verdict-list.h"

#define STILL_WIDTH 960
#define STILL_HEIGHT 1200
#define MAX_ATTEMPTS 3
/* Nobody can follow words that change with each frame. */
#define HINT_US (700 * 1000)

struct _TamboPortraitPage {
  TamboStepPage parent;
  TamboPictureArea *area;
  GtkLabel *prompt;
  GtkLabel *verdict;
  GtkLabel *detail;
  TamboVerdictList *verdicts;
  GtkButton *take_button;
  GtkWidget *remove_button;
  GCancellable *cancellable; /* of what runs: the live view or the capture */
  TamboDeviceWait *wait;
  gboolean is_live;
  gboolean is_recovering; /* the live view has begun again by itself, and nothing is seen yet */
  gboolean has_failed;    /* and the clerk reads why */
  gboolean is_held;       /* another program has the camera */
  gboolean is_paused;     /* the window is minimised, and the live view with it */
  gulong state_watch;     /* on the window's surface */
  int n_attempts;         /* of this visit, up to MAX_ATTEMPTS */
  char *hash_before;      /* of the portrait that the running attempt may replace */
  const char *hint;       /* that is shown, static */
  gint64 hint_since;
};

G_DEFINE_FINAL_TYPE (TamboPortraitPage, tambo_portrait_page, TAMBO_TYPE_STEP_PAGE)

static TamboSession *session_of (TamboPortraitPage *self) {
  return tambo_step_page_get_session (TAMBO_STEP_PAGE (self));
}

static TamboApplicantScreen *screen_of (TamboPortraitPage *self) {
  return tambo_session_get_screen (session_of (self));
}

static const TamboSample *find_portrait (TamboPortraitPage *self) {
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));

  return shown != NULL ? tambo_enrolment_find_sample (shown, "portrait") : NULL;
}

static void stop (TamboPortraitPage *self) {
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->is_live = self->is_recovering = FALSE;
  tambo_picture_area_set_held (self->area, 0);
}

static void say (TamboPortraitPage *self, const char *prompt, const char *verdict,
                 const char *detail) {
  gtk_label_set_label (self->prompt, prompt);
  gtk_label_set_label (self->verdict, verdict);
  gtk_label_set_label (self->detail, detail);
  gtk_widget_set_visible (GTK_WIDGET (self->verdict), *verdict != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->detail), *detail != '\0');
  tambo_picture_area_set_label (self->area, prompt);
}

static void set_button (TamboPortraitPage *self, const char *label, const char *key) {
  gtk_button_set_label (self->take_button, label);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->take_button), key);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->take_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->take_button), TRUE);
}

/* A camera that comes back is seen by itself; meanwhile the focus is on what may help. */
static void show_failure (TamboPortraitPage *self, const GError *error) {
  gboolean was_told = gtk_widget_has_focus (GTK_WIDGET (self->take_button)) && self->has_failed;
  gboolean is_waited_for = tambo_device_wait_begin (self->wait, error);
  g_autofree char *sentence =
      is_waited_for ? tambo_device_wait_sentence (error) : tambo_error_text_sentence (error);

  g_autofree char *detail = tambo_detail_text_support (error->message);

  say (self, _ ("There is no picture."), sentence, detail);
  self->is_held = g_error_matches (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_BUSY);
  set_button (self, self->is_held ? _ ("Take it back") : _ ("Try again"), "F5");
  if (!was_told)
    tambo_focus_take (GTK_WIDGET (self->take_button));
  self->has_failed = TRUE;
}

/* ---- what was taken ---- */

static const char *first_hint (const TamboPortraitReport *report, guint *out_faults) {
  const char *hint = NULL;

  *out_faults = 0;
  for (guint i = 0; i < report->measures->len; i++) {
    const TamboPortraitMeasure *measure =
        &g_array_index (report->measures, TamboPortraitMeasure, i);
    if (measure->passed)
      continue;
    ++*out_faults;
    if (hint == NULL)
      hint = measure->hint;
  }
  return hint;
}

static void on_report_loaded (gpointer owner, cairo_surface_t *picture,
                              const TamboPortraitReport *report) {
  TamboPortraitPage *self = owner;
  const TamboSample *sample = find_portrait (self);
  guint n_faults;

  if (report == NULL || sample == NULL || self->cancellable != NULL)
    return;
  const char *hint = first_hint (report, &n_faults);
  gboolean was_kept = g_strcmp0 (self->hash_before, sample->sha256) == 0;
  g_autofree char *detail =
      g_strdup_printf (_ ("%d × %d · %s · picture %d of %d"), sample->width, sample->height,
                       sample->device, MAX (self->n_attempts, 1), MAX_ATTEMPTS);
  g_autofree char *count =
      g_strdup_printf (ngettext ("%u measure is outside its limits",
                                 "%u measures are outside their limits", n_faults),
                       n_faults);

  g_object_set (self->area, "oval", FALSE, NULL);
  tambo_picture_area_set_surface (self->area, picture);
  tambo_verdict_list_show (self->verdicts, report->measures);
  if (was_kept)
    say (self, _ ("The earlier picture was better and is kept."), hint != NULL ? count : "",
         detail);
  else if (hint == NULL)
    say (self, _ ("The portrait is good."), _ ("All measures are within their limits."), detail);
  else
    say (self, tambo_text_hint (hint), count, detail);
  set_button (self, _ ("Take again"), "F5");
  gtk_widget_set_visible (self->remove_button, TRUE);
  tambo_step_page_ready (TAMBO_STEP_PAGE (self));
  if (self->hash_before != NULL && !was_kept)
    tambo_capture_removal_offer (TAMBO_STEP_PAGE (self), _ ("The earlier portrait was replaced."));
}

static void show_still (TamboPortraitPage *self) {
  tambo_applicant_screen_wait (screen_of (self));
  tambo_portrait_loader_load (session_of (self), STILL_WIDTH, STILL_HEIGHT, on_report_loaded, self);
}

static void on_attempt (gpointer owner, int attempt, const char *why) {
  TamboPortraitPage *self = owner;
  g_autofree char *prompt = g_strdup_printf (_ ("Keep still. Attempt %d of 3"), attempt);

  say (self, prompt, why != NULL ? _ ("The last picture was not good enough.") : "",
       why != NULL ? why : "");
}

static void on_taken (gpointer owner, cairo_surface_t *picture, const GError *error) {
  TamboPortraitPage *self = owner;

  if (self->cancellable == NULL) /* the page was left meanwhile */
    return;
  if (error == NULL) {
    g_clear_object (&self->cancellable);
    tambo_device_wait_reset (self->wait);
    tambo_picture_area_set_surface (self->area, picture);
    show_still (self);
  } else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    stop (self);
    if (!tambo_device_wait_is_about (error))
      tambo_session_fail (session_of (self), error);
    show_failure (self, error);
  }
}

static const TamboCaptureEvents events = { .attempt = on_attempt, .done = on_taken };

static void take (TamboPortraitPage *self) {
  const TamboSample *sample = find_portrait (self);
  TamboCaptureWish wish = { .kind = TAMBO_SAMPLE_PORTRAIT,
                            .width = STILL_WIDTH,
                            .height = STILL_HEIGHT };

  stop (self);
  /* The first picture of a series is meant to replace what was there before. */
  if (self->n_attempts == MAX_ATTEMPTS)
    self->n_attempts = 0;
  wish.keep_better = self->n_attempts++ > 0;
  g_free (self->hash_before);
  self->hash_before = g_strdup (sample != NULL ? sample->sha256 : NULL);
  self->cancellable = g_cancellable_new ();
  g_object_set (self->area, "oval", FALSE, NULL);
  gtk_widget_set_visible (self->remove_button, FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->take_button), FALSE);
  say (self, _ ("Keep still."), "", "");
  /* After the live view has let the camera go: both run on the case's one thread. */
  tambo_capture_run (session_of (self), &wish, &events, self->cancellable, self);
}

/* ---- the live view ---- */

static void on_live_ended (gpointer owner, gpointer data, const GError *error) {
  TamboPortraitPage *self = owner;

  /* Cancelled by us: something else has begun. */
  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  stop (self);
  show_failure (self, error);
}

static void show_hint (TamboPortraitPage *self, const char *hint) {
  gint64 now = g_get_monotonic_time ();

  if (hint == self->hint || now - self->hint_since < HINT_US)
    return;
  self->hint = hint;
  self->hint_since = now;
  tambo_applicant_screen_look (screen_of (self), hint);
  if (hint != NULL)
    say (self, tambo_text_hint (hint), "", "");
  else
    say (self, _ ("Keep still."), _ ("The picture is taken by itself."), "");
}

static void on_sight (gpointer owner, const TamboPortraitSight *sight) {
  TamboPortraitPage *self = owner;

  if (!self->is_live || self->is_recovering)
    return;
  show_hint (self, sight->hint);
  tambo_picture_area_set_held (self->area, sight->held);
  if (sight->held >= 1)
    take (self);
}

static void ask_to_look (TamboPortraitPage *self) {
  self->has_failed = self->is_recovering = FALSE;
  self->hint = "";
  self->hint_since = 0;
  say (self, _ ("Look at the camera."),
       _ ("Bring the face into the oval, eyes open, mouth closed."), "");
  set_button (self, _ ("Take now"), _ ("Space"));
  tambo_applicant_screen_look (screen_of (self), "");
}

static void on_frame (gpointer owner, cairo_surface_t *frame) {
  TamboPortraitPage *self = owner;

  if (self->is_recovering)
    ask_to_look (self);
  tambo_applicant_screen_set_frame (screen_of (self), frame);
}

static const TamboLiveEvents live_events = {
  .frame = on_frame,
  .sight = on_sight,
  .done = on_live_ended,
};

static void run_live (TamboPortraitPage *self) {
  stop (self);
  tambo_device_wait_end (self->wait);
  gtk_widget_set_visible (self->remove_button, FALSE);
  self->cancellable = g_cancellable_new ();
  self->is_live = TRUE;
  tambo_picture_area_set_surface (self->area, NULL);
  tambo_verdict_list_show (self->verdicts, NULL);
  g_object_set (self->area, "oval", TRUE, NULL);
  tambo_live_view_run (session_of (self), self->area, &live_events, self->cancellable, self);
}

static void start_live (TamboPortraitPage *self) {
  tambo_device_wait_reset (self->wait);
  run_live (self);
  ask_to_look (self);
  tambo_focus_take (GTK_WIDGET (self->take_button));
}

/* What failed stays in words until there is something to see. */
static void on_camera_back (gpointer owner) {
  TamboPortraitPage *self = owner;

  if (self->cancellable != NULL)
    return;
  run_live (self);
  self->is_recovering = TRUE;
}

static void on_scanned (gpointer owner, gpointer data, const GError *error) {
  TamboPortraitPage *self = owner;

  if (error == NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) && self->cancellable == NULL)
    start_live (self);
}

static void scan (gpointer owner) {
  tambo_session_scan (session_of (owner), on_scanned, owner);
}

static void on_take_cb (TamboPortraitPage *self) {
  if (self->is_live && !self->is_recovering) {
    take (self);
    return;
  }
  stop (self);
  tambo_device_wait_reset (self->wait);
  if (self->has_failed && self->is_held)
    tambo_camera_rival_unmount (scan, self);
  else if (self->has_failed || find_portrait (self) == NULL)
    scan (self);
  else
    start_live (self);
}

static void on_removed (gpointer page) {
  start_live (page);
}

static void on_remove_cb (TamboPortraitPage *self) {
  tambo_capture_removal_run (TAMBO_STEP_PAGE (self), "portrait", _ ("The portrait was removed."),
                             on_removed);
}

/* Nobody looks at a window that is minimised. */
static void on_state_changed_cb (TamboPortraitPage *self, GParamSpec *property,
                                 GdkToplevel *surface) {
  gboolean is_hidden = (gdk_toplevel_get_state (surface) & GDK_TOPLEVEL_STATE_MINIMIZED) != 0;

  if (is_hidden && self->is_live) {
    stop (self);
    tambo_applicant_screen_wait (screen_of (self));
    self->is_paused = TRUE;
  } else if (!is_hidden && self->is_paused) {
    self->is_paused = FALSE;
    start_live (self);
  }
}

static void watch_state (TamboPortraitPage *self) {
  GdkSurface *surface = gtk_native_get_surface (gtk_widget_get_native (GTK_WIDGET (self)));

  if (self->state_watch == 0 && GDK_IS_TOPLEVEL (surface))
    self->state_watch = g_signal_connect_object (
        surface, "notify::state", G_CALLBACK (on_state_changed_cb), self, G_CONNECT_SWAPPED);
}

/* ---- the page ---- */

static void tambo_portrait_page_enter (TamboStepPage *page) {
  TamboPortraitPage *self = TAMBO_PORTRAIT_PAGE (page);

  watch_state (self);
  if (self->wait == NULL)
    self->wait =
        tambo_device_wait_new (session_of (self), TAMBO_DEVICE_CAMERA, on_camera_back, self);
  self->n_attempts = 0;
  self->has_failed = FALSE;
  gtk_widget_set_visible (self->remove_button, FALSE);
  g_clear_pointer (&self->hash_before, g_free);
  if (find_portrait (self) != NULL)
    show_still (self);
  else
    start_live (self);
}

/* What lies in the area is personal and does not stay for the next applicant. */
static void tambo_portrait_page_leave (TamboStepPage *page) {
  TamboPortraitPage *self = TAMBO_PORTRAIT_PAGE (page);

  stop (self);
  tambo_device_wait_reset (self->wait);
  self->is_paused = FALSE;
  tambo_applicant_screen_wait (screen_of (self));
  tambo_picture_area_set_surface (self->area, NULL);
  tambo_verdict_list_show (self->verdicts, NULL);
}

static void tambo_portrait_page_cancel (TamboStepPage *page) {
  TamboPortraitPage *self = TAMBO_PORTRAIT_PAGE (page);

  if (self->cancellable != NULL && !self->is_live)
    start_live (self);
}

static gboolean tambo_portrait_page_again (TamboStepPage *page) {
  TamboPortraitPage *self = TAMBO_PORTRAIT_PAGE (page);

  if (self->has_failed)
    on_take_cb (self);
  else if (self->cancellable == NULL && find_portrait (self) != NULL)
    start_live (self);
  else
    return self->cancellable != NULL;
  return TRUE;
}

static void tambo_portrait_page_dispose (GObject *object) {
  TamboPortraitPage *self = TAMBO_PORTRAIT_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->wait != NULL)
    tambo_device_wait_end (self->wait);
  g_clear_object (&self->wait);
  g_clear_pointer (&self->hash_before, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_PORTRAIT_PAGE);
  G_OBJECT_CLASS (tambo_portrait_page_parent_class)->dispose (object);
}

static void bind_template (GtkWidgetClass *widget_class) {
  g_type_ensure (TAMBO_TYPE_PICTURE_AREA);
  g_type_ensure (TAMBO_TYPE_VERDICT_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/portrait-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboPortraitPage, area);
  gtk_widget_class_bind_template_child (widget_class, TamboPortraitPage, prompt);
  gtk_widget_class_bind_template_child (widget_class, TamboPortraitPage, verdict);
  gtk_widget_class_bind_template_child (widget_class, TamboPortraitPage, detail);
  gtk_widget_class_bind_template_child (widget_class, TamboPortraitPage, verdicts);
  gtk_widget_class_bind_template_child (widget_class, TamboPortraitPage, take_button);
  gtk_widget_class_bind_template_child (widget_class, TamboPortraitPage, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, on_take_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_remove_cb);
}

static void tambo_portrait_page_class_init (TamboPortraitPageClass *klass) {
  TamboStepPageClass *step_class = TAMBO_STEP_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_portrait_page_dispose;
  step_class->enter = tambo_portrait_page_enter;
  step_class->leave = tambo_portrait_page_leave;
  step_class->cancel = tambo_portrait_page_cancel;
  step_class->again = tambo_portrait_page_again;
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void tambo_portrait_page_init (TamboPortraitPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_speak_label (self->prompt);
  tambo_speak_label (self->verdict);
}
