/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/fingerprints-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/capture-removal.h"
#include "app/capture-run.h"
#include "app/device-wait.h"
#include "app/error-text.h"
#include "app/finger-row.h"
#include "app/focus.h"
#include "app/hand-area.h"
#include "app/hand-press.h"
#include "app/picture-area.h"
#include "app/quality-text.h"
#include "app/shortcuts.h"
#include "app/shown-print.h"
#include "app/speak.h"

#define PRINT_WIDTH 600
#define PRINT_HEIGHT 700

struct _TamboFingerprintsPage {
  TamboStepPage parent;
  TamboPictureArea *area;
  GtkLabel *prompt;
  GtkLabel *status;
  TamboHandArea *hands;
  GtkToggleButton *map_button;
  GtkBox *list;
  GtkWidget *again_button;
  GtkMenuButton *exception_button;
  GtkPopover *exception_popover;
  GtkEntry *reason_entry;
  GCancellable *cancellable;
  TamboDeviceWait *wait;
  gboolean has_failed;    /* the reader, and the clerk reads why */
  TamboFinger finger;     /* UNKNOWN when all are there */
  TamboPress press;       /* of it, or of more than it */
  guint pressed;          /* bits 1 << TamboFinger of those that are waited for */
  gboolean is_single;     /* the clerk wants one finger after another */
  gboolean is_new;        /* the case has had no print of it before */
  TamboShownPrint *print; /* that lies in the area */
};

G_DEFINE_FINAL_TYPE (TamboFingerprintsPage, tambo_fingerprints_page, TAMBO_TYPE_STEP_PAGE)

static TamboSession *session_of (TamboFingerprintsPage *self) {
  return tambo_step_page_get_session (TAMBO_STEP_PAGE (self));
}

static void stop (TamboFingerprintsPage *self) {
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void say (TamboFingerprintsPage *self, const char *prompt, const char *status) {
  gtk_label_set_label (self->prompt, prompt);
  gtk_label_set_label (self->status, status);
}

static gboolean is_required (TamboFingerprintsPage *self, TamboFinger finger) {
  GPtrArray *checks = tambo_session_get_checks (session_of (self));
  g_autofree char *rule = g_strconcat ("finger-", tambo_finger_to_string (finger), NULL);

  /* The rules know the procedure and the age. */
  for (guint i = 0; checks != NULL && i < checks->len; i++)
    if (g_str_equal (((const TamboCheck *) g_ptr_array_index (checks, i))->rule, rule))
      return TRUE;
  return FALSE;
}

static TamboFinger find_next (TamboFingerprintsPage *self) {
  GPtrArray *checks = tambo_session_get_checks (session_of (self));

  for (guint i = 0; checks != NULL && i < checks->len; i++) {
    const TamboCheck *check = g_ptr_array_index (checks, i);
    if (g_str_has_prefix (check->rule, "finger-")
        && (check->verdict == TAMBO_CHECK_MISSING || check->verdict == TAMBO_CHECK_FAILED))
      return tambo_finger_from_string (check->rule + strlen ("finger-"));
  }
  return TAMBO_FINGER_UNKNOWN;
}

static const TamboSample *find_print (TamboFingerprintsPage *self, TamboFinger finger) {
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));
  g_autofree char *slot = g_strconcat ("finger-", tambo_finger_to_string (finger), NULL);

  return shown != NULL ? tambo_enrolment_find_sample (shown, slot) : NULL;
}

static TamboHandState state_of (TamboFingerprintsPage *self, TamboFinger finger) {
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));
  const TamboProcedure *procedure = tambo_session_get_procedure (session_of (self));
  const TamboSample *sample = find_print (self, finger);

  if (!is_required (self, finger))
    return TAMBO_HAND_NOT_ASKED;
  if (sample != NULL && sample->quality >= procedure->minimum_finger_quality)
    return TAMBO_HAND_CAPTURED;
  if (tambo_enrolment_find_exception (shown, finger) != NULL)
    return TAMBO_HAND_MISSING;
  return sample != NULL ? TAMBO_HAND_WEAK : TAMBO_HAND_TODO;
}

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
    TamboHandState state = state_of (self, finger);
    tambo_hand_area_set_state (self->hands, finger, state);
    if (state == TAMBO_HAND_NOT_ASKED)
      continue;
    g_string_append_printf (text, "%s%s: %s", text->len > 0 ? ", " : "", tambo_text_finger (finger),
                            is_now (self, finger) ? _ ("now") : _ (words[state]));
  }
  tambo_hand_area_set_now (self->hands, self->finger != TAMBO_FINGER_UNKNOWN ? self->pressed : 0);
  tambo_hand_area_set_label (self->hands, text->str);
}

