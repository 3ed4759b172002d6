/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/chip-verdicts.h"
#include "app/detail-text.h"
#include "app/error-text.h"
#include "app/issue-page-private.h"
#include "app/issue-run.h"

/* A card that left and came back between two looks of pcscd was never seen to leave. */
#define UNSEEN_MS 2000
#define UNSEEN_RETRIES 3

/* ---- what is told ---- */

/* LEFT is in seconds; below 0 nobody knows. */
static void show_step (TamboIssuePage *self, const TamboIssueStep *step, int left) {
  g_autofree char *what = tambo_chip_area_describe (step);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, _ ("Step %u of %u · %s"), step->number, step->n_steps, what);
  if (left >= 0) {
    g_string_append (text, " · ");
    g_string_append_printf (
        text, ngettext ("about %d second left", "about %d seconds left", (gulong) left), left);
  }
  gtk_label_set_label (self->step_label, text->str);
}

static void on_progress (gpointer owner, const TamboIssueStep *step, double fraction, gsize bytes,
                         gsize n_bytes) {
  TamboIssuePage *self = owner;
  if (self->phase != TAMBO_PHASE_WRITING)
    return;
  double seconds = (double) (g_get_monotonic_time () - self->started_at) / G_USEC_PER_SEC;
  gboolean is_known = n_bytes > 0 && bytes < n_bytes && bytes * 10 > n_bytes;

  self->step = *step;
  g_autofree char *command = tambo_chip_area_describe_command (step, fraction);
  tambo_chip_area_show (self->chip, step, fraction);
  gtk_label_set_label (self->command_label, command);
  show_step (self, step,
             is_known ? (int) (seconds * (double) (n_bytes - bytes) / (double) bytes + 0.999) : -1);
  gtk_progress_bar_set_fraction (self->progress,
                                 n_bytes > 0 ? (double) bytes / (double) n_bytes : 0);
  gtk_widget_set_visible (self->progress_box, TRUE);
  /* From the lock on there is no way back. */
  gtk_widget_set_sensitive (self->stop_button, step->step < TAMBO_STEP_LOCK);
}

static void finish (TamboIssuePage *self, const TamboIssuance *issuance) {
  g_autofree char *prompt =
      g_strdup_printf (_ ("Document %s is issued"), issuance->document_number);
  g_autofree char *status = g_strdup_printf (
      _ ("It was read back as a stranger would, verified and locked. Take the card of blank %s off "
         "the reader; it waits for its holder now."),
      issuance->blank);

  self->old_card_lies = tambo_card_line_get_state (self->card_line) == TAMBO_CARDS_PRESENT;
  tambo_chip_area_finish (self->chip);
  tambo_chip_verdicts_fill (self->verdicts, issuance->verdicts);
  tambo_issue_page_set_phase (self, TAMBO_PHASE_DONE, prompt, status);
}

static char *say_torn (TamboIssuePage *self) {
  if (self->step.n_steps == 0)
    return g_strdup_printf (_ ("Put the card of blank %s on the reader"), self->open->blank);
  return g_strdup_printf (_ ("The card was taken away at step %u of %u. Put the same card back."),
                          self->step.number, self->step.n_steps);
}

/* What a clerk without the right to spoil may do about a card that is lost. */
static char *add_hint (TamboIssuePage *self, const char *text) {
  return tambo_issue_page_may_spoil (self)
             ? g_strdup (text)
             : g_strconcat (text, " ",
                            _ ("If the card is lost or broken, a supervisor spoils it here."),
                            NULL);
}

static void show_torn (TamboIssuePage *self) {
  g_autofree char *prompt = say_torn (self);
  g_autofree char *status = add_hint (
      self,
      _ ("It is only half written and can be finished. It goes on by itself when the card lies "
         "there again."));

  tambo_issue_page_set_phase (self, TAMBO_PHASE_TORN, prompt, status);
}

