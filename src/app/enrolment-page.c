/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/enrolment-page.h"

#include <glib/gi18n.h>

#include "app/documents-page.h"
#include "app/fingerprints-page.h"
#include "app/focus.h"
#include "app/identity-page.h"
#include "app/last-place.h"
#include "app/portrait-page.h"
#include "app/receipt-page.h"
#include "app/review-page.h"
#include "app/signature-page.h"
#include "app/speak.h"
#include "app/stack-pages.h"
#include "app/step-clock.h"
#include "app/step-row.h"

/* A second press of the same key is meant for the page that was there before. */
#define GUARD_US (400 * 1000)

struct _TamboEnrolmentPage {
  AdwBin parent;
  GtkBox *steps;
  GtkStack *stack;
  GtkWidget *footer;
  GtkWidget *back_button;
  GtkButton *continue_button;
  GtkLabel *saved_label;
  TamboSession *session;
  TamboStepRow *rows[TAMBO_N_STEPS];
  TamboStepPage *current;
  gint64 shown_at;
  TamboStepClock clock;
  char *field;        /* of the identity, where the focus is; NULL for none */
  gulong focus_watch; /* on the window */
};

G_DEFINE_FINAL_TYPE (TamboEnrolmentPage, tambo_enrolment_page, ADW_TYPE_BIN)

static const char *const page_names[TAMBO_N_STEPS] = {
  "identity", "portrait", "fingerprints", "signature", "documents", "review", "receipt",
};

static const char *const titles[TAMBO_N_STEPS] = {
  N_ ("Identity"),  N_ ("Portrait"), N_ ("Fingerprints"), N_ ("Signature"),
  N_ ("Documents"), N_ ("Review"),   N_ ("Receipt"),
};

static TamboStepPage *page_of (TamboEnrolmentPage *self, TamboStep step) {
  return TAMBO_STEP_PAGE (gtk_stack_get_child_by_name (self->stack, page_names[step]));
}

static TamboStep get_step (TamboEnrolmentPage *self) {
  for (int step = 0; step < TAMBO_N_STEPS; step++)
    if (page_of (self, (TamboStep) step) == self->current)
      return (TamboStep) step;
  return TAMBO_STEP_IDENTITY;
}

static void show_steps (TamboEnrolmentPage *self) {
  TamboStep current = get_step (self);
  gboolean is_sealed = tambo_session_is_sealed (self->session);

  for (int i = 0; i < TAMBO_N_STEPS; i++) {
    TamboStep step = (TamboStep) i;
    tambo_step_row_show (self->rows[i], tambo_session_get_step_state (self->session, step),
                         step == current);
    gtk_widget_set_sensitive (GTK_WIDGET (self->rows[i]),
                              is_sealed ? step == TAMBO_STEP_RECEIPT : step != TAMBO_STEP_RECEIPT);
  }
}

static void show_footer (TamboEnrolmentPage *self) {
  TamboStep step = get_step (self);

  gtk_widget_set_visible (self->footer, step != TAMBO_STEP_RECEIPT);
  gtk_widget_set_sensitive (self->back_button, step != TAMBO_STEP_IDENTITY);
  gtk_button_set_label (self->continue_button,
                        step == TAMBO_STEP_REVIEW ? _ ("Seal") : _ ("Continue"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->continue_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_button_get_label (self->continue_button), -1);
}

/* An empty one would be called by its class. */
static void show_saved (TamboEnrolmentPage *self, const char *text) {
  gtk_label_set_label (self->saved_label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->saved_label), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text, -1);
}

/* The focus goes through many widgets; where it stays in a field is worth a note. */
static void on_focus_moved_cb (TamboEnrolmentPage *self) {
  if (self->current == NULL || get_step (self) != TAMBO_STEP_IDENTITY)
    return;

  char *field = tambo_identity_page_dup_field (TAMBO_IDENTITY_PAGE (self->current));
  if (field == NULL || g_strcmp0 (field, self->field) == 0) {
    g_free (field);
    return;
  }
  g_free (self->field);
  self->field = field;
  tambo_last_place_note (self->session, TAMBO_STEP_IDENTITY, field);
}