static void show_rows (TamboFingerprintsPage *self) {
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));
  const TamboProcedure *procedure = tambo_session_get_procedure (session_of (self));
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

static void capture (TamboFingerprintsPage *self, TamboFinger finger);

static void capture_one (TamboFingerprintsPage *self, TamboFinger finger) {
  gboolean was_single = self->is_single;

  self->is_single = TRUE;
  capture (self, finger);
  self->is_single = was_single;
}

static void on_row_clicked_cb (TamboFingerprintsPage *self, GtkButton *button) {
  capture_one (self, tambo_finger_row_get_finger (TAMBO_FINGER_ROW (button)));
}

static void make_rows (TamboFingerprintsPage *self) {
  GtkWidget *old;

  while ((old = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_box_remove (self->list, old);
  for (int i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++) {
    if (!is_required (self, (TamboFinger) i))
      continue;
    GtkWidget *row = tambo_finger_row_new ((TamboFinger) i);
    g_signal_connect_object (row, "clicked", G_CALLBACK (on_row_clicked_cb), self,
                             G_CONNECT_SWAPPED);
    gtk_box_append (self->list, row);
  }
  show_rows (self);
}

static void finish_all (TamboFingerprintsPage *self) {
  gboolean is_needed = gtk_widget_get_first_child (GTK_WIDGET (self->list)) != NULL;

  self->finger = TAMBO_FINGER_UNKNOWN;
  tambo_applicant_screen_wait (tambo_session_get_screen (session_of (self)));
  say (self, is_needed ? _ ("All fingers are done.") : _ ("No fingerprints are needed."), "");
  gtk_widget_set_sensitive (self->again_button, FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->exception_button), FALSE);
  show_rows (self);
  tambo_step_page_ready (TAMBO_STEP_PAGE (self));
}

static void go_on (TamboFingerprintsPage *self) {
  TamboFinger next = find_next (self);

  if (next != TAMBO_FINGER_UNKNOWN)
    capture (self, next);
  else
    finish_all (self);
}

/* ---- the capture ---- */

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

static void on_attempt (gpointer owner, int attempt, const char *why) {
  TamboFingerprintsPage *self = owner;
  g_autofree char *count = g_strdup_printf (_ ("Attempt %d of 3"), attempt);
  g_autofree char *fault = why != NULL ? describe_fault (self, why) : NULL;
  g_autofree char *status = fault != NULL ? g_strdup_printf ("%s. %s", count, fault) : NULL;

  if (!self->has_failed)
    gtk_label_set_label (self->status, status != NULL ? status : count);
}

static void tell_applicant (TamboFingerprintsPage *self, gboolean is_present) {
  tambo_applicant_screen_press (tambo_session_get_screen (session_of (self)), self->pressed,
                                is_present);
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

/* Takes PRINT. */
static void show_print (TamboFingerprintsPage *self, TamboFinger finger, TamboShownPrint *print) {
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

static void on_print (gpointer owner, TamboShownPrint *print) {
  TamboFingerprintsPage *self = owner;

  show_print (self, self->press == TAMBO_PRESS_SINGLE ? self->finger : TAMBO_FINGER_UNKNOWN, print);
}

static void on_map_toggled_cb (TamboFingerprintsPage *self) {
  paint_print (self);
}

static gboolean is_about_the_finger (const GError *error) {
  return g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY)
         || g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_OTHER_FINGER);
}

/* Three attempts were not enough: what was wrong, what is kept, and what can be done. */
static void show_finger_fault (TamboFingerprintsPage *self, const GError *error) {
  const TamboProcedure *procedure = tambo_session_get_procedure (session_of (self));
  g_autofree char *fault = describe_fault (self, error->message);
  TamboHandState state = state_of (self, self->finger);

  if (state == TAMBO_HAND_WEAK) {
    g_autofree char *prompt = g_strdup_printf (
        _ ("The best of three attempts is kept: %d, needed %d"),
        find_print (self, self->finger)->quality, procedure->minimum_finger_quality);
    g_autofree char *status =
        g_strconcat (fault, " ", _ ("Press F5 to try again, or Ctrl+B to keep this one."), NULL);
    say (self, prompt, status);
  } else {
    g_autofree char *status =
        g_strconcat (fault, " ", _ ("Press F5 to try again, or Ctrl+M to say why not."), NULL);
    say (self, tambo_error_text_cause (error), status);
  }
}

/* SENTENCE has a place for the finger. */
static void offer (TamboFingerprintsPage *self, const char *sentence) {
  g_autoptr (GString) text = g_string_new (sentence);

  g_string_replace (text, "%s", tambo_text_finger (self->finger), 1);
  tambo_capture_removal_offer (TAMBO_STEP_PAGE (self), text->str);
}

/* A reader that comes back is seen by itself, and a second failure does not take the focus again. */
static void show_reader_fault (TamboFingerprintsPage *self, const GError *error) {
  g_autofree char *sentence = tambo_device_wait_sentence (error);
  gboolean was_told = self->has_failed;

  self->has_failed = TRUE;
  say (self, _ ("There is no print."), sentence);
  tambo_applicant_screen_wait (tambo_session_get_screen (session_of (self)));
  if (!was_told)
    tambo_focus_take (self->again_button);
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
      offer (self, _ ("%s: the earlier print was replaced."));
    go_on (self);
    return;
  }
  stop (self);
  if (tambo_device_wait_begin (self->wait, error)) {
    show_reader_fault (self, error);
    return;
  }
  if (is_about_the_finger (error)) {
    show_finger_fault (self, error);
  } else {
    tambo_session_fail (session_of (self), error);
    g_autofree char *action = tambo_error_text_action (error);
    say (self, tambo_error_text_cause (error), action);
  }
  tambo_focus_take (self->again_button);
}