static void show_other (TamboIssuePage *self, const GError *error) {
  gboolean is_finished = g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_LOCKED);
  g_autofree char *prompt = g_strdup_printf (
      is_finished ? _ ("This card was finished before. Put the one of blank %s on the reader.")
                  : _ ("This is another card. Put back the one of blank %s."),
      self->open->blank);
  g_autofree char *status = add_hint (
      self, _ ("Nothing was written to this one. It goes on by itself when the right card "
               "lies there."));

  tambo_issue_page_set_phase (self, TAMBO_PHASE_OTHER, prompt, status);
}

static void show_stopped (TamboIssuePage *self) {
  g_autofree char *prompt =
      g_strdup_printf (_ ("Stopped at step %u of %u"), self->step.number, self->step.n_steps);
  g_autofree char *status = g_strdup_printf (
      _ ("Blank %s stays with this order. Go on whenever you like."), self->open->blank);

  tambo_issue_page_set_phase (self, TAMBO_PHASE_STOPPED,
                              self->step.n_steps > 0 ? prompt : _ ("Stopped"), status);
}

static void show_failure (TamboIssuePage *self, const GError *error) {
  g_autofree char *action = tambo_error_text_action (error);
  g_autofree char *hint = add_hint (self, action);
  g_autofree char *detail = tambo_detail_text_support (error->message);
  g_autofree char *status = g_strdup_printf ("%s\n%s", hint, detail);

  tambo_issue_page_set_phase (self, TAMBO_PHASE_FAILED, tambo_error_text_cause (error), status);
}

static TamboIssuePhase phase_of_error (const GError *error) {
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TAMBO_PHASE_STOPPED;
  if (error->domain != TAMBO_CHIP_ERROR)
    return TAMBO_PHASE_FAILED;
  switch (error->code) {
  case TAMBO_CHIP_ERROR_REMOVED:
  case TAMBO_CHIP_ERROR_NO_CARD:
  case TAMBO_CHIP_ERROR_TIMEOUT:
    return TAMBO_PHASE_TORN;
  case TAMBO_CHIP_ERROR_MISMATCH:
  case TAMBO_CHIP_ERROR_LOCKED:
    return TAMBO_PHASE_OTHER;
  default:
    return TAMBO_PHASE_FAILED;
  }
}

/* ---- the writing ---- */

static gboolean on_unseen_cb (gpointer data) {
  TamboIssuePage *self = data;

  self->unseen_source = 0;
  if (self->phase == TAMBO_PHASE_TORN && self->n_unseen < UNSEEN_RETRIES) {
    self->n_unseen++;
    self->moves_at_start--; /* as if it had been seen */
    tambo_issue_page_look_at_card (self);
  }
  return G_SOURCE_REMOVE;
}

static void forget_unseen (TamboIssuePage *self) {
  g_clear_handle_id (&self->unseen_source, g_source_remove);
}

static void on_written (gpointer owner, const TamboIssuance *issuance, const GError *error) {
  TamboIssuePage *self = owner;

  g_clear_object (&self->running);
  if (self->open == NULL || self->phase != TAMBO_PHASE_WRITING) {
    self->old_card_lies |= issuance != NULL;
    return; /* it was left meanwhile */
  }
  if (issuance != NULL) {
    finish (self, issuance);
    return;
  }
  /* The blank was taken before the first command was sent. */
  self->open->is_begun |= error->domain == TAMBO_CHIP_ERROR || self->step.n_steps > 0;
  if (self->step.n_steps > 0)
    show_step (self, &self->step, -1);
  switch (phase_of_error (error)) {
  case TAMBO_PHASE_STOPPED:
    show_stopped (self);
    break;
  case TAMBO_PHASE_TORN:
    show_torn (self);
    forget_unseen (self);
    self->unseen_source = g_timeout_add (UNSEEN_MS, on_unseen_cb, self);
    tambo_issue_page_look_at_card (self);
    break;
  case TAMBO_PHASE_OTHER:
    show_other (self, error);
    tambo_issue_page_look_at_card (self);
    break;
  default:
    show_failure (self, error);
    break;
  }
}

