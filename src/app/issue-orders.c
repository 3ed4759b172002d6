/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/focus.h"
#include "app/issue-page-private.h"
#include "app/order-row.h"
#include "app/stack-pages.h"

/* ---- the list ---- */

static void on_listed (gpointer owner, GPtrArray *rows, const GError *error) {
  TamboIssuePage *self = owner;

  self->is_loading = FALSE;
  if (self->phase != TAMBO_PHASE_ORDERS || tambo_issue_page_get_session (self) == NULL)
    return;
  if (error != NULL) {
    tambo_session_fail (tambo_issue_page_get_session (self), error);
    return;
  }
  tambo_order_rows_fill (self->list, rows, TAMBO_ORDERS_TO_ISSUE, self->reload_button);
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (self->list, 0);
  if (!self->has_listed && first != NULL)
    tambo_focus_take (GTK_WIDGET (first));
  self->has_listed = TRUE;
  if (self->load_again)
    tambo_issue_page_load_orders (self);
}

void tambo_issue_page_load_orders (TamboIssuePage *self) {
  self->load_again = self->is_loading;
  if (self->is_loading)
    return;
  self->is_loading = TRUE;
  tambo_order_rows_load (tambo_issue_page_get_session (self), TAMBO_ORDERS_TO_ISSUE, on_listed,
                         self);
}

/* ---- one of them ---- */

void tambo_issue_page_close_order (TamboIssuePage *self) {
  tambo_issue_page_clear_chip (self);
  gtk_popover_popdown (self->spoil_popover);
  g_clear_pointer (&self->open, tambo_open_order_free);
  tambo_holder_card_clear (self->holder);
  gtk_editable_set_text (GTK_EDITABLE (self->blank_entry), "");
  gtk_editable_set_text (GTK_EDITABLE (self->reason_entry), "");
  gtk_label_set_label (self->prompt, "");
  gtk_label_set_label (self->status, "");
  self->phase = TAMBO_PHASE_ORDERS;
}

void tambo_issue_page_show_orders (TamboIssuePage *self) {
  tambo_issue_page_close_order (self);
  tambo_stack_show (self->stack, "orders");
  self->has_listed = FALSE;
  tambo_focus_take (self->reload_button);
  tambo_issue_page_load_orders (self);
}

typedef struct {
  TamboStation *station;
  char *id;
  TamboOpenOrder *open;
  cairo_surface_t *picture;
} Opening;

static void opening_free (Opening *opening) {
  g_object_unref (opening->station);
  g_free (opening->id);
  tambo_open_order_free (opening->open);
  g_clear_pointer (&opening->picture, cairo_surface_destroy);
  g_free (opening);
}

static gboolean run_open (gpointer data, GCancellable *cancellable, GError **error) {
  Opening *opening = data;

  opening->open = tambo_order_desk_open (opening->station, opening->id, error);
  if (opening->open != NULL)
    opening->picture = tambo_holder_card_picture (opening->open);
  return opening->open != NULL;
}

static void on_opened (gpointer owner, gpointer data, const GError *error) {
  TamboIssuePage *self = owner;
  Opening *opening = data;

  if (error != NULL) {
    tambo_session_fail (tambo_issue_page_get_session (self), error);
    return;
  }
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return; /* the page was left meanwhile */
  tambo_issue_page_close_order (self);
  self->open = g_steal_pointer (&opening->open);
  tambo_holder_card_show (self->holder, self->open->order, opening->picture);
  tambo_stack_show (self->stack, "order");
  tambo_issue_page_ask_for_blank (self);
}

void tambo_issue_page_open_order (TamboIssuePage *self, const char *id) {
  TamboSession *session = tambo_issue_page_get_session (self);
  Opening *opening = g_new0 (Opening, 1);

  opening->station = g_object_ref (tambo_session_get_station (session));
  opening->id = g_strdup (id);
  tambo_work_push (tambo_session_get_desk_queue (session), run_open, opening,
                   (GDestroyNotify) opening_free, NULL, on_opened, self);
}

static void on_row_activated_cb (TamboIssuePage *self, GtkListBoxRow *row) {
  tambo_issue_page_open_order (self, tambo_order_row_get_id (row));
}

static void on_back_cb (TamboIssuePage *self) {
  tambo_issue_page_show_orders (self);
}

void tambo_issue_page_bind_orders (GtkWidgetClass *widget_class) {
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_back_cb);
}