static const TamboCaptureEvents events = {
  .attempt = on_attempt,
  .finger_status = on_finger_status,
  .print = on_print,
  .done = on_captured,
};

static void run_capture (TamboFingerprintsPage *self, TamboFinger finger) {
  stop (self);
  tambo_device_wait_end (self->wait);
  self->cancellable = g_cancellable_new ();
  self->finger = finger;
  gtk_widget_set_sensitive (self->again_button, TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->exception_button), TRUE);
  show_rows (self);
  const TamboCaptureWish wish = {
    .kind = TAMBO_SAMPLE_FINGERPRINT,
    .finger = finger,
    .press = self->press,
    .missing = tambo_press_get_fingers (self->press) & ~self->pressed,
    .width = PRINT_WIDTH,
    .height = PRINT_HEIGHT,
  };
  tambo_capture_run (session_of (self), &wish, &events, self->cancellable, self);
}

/* Bits 1 << TamboFinger. */
static guint find_wanted (TamboFingerprintsPage *self) {
  guint wanted = 0;

  for (int i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++) {
    TamboHandState state = state_of (self, (TamboFinger) i);
    if (state == TAMBO_HAND_TODO || state == TAMBO_HAND_WEAK)
      wanted |= 1u << i;
  }
  return wanted;
}

static void choose_press (TamboFingerprintsPage *self, TamboFinger finger) {
  guint wanted = find_wanted (self);

  self->press = self->is_single ? TAMBO_PRESS_SINGLE
                                : tambo_hand_press_choose (session_of (self), finger, wanted);
  self->pressed = tambo_hand_press_fingers (self->press, finger, wanted);
}

