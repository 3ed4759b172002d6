/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/deliver-page.h"

#include <glib/gi18n.h>

#include "app/card-line.h"
#include "app/deliver-run.h"
#include "app/detail-text.h"
#include "app/error-text.h"
#include "app/focus.h"
#include "app/holder-card.h"
#include "app/order-row.h"
#include "app/paper.h"
#include "app/second-person.h"
#include "app/shortcuts.h"
#include "app/speak.h"
#include "app/stack-pages.h"
#include "record/mrz.h"

typedef enum {
  PHASE_FIND,
  PHASE_DOCUMENT, /* it is to be put on the reader, or could not be read */
  PHASE_READING,
  PHASE_WRONG, /* another document lies there */
  PHASE_FINGER,
  PHASE_PRESSING,
  PHASE_SIGHT, /* no finger can */
  PHASE_DONE,
  N_PHASES,
} Phase;

struct _TamboDeliverPage {
  TamboDeskPage parent;
  GtkStack *stack;
  GtkEntry *number_entry;
  GtkLabel *find_problem;
  GtkListBox *list;
  TamboHolderCard *holder;
  GtkLabel *prompt;
  TamboCardLine *card_line;
  GtkLabel *status;
  GtkWidget *chip_box;
  GtkImage *chip_icon;
  GtkLabel *chip_label;
  GtkWidget *warning;
  GtkWidget *poor_box;
  GtkEntry *poor_entry;
  GtkWidget *sight_box;
  GtkEntry *sight_entry;
  GtkWidget *back_button;
  GtkWidget *skip_button;
  GtkWidget *again_button;
  GtkWidget *finger_button;
  GtkWidget *stop_button;
  GtkWidget *sight_button;
  GtkWidget *print_button;
  GtkWidget *next_button;

  TamboWorkQueue *queue; /* of the devices, so that the desk's is not kept waiting */
  Phase phase;
  gboolean is_loading, load_again;
  TamboDelivery *delivery; /* NULL: none, or it is with the run */
  GCancellable *running;   /* NULL: nothing is under way */
  guint moves_at_start;
  char *reason; /* of a delivery by sight that is being confirmed */
};

G_DEFINE_FINAL_TYPE (TamboDeliverPage, tambo_deliver_page, TAMBO_TYPE_DESK_PAGE)

static TamboSession *session_of (TamboDeliverPage *self) {
  return tambo_desk_page_get_session (TAMBO_DESK_PAGE (self));
}

static void run (TamboDeliverPage *self, TamboDeliverAct act, const char *text);
static void show_find (TamboDeliverPage *self);

/* ---- what is shown ---- */

static const struct {
  gboolean warning, poor, sight, skip, again, finger, stop, next;
} faces[N_PHASES] = {
  [PHASE_DOCUMENT] = { .skip = TRUE, .again = TRUE },
  [PHASE_READING] = { .stop = TRUE },
  [PHASE_WRONG] = { .again = TRUE },
  [PHASE_FINGER] = { .warning = TRUE, .poor = TRUE, .finger = TRUE },
  [PHASE_PRESSING] = { .warning = TRUE, .stop = TRUE },
  [PHASE_SIGHT] = { .warning = TRUE, .sight = TRUE },
  [PHASE_DONE] = { .next = TRUE },
};

static void focus_next_act (TamboDeliverPage *self) {
  GtkWidget *const acts[N_PHASES] = {
    [PHASE_FIND] = GTK_WIDGET (self->number_entry),
    [PHASE_DOCUMENT] = self->again_button,
    [PHASE_READING] = self->stop_button,
    [PHASE_WRONG] = self->again_button,
    [PHASE_FINGER] = self->finger_button,
    [PHASE_PRESSING] = self->stop_button,
    [PHASE_SIGHT] = GTK_WIDGET (self->sight_entry),
    [PHASE_DONE] = self->next_button,
  };

  tambo_focus_take (acts[self->phase]);
}

static void show_chip (TamboDeliverPage *self, gboolean is_compared) {
  gtk_image_set_from_icon_name (self->chip_icon,
                                is_compared ? "emblem-ok-symbolic" : "content-loading-symbolic");
  gtk_label_set_label (self->chip_label,
                       is_compared ? _ ("The document on the reader is the one of this order.")
                                   : _ ("The document was not read."));
  if (is_compared)
    gtk_widget_add_css_class (GTK_WIDGET (self->chip_icon), "good");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->chip_icon), "good");
}

