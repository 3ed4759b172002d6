/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/outbox-page.h"

#include <glib/gi18n.h>

#include "app/focus.h"
#include "app/list-memory.h"
#include "app/record-path.h"
#include "app/row-list.h"
#include "app/sent-record.h"
#include "app/stack-pages.h"
#include "app/stick-box.h"
#include "app/two-persons.h"
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
  GtkLabel *record_title, *record_state, *record_reason, *record_detail;
  TamboRecordPath *path;
  GtkWidget *retry_button, *recapture_button;
  TamboStickBox *stick_box;

  GPtrArray *records;       /* of TamboSentRecord, as listed */
  char *wanted;             /* id of a record or case to stand on; NULL */
  char *chosen;             /* id of the record that is shown; NULL */
  TamboStep recapture_step; /* that its button leads to */
};

G_DEFINE_FINAL_TYPE (TamboOutboxPage, tambo_outbox_page, TAMBO_TYPE_DESK_PAGE)

static TamboSession *session_of (TamboOutboxPage *self) {
  return tambo_desk_page_get_session (TAMBO_DESK_PAGE (self));
}

/* ---- loading ---- */

typedef struct {
  TamboStation *station;
  char *wanted;
  GPtrArray *records; /* of TamboSentRecord */
} Load;

static void load_free (Load *load) {
  g_object_unref (load->station);
  g_free (load->wanted);
  g_clear_pointer (&load->records, g_ptr_array_unref);
  g_free (load);
}

static gboolean load_records (gpointer data, GCancellable *cancellable, GError **error) {
  Load *load = data;

  load->records = tambo_sent_records_load (load->station, RECENT, load->wanted, error);
  return load->records != NULL;
}

/* ---- showing ---- */

static const char *state_of (const TamboSentRecord *record) {
  return record->refusal != NULL ? _ ("Refused by headquarters")
                                 : tambo_record_path_state (record->row);
}

static void add_row (TamboOutboxPage *self, const TamboSentRecord *record) {
  g_autofree char *title = tambo_sent_record_title (record);
  g_autofree char *line = tambo_sent_record_line (record);
  const char *icon = tambo_sent_record_needs_somebody (record) ? "dialog-warning-symbolic"
                     : tambo_sent_record_is_waiting (record)   ? "mail-send-symbolic"
                                                               : "emblem-ok-symbolic";
  GtkWidget *widget = tambo_row_list_add_fact (self->list, icon, title, line, state_of (record));

  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (widget), 1);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (widget), TRUE);
  tambo_list_memory_set_key (widget, record->row->id);
}

static void show_text (GtkLabel *label, const char *text) {
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

static void show_words (TamboOutboxPage *self, const TamboSentRecord *record) {
  g_autofree char *title = record != NULL ? tambo_sent_record_title (record) : NULL;
  g_autofree char *sentence = record != NULL ? tambo_sent_record_sentence (record) : NULL;
  g_autofree char *detail = record != NULL ? tambo_sent_record_detail (record) : NULL;

  gtk_label_set_label (self->record_title, title != NULL ? title : "");
  gtk_label_set_label (self->record_state, record != NULL ? state_of (record) : "");
  show_text (self->record_reason, sentence);
  show_text (self->record_detail, detail);
}

/* What the clerk, or the supervisor, may do about it. */
static void show_acts (TamboOutboxPage *self, const TamboSentRecord *record) {
  guint role = tambo_station_get_role (tambo_session_get_station (session_of (self)));
  gboolean may_retry = (role & tambo_permission (TAMBO_OPERATION_OUTBOX_RETRY)->roles) != 0;
  gboolean may_capture = (role & tambo_permission (TAMBO_OPERATION_CASE_CAPTURE)->roles) != 0;
  const char *remedy =
      record != NULL ? tambo_sent_record_remedy (record, &self->recapture_step) : NULL;

  gtk_widget_set_visible (self->retry_button,
                          record != NULL && tambo_sent_record_is_stuck (record) && may_retry);
  gtk_widget_set_visible (self->recapture_button, remedy != NULL && may_capture);
  if (remedy == NULL)
    return;
  gtk_button_set_label (GTK_BUTTON (self->recapture_button), remedy);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->recapture_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, remedy, -1);
}

static void show_record (TamboOutboxPage *self, GtkListBoxRow *widget) {
  const TamboSentRecord *record =
      widget != NULL ? g_ptr_array_index (self->records, gtk_list_box_row_get_index (widget))
                     : NULL;

  g_free (self->chosen);
  self->chosen = record != NULL ? g_strdup (record->row->id) : NULL;
  show_words (self, record);
  tambo_record_path_set (self->path, record != NULL ? record->row : NULL,
                         record != NULL && record->refusal != NULL);
  show_acts (self, record);
}

static void show_summary (TamboOutboxPage *self) {
  guint n_waiting = 0, n_stuck = 0;

  for (guint i = 0; i < self->records->len; i++) {
    const TamboSentRecord *record = g_ptr_array_index (self->records, i);
    n_stuck += tambo_sent_record_needs_somebody (record);
    n_waiting += tambo_sent_record_is_waiting (record);
  }
  g_autofree char *waiting =
      g_strdup_printf (ngettext ("%u record waits", "%u records wait", n_waiting), n_waiting);
  g_autofree char *stuck = g_strdup_printf (_ ("%u need somebody"), n_stuck);
  g_autofree char *text = g_strjoin (" · ", waiting, n_stuck > 0 ? stuck : NULL, NULL);
  gtk_label_set_label (self->summary, text);
}