static void capture (TamboFingerprintsPage *self, TamboFinger finger) {
  choose_press (self, finger);
  g_autofree char *prompt = tambo_hand_press_prompt (self->press, finger, self->pressed, FALSE);
  self->has_failed = FALSE;
  tambo_device_wait_reset (self->wait);
  self->is_new = self->press != TAMBO_PRESS_SINGLE || find_print (self, finger) == NULL;
  say (self, prompt, "");
  self->finger = finger;
  tell_applicant (self, FALSE);
  run_capture (self, finger);
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

static void capture_again (gpointer owner, gpointer data, const GError *error) {
  TamboFingerprintsPage *self = owner;

  if (error == NULL && gtk_widget_get_mapped (owner) && self->finger != TAMBO_FINGER_UNKNOWN)
    capture (self, self->finger);
}

/* A reader that failed is looked for first: it may be back. */
static void on_again_cb (TamboFingerprintsPage *self) {
  if (self->has_failed)
    tambo_session_scan (session_of (self), capture_again, self);
  else
    capture_again (self, NULL, NULL);
}

/* ---- exceptions ---- */

typedef struct {
  TamboFinger finger;
  char *reason;
} Exception;

static void exception_free (Exception *exception) {
  g_free (exception->reason);
  g_free (exception);
}

static gboolean save_exception (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                                GCancellable *cancellable, GError **error) {
  const Exception *exception = data;

  return tambo_enrol_add_finger_exception (station, enrolment, exception->finger, exception->reason,
                                           error);
}

static void on_exception_saved (gpointer owner, gpointer data, const GError *error) {
  TamboFingerprintsPage *self = owner;

  tambo_session_fail (session_of (self), error);
  if (error == NULL)
    offer (self, _ ("%s is noted as missing."));
  go_on (self);
}

static void except (TamboFingerprintsPage *self, const char *reason) {
  gtk_popover_popdown (self->exception_popover);
  if (self->finger == TAMBO_FINGER_UNKNOWN)
    return;

  Exception *exception = g_new0 (Exception, 1);
  exception->finger = self->finger;
  exception->reason = g_strdup (reason);
  stop (self);
  tambo_device_wait_end (self->wait);
  tambo_session_push (session_of (self), save_exception, exception, (GDestroyNotify) exception_free,
                      NULL, on_exception_saved, self);
}

static void on_amputated_cb (TamboFingerprintsPage *self) {
  except (self, "amputated");
}

static void on_bandaged_cb (TamboFingerprintsPage *self) {
  except (self, "bandaged");
}

static void on_worn_cb (TamboFingerprintsPage *self) {
  except (self, "other: worn");
}

static void on_other_cb (TamboFingerprintsPage *self) {
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->reason_entry));

  if (*text == '\0') {
    tambo_focus_take (GTK_WIDGET (self->reason_entry));
    return;
  }
  g_autofree char *reason = g_strconcat ("other: ", text, NULL);
  gtk_editable_set_text (GTK_EDITABLE (self->reason_entry), "");
  except (self, reason);
}

/* Three attempts gave no better print than the one that is there. */
static void on_keep_best (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (widget);

  if (self->finger != TAMBO_FINGER_UNKNOWN && state_of (self, self->finger) == TAMBO_HAND_WEAK)
    except (self, "other: worn");
}

/* Its number in the picture of the hands. */
static void on_finger (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (widget);
  TamboFinger finger = (TamboFinger) g_variant_get_int32 (parameter);

  if (is_required (self, finger))
    capture_one (self, finger);
}

/* One finger after another, or whole hands again. */
static void on_single (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (widget);

  self->is_single = !self->is_single;
  if (self->finger != TAMBO_FINGER_UNKNOWN)
    capture (self, self->finger);
}

/* ---- taking out ---- */

static void on_removed (gpointer page) {
  go_on (page);
}

/* Of the row that has the focus: its print, or the reason why it is not there. */
static void on_remove (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (widget);
  GtkWidget *row = gtk_root_get_focus (gtk_widget_get_root (widget));

  if (row == NULL || !TAMBO_IS_FINGER_ROW (row))
    return;
  TamboFinger finger = tambo_finger_row_get_finger (TAMBO_FINGER_ROW (row));
  if (state_of (self, finger) == TAMBO_HAND_TODO)
    return;
  g_autofree char *slot = g_strconcat ("finger-", tambo_finger_to_string (finger), NULL);
  g_autofree char *text = g_strdup_printf (_ ("%s was removed."), tambo_text_finger (finger));
  stop (self);
  tambo_device_wait_end (self->wait);
  tambo_capture_removal_run (TAMBO_STEP_PAGE (self), slot, text, on_removed);
}