static void start (TamboIssuePage *self) {
  static const TamboIssueEvents events = { .progress = on_progress, .done = on_written };

  if (self->running != NULL)
    return; /* the one before is not back yet */
  forget_unseen (self);
  self->running = g_cancellable_new ();
  self->moves_at_start = tambo_card_line_count_moves (self->card_line);
  self->started_at = g_get_monotonic_time ();
  gtk_widget_set_sensitive (self->stop_button, TRUE);
  tambo_issue_page_set_phase (self, TAMBO_PHASE_WRITING,
                              _ ("The chip is being written. Leave the card where it is."), "");
  tambo_issue_run (tambo_issue_page_get_session (self), self->queue, self->open->order->id,
                   self->open->blank, tambo_card_line_get_reader (self->card_line), &events,
                   self->running, self);
}

/* ---- cards that come and go ---- */

static void ask_for_card (TamboIssuePage *self) {
  g_autofree char *prompt =
      g_strdup_printf (_ ("Put the card of blank %s on the reader"), self->open->blank);

  tambo_issue_page_set_phase (self, TAMBO_PHASE_CARD, prompt, _ ("Writing begins by itself."));
}

void tambo_issue_page_look_at_card (TamboIssuePage *self) {
  gboolean lies = tambo_card_line_get_state (self->card_line) == TAMBO_CARDS_PRESENT;
  gboolean has_moved = tambo_card_line_count_moves (self->card_line) != self->moves_at_start;

  if (!lies)
    self->old_card_lies = FALSE;
  if (self->is_spoiling || gtk_widget_get_visible (GTK_WIDGET (self->spoil_popover)))
    return;
  switch (self->phase) {
  case TAMBO_PHASE_CARD:
    if (lies && self->old_card_lies)
      tambo_issue_page_set_phase (self, TAMBO_PHASE_REMOVE,
                                  _ ("Take the finished card off the reader first"), "");
    else if (lies)
      start (self);
    break;
  case TAMBO_PHASE_REMOVE:
    if (!lies)
      ask_for_card (self);
    break;
  case TAMBO_PHASE_TORN:
  case TAMBO_PHASE_OTHER:
    if (lies && has_moved)
      start (self);
    break;
  default:
    break;
  }
}

static void on_card_moved_cb (TamboIssuePage *self) {
  self->n_unseen = 0;
  tambo_issue_page_look_at_card (self);
}

/* ---- what the page and the other pieces ask for ---- */

void tambo_issue_page_await_card (TamboIssuePage *self) {
  ask_for_card (self);
  tambo_issue_page_look_at_card (self);
}

void tambo_issue_page_write_again (TamboIssuePage *self) {
  if (tambo_card_line_get_state (self->card_line) == TAMBO_CARDS_PRESENT)
    start (self);
  else
    ask_for_card (self);
}

void tambo_issue_page_stop (TamboIssuePage *self) {
  if (self->running != NULL)
    g_cancellable_cancel (self->running);
  forget_unseen (self);
}

void tambo_issue_page_clear_chip (TamboIssuePage *self) {
  tambo_issue_page_stop (self);
  self->step = (TamboIssueStep){ 0 };
  tambo_chip_area_clear (self->chip);
  tambo_chip_verdicts_fill (self->verdicts, NULL);
  gtk_label_set_label (self->step_label, "");
  gtk_label_set_label (self->command_label, "");
}

static void on_stop_cb (TamboIssuePage *self) {
  tambo_issue_page_stop (self);
}

static void on_again_cb (TamboIssuePage *self) {
  tambo_issue_page_write_again (self);
}

void tambo_issue_page_bind_chip (GtkWidgetClass *widget_class) {
  gtk_widget_class_bind_template_callback (widget_class, on_card_moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_again_cb);
}