static void set_phase (TamboDeliverPage *self, Phase phase, const char *prompt,
                       const char *status) {
  gboolean is_reading = phase == PHASE_DOCUMENT || phase == PHASE_READING || phase == PHASE_WRONG;

  self->phase = phase;
  gtk_label_set_label (self->prompt, prompt);
  gtk_label_set_label (self->status, status);
  gtk_widget_set_visible (GTK_WIDGET (self->status), *status != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->card_line), is_reading);
  gtk_widget_set_visible (self->chip_box, !is_reading);
  gtk_widget_set_visible (self->warning, faces[phase].warning);
  gtk_widget_set_visible (self->poor_box, faces[phase].poor);
  gtk_widget_set_visible (self->sight_box, faces[phase].sight);
  gtk_widget_set_visible (self->back_button, phase != PHASE_PRESSING && phase != PHASE_DONE);
  gtk_widget_set_visible (self->skip_button, faces[phase].skip);
  gtk_widget_set_visible (self->again_button, faces[phase].again);
  gtk_widget_set_visible (self->finger_button, faces[phase].finger);
  gtk_widget_set_visible (self->stop_button, faces[phase].stop);
  gtk_widget_set_visible (self->sight_button, faces[phase].sight);
  gtk_widget_set_visible (self->print_button, faces[phase].next);
  gtk_widget_set_visible (self->next_button, faces[phase].next);
  focus_next_act (self);
}

static char *describe (const GError *error) {
  g_autofree char *sentence = tambo_error_text_sentence (error);
  g_autofree char *detail = tambo_detail_text_support (error->message);

  return g_strdup_printf ("%s\n%s", sentence, detail);
}

static void ask_for_sight (TamboDeliverPage *self, const char *status) {
  set_phase (self, PHASE_SIGHT, _ ("No finger can show who this is"), status);
}

static void ask_for_finger (TamboDeliverPage *self, const char *status) {
  TamboFinger finger = tambo_delivery_choose_finger (self->delivery);
  guint made = json_array_get_length (self->delivery->attempts);

  show_chip (self, self->delivery->chip_compared);
  if (finger == TAMBO_FINGER_UNKNOWN || made >= TAMBO_DELIVERY_MAX_ATTEMPTS) {
    ask_for_sight (self, made > 0 ? _ ("None of the attempts was the holder's finger. Look at the "
                                       "holder and at the portrait, together with a supervisor.")
                                  : _ ("No finger was enrolled. Look at the holder and at the "
                                       "portrait, together with a supervisor."));
    return;
  }
  g_autofree char *prompt =
      g_strdup_printf (_ ("Ask for the finger: %s"), tambo_text_finger (finger));
  g_autofree char *left =
      g_strdup_printf (_ ("Attempt %u of %d"), made + 1, TAMBO_DELIVERY_MAX_ATTEMPTS);
  set_phase (self, PHASE_FINGER, prompt, *status != '\0' ? status : left);
}

static void ask_for_document (TamboDeliverPage *self, const char *prompt, const char *status) {
  set_phase (self, PHASE_DOCUMENT, prompt, status);
}

/* ---- what comes back ---- */

static void on_attempt (gpointer owner, int attempt, const char *why) {
  TamboDeliverPage *self = owner;
  g_autofree char *number =
      g_strdup_printf (_ ("Attempt %d of %d"), attempt, TAMBO_DELIVERY_MAX_ATTEMPTS);
  g_autofree char *text = g_strdup_printf (
      why != NULL ? _ ("%s. That was no good print of the holder's finger.") : "%s", number);

  if (self->phase != PHASE_PRESSING)
    return;
  gtk_label_set_label (self->status, text);
  gtk_widget_set_visible (GTK_WIDGET (self->status), TRUE);
}

static void on_finger_status (gpointer owner, TamboFingerStatus status) {
  TamboDeliverPage *self = owner;

  if (self->phase == PHASE_PRESSING)
    gtk_label_set_label (self->prompt, status == TAMBO_FINGER_PRESENT
                                           ? _ ("Keep the finger still")
                                           : _ ("Put the finger flat on the glass"));
}

