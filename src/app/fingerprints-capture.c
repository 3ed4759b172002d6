/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/asked-fingers.h"
#include "app/capture-removal.h"
#include "app/capture-run.h"
#include "app/error-text.h"
#include "app/fingerprints-page-private.h"
#include "app/focus.h"
#include "app/hand-press.h"
#include "app/quality-text.h"

static void cancel (TamboFingerprintsPage *self) {
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

void tambo_fingerprints_page_stop (TamboFingerprintsPage *self) {
  cancel (self);
  if (self->wait != NULL)
    tambo_device_wait_end (self->wait);
}

static void say (TamboFingerprintsPage *self, const char *prompt, const char *status) {
  gtk_label_set_label (self->prompt, prompt);
  gtk_label_set_label (self->status, status);
}

static void tell_applicant (TamboFingerprintsPage *self, gboolean is_present) {
  tambo_applicant_screen_press (
      tambo_session_get_screen (tambo_fingerprints_page_get_session (self)), self->pressed,
      is_present);
}

/* ---- what went wrong ---- */

/* Why the print that was pressed last was not good enough, in the applicant's terms. */
static char *describe_fault (TamboFingerprintsPage *self, const char *why) {
  const TamboShownPrint *print = self->print;

  if (print != NULL && print->twin != TAMBO_FINGER_UNKNOWN)
    return g_strdup_printf (_ ("This is the finger that was taken as “%s”. Use the %s."),
                            tambo_text_finger (print->twin), tambo_text_finger (self->finger));
  if (print != NULL && print->reason != NULL)
    return g_strdup (tambo_text_hint (print->reason));
  return g_strdup_printf (_ ("Wipe the finger and press a little more. (%s)"), why);
}

static gboolean is_about_the_finger (const GError *error) {
  return g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY)
         || g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_OTHER_FINGER);
}

/* Three attempts were not enough: what was wrong, what is kept, and what can be done. */
static void show_finger_fault (TamboFingerprintsPage *self, const GError *error) {
  TamboSession *session = tambo_fingerprints_page_get_session (self);
  const TamboProcedure *procedure = tambo_session_get_procedure (session);
  g_autofree char *fault = describe_fault (self, error->message);
  TamboHandState state = tambo_asked_fingers_get_state (session, self->finger);

  if (state == TAMBO_HAND_WEAK) {
    const TamboSample *kept = tambo_asked_fingers_find_print (session, self->finger);
    g_autofree char *prompt =
        g_strdup_printf (_ ("The best of three attempts is kept: %d, needed %d"), kept->quality,
                         procedure->minimum_finger_quality);
    g_autofree char *status =
        g_strconcat (fault, " ", _ ("Press F5 to try again, or Ctrl+B to keep this one."), NULL);
    say (self, prompt, status);
  } else {
    g_autofree char *status =
        g_strconcat (fault, " ", _ ("Press F5 to try again, or Ctrl+M to say why not."), NULL);
    say (self, tambo_error_text_cause (error), status);
  }
}

/* A reader that comes back is seen by itself, and a second failure does not take the focus again. */
static void show_reader_fault (TamboFingerprintsPage *self, const GError *error) {
  g_autofree char *sentence = tambo_device_wait_sentence (error);
  gboolean was_told = self->has_failed;

  self->has_failed = TRUE;
  say (self, _ ("There is no print."), sentence);
  tambo_applicant_screen_wait (
      tambo_session_get_screen (tambo_fingerprints_page_get_session (self)));
  if (!was_told)
    tambo_focus_take (self->again_button);
}

/* ---- what comes of it ---- */

static void on_attempt (gpointer owner, int attempt, const char *why) {
  TamboFingerprintsPage *self = owner;
  g_autofree char *count = g_strdup_printf (_ ("Attempt %d of 3"), attempt);
  g_autofree char *fault = why != NULL ? describe_fault (self, why) : NULL;
  g_autofree char *status = fault != NULL ? g_strdup_printf ("%s. %s", count, fault) : NULL;

  if (!self->has_failed)
    gtk_label_set_label (self->status, status != NULL ? status : count);
}

