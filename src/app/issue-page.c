/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/issue-page.h"

#include <glib/gi18n.h>

#include "app/card-line.h"
#include "app/chip-area.h"
#include "app/chip-verdicts.h"
#include "app/error-text.h"
#include "app/focus.h"
#include "app/holder-card.h"
#include "app/issue-run.h"
#include "app/order-row.h"
#include "app/paper.h"
#include "app/second-person.h"
#include "app/shortcuts.h"
#include "app/speak.h"
#include "app/stack-pages.h"
#include "station/permissions.h"
#include "station/stock-desk.h"

/* A card that left and came back between two looks of pcscd was never seen to leave. */
#define UNSEEN_MS 2000
#define UNSEEN_RETRIES 3

typedef enum {
  PHASE_ORDERS, /* the list */
  PHASE_BLANK,  /* the number is to be confirmed */
  PHASE_CARD,   /* the card is to be put down */
  PHASE_REMOVE, /* the card of the document before still lies there */
  PHASE_WRITING,
  PHASE_TORN,  /* the same card is to come back */
  PHASE_OTHER, /* a card that is not the one lies there */
  PHASE_STOPPED,
  PHASE_FAILED,
  PHASE_DONE,
  N_PHASES,
} Phase;

struct _TamboIssuePage {
  TamboDeskPage parent;
  GtkStack *stack;
  GtkWidget *reload_button;
  GtkListBox *list;
  TamboHolderCard *holder;
  GtkLabel *prompt;
  TamboCardLine *card_line;
  GtkLabel *status;
  GtkWidget *blank_box;
  GtkEntry *blank_entry;
  GtkWidget *blank_button;
  TamboChipArea *chip;
  GtkWidget *progress_box;
  GtkProgressBar *progress;
  GtkLabel *step_label, *command_label;
  GtkWidget *verdicts_box;
  GtkGrid *verdicts;
  GtkWidget *back_button;
  GtkWidget *stop_button;
  GtkWidget *again_button;
  GtkWidget *spoil_button;
  GtkPopover *spoil_popover;
  GtkEntry *reason_entry;
  GtkWidget *print_button;
  GtkWidget *next_button;

  TamboWorkQueue *queue; /* of the card, so that the desk's is not kept waiting */
  Phase phase;
  gboolean is_loading, load_again, has_listed;
  TamboOpenOrder *open; /* NULL: none */
  GCancellable *running;
  TamboIssueStep step; /* the last that was told; none where n_steps is 0 */
  gint64 started_at;
  guint moves_at_start;
  guint unseen_source, n_unseen;
  gboolean old_card_lies; /* of the document before */
  gboolean is_spoiling;
  char *reason; /* of the card that is being spoiled */
};

G_DEFINE_FINAL_TYPE (TamboIssuePage, tambo_issue_page, TAMBO_TYPE_DESK_PAGE)

static TamboSession *session_of (TamboIssuePage *self) {
  return tambo_desk_page_get_session (TAMBO_DESK_PAGE (self));
}

static void look_at_card (TamboIssuePage *self);

/* ---- what is shown ---- */

static const struct {
  gboolean blank, chip, verdicts, back, stop, again, spoil, next;
} faces[N_PHASES] = {
  [PHASE_BLANK] = { .blank = TRUE, .back = TRUE, .spoil = TRUE },
  [PHASE_CARD] = { .blank = TRUE, .back = TRUE, .spoil = TRUE },
  [PHASE_REMOVE] = { .blank = TRUE, .back = TRUE, .spoil = TRUE },
  [PHASE_WRITING] = { .chip = TRUE, .stop = TRUE },
  [PHASE_TORN] = { .chip = TRUE, .back = TRUE, .again = TRUE, .spoil = TRUE },
  [PHASE_OTHER] = { .chip = TRUE, .back = TRUE, .again = TRUE, .spoil = TRUE },
  [PHASE_STOPPED] = { .chip = TRUE, .back = TRUE, .again = TRUE, .spoil = TRUE },
  [PHASE_FAILED] = { .chip = TRUE, .back = TRUE, .again = TRUE, .spoil = TRUE },
  [PHASE_DONE] = { .chip = TRUE, .verdicts = TRUE, .next = TRUE },
};

