/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/order-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "app/error-text.h"
#include "app/focus.h"

#define ID_KEY "tambo-order"
/* Rows of a GtkListBox are widgets each; the others are found by their number. */
#define MAX_ROWS 200

static char *describe (const TamboOrderRow *row, TamboOrderStage stage) {
  if (row->blank == NULL)
    return g_strdup (_ ("Waits to be issued"));
  if (stage == TAMBO_ORDERS_TO_ISSUE)
    return g_strdup_printf (_ ("Begun on blank %s"), row->blank);
  return g_strdup_printf (_ ("Issued on blank %s, waits for its holder"), row->blank);
}

GtkWidget *tambo_order_row_new (const TamboOrderRow *row, TamboOrderStage stage) {
  GtkWidget *self = adw_action_row_new ();
  g_autofree char *state = describe (row, stage);
  g_autofree char *time = tambo_text_time (row->received_at);
  const char *number = row->tracking_number != NULL ? row->tracking_number : row->id;
  g_autofree char *label = g_strdup_printf ("%s, %s, %s", number, state, time);
  GtkWidget *when = gtk_label_new (time);
  GtkWidget *arrow = g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic",
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), number);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), state);
  gtk_widget_add_css_class (when, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), when);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), arrow);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
  /* The title's, which would be told besides. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_object_set_data_full (G_OBJECT (self), ID_KEY, g_strdup (row->id), g_free);
  return self;
}

const char *tambo_order_row_get_id (GtkListBoxRow *row) {
  return g_object_get_data (G_OBJECT (row), ID_KEY);
}

static int find_focused (GtkListBox *list) {
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (list));
  GtkWidget *focused = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *row =
      focused != NULL ? gtk_widget_get_ancestor (focused, GTK_TYPE_LIST_BOX_ROW) : NULL;

  return row != NULL && gtk_widget_is_ancestor (row, GTK_WIDGET (list))
             ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row))
             : -1;
}

void tambo_order_rows_fill (GtkListBox *list, GPtrArray *rows, TamboOrderStage stage,
                            GtkWidget *fallback) {
  int focused = find_focused (list);
  GtkListBoxRow *row;

  if (focused >= 0)
    tambo_focus_take (fallback);
  while ((row = gtk_list_box_get_row_at_index (list, 0)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
  for (guint i = 0; rows != NULL && i < MIN (rows->len, MAX_ROWS); i++)
    gtk_list_box_append (list, tambo_order_row_new (g_ptr_array_index (rows, i), stage));
  row = focused >= 0 ? gtk_list_box_get_row_at_index (list, focused) : NULL;
  if (row != NULL)
    tambo_focus_take (GTK_WIDGET (row));
}

/* ---- a load ---- */

typedef struct {
  TamboStation *station;
  TamboOrderStage stage;
  TamboOrderRowsLoaded loaded;
  GPtrArray *rows;
} Load;

static void load_free (Load *load) {
  g_object_unref (load->station);
  g_clear_pointer (&load->rows, g_ptr_array_unref);
  g_free (load);
}

static gboolean run_load (gpointer data, GCancellable *cancellable, GError **error) {
  Load *load = data;

  load->rows = tambo_order_desk_list (load->station, load->stage, error);
  return load->rows != NULL;
}

static void on_loaded (gpointer owner, gpointer data, const GError *error) {
  const Load *load = data;

  load->loaded (owner, load->rows, error);
}

void tambo_order_rows_load (TamboSession *session, TamboOrderStage stage,
                            TamboOrderRowsLoaded loaded, gpointer owner) {
  Load *load = g_new0 (Load, 1);

  load->station = g_object_ref (tambo_session_get_station (session));
  load->stage = stage;
  load->loaded = loaded;
  tambo_work_push (tambo_session_get_desk_queue (session), run_load, load,
                   (GDestroyNotify) load_free, NULL, on_loaded, owner);
}