static void on_finger_status (gpointer owner, TamboFingerStatus status) {
  TamboFingerprintsPage *self = owner;
  gboolean is_present = status == TAMBO_FINGER_PRESENT;
  g_autofree char *prompt =
      tambo_hand_press_prompt (self->press, self->finger, self->pressed, is_present);

  tell_applicant (self, is_present);
  gtk_label_set_label (self->prompt, prompt);
  /* The reader works again. */
  if (self->has_failed)
    gtk_label_set_label (self->status, "");
  self->has_failed = FALSE;
}

static void on_print (gpointer owner, TamboShownPrint *print) {
  TamboFingerprintsPage *self = owner;

  tambo_fingerprints_page_show_print (
      self, self->press == TAMBO_PRESS_SINGLE ? self->finger : TAMBO_FINGER_UNKNOWN, print);
}

void tambo_fingerprints_page_offer (TamboFingerprintsPage *self, const char *sentence) {
  g_autoptr (GString) text = g_string_new (sentence);

  g_string_replace (text, "%s", tambo_text_finger (self->finger), 1);
  tambo_capture_removal_offer (TAMBO_STEP_PAGE (self), text->str);
}

static void on_captured (gpointer owner, cairo_surface_t *picture, const GError *error) {
  TamboFingerprintsPage *self = owner;

  /* Cancelled for another finger, or the page was left. */
  if (self->cancellable == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error == NULL) {
    g_clear_object (&self->cancellable);
    tambo_device_wait_reset (self->wait);
    if (!self->is_new)
      tambo_fingerprints_page_offer (self, _ ("%s: the earlier print was replaced."));
    tambo_fingerprints_page_go_on (self);
    return;
  }
  cancel (self);
  if (tambo_device_wait_begin (self->wait, error)) {
    show_reader_fault (self, error);
    return;
  }
  if (is_about_the_finger (error)) {
    show_finger_fault (self, error);
  } else {
    tambo_session_fail (tambo_fingerprints_page_get_session (self), error);
    g_autofree char *action = tambo_error_text_action (error);
    say (self, tambo_error_text_cause (error), action);
  }
  tambo_focus_take (self->again_button);
}

/* ---- one finger, or as many as the reader takes ---- */

static const TamboCaptureEvents events = {
  .attempt = on_attempt,
  .finger_status = on_finger_status,
  .print = on_print,
  .done = on_captured,
};

static void run_capture (TamboFingerprintsPage *self, TamboFinger finger) {
  tambo_fingerprints_page_stop (self);
  self->cancellable = g_cancellable_new ();
  self->finger = finger;
  gtk_widget_set_sensitive (self->again_button, TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->exception_button), TRUE);
  tambo_fingerprints_page_show_rows (self);
  const TamboCaptureWish wish = {
    .kind = TAMBO_SAMPLE_FINGERPRINT,
    .finger = finger,
    .press = self->press,
    .missing = tambo_press_get_fingers (self->press) & ~self->pressed,
    .width = TAMBO_FINGERPRINTS_PICTURE_WIDTH,
    .height = TAMBO_FINGERPRINTS_PICTURE_HEIGHT,
  };
  tambo_capture_run (tambo_fingerprints_page_get_session (self), &wish, &events, self->cancellable,
                     self);
}

static void choose_press (TamboFingerprintsPage *self, TamboFinger finger) {
  TamboSession *session = tambo_fingerprints_page_get_session (self);
  guint wanted = tambo_asked_fingers_get_wanted (session);

  self->press =
      self->is_single ? TAMBO_PRESS_SINGLE : tambo_hand_press_choose (session, finger, wanted);
  self->pressed = tambo_hand_press_fingers (self->press, finger, wanted);
}