static gboolean may_spoil (TamboIssuePage *self) {
  guint role = tambo_station_get_role (tambo_session_get_station (session_of (self)));

  return self->open != NULL && self->open->is_begun
         && (role & tambo_permission (TAMBO_OPERATION_STOCK_SPOIL)->roles) != 0;
}

static void focus_next_act (TamboIssuePage *self) {
  GtkWidget *const acts[N_PHASES] = {
    [PHASE_BLANK] = GTK_WIDGET (self->blank_entry),
    [PHASE_CARD] = GTK_WIDGET (self->blank_entry),
    [PHASE_REMOVE] = GTK_WIDGET (self->blank_entry),
    [PHASE_WRITING] = self->stop_button,
    [PHASE_TORN] = self->again_button,
    [PHASE_OTHER] = self->again_button,
    [PHASE_STOPPED] = self->again_button,
    [PHASE_FAILED] = self->again_button,
    [PHASE_DONE] = self->next_button,
  };

  if (acts[self->phase] != NULL)
    tambo_focus_take (acts[self->phase]);
}

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

static void set_phase (TamboIssuePage *self, Phase phase, const char *prompt, const char *status) {
  self->phase = phase;
  gtk_label_set_label (self->prompt, prompt);
  gtk_label_set_label (self->status, status);
  gtk_widget_set_visible (GTK_WIDGET (self->status), *status != '\0');
  gtk_widget_set_visible (self->blank_box, faces[phase].blank);
  gtk_widget_set_sensitive (self->blank_button, phase == PHASE_BLANK);
  gtk_widget_set_visible (GTK_WIDGET (self->chip), faces[phase].chip);
  gtk_widget_set_visible (self->progress_box,
                          faces[phase].chip && self->step.n_steps > 0 && phase != PHASE_DONE);
  gtk_widget_set_visible (self->verdicts_box, faces[phase].verdicts);
  gtk_widget_set_visible (self->back_button, faces[phase].back);
  gtk_widget_set_visible (self->stop_button, faces[phase].stop);
  gtk_widget_set_visible (self->again_button, faces[phase].again);
  gtk_widget_set_visible (self->spoil_button, faces[phase].spoil && may_spoil (self));
  gtk_widget_set_visible (self->print_button, faces[phase].next);
  gtk_widget_set_visible (self->next_button, faces[phase].next);
  if (phase != PHASE_WRITING && self->step.n_steps > 0)
    show_step (self, &self->step, -1);
  tambo_chip_area_set_broken (self->chip,
                              phase == PHASE_TORN || phase == PHASE_OTHER || phase == PHASE_FAILED);
  focus_next_act (self);
}

static void ask_for_card (TamboIssuePage *self) {
  g_autofree char *prompt =
      g_strdup_printf (_ ("Put the card of blank %s on the reader"), self->open->blank);

  set_phase (self, PHASE_CARD, prompt, _ ("Writing begins by itself."));
}

/* ---- the chip ---- */

static void on_progress (gpointer owner, const TamboIssueStep *step, double fraction, gsize bytes,
                         gsize n_bytes) {
  TamboIssuePage *self = owner;
  if (self->phase != PHASE_WRITING)
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
  set_phase (self, PHASE_DONE, prompt, status);
}

static char *say_torn (TamboIssuePage *self) {
  if (self->step.n_steps == 0)
    return g_strdup_printf (_ ("Put the card of blank %s on the reader"), self->open->blank);
  return g_strdup_printf (_ ("The card was taken away at step %u of %u. Put the same card back."),
                          self->step.number, self->step.n_steps);
}