static void stand_on_wanted (TamboOutboxPage *self) {
  g_autofree char *wanted = g_steal_pointer (&self->wanted);
  int index = tambo_sent_records_find (self->records, wanted != NULL ? wanted : self->chosen);
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, MAX (index, 0));

  show_record (self, row);
  if (wanted == NULL || row == NULL)
    return;
  tambo_list_memory_choose (self->list, self->chosen);
  tambo_row_list_focus (self->list, MAX (index, 0));
}

static void on_records_loaded (gpointer owner, gpointer data, const GError *error) {
  TamboOutboxPage *self = owner;
  Load *load = data;

  if (error != NULL) {
    tambo_session_fail (session_of (self), error);
    return;
  }
  int place = tambo_row_list_begin (self->list);
  g_clear_pointer (&self->records, g_ptr_array_unref);
  self->records = g_steal_pointer (&load->records);
  for (guint i = 0; i < self->records->len; i++)
    add_row (self, g_ptr_array_index (self->records, i));
  tambo_row_list_end (self->list, place);
  tambo_stack_show (self->stack, self->records->len > 0 ? "records" : "empty");
  show_summary (self);
  stand_on_wanted (self);
}

static void tambo_outbox_page_reload (TamboDeskPage *page) {
  TamboOutboxPage *self = TAMBO_OUTBOX_PAGE (page);
  Load *load = g_new0 (Load, 1);

  load->station = g_object_ref (tambo_session_get_station (session_of (self)));
  load->wanted = g_strdup (self->wanted);
  tambo_work_push (tambo_session_get_desk_queue (session_of (self)), load_records, load,
                   (GDestroyNotify) load_free, NULL, on_records_loaded, self);
}

/* ---- the clerk ---- */

static void on_row_activated_cb (TamboOutboxPage *self, GtkListBoxRow *row) {
  show_record (self, row);
  if (gtk_widget_get_visible (self->recapture_button))
    tambo_focus_take (self->recapture_button);
  else if (gtk_widget_get_visible (self->retry_button))
    tambo_focus_take (self->retry_button);
}

static void on_recapture_cb (TamboOutboxPage *self) {
  int index = tambo_sent_records_find (self->records, self->chosen);
  const TamboSentRecord *record = index >= 0 ? g_ptr_array_index (self->records, index) : NULL;

  if (record != NULL && record->refusal != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.recapture", "(si)", record->refusal->about,
                                (int) self->recapture_step);
}

static void on_stick_cb (TamboOutboxPage *self) {
  tambo_stick_box_open (self->stick_box, session_of (self));
}

void tambo_outbox_page_open_stick (TamboOutboxPage *self) {
  on_stick_cb (self);
}

static gboolean retry (TamboStation *station, gpointer id, GError **error) {
  return tambo_headquarters_retry (station, id, error);
}

static void on_retried (gpointer owner, gpointer data, const GError *error) {
  TamboOutboxPage *self = owner;

  tambo_session_fail (session_of (self), error);
  if (error == NULL)
    tambo_focus_take (self->send_button);
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

static gboolean tambo_outbox_page_cancel (TamboDeskPage *page) {
  TamboOutboxPage *self = TAMBO_OUTBOX_PAGE (page);

  if (!gtk_widget_get_visible (GTK_WIDGET (self->stick_box)))
    return FALSE;
  tambo_stick_box_close (self->stick_box);
  tambo_focus_take (self->send_button);
  return TRUE;
}

static void tambo_outbox_page_clear (TamboDeskPage *page) {
  TamboOutboxPage *self = TAMBO_OUTBOX_PAGE (page);

  tambo_row_list_clear (self->list);
  tambo_stick_box_close (self->stick_box);
  show_record (self, NULL);
  g_clear_pointer (&self->records, g_ptr_array_unref);
}

/* ---- the object ---- */

static void tambo_outbox_page_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_OUTBOX_PAGE);
  G_OBJECT_CLASS (tambo_outbox_page_parent_class)->dispose (object);
}

static void tambo_outbox_page_finalize (GObject *object) {
  TamboOutboxPage *self = TAMBO_OUTBOX_PAGE (object);

  g_clear_pointer (&self->records, g_ptr_array_unref);
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
  page_class->cancel = tambo_outbox_page_cancel;
  page_class->clear = tambo_outbox_page_clear;
  g_type_ensure (TAMBO_TYPE_RECORD_PATH);
  g_type_ensure (TAMBO_TYPE_STICK_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/outbox-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, send_button);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, list);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, record_title);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, record_state);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, record_reason);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, record_detail);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, path);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, recapture_button);
  gtk_widget_class_bind_template_child (widget_class, TamboOutboxPage, stick_box);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_recapture_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_stick_cb);
}

static void tambo_outbox_page_init (TamboOutboxPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_row_list_set_up (self->list);
  tambo_stack_show (self->stack, "empty");
}