static void end_begin (TamboDeliverPage *self, cairo_surface_t *picture, const GError *error) {
  if (error != NULL) {
    g_autofree char *text = describe (error);
    gtk_label_set_label (self->find_problem, text);
    gtk_widget_set_visible (GTK_WIDGET (self->find_problem), TRUE);
    tambo_focus_take (GTK_WIDGET (self->number_entry));
    return;
  }
  tambo_holder_card_show (self->holder, self->delivery->order, picture);
  tambo_stack_show (self->stack, "document");
  ask_for_document (self, _ ("Put the document on the reader"),
                    _ ("It is read and compared with its order by itself."));
  if (tambo_card_line_get_state (self->card_line) == TAMBO_CARDS_PRESENT)
    run (self, TAMBO_DELIVER_COMPARE, tambo_card_line_get_reader (self->card_line));
}

static void end_compare (TamboDeliverPage *self, const GError *error) {
  if (error == NULL) {
    ask_for_finger (self, "");
    return;
  }
  g_autofree char *text = describe (error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    ask_for_document (self, _ ("The document was not read"), "");
  else if (g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_REMOVED)
           || g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_NO_CARD))
    ask_for_document (self, _ ("Put the document on the reader"),
                      _ ("It was taken away before it was read. It is read again by itself."));
  else if (g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MISMATCH)
           || g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION))
    set_phase (self, PHASE_WRONG,
               _ ("This is not the document of this order. Do not hand it over."),
               _ ("Put the right one on the reader; it is read by itself."));
  else
    ask_for_document (self, _ ("The document could not be read"), text);
}

static void end_delivery (TamboDeliverPage *self, const GError *error) {
  const TamboOrder *order = self->delivery->order;

  if (error == NULL) {
    g_autofree char *prompt =
        g_strdup_printf (_ ("Hand the document %s over"), order->document_number);
    g_autofree char *status = g_strdup_printf (
        _ ("%s is its holder. It counts as delivered, and headquarters is told."), order->holder);
    set_phase (self, PHASE_DONE, prompt, status);
    return;
  }
  g_autofree char *text = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                              ? g_strdup (_ ("Stopped. No attempt was counted for it."))
                              : describe (error);
  ask_for_finger (self, text);
}

static void on_done (gpointer owner, TamboDeliverAct act, TamboDelivery *delivery,
                     cairo_surface_t *picture, const GError *error) {
  TamboDeliverPage *self = owner;
  /* Cancelled because the page was left, not because somebody pressed Stop: nobody waits for it. */
  gboolean is_left = !gtk_widget_get_mapped (GTK_WIDGET (self))
                     || (act != TAMBO_DELIVER_BEGIN && self->phase == PHASE_FIND);

  g_clear_object (&self->running);
  if (is_left) {
    tambo_delivery_free (delivery);
    return;
  }
  tambo_delivery_free (self->delivery);
  self->delivery = delivery;
  if (act == TAMBO_DELIVER_BEGIN)
    end_begin (self, picture, error);
  else if (act == TAMBO_DELIVER_COMPARE)
    end_compare (self, error);
  else
    end_delivery (self, error);
}

static void run (TamboDeliverPage *self, TamboDeliverAct act, const char *text) {
  static const TamboDeliverEvents events = {
    .attempt = on_attempt,
    .finger_status = on_finger_status,
    .done = on_done,
  };

  if (self->running != NULL)
    return;
  if (act == TAMBO_DELIVER_COMPARE)
    set_phase (self, PHASE_READING, _ ("The document is read. Leave it where it is."), "");
  else if (act == TAMBO_DELIVER_PRESS)
    set_phase (self, PHASE_PRESSING, _ ("Put the finger flat on the glass"), "");
  self->running = g_cancellable_new ();
  self->moves_at_start = tambo_card_line_count_moves (self->card_line);
  tambo_deliver_run (session_of (self), self->queue, act, g_steal_pointer (&self->delivery), text,
                     &events, self->running, self);
}

static void stop (TamboDeliverPage *self) {
  if (self->running != NULL)
    g_cancellable_cancel (self->running);
}

static void on_card_moved_cb (TamboDeliverPage *self) {
  gboolean lies = tambo_card_line_get_state (self->card_line) == TAMBO_CARDS_PRESENT;

  if (lies && (self->phase == PHASE_DOCUMENT || self->phase == PHASE_WRONG))
    run (self, TAMBO_DELIVER_COMPARE, tambo_card_line_get_reader (self->card_line));
}

/* ---- finding the order ---- */

static void load_list (TamboDeliverPage *self);