/* What a clerk without the right to spoil may do about a card that is lost. */
static char *add_hint (TamboIssuePage *self, const char *text) {
  return may_spoil (self) ? g_strdup (text)
                          : g_strconcat (text, " ",
                                         _ ("If the card is lost or broken, a supervisor spoils it "
                                            "here."),
                                         NULL);
}

static void show_torn (TamboIssuePage *self) {
  g_autofree char *prompt = say_torn (self);
  g_autofree char *status = add_hint (
      self,
      _ ("It is only half written and can be finished. It goes on by itself when the card lies "
         "there again."));

  set_phase (self, PHASE_TORN, prompt, status);
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

  set_phase (self, PHASE_OTHER, prompt, status);
}

static void show_stopped (TamboIssuePage *self) {
  g_autofree char *prompt =
      g_strdup_printf (_ ("Stopped at step %u of %u"), self->step.number, self->step.n_steps);
  g_autofree char *status = g_strdup_printf (
      _ ("Blank %s stays with this order. Go on whenever you like."), self->open->blank);

  set_phase (self, PHASE_STOPPED, self->step.n_steps > 0 ? prompt : _ ("Stopped"), status);
}

static void show_failure (TamboIssuePage *self, const GError *error) {
  g_autofree char *action = tambo_error_text_action (error);
  g_autofree char *hint = add_hint (self, action);
  g_autofree char *status = g_strdup_printf ("%s\n%s", hint, error->message);

  set_phase (self, PHASE_FAILED, tambo_error_text_cause (error), status);
}

static Phase phase_of_error (const GError *error) {
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return PHASE_STOPPED;
  if (error->domain != TAMBO_CHIP_ERROR)
    return PHASE_FAILED;
  switch (error->code) {
  case TAMBO_CHIP_ERROR_REMOVED:
  case TAMBO_CHIP_ERROR_NO_CARD:
  case TAMBO_CHIP_ERROR_TIMEOUT:
    return PHASE_TORN;
  case TAMBO_CHIP_ERROR_MISMATCH:
  case TAMBO_CHIP_ERROR_LOCKED:
    return PHASE_OTHER;
  default:
    return PHASE_FAILED;
  }
}

static gboolean on_unseen_cb (gpointer data) {
  TamboIssuePage *self = data;

  self->unseen_source = 0;
  if (self->phase == PHASE_TORN && self->n_unseen < UNSEEN_RETRIES) {
    self->n_unseen++;
    self->moves_at_start--; /* as if it had been seen */
    look_at_card (self);
  }
  return G_SOURCE_REMOVE;
}

static void forget_unseen (TamboIssuePage *self) {
  g_clear_handle_id (&self->unseen_source, g_source_remove);
}

