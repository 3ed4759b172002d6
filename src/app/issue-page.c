/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/focus.h"
#include "app/issue-page-private.h"
#include "app/order-row.h"
#include "app/paper.h"
#include "app/second-person.h"
#include "app/shortcuts.h"
#include "app/speak.h"
#include "app/stack-pages.h"

G_DEFINE_FINAL_TYPE (TamboIssuePage, tambo_issue_page, TAMBO_TYPE_DESK_PAGE)

TamboSession *tambo_issue_page_get_session (TamboIssuePage *self) {
  return tambo_desk_page_get_session (TAMBO_DESK_PAGE (self));
}

/* ---- what is shown ---- */

static const struct {
  gboolean blank, chip, verdicts, back, stop, again, spoil, next;
} faces[TAMBO_N_PHASES] = {
  [TAMBO_PHASE_BLANK] = { .blank = TRUE, .back = TRUE, .spoil = TRUE },
  [TAMBO_PHASE_CARD] = { .blank = TRUE, .back = TRUE, .spoil = TRUE },
  [TAMBO_PHASE_REMOVE] = { .blank = TRUE, .back = TRUE, .spoil = TRUE },
  [TAMBO_PHASE_WRITING] = { .chip = TRUE, .stop = TRUE },
  [TAMBO_PHASE_TORN] = { .chip = TRUE, .back = TRUE, .again = TRUE, .spoil = TRUE },
  [TAMBO_PHASE_OTHER] = { .chip = TRUE, .back = TRUE, .again = TRUE, .spoil = TRUE },
  [TAMBO_PHASE_STOPPED] = { .chip = TRUE, .back = TRUE, .again = TRUE, .spoil = TRUE },
  [TAMBO_PHASE_FAILED] = { .chip = TRUE, .back = TRUE, .again = TRUE, .spoil = TRUE },
  [TAMBO_PHASE_DONE] = { .chip = TRUE, .verdicts = TRUE, .next = TRUE },
};

static void focus_next_act (TamboIssuePage *self) {
  GtkWidget *const acts[TAMBO_N_PHASES] = {
    [TAMBO_PHASE_BLANK] = GTK_WIDGET (self->blank_entry),
    [TAMBO_PHASE_CARD] = GTK_WIDGET (self->blank_entry),
    [TAMBO_PHASE_REMOVE] = GTK_WIDGET (self->blank_entry),
    [TAMBO_PHASE_WRITING] = self->stop_button,
    [TAMBO_PHASE_TORN] = self->again_button,
    [TAMBO_PHASE_OTHER] = self->again_button,
    [TAMBO_PHASE_STOPPED] = self->again_button,
    [TAMBO_PHASE_FAILED] = self->again_button,
    [TAMBO_PHASE_DONE] = self->next_button,
  };

  if (acts[self->phase] != NULL)
    tambo_focus_take (acts[self->phase]);
}

void tambo_issue_page_set_phase (TamboIssuePage *self, TamboIssuePhase phase, const char *prompt,
                                 const char *status) {
  self->phase = phase;
  gtk_label_set_label (self->prompt, prompt);
  gtk_label_set_label (self->status, status);
  gtk_widget_set_visible (GTK_WIDGET (self->status), *status != '\0');
  gtk_widget_set_visible (self->blank_box, faces[phase].blank);
  gtk_widget_set_sensitive (self->blank_button, phase == TAMBO_PHASE_BLANK);
  gtk_widget_set_visible (GTK_WIDGET (self->chip), faces[phase].chip);
  gtk_widget_set_visible (self->progress_box,
                          faces[phase].chip && self->step.n_steps > 0 && phase != TAMBO_PHASE_DONE);
  gtk_widget_set_visible (self->verdicts_box, faces[phase].verdicts);
  gtk_widget_set_visible (self->back_button, faces[phase].back);
  gtk_widget_set_visible (self->stop_button, faces[phase].stop);
  gtk_widget_set_visible (self->again_button, faces[phase].again);
  gtk_widget_set_visible (self->spoil_button,
                          faces[phase].spoil && tambo_issue_page_may_spoil (self));
  gtk_widget_set_visible (self->print_button, faces[phase].next);
  gtk_widget_set_visible (self->next_button, faces[phase].next);
  tambo_chip_area_set_broken (self->chip, phase == TAMBO_PHASE_TORN || phase == TAMBO_PHASE_OTHER
                                              || phase == TAMBO_PHASE_FAILED);
  focus_next_act (self);
}

static void on_print (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboIssuePage *self = TAMBO_ISSUE_PAGE (widget);

  if (self->phase == TAMBO_PHASE_DONE && self->open != NULL)
    tambo_paper_print_label (widget, tambo_issue_page_get_session (self), self->open->order->id,
                             self->open->blank);
}

/* ---- the page ---- */

static void tambo_issue_page_enter (TamboDeskPage *page) {
  TamboIssuePage *self = TAMBO_ISSUE_PAGE (page);

  tambo_card_line_start (self->card_line);
  tambo_issue_page_show_orders (self);
}

static void tambo_issue_page_leave (TamboDeskPage *page) {
  TamboIssuePage *self = TAMBO_ISSUE_PAGE (page);

  tambo_second_person_give_up (GTK_WIDGET (page));
  tambo_issue_page_close_order (self);
  tambo_card_line_stop (self->card_line);
}

static void tambo_issue_page_reload (TamboDeskPage *page) {
  if (TAMBO_ISSUE_PAGE (page)->phase == TAMBO_PHASE_ORDERS)
    tambo_issue_page_load_orders (TAMBO_ISSUE_PAGE (page));
}

static void tambo_issue_page_again (TamboDeskPage *page) {
  TamboIssuePage *self = TAMBO_ISSUE_PAGE (page);

  if (self->phase == TAMBO_PHASE_ORDERS)
    tambo_issue_page_load_orders (self);
  else if (faces[self->phase].again)
    tambo_issue_page_write_again (self);
}

static gboolean tambo_issue_page_cancel (TamboDeskPage *page) {
  TamboIssuePage *self = TAMBO_ISSUE_PAGE (page);

  if (self->phase == TAMBO_PHASE_ORDERS)
    return FALSE;
  if (self->phase == TAMBO_PHASE_WRITING)
    tambo_issue_page_stop (self);
  else
    tambo_issue_page_show_orders (self);
  return TRUE;
}

static void tambo_issue_page_clear (TamboDeskPage *page) {
  TamboIssuePage *self = TAMBO_ISSUE_PAGE (page);

  tambo_issue_page_close_order (self);
  tambo_order_rows_fill (self->list, NULL, TAMBO_ORDERS_TO_ISSUE, self->reload_button);
}

static void tambo_issue_page_dispose (GObject *object) {
  TamboIssuePage *self = TAMBO_ISSUE_PAGE (object);

  tambo_issue_page_stop (self);
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
  tambo_issue_page_bind_orders (widget_class);
  tambo_issue_page_bind_blank (widget_class);
  tambo_issue_page_bind_chip (widget_class);
  tambo_issue_page_bind_spoiling (widget_class);
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
