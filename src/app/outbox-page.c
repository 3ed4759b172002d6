/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/outbox-page.h"

#include <glib/gi18n.h>

#include "app/error-text.h"
#include "app/focus.h"
#include "app/list-memory.h"
#include "app/record-path.h"
#include "app/row-list.h"
#include "app/stack-pages.h"
#include "app/two-persons.h"
#include "station/case-desk.h"
#include "station/headquarters.h"
#include "station/permissions.h"

/* Beside those that headquarters has not taken. */
#define RECENT 40

struct _TamboOutboxPage {
  TamboDeskPage parent;
  GtkLabel *summary;
  GtkWidget *send_button;
  GtkStack *stack;
  GtkListBox *list;
  GtkLabel *record_title, *record_state, *record_reason;
  TamboRecordPath *path;
  GtkWidget *retry_button;

  GPtrArray *rows; /* of TamboOutboxRow, as listed */
  char *wanted;    /* id of a record or case to stand on; NULL */
  char *chosen;    /* id of the record that is shown; NULL */
};

G_DEFINE_FINAL_TYPE (TamboOutboxPage, tambo_outbox_page, TAMBO_TYPE_DESK_PAGE)

static TamboSession *session_of (TamboOutboxPage *self) {
  return tambo_desk_page_get_session (TAMBO_DESK_PAGE (self));
}

/* ---- loading ---- */

typedef struct {
  TamboStation *station;
  char *wanted;
  GPtrArray *rows;    /* of TamboOutboxRow */
  GPtrArray *numbers; /* char *: the tracking numbers of their cases, "" for none */
} Load;

static void load_free (Load *load) {
  g_object_unref (load->station);
  g_free (load->wanted);
  g_clear_pointer (&load->rows, g_ptr_array_unref);
  g_clear_pointer (&load->numbers, g_ptr_array_unref);
  g_free (load);
}

static char *number_of (TamboStation *station, const TamboOutboxRow *row) {
  g_autoptr (TamboCaseRow) known =
      row->case_id != NULL ? tambo_case_desk_get (station, row->case_id, NULL) : NULL;

  return g_strdup (known != NULL ? known->tracking_number : "");
}

static gboolean has_row (GPtrArray *rows, const char *id) {
  for (guint i = 0; i < rows->len; i++) {
    const TamboOutboxRow *row = g_ptr_array_index (rows, i);
    if (g_str_equal (row->id, id) || g_strcmp0 (row->case_id, id) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean load_rows (gpointer data, GCancellable *cancellable, GError **error) {
  Load *load = data;

  load->rows = tambo_headquarters_list_recent (load->station, RECENT, error);
  if (load->rows == NULL)
    return FALSE;
  /* The one that is asked for may be an old one: a case's record has its id. */
  if (load->wanted != NULL && !has_row (load->rows, load->wanted)) {
    TamboOutboxRow *row = tambo_headquarters_get_record (load->station, load->wanted, NULL);
    if (row != NULL)
      g_ptr_array_insert (load->rows, 0, row);
  }
  load->numbers = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < load->rows->len; i++)
    g_ptr_array_add (load->numbers, number_of (load->station, g_ptr_array_index (load->rows, i)));
  return TRUE;
}

/* ---- showing ---- */

static gboolean is_stuck (const TamboOutboxRow *row) {
  return row->state == TAMBO_OUTBOX_REFUSED || row->state == TAMBO_OUTBOX_QUARANTINED;
}

static gboolean is_there (const TamboOutboxRow *row) {
  return row->state == TAMBO_OUTBOX_ACKNOWLEDGED || row->state == TAMBO_OUTBOX_PURGED;
}

static char *describe (const TamboOutboxRow *row) {
  g_autofree char *time = tambo_text_time (row->queued_at);
  g_autofree char *tries =
      g_strdup_printf (ngettext ("%d try", "%d tries", row->attempts), row->attempts);

  return g_strjoin (" · ", time, tries, row->last_error, NULL);
}

static char *title_of (const TamboOutboxRow *row, const char *number) {
  if (*number != '\0')
    return g_strdup_printf (
        g_str_equal (row->kind, "enrolment") ? _ ("Enrolment %s") : _ ("Event of %s"), number);
  return g_strdup_printf (_ ("Event %.8s"), row->id);
}

static void add_row (TamboOutboxPage *self, const TamboOutboxRow *row, const char *number) {
  g_autofree char *title = title_of (row, number);
  g_autofree char *subtitle = describe (row);
  const char *icon = is_stuck (row)   ? "dialog-warning-symbolic"
                     : is_there (row) ? "emblem-ok-symbolic"
                                      : "mail-send-symbolic";
  GtkWidget *widget =
      tambo_row_list_add_fact (self->list, icon, title, subtitle, tambo_record_path_state (row));

  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (widget), 1);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (widget), TRUE);
  tambo_list_memory_set_key (widget, row->id);
  g_object_set_data_full (G_OBJECT (widget), "title", g_strdup (title), g_free);
}