static void on_written (gpointer owner, const TamboIssuance *issuance, const GError *error) {
  TamboIssuePage *self = owner;

  g_clear_object (&self->running);
  if (self->open == NULL || self->phase != PHASE_WRITING) {
    self->old_card_lies |= issuance != NULL;
    return; /* it was left meanwhile */
  }
  if (issuance != NULL) {
    finish (self, issuance);
    return;
  }
  /* The blank was taken before the first command was sent. */
  self->open->is_begun |= error->domain == TAMBO_CHIP_ERROR || self->step.n_steps > 0;
  switch (phase_of_error (error)) {
  case PHASE_STOPPED:
    show_stopped (self);
    break;
  case PHASE_TORN:
    show_torn (self);
    forget_unseen (self);
    self->unseen_source = g_timeout_add (UNSEEN_MS, on_unseen_cb, self);
    look_at_card (self);
    break;
  case PHASE_OTHER:
    show_other (self, error);
    look_at_card (self);
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
  set_phase (self, PHASE_WRITING, _ ("The chip is being written. Leave the card where it is."), "");
  tambo_issue_run (session_of (self), self->queue, self->open->order->id, self->open->blank,
                   tambo_card_line_get_reader (self->card_line), &events, self->running, self);
}

static void stop (TamboIssuePage *self) {
  if (self->running != NULL)
    g_cancellable_cancel (self->running);
}

/* A card came or went, or what waits for one has just begun to wait. */
static void look_at_card (TamboIssuePage *self) {
  gboolean lies = tambo_card_line_get_state (self->card_line) == TAMBO_CARDS_PRESENT;
  gboolean has_moved = tambo_card_line_count_moves (self->card_line) != self->moves_at_start;

  if (!lies)
    self->old_card_lies = FALSE;
  if (self->is_spoiling || gtk_widget_get_visible (GTK_WIDGET (self->spoil_popover)))
    return;
  switch (self->phase) {
  case PHASE_CARD:
    if (lies && self->old_card_lies)
      set_phase (self, PHASE_REMOVE, _ ("Take the finished card off the reader first"), "");
    else if (lies)
      start (self);
    break;
  case PHASE_REMOVE:
    if (!lies)
      ask_for_card (self);
    break;
  case PHASE_TORN:
  case PHASE_OTHER:
    if (lies && has_moved)
      start (self);
    break;
  default:
    break;
  }
}

static void on_card_moved_cb (TamboIssuePage *self) {
  self->n_unseen = 0;
  look_at_card (self);
}

/* ---- the orders ---- */

/* A worker's business with the station, whatever it is. */
typedef struct {
  TamboStation *station;
  char *id, *number, *reason;
  const char *kind;
  GPtrArray *rows;
  TamboOpenOrder *open;
  cairo_surface_t *picture;
  TamboBlankFit fit;
  char *other; /* blank */
} Job;

static void job_free (Job *job) {
  g_object_unref (job->station);
  g_free (job->id);
  g_free (job->number);
  g_free (job->reason);
  g_free (job->other);
  g_clear_pointer (&job->rows, g_ptr_array_unref);
  tambo_open_order_free (job->open);
  g_clear_pointer (&job->picture, cairo_surface_destroy);
  g_free (job);
}

static void push (TamboIssuePage *self, TamboWorkFunc run, Job *job, TamboWorkDone done) {
  job->station = g_object_ref (tambo_session_get_station (session_of (self)));
  tambo_work_push (tambo_session_get_desk_queue (session_of (self)), run, job,
                   (GDestroyNotify) job_free, NULL, done, self);
}

static gboolean run_list (gpointer data, GCancellable *cancellable, GError **error) {
  Job *job = data;

  job->rows = tambo_order_desk_list (job->station, TAMBO_ORDERS_TO_ISSUE, error);
  return job->rows != NULL;
}

static void load_list (TamboIssuePage *self);

static void on_listed (gpointer owner, gpointer data, const GError *error) {
  TamboIssuePage *self = owner;
  const Job *job = data;

  self->is_loading = FALSE;
  if (self->phase != PHASE_ORDERS || tambo_desk_page_get_session (TAMBO_DESK_PAGE (self)) == NULL)
    return;
  if (error != NULL) {
    tambo_session_fail (session_of (self), error);
    return;
  }
  tambo_order_rows_fill (self->list, job->rows, TAMBO_ORDERS_TO_ISSUE, self->reload_button);
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (self->list, 0);
  if (!self->has_listed && first != NULL)
    tambo_focus_take (GTK_WIDGET (first));
  self->has_listed = TRUE;
  if (self->load_again)
    load_list (self);
}

static void load_list (TamboIssuePage *self) {
  self->load_again = self->is_loading;
  if (self->is_loading)
    return;
  self->is_loading = TRUE;
  push (self, run_list, g_new0 (Job, 1), on_listed);
}

static void close_order (TamboIssuePage *self) {
  stop (self);
  forget_unseen (self);
  gtk_popover_popdown (self->spoil_popover);
  g_clear_pointer (&self->open, tambo_open_order_free);
  self->step = (TamboIssueStep){ 0 };
  tambo_holder_card_clear (self->holder);
  tambo_chip_area_clear (self->chip);
  tambo_chip_verdicts_fill (self->verdicts, NULL);
  gtk_editable_set_text (GTK_EDITABLE (self->blank_entry), "");
  gtk_editable_set_text (GTK_EDITABLE (self->reason_entry), "");
  gtk_label_set_label (self->prompt, "");
  gtk_label_set_label (self->status, "");
  gtk_label_set_label (self->step_label, "");
  gtk_label_set_label (self->command_label, "");
  self->phase = PHASE_ORDERS;
}

static void show_orders (TamboIssuePage *self) {
  close_order (self);
  tambo_stack_show (self->stack, "orders");
  self->has_listed = FALSE;
  tambo_focus_take (self->reload_button);
  load_list (self);
}

static gboolean run_open (gpointer data, GCancellable *cancellable, GError **error) {
  Job *job = data;

  job->open = tambo_order_desk_open (job->station, job->id, error);
  if (job->open != NULL)
    job->picture = tambo_holder_card_picture (job->open);
  return job->open != NULL;
}

static void ask_for_blank (TamboIssuePage *self) {
  const char *blank = self->open->blank;

  gtk_editable_set_text (GTK_EDITABLE (self->blank_entry), blank != NULL ? blank : "");
  if (blank == NULL) {
    set_phase (self, PHASE_BLANK, _ ("No blank of this kind is left"),
               _ ("A supervisor takes new ones into stock under Blanks."));
    return;
  }
  g_autofree char *prompt = g_strdup_printf (
      self->open->is_begun ? _ ("Take the card of blank %s, which was begun") : _ ("Take blank %s"),
      blank);
  set_phase (self, PHASE_BLANK, prompt,
             _ ("Compare the number, or type or scan the one of the blank you took."));
}

static void on_opened (gpointer owner, gpointer data, const GError *error) {
  TamboIssuePage *self = owner;
  Job *job = data;

  if (error != NULL) {
    tambo_session_fail (session_of (self), error);
    return;
  }
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return; /* the page was left meanwhile */
  close_order (self);
  self->open = g_steal_pointer (&job->open);
  tambo_holder_card_show (self->holder, self->open->order, job->picture);
  tambo_stack_show (self->stack, "order");
  ask_for_blank (self);
}

static void open_order (TamboIssuePage *self, const char *id) {
  Job *job = g_new0 (Job, 1);

  job->id = g_strdup (id);
  push (self, run_open, job, on_opened);
}

static void on_row_activated_cb (TamboIssuePage *self, GtkListBoxRow *row) {
  open_order (self, tambo_order_row_get_id (row));
}

/* ---- the blank ---- */

static gboolean run_check (gpointer data, GCancellable *cancellable, GError **error) {
  Job *job = data;

  return tambo_order_desk_fit_blank (job->station, job->id, job->kind, job->number, &job->fit,
                                     &job->other, error);
}

static char *say_why_not (const Job *job) {
  static const char *const reasons[] = {
    [TAMBO_BLANK_UNKNOWN] = N_ ("No blank here has this number."),
    [TAMBO_BLANK_OTHER_INSTITUTION] = N_ ("It was made for another institution."),
    [TAMBO_BLANK_OTHER_KIND] = N_ ("It is for another kind of document."),
    [TAMBO_BLANK_OTHER_ORDER] = N_ ("It was begun for another document."),
    [TAMBO_BLANK_USED] = N_ ("It was issued already."),
    [TAMBO_BLANK_UNUSABLE] = N_ ("It is spoiled."),
    [TAMBO_BLANK_OTHER_KEEPER] = N_ ("It was not given to you."),
  };

  if (job->fit == TAMBO_BLANK_NOT_BEGUN)
    return g_strdup_printf (_ ("This document was begun on %s. Take that one."), job->other);
  return g_strdup_printf ("%s: %s", job->number, _ (reasons[job->fit]));
}

static void on_blank_checked (gpointer owner, gpointer data, const GError *error) {
  TamboIssuePage *self = owner;
  const Job *job = data;

  if (self->open == NULL || !g_str_equal (self->open->order->id, job->id)
      || (self->phase != PHASE_BLANK && self->phase != PHASE_CARD && self->phase != PHASE_REMOVE))
    return;
  if (error != NULL) {
    tambo_session_fail (session_of (self), error);
    return;
  }
  if (job->fit != TAMBO_BLANK_FITS) {
    g_autofree char *why = say_why_not (job);
    set_phase (self, PHASE_BLANK, _ ("This blank cannot be used"), why);
    gtk_editable_select_region (GTK_EDITABLE (self->blank_entry), 0, -1);
    return;
  }
  g_free (self->open->blank);
  self->open->blank = g_strdup (job->number);
  ask_for_card (self);
  look_at_card (self);
}

static void on_blank_given_cb (TamboIssuePage *self) {
  g_autofree char *typed =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->blank_entry))));

  if (*typed == '\0' || self->open == NULL)
    return;
  Job *job = g_new0 (Job, 1);
  job->id = g_strdup (self->open->order->id);
  job->kind = tambo_order_blank_kind (self->open->order);
  job->number = g_utf8_strup (typed, -1);
  push (self, run_check, job, on_blank_checked);
}

