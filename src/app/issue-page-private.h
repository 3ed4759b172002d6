/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the files of the issuing page, which one order goes through in turn: issue-orders.c lists the orders
 * and opens one, issue-blank.c asks for the number of its blank, issue-chip.c writes the card that lies there, and
 * issue-spoil.c spoils one that is lost. issue-page.c shows the phase that they come to.
 */
#pragma once

#include "app/card-line.h"
#include "app/chip-area.h"
#include "app/holder-card.h"
#include "app/issue-page.h"
#include "station/issue.h"

typedef enum {
  TAMBO_PHASE_ORDERS, /* the list */
  TAMBO_PHASE_BLANK,  /* the number is to be confirmed */
  TAMBO_PHASE_CARD,   /* the card is to be put down */
  TAMBO_PHASE_REMOVE, /* the card of the document before still lies there */
  TAMBO_PHASE_WRITING,
  TAMBO_PHASE_TORN,  /* the same card is to come back */
  TAMBO_PHASE_OTHER, /* a card that is not the one lies there */
  TAMBO_PHASE_STOPPED,
  TAMBO_PHASE_FAILED,
  TAMBO_PHASE_DONE,
  TAMBO_N_PHASES,
} TamboIssuePhase;

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

  TamboIssuePhase phase;
  TamboOpenOrder *open; /* NULL: none */

  /* issue-orders.c */
  gboolean is_loading, load_again, has_listed;

  /* issue-chip.c */
  TamboWorkQueue *queue; /* of the card, so that the desk's is not kept waiting */
  GCancellable *running;
  TamboIssueStep step; /* the last that was told; none where n_steps is 0 */
  gint64 started_at;
  guint moves_at_start;
  guint unseen_source, n_unseen;
  gboolean old_card_lies; /* of the document before */

  /* issue-spoil.c */
  gboolean is_spoiling;
  char *reason; /* of the card that is being spoiled */
};

/* ---- issue-page.c ---- */

TamboSession *tambo_issue_page_get_session (TamboIssuePage *self);
/* The focus goes to its next act. */
void tambo_issue_page_set_phase (TamboIssuePage *self, TamboIssuePhase phase, const char *prompt,
                                 const char *status);

/* ---- issue-orders.c ---- */

void tambo_issue_page_bind_orders (GtkWidgetClass *widget_class);
void tambo_issue_page_load_orders (TamboIssuePage *self);
/* In place of the order that is open. */
void tambo_issue_page_show_orders (TamboIssuePage *self);
void tambo_issue_page_open_order (TamboIssuePage *self, const char *id);
/* Nothing of it is shown any more; what is being written stops. */
void tambo_issue_page_close_order (TamboIssuePage *self);

/* ---- issue-blank.c ---- */

void tambo_issue_page_bind_blank (GtkWidgetClass *widget_class);
void tambo_issue_page_ask_for_blank (TamboIssuePage *self);

/* ---- issue-chip.c ---- */

void tambo_issue_page_bind_chip (GtkWidgetClass *widget_class);
/* Of the blank that was confirmed; writing begins once it lies there. */
void tambo_issue_page_await_card (TamboIssuePage *self);
/* A card came or went, or what waits for one has just begun to wait. */
void tambo_issue_page_look_at_card (TamboIssuePage *self);
/* Whatever card lies there now. */
void tambo_issue_page_write_again (TamboIssuePage *self);
void tambo_issue_page_stop (TamboIssuePage *self);
/* Stops, and shows nothing of it any more. */
void tambo_issue_page_clear_chip (TamboIssuePage *self);

/* ---- issue-spoil.c ---- */

void tambo_issue_page_bind_spoiling (GtkWidgetClass *widget_class);
/* Whoever has signed in; a card that was begun. */
gboolean tambo_issue_page_may_spoil (TamboIssuePage *self);