static void on_listed (gpointer owner, GPtrArray *rows, const GError *error) {
  TamboDeliverPage *self = owner;

  self->is_loading = FALSE;
  if (self->phase != PHASE_FIND || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (error != NULL)
    tambo_session_fail (session_of (self), error);
  else
    tambo_order_rows_fill (self->list, rows, TAMBO_ORDERS_TO_DELIVER,
                           GTK_WIDGET (self->number_entry));
  if (self->load_again)
    load_list (self);
}

static void load_list (TamboDeliverPage *self) {
  self->load_again = self->is_loading;
  if (self->is_loading)
    return;
  self->is_loading = TRUE;
  tambo_order_rows_load (session_of (self), TAMBO_ORDERS_TO_DELIVER, on_listed, self);
}

static void close_delivery (TamboDeliverPage *self) {
  stop (self);
  g_clear_pointer (&self->delivery, tambo_delivery_free);
  tambo_holder_card_clear (self->holder);
  gtk_label_set_label (self->prompt, "");
  gtk_label_set_label (self->status, "");
  gtk_label_set_label (self->find_problem, "");
  gtk_widget_set_visible (GTK_WIDGET (self->find_problem), FALSE);
  gtk_editable_set_text (GTK_EDITABLE (self->number_entry), "");
  gtk_editable_set_text (GTK_EDITABLE (self->poor_entry), "");
  gtk_editable_set_text (GTK_EDITABLE (self->sight_entry), "");
  g_clear_pointer (&self->reason, g_free);
  self->phase = PHASE_FIND;
}

static void show_find (TamboDeliverPage *self) {
  close_delivery (self);
  tambo_stack_show (self->stack, "find");
  tambo_focus_take (GTK_WIDGET (self->number_entry));
  load_list (self);
}

static void on_number_given_cb (TamboDeliverPage *self) {
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->number_entry));

  gtk_widget_set_visible (GTK_WIDGET (self->find_problem), FALSE);
  if (*text != '\0')
    run (self, TAMBO_DELIVER_BEGIN, text);
}

static void on_row_activated_cb (TamboDeliverPage *self, GtkListBoxRow *row) {
  run (self, TAMBO_DELIVER_BEGIN, tambo_order_row_get_id (row));
}

/* ---- by sight ---- */

static void on_second_person (gpointer owner, gboolean has_come) {
  TamboDeliverPage *self = owner;

  if (has_come && self->phase == PHASE_SIGHT && self->reason != NULL)
    run (self, TAMBO_DELIVER_SIGHT, self->reason);
}

static void on_sight_cb (TamboDeliverPage *self) {
  const char *reason = gtk_editable_get_text (GTK_EDITABLE (self->sight_entry));

  if (*reason == '\0' || self->delivery == NULL) {
    tambo_focus_take (GTK_WIDGET (self->sight_entry));
    return;
  }
  g_autofree char *operation = g_strdup_printf (_ ("Document %s is handed over by sight: %s"),
                                                self->delivery->order->document_number, reason);
  g_free (self->reason);
  self->reason = g_strdup (reason);
  tambo_second_person_ask (self->sight_button, session_of (self), operation, on_second_person,
                           self);
}

/* ---- the buttons ---- */

static void on_back_cb (TamboDeliverPage *self) {
  show_find (self);
}

static void on_stop_cb (TamboDeliverPage *self) {
  stop (self);
}

static void on_again_cb (TamboDeliverPage *self) {
  run (self, TAMBO_DELIVER_COMPARE, tambo_card_line_get_reader (self->card_line));
}

static void on_skip_cb (TamboDeliverPage *self) {
  if (self->delivery != NULL)
    ask_for_finger (self, "");
}

static void on_finger_cb (TamboDeliverPage *self) {
  const char *why = gtk_editable_get_text (GTK_EDITABLE (self->poor_entry));

  run (self, TAMBO_DELIVER_PRESS, *why != '\0' ? why : NULL);
}

static void on_print (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboDeliverPage *self = TAMBO_DELIVER_PAGE (widget);

  if (self->phase == PHASE_DONE && self->delivery != NULL)
    tambo_paper_print_delivery (widget, session_of (self), self->delivery);
}

/* ---- the page ---- */

static void tambo_deliver_page_enter (TamboDeskPage *page) {
  TamboDeliverPage *self = TAMBO_DELIVER_PAGE (page);

  tambo_card_line_start (self->card_line);
  show_find (self);
}

static void tambo_deliver_page_leave (TamboDeskPage *page) {
  TamboDeliverPage *self = TAMBO_DELIVER_PAGE (page);

  tambo_second_person_give_up (GTK_WIDGET (page));
  close_delivery (self);
  tambo_card_line_stop (self->card_line);
}