void tambo_fingerprints_page_capture (TamboFingerprintsPage *self, TamboFinger finger) {
  choose_press (self, finger);
  g_autofree char *prompt = tambo_hand_press_prompt (self->press, finger, self->pressed, FALSE);
  self->has_failed = FALSE;
  tambo_device_wait_reset (self->wait);
  self->is_new =
      self->press != TAMBO_PRESS_SINGLE
      || tambo_asked_fingers_find_print (tambo_fingerprints_page_get_session (self), finger)
             == NULL;
  say (self, prompt, "");
  self->finger = finger;
  tell_applicant (self, FALSE);
  run_capture (self, finger);
}

void tambo_fingerprints_page_capture_one (TamboFingerprintsPage *self, TamboFinger finger) {
  gboolean was_single = self->is_single;

  self->is_single = TRUE;
  tambo_fingerprints_page_capture (self, finger);
  self->is_single = was_single;
}

/* ---- one after another ---- */

static void finish_all (TamboFingerprintsPage *self) {
  gboolean is_needed = gtk_widget_get_first_child (GTK_WIDGET (self->list)) != NULL;

  self->finger = TAMBO_FINGER_UNKNOWN;
  tambo_applicant_screen_wait (
      tambo_session_get_screen (tambo_fingerprints_page_get_session (self)));
  say (self, is_needed ? _ ("All fingers are done.") : _ ("No fingerprints are needed."), "");
  gtk_widget_set_sensitive (self->again_button, FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->exception_button), FALSE);
  tambo_fingerprints_page_show_rows (self);
  tambo_step_page_ready (TAMBO_STEP_PAGE (self));
}

void tambo_fingerprints_page_go_on (TamboFingerprintsPage *self) {
  TamboFinger next = tambo_asked_fingers_find_next (tambo_fingerprints_page_get_session (self));

  if (next != TAMBO_FINGER_UNKNOWN)
    tambo_fingerprints_page_capture (self, next);
  else
    finish_all (self);
}

/* What failed stays in words until the reader asks for the finger. */
static void on_reader_back (gpointer owner) {
  TamboFingerprintsPage *self = owner;

  if (self->cancellable != NULL || self->finger == TAMBO_FINGER_UNKNOWN)
    return;
  /* Another one, perhaps, which takes more or less at once. */
  choose_press (self, self->finger);
  run_capture (self, self->finger);
}

void tambo_fingerprints_page_watch_reader (TamboFingerprintsPage *self) {
  if (self->wait == NULL)
    self->wait = tambo_device_wait_new (tambo_fingerprints_page_get_session (self),
                                        TAMBO_DEVICE_FINGERPRINT_READER, on_reader_back, self);
}

static void capture_again (gpointer owner, gpointer data, const GError *error) {
  TamboFingerprintsPage *self = owner;

  if (error == NULL && gtk_widget_get_mapped (owner) && self->finger != TAMBO_FINGER_UNKNOWN)
    tambo_fingerprints_page_capture (self, self->finger);
}

void tambo_fingerprints_page_retry (TamboFingerprintsPage *self) {
  if (self->has_failed)
    tambo_session_scan (tambo_fingerprints_page_get_session (self), capture_again, self);
  else
    capture_again (self, NULL, NULL);
}

void tambo_fingerprints_page_give_up (TamboFingerprintsPage *self) {
  if (self->cancellable == NULL && !self->has_failed)
    return;
  tambo_fingerprints_page_stop (self);
  self->has_failed = FALSE;
  say (self, _ ("The capture was stopped."), _ ("Press “Capture again” to go on."));
  tambo_focus_take (self->again_button);
}

static void on_again_cb (TamboFingerprintsPage *self) {
  tambo_fingerprints_page_retry (self);
}

void tambo_fingerprints_page_bind_capture (GtkWidgetClass *widget_class) {
  gtk_widget_class_bind_template_callback (widget_class, on_again_cb);
}