/* ---- a card that is spoiled ---- */

static gboolean run_spoil (gpointer data, GCancellable *cancellable, GError **error) {
  Job *job = data;

  return tambo_stock_desk_spoil (job->station, job->number, job->reason, error);
}

static void on_spoiled (gpointer owner, gpointer data, const GError *error) {
  TamboIssuePage *self = owner;
  const Job *job = data;

  self->is_spoiling = FALSE;
  if (error != NULL) {
    tambo_session_fail (session_of (self), error);
    return;
  }
  if (self->open != NULL)
    open_order (self, job->id);
}

static void on_second_person (gpointer owner, gboolean has_come) {
  TamboIssuePage *self = owner;

  if (!has_come || self->open == NULL) {
    self->is_spoiling = FALSE;
    look_at_card (self); /* it may have come back meanwhile */
    return;
  }
  Job *job = g_new0 (Job, 1);
  job->id = g_strdup (self->open->order->id);
  job->number = g_strdup (self->open->blank);
  job->reason = g_steal_pointer (&self->reason);
  push (self, run_spoil, job, on_spoiled);
}

static void on_spoil_cb (TamboIssuePage *self) {
  const char *reason = gtk_editable_get_text (GTK_EDITABLE (self->reason_entry));

  if (*reason == '\0' || self->open == NULL) {
    tambo_focus_take (GTK_WIDGET (self->reason_entry));
    return;
  }
  g_autofree char *operation =
      g_strdup_printf (_ ("Blank %s is spoiled: %s"), self->open->blank, reason);
  g_free (self->reason);
  self->reason = g_strdup (reason);
  self->is_spoiling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->reason_entry), "");
  gtk_popover_popdown (self->spoil_popover);
  tambo_second_person_ask (self->spoil_button, session_of (self), operation, on_second_person,
                           self);
}