static void show_record (TamboOutboxPage *self, GtkListBoxRow *widget) {
  const TamboOutboxRow *row =
      widget != NULL ? g_ptr_array_index (self->rows, gtk_list_box_row_get_index (widget)) : NULL;
  guint role = tambo_station_get_role (tambo_session_get_station (session_of (self)));

  g_free (self->chosen);
  self->chosen = row != NULL ? g_strdup (row->id) : NULL;
  gtk_label_set_label (self->record_title,
                       widget != NULL ? g_object_get_data (G_OBJECT (widget), "title") : "");
  gtk_label_set_label (self->record_state, row != NULL ? tambo_record_path_state (row) : "");
  gtk_label_set_label (self->record_reason,
                       row != NULL && row->last_error != NULL ? row->last_error : "");
  tambo_record_path_set (self->path, row);
  gtk_widget_set_visible (self->retry_button,
                          row != NULL && is_stuck (row)
                              && (role & tambo_permission (TAMBO_OPERATION_OUTBOX_RETRY)->roles)
                                     != 0);
}

static int find_row (TamboOutboxPage *self, const char *id) {
  for (guint i = 0; id != NULL && i < self->rows->len; i++) {
    const TamboOutboxRow *row = g_ptr_array_index (self->rows, i);
    if (g_str_equal (row->id, id) || g_strcmp0 (row->case_id, id) == 0)
      return (int) i;
  }
  return -1;
}

static void show_summary (TamboOutboxPage *self) {
  guint n_waiting = 0, n_stuck = 0;

  for (guint i = 0; i < self->rows->len; i++) {
    const TamboOutboxRow *row = g_ptr_array_index (self->rows, i);
    n_stuck += is_stuck (row);
    n_waiting += !is_stuck (row) && !is_there (row);
  }
  g_autofree char *waiting =
      g_strdup_printf (ngettext ("%u record waits", "%u records wait", n_waiting), n_waiting);
  g_autofree char *stuck = g_strdup_printf (_ ("%u need somebody"), n_stuck);
  g_autofree char *text = g_strjoin (" · ", waiting, n_stuck > 0 ? stuck : NULL, NULL);
  gtk_label_set_label (self->summary, text);
}

static void stand_on_wanted (TamboOutboxPage *self) {
  g_autofree char *wanted = g_steal_pointer (&self->wanted);
  int index = find_row (self, wanted != NULL ? wanted : self->chosen);
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, MAX (index, 0));

  show_record (self, row);
  if (wanted == NULL || row == NULL)
    return;
  tambo_list_memory_choose (self->list, self->chosen);
  tambo_row_list_focus (self->list, MAX (index, 0));
}