static void on_exception (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (widget);

  if (self->finger != TAMBO_FINGER_UNKNOWN)
    gtk_menu_button_popup (self->exception_button);
}

/* ---- the page ---- */

static void on_print_loaded (gpointer owner, TamboShownPrint *print) {
  TamboFingerprintsPage *self = owner;

  if (print != NULL && self->print == NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_print (self, TAMBO_FINGER_UNKNOWN, print);
  else
    tambo_shown_print_free (print);
}

static void show_last_print (TamboFingerprintsPage *self) {
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));

  for (guint i = shown->samples->len; i > 0; i--) {
    const TamboSample *sample = g_ptr_array_index (shown->samples, i - 1);
    if (sample->kind != TAMBO_SAMPLE_FINGERPRINT)
      continue;
    tambo_shown_print_load (session_of (self), sample->finger, PRINT_WIDTH, PRINT_HEIGHT,
                            on_print_loaded, self);
    return;
  }
}

static void tambo_fingerprints_page_enter (TamboStepPage *page) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (page);

  if (self->wait == NULL)
    self->wait = tambo_device_wait_new (session_of (self), TAMBO_DEVICE_FINGERPRINT_READER,
                                        on_reader_back, self);
  self->is_single = FALSE;
  make_rows (self);
  show_last_print (self);
  tambo_focus_take (self->again_button);
  go_on (self);
}

static void tambo_fingerprints_page_leave (TamboStepPage *page) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (page);

  stop (self);
  tambo_device_wait_reset (self->wait);
  tambo_applicant_screen_wait (tambo_session_get_screen (session_of (self)));
  gtk_popover_popdown (self->exception_popover);
  show_print (self, TAMBO_FINGER_UNKNOWN, NULL);
}

static void tambo_fingerprints_page_refresh (TamboStepPage *page) {
  show_rows (TAMBO_FINGERPRINTS_PAGE (page));
}

static void tambo_fingerprints_page_cancel (TamboStepPage *page) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (page);

  if (self->cancellable == NULL && !self->has_failed)
    return;
  stop (self);
  tambo_device_wait_end (self->wait);
  self->has_failed = FALSE;
  say (self, _ ("The capture was stopped."), _ ("Press “Capture again” to go on."));
  tambo_focus_take (self->again_button);
}

/* F5 takes the finger that is due once more; when a capture runs it waits for the finger already. */
static gboolean tambo_fingerprints_page_again (TamboStepPage *page) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (page);

  if (self->has_failed)
    on_again_cb (self);
  else if (self->cancellable == NULL && self->print == NULL)
    return FALSE;
  else if (self->cancellable == NULL && self->finger != TAMBO_FINGER_UNKNOWN)
    capture (self, self->finger);
  return TRUE;
}

static void tambo_fingerprints_page_dispose (GObject *object) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (object);

  stop (self);
  if (self->wait != NULL)
    tambo_device_wait_end (self->wait);
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
  gtk_widget_class_bind_template_callback (widget_class, on_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_map_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_amputated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_bandaged_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_worn_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_other_cb);
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
  gtk_widget_class_install_action (widget_class, "fingerprints.exception", NULL, on_exception);
  gtk_widget_class_install_action (widget_class, "fingerprints.single", NULL, on_single);
  gtk_widget_class_install_action (widget_class, "fingerprints.finger", "i", on_finger);
  gtk_widget_class_install_action (widget_class, "fingerprints.keep-best", NULL, on_keep_best);
  gtk_widget_class_install_action (widget_class, "fingerprints.remove", NULL, on_remove);
}

static void tambo_fingerprints_page_init (TamboFingerprintsPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_shortcuts_attach (GTK_WIDGET (self), "fingerprints");
  tambo_speak_label (self->prompt);
  tambo_speak_label (self->status);
  tambo_speak_toggle (self->map_button);
}