/* ---- the buttons ---- */

static void on_back_cb (TamboIssuePage *self) {
  show_orders (self);
}

static void on_stop_cb (TamboIssuePage *self) {
  stop (self);
}

static void on_again_cb (TamboIssuePage *self) {
  if (tambo_card_line_get_state (self->card_line) == TAMBO_CARDS_PRESENT)
    start (self);
  else
    ask_for_card (self);
}

static void on_print (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboIssuePage *self = TAMBO_ISSUE_PAGE (widget);

  if (self->phase == PHASE_DONE && self->open != NULL)
    tambo_paper_print_label (widget, session_of (self), self->open->order->id, self->open->blank);
}

/* ---- the page ---- */

static void tambo_issue_page_enter (TamboDeskPage *page) {
  TamboIssuePage *self = TAMBO_ISSUE_PAGE (page);

  tambo_card_line_start (self->card_line);
  show_orders (self);
}

static void tambo_issue_page_leave (TamboDeskPage *page) {
  TamboIssuePage *self = TAMBO_ISSUE_PAGE (page);

  tambo_second_person_give_up (GTK_WIDGET (page));
  close_order (self);
  tambo_card_line_stop (self->card_line);
}

static void tambo_issue_page_reload (TamboDeskPage *page) {
  if (TAMBO_ISSUE_PAGE (page)->phase == PHASE_ORDERS)
    load_list (TAMBO_ISSUE_PAGE (page));
}