static void on_rows_loaded (gpointer owner, gpointer data, const GError *error) {
  TamboOutboxPage *self = owner;
  Load *load = data;

  if (error != NULL) {
    tambo_session_fail (session_of (self), error);
    return;
  }
  int place = tambo_row_list_begin (self->list);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  self->rows = g_steal_pointer (&load->rows);
  for (guint i = 0; i < self->rows->len; i++)
    add_row (self, g_ptr_array_index (self->rows, i), g_ptr_array_index (load->numbers, i));
  tambo_row_list_end (self->list, place);
  tambo_stack_show (self->stack, self->rows->len > 0 ? "records" : "empty");
  show_summary (self);
  stand_on_wanted (self);
}

static void tambo_outbox_page_reload (TamboDeskPage *page) {
  TamboOutboxPage *self = TAMBO_OUTBOX_PAGE (page);
  Load *load = g_new0 (Load, 1);

  load->station = g_object_ref (tambo_session_get_station (session_of (self)));
  load->wanted = g_strdup (self->wanted);
  tambo_work_push (tambo_session_get_desk_queue (session_of (self)), load_rows, load,
                   (GDestroyNotify) load_free, NULL, on_rows_loaded, self);
}

/* ---- the clerk ---- */

static void on_row_activated_cb (TamboOutboxPage *self, GtkListBoxRow *row) {
  show_record (self, row);
  if (gtk_widget_get_visible (self->retry_button))
    tambo_focus_take (self->retry_button);
}

static gboolean retry (TamboStation *station, gpointer id, GError **error) {
  return tambo_headquarters_retry (station, id, error);
}

static void on_retried (gpointer owner, gpointer data, const GError *error) {
  tambo_session_fail (session_of (owner), error);
}

static void on_retry_cb (TamboOutboxPage *self) {
  if (self->chosen != NULL)
    tambo_two_persons_run (self->retry_button, session_of (self),
                           _ ("The record goes back into the queue."), retry,
                           g_strdup (self->chosen), g_free, on_retried, self);
}

static void tambo_outbox_page_enter (TamboDeskPage *page) {
  TamboOutboxPage *self = TAMBO_OUTBOX_PAGE (page);

  if (self->chosen == NULL)
    self->chosen = g_strdup (tambo_list_memory_get_chosen (self->list));
  tambo_focus_take (self->send_button);
  tambo_outbox_page_reload (page);
}

static void tambo_outbox_page_look_at (TamboDeskPage *page, const char *id) {
  TamboOutboxPage *self = TAMBO_OUTBOX_PAGE (page);

  g_free (self->wanted);
  self->wanted = g_strdup (id);
}

static void tambo_outbox_page_clear (TamboDeskPage *page) {
  TamboOutboxPage *self = TAMBO_OUTBOX_PAGE (page);

  tambo_row_list_clear (self->list);
  show_record (self, NULL);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
}

/* ---- the object ---- */

static void tambo_outbox_page_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_OUTBOX_PAGE);
  G_OBJECT_CLASS (tambo_outbox_page_parent_class)->dispose (object);
}

static void tambo_outbox_page_finalize (GObject *object) {
  TamboOutboxPage *self = TAMBO_OUTBOX_PAGE (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_free (self->wanted);
  g_free (self->chosen);
  G_OBJECT_CLASS (tambo_outbox_page_parent_class)->finalize (object);
}

static void tambo_outbox_page_class_init (TamboOutboxPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboDeskPageClass *page_class = TAMBO_DESK_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_outbox_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tambo_outbox_page_finalize;
  page_class->enter = tambo_outbox_page_enter;
  page_class->look_at = tambo_outbox_page_look_at;
  page_class->reload = tambo_outbox_page_reload;
  page_class->clear = tambo_outbox_page_clear;
  g_type_ensure (TAMBO_TYPE_RECORD_PATH);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/outbox-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, send_button);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, list);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, record_title);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, record_state);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, record_reason);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, path);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, retry_button);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_cb);
}

static void tambo_outbox_page_init (TamboOutboxPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_row_list_set_up (self->list);
  tambo_stack_show (self->stack, "empty");
}