static void tambo_deliver_page_reload (TamboDeskPage *page) {
  if (TAMBO_DELIVER_PAGE (page)->phase == PHASE_FIND)
    load_list (TAMBO_DELIVER_PAGE (page));
}

static void tambo_deliver_page_again (TamboDeskPage *page) {
  TamboDeliverPage *self = TAMBO_DELIVER_PAGE (page);

  if (self->phase == PHASE_FIND)
    load_list (self);
  else if (faces[self->phase].again)
    on_again_cb (self);
  else if (faces[self->phase].finger)
    on_finger_cb (self);
}

static gboolean tambo_deliver_page_cancel (TamboDeskPage *page) {
  TamboDeliverPage *self = TAMBO_DELIVER_PAGE (page);

  if (self->phase == PHASE_FIND)
    return FALSE;
  if (self->running != NULL)
    stop (self);
  else
    show_find (self);
  return TRUE;
}

/* Of the document that is to be handed over. */
static gboolean tambo_deliver_page_swipe (TamboDeskPage *page, const char *text) {
  TamboDeliverPage *self = TAMBO_DELIVER_PAGE (page);
  g_autoptr (TamboMrz) mrz = tambo_mrz_parse (text, NULL, NULL);

  if (self->phase == PHASE_FIND && mrz != NULL && mrz->applicant->document_number != NULL)
    run (self, TAMBO_DELIVER_BEGIN, mrz->applicant->document_number);
  return TRUE;
}

static void tambo_deliver_page_clear (TamboDeskPage *page) {
  TamboDeliverPage *self = TAMBO_DELIVER_PAGE (page);

  close_delivery (self);
  tambo_order_rows_fill (self->list, NULL, TAMBO_ORDERS_TO_DELIVER,
                         GTK_WIDGET (self->number_entry));
}

static void tambo_deliver_page_dispose (GObject *object) {
  TamboDeliverPage *self = TAMBO_DELIVER_PAGE (object);

  stop (self);
  g_clear_pointer (&self->delivery, tambo_delivery_free);
  g_clear_pointer (&self->reason, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_DELIVER_PAGE);
  G_OBJECT_CLASS (tambo_deliver_page_parent_class)->dispose (object);
}

static void tambo_deliver_page_finalize (GObject *object) {
  TamboDeliverPage *self = TAMBO_DELIVER_PAGE (object);

  g_clear_object (&self->running);
  tambo_work_queue_free (self->queue, FALSE);
  G_OBJECT_CLASS (tambo_deliver_page_parent_class)->finalize (object);
}

static void bind_template (GtkWidgetClass *widget_class) {
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/deliver-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, number_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, find_problem);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, list);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, holder);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, prompt);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, card_line);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, status);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, chip_box);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, chip_icon);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, chip_label);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, warning);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, poor_box);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, poor_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, sight_box);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, sight_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, skip_button);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, again_button);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, finger_button);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, stop_button);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, sight_button);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, print_button);
  gtk_widget_class_bind_template_child (widget_class, TamboDeliverPage, next_button);
  gtk_widget_class_bind_template_callback (widget_class, on_number_given_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_card_moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_back_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_again_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_skip_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_finger_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_sight_cb);
  gtk_widget_class_install_action (widget_class, "deliver.print", NULL, on_print);
}

static void tambo_deliver_page_class_init (TamboDeliverPageClass *klass) {
  TamboDeskPageClass *page_class = TAMBO_DESK_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_deliver_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tambo_deliver_page_finalize;
  page_class->enter = tambo_deliver_page_enter;
  page_class->leave = tambo_deliver_page_leave;
  page_class->reload = tambo_deliver_page_reload;
  page_class->again = tambo_deliver_page_again;
  page_class->cancel = tambo_deliver_page_cancel;
  page_class->swipe = tambo_deliver_page_swipe;
  page_class->clear = tambo_deliver_page_clear;
  g_type_ensure (TAMBO_TYPE_HOLDER_CARD);
  g_type_ensure (TAMBO_TYPE_CARD_LINE);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void tambo_deliver_page_init (TamboDeliverPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_shortcuts_attach (GTK_WIDGET (self), "deliver");
  tambo_speak_label (self->find_problem);
  tambo_speak_label (self->prompt);
  tambo_speak_label (self->status);
  self->queue = tambo_work_queue_new ();
  tambo_stack_show (self->stack, "find");
}