static void watch_focus (TamboEnrolmentPage *self) {
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->focus_watch == 0 && root != NULL)
    self->focus_watch = g_signal_connect_object (
        root, "notify::focus-widget", G_CALLBACK (on_focus_moved_cb), self, G_CONNECT_SWAPPED);
}

/* The focus may stay on the button. */
static void say_step (TamboEnrolmentPage *self, TamboStep step) {
  g_autofree char *text = g_strconcat (_ (titles[step]), ".", NULL);

  tambo_speak (GTK_WIDGET (self->current), text);
}

static void go (TamboEnrolmentPage *self, TamboStep step) {
  if (self->current != NULL)
    tambo_step_page_leave (self->current);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.end-undo", NULL);
  self->current = page_of (self, step);
  self->shown_at = g_get_monotonic_time ();
  tambo_stack_show (self->stack, page_names[step]);
  say_step (self, step);
  show_steps (self);
  show_footer (self);
  g_clear_pointer (&self->field, g_free);
  if (step == TAMBO_STEP_RECEIPT) {
    tambo_last_place_forget (self->session);
    tambo_step_clock_hand_in (&self->clock, self->session);
  } else {
    tambo_last_place_note (self->session, step, NULL);
    tambo_step_clock_enter (&self->clock, self->session, step);
  }
  tambo_step_page_enter (self->current);
}

void tambo_enrolment_page_enter (TamboEnrolmentPage *self) {
  show_saved (self, "");
  watch_focus (self);
  go (self, tambo_session_get_next_step (self->session));
}

void tambo_enrolment_page_enter_at (TamboEnrolmentPage *self, TamboStep step, const char *field) {
  show_saved (self, "");
  watch_focus (self);
  go (self, MIN (step, TAMBO_STEP_REVIEW));
  if (step == TAMBO_STEP_IDENTITY && field != NULL)
    tambo_identity_page_focus_field (TAMBO_IDENTITY_PAGE (self->current), field);
}

void tambo_enrolment_page_leave (TamboEnrolmentPage *self) {
  if (self->current != NULL)
    tambo_step_page_leave (self->current);
  self->current = NULL;
  tambo_step_clock_hand_in (&self->clock, self->session);
}

void tambo_enrolment_page_refresh (TamboEnrolmentPage *self) {
  if (self->current == NULL || tambo_session_get_shown (self->session) == NULL)
    return;

  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%H:%M");
  g_autofree char *text = g_strdup_printf (_ ("Saved on this computer at %s"), time);
  show_saved (self, text);
  if (tambo_session_is_sealed (self->session) && get_step (self) != TAMBO_STEP_RECEIPT) {
    go (self, TAMBO_STEP_RECEIPT);
    return;
  }
  show_steps (self);
  tambo_step_page_refresh (self->current);
}

void tambo_enrolment_page_suspend (TamboEnrolmentPage *self) {
  if (self->current != NULL)
    tambo_step_page_leave (self->current);
  tambo_step_clock_pause (&self->clock);
}

void tambo_enrolment_page_resume (TamboEnrolmentPage *self) {
  if (self->current == NULL)
    return;
  tambo_step_page_enter (self->current);
  if (get_step (self) != TAMBO_STEP_RECEIPT)
    tambo_step_clock_enter (&self->clock, self->session, get_step (self));
}

static gboolean is_guarded (TamboEnrolmentPage *self) {
  return self->current == NULL || g_get_monotonic_time () - self->shown_at < GUARD_US;
}

void tambo_enrolment_page_continue (TamboEnrolmentPage *self) {
  if (is_guarded (self) || !tambo_step_page_finish (self->current))
    return;

  TamboStep step = get_step (self);
  if (step < TAMBO_STEP_REVIEW)
    go (self, (TamboStep) (step + 1));
}

void tambo_enrolment_page_back (TamboEnrolmentPage *self) {
  TamboStep step = get_step (self);

  if (!is_guarded (self) && step != TAMBO_STEP_IDENTITY && step != TAMBO_STEP_RECEIPT)
    go (self, (TamboStep) (step - 1));
}