static void tambo_issue_page_again (TamboDeskPage *page) {
  TamboIssuePage *self = TAMBO_ISSUE_PAGE (page);

  if (self->phase == PHASE_ORDERS)
    load_list (self);
  else if (faces[self->phase].again)
    on_again_cb (self);
}

static gboolean tambo_issue_page_cancel (TamboDeskPage *page) {
  TamboIssuePage *self = TAMBO_ISSUE_PAGE (page);

  if (self->phase == PHASE_ORDERS)
    return FALSE;
  if (self->phase == PHASE_WRITING)
    stop (self);
  else
    show_orders (self);
  return TRUE;
}

static void tambo_issue_page_clear (TamboDeskPage *page) {
  TamboIssuePage *self = TAMBO_ISSUE_PAGE (page);

  close_order (self);
  tambo_order_rows_fill (self->list, NULL, TAMBO_ORDERS_TO_ISSUE, self->reload_button);
}

static void tambo_issue_page_dispose (GObject *object) {
  TamboIssuePage *self = TAMBO_ISSUE_PAGE (object);

  stop (self);
  forget_unseen (self);
  g_clear_pointer (&self->open, tambo_open_order_free);
  g_clear_pointer (&self->reason, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_ISSUE_PAGE);
  G_OBJECT_CLASS (tambo_issue_page_parent_class)->dispose (object);
}

static void tambo_issue_page_finalize (GObject *object) {
  TamboIssuePage *self = TAMBO_ISSUE_PAGE (object);

  g_clear_object (&self->running);
  tambo_work_queue_free (self->queue, FALSE);
  G_OBJECT_CLASS (tambo_issue_page_parent_class)->finalize (object);
}

static void bind_template (GtkWidgetClass *widget_class) {
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tambo/Station/ui/issue-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, stack);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, reload_button);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, list);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, holder);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, prompt);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, card_line);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, status);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, blank_box);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, blank_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, blank_button);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, chip);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, progress_box);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, progress);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, step_label);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, command_label);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, verdicts_box);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, verdicts);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, back_button);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, stop_button);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, again_button);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, spoil_button);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, spoil_popover);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, reason_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, print_button);
  gtk_widget_class_bind_template_child (widget_class, TamboIssuePage, next_button);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_blank_given_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_card_moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_spoil_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_back_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_again_cb);
  gtk_widget_class_install_action (widget_class, "issue.print", NULL, on_print);
}

static void tambo_issue_page_class_init (TamboIssuePageClass *klass) {
  TamboDeskPageClass *page_class = TAMBO_DESK_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_issue_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tambo_issue_page_finalize;
  page_class->enter = tambo_issue_page_enter;
  page_class->leave = tambo_issue_page_leave;
  page_class->reload = tambo_issue_page_reload;
  page_class->again = tambo_issue_page_again;
  page_class->cancel = tambo_issue_page_cancel;
  page_class->clear = tambo_issue_page_clear;
  g_type_ensure (TAMBO_TYPE_HOLDER_CARD);
  g_type_ensure (TAMBO_TYPE_CHIP_AREA);
  g_type_ensure (TAMBO_TYPE_CARD_LINE);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void tambo_issue_page_init (TamboIssuePage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_shortcuts_attach (GTK_WIDGET (self), "issue");
  tambo_speak_label (self->prompt);
  tambo_speak_label (self->status);
  self->queue = tambo_work_queue_new ();
  tambo_stack_show (self->stack, "orders");
}