void tambo_enrolment_page_go (TamboEnrolmentPage *self, TamboStep step) {
  if (self->current != NULL && step < TAMBO_N_STEPS
      && gtk_widget_get_sensitive (GTK_WIDGET (self->rows[step])) && step != get_step (self))
    go (self, step);
}

void tambo_enrolment_page_swipe (TamboEnrolmentPage *self, const char *mrz) {
  if (self->current == NULL || tambo_session_is_sealed (self->session))
    return;
  if (get_step (self) != TAMBO_STEP_IDENTITY)
    go (self, TAMBO_STEP_IDENTITY);
  tambo_identity_page_swipe (TAMBO_IDENTITY_PAGE (page_of (self, TAMBO_STEP_IDENTITY)), mrz);
}

void tambo_enrolment_page_cancel (TamboEnrolmentPage *self) {
  if (self->current != NULL)
    tambo_step_page_cancel (self->current);
}

void tambo_enrolment_page_ready (TamboEnrolmentPage *self) {
  tambo_focus_take (GTK_WIDGET (self->continue_button));
}

static void on_scanned (gpointer owner, gpointer data, const GError *error) {
  TamboEnrolmentPage *self = owner;

  if (error == NULL && self->current != NULL && get_step (self) >= TAMBO_STEP_PORTRAIT
      && get_step (self) <= TAMBO_STEP_SIGNATURE) {
    tambo_enrolment_page_suspend (self);
    tambo_enrolment_page_resume (self);
  }
}

void tambo_enrolment_page_again (TamboEnrolmentPage *self) {
  if (self->current != NULL && tambo_step_page_again (self->current))
    return;
  tambo_session_scan (self->session, on_scanned, self);
}

static void add_steps (TamboEnrolmentPage *self) {
  for (int step = 0; step < TAMBO_N_STEPS; step++) {
    self->rows[step] = tambo_step_row_new (step, _ (titles[step]));
    gtk_box_append (self->steps, GTK_WIDGET (self->rows[step]));
  }
}

static void tambo_enrolment_page_dispose (GObject *object) {
  g_clear_object (&TAMBO_ENROLMENT_PAGE (object)->session);
  g_clear_pointer (&TAMBO_ENROLMENT_PAGE (object)->field, g_free);
  tambo_step_clock_clear (&TAMBO_ENROLMENT_PAGE (object)->clock);
  TAMBO_ENROLMENT_PAGE (object)->current = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_ENROLMENT_PAGE);
  G_OBJECT_CLASS (tambo_enrolment_page_parent_class)->dispose (object);
}

static void tambo_enrolment_page_class_init (TamboEnrolmentPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_enrolment_page_dispose;
  g_type_ensure (TAMBO_TYPE_IDENTITY_PAGE);
  g_type_ensure (TAMBO_TYPE_PORTRAIT_PAGE);
  g_type_ensure (TAMBO_TYPE_FINGERPRINTS_PAGE);
  g_type_ensure (TAMBO_TYPE_SIGNATURE_PAGE);
  g_type_ensure (TAMBO_TYPE_DOCUMENTS_PAGE);
  g_type_ensure (TAMBO_TYPE_REVIEW_PAGE);
  g_type_ensure (TAMBO_TYPE_RECEIPT_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/enrolment-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboEnrolmentPage, steps);
  gtk_widget_class_bind_template_child (widget_class, TamboEnrolmentPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TamboEnrolmentPage, footer);
  gtk_widget_class_bind_template_child (widget_class, TamboEnrolmentPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, TamboEnrolmentPage, continue_button);
  gtk_widget_class_bind_template_child (widget_class, TamboEnrolmentPage, saved_label);
}

static void tambo_enrolment_page_init (TamboEnrolmentPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_stack_show (self->stack, page_names[TAMBO_STEP_IDENTITY]);
  add_steps (self);
}

void tambo_enrolment_page_set_session (TamboEnrolmentPage *self, TamboSession *session) {
  g_set_object (&self->session, session);
  for (int step = 0; step < TAMBO_N_STEPS; step++)
    tambo_step_page_set_session (page_of (self, (TamboStep) step), session);
}
