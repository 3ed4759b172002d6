/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/row-list.h"

#include "app/focus.h"
#include "app/list-memory.h"

/* Gives the rows to Tab, or only the one where the list was left. */
static void set_stops (GtkListBox *list, gboolean all) {
  GtkWidget *stop = gtk_widget_get_focus_child (GTK_WIDGET (list));
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)) != NULL; i++) {
    if (stop == NULL && gtk_widget_get_visible (GTK_WIDGET (row)))
      stop = GTK_WIDGET (row);
    gtk_widget_set_focusable (GTK_WIDGET (row), all || GTK_WIDGET (row) == stop);
  }
}

static void on_entered_cb (GtkEventControllerFocus *controller, GtkListBox *list) {
  set_stops (list, TRUE);
}

static void on_left_cb (GtkEventControllerFocus *controller, GtkListBox *list) {
  tambo_list_memory_note (list);
  set_stops (list, FALSE);
}

static gboolean on_key_cb (GtkEventControllerKey *controller, guint key, guint code,
                           GdkModifierType modifiers, GtkListBox *list) {
  if (key == GDK_KEY_Tab || key == GDK_KEY_ISO_Left_Tab)
    set_stops (list, FALSE);
  return GDK_EVENT_PROPAGATE;
}

void tambo_row_list_set_up (GtkListBox *list) {
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect (focus, "enter", G_CALLBACK (on_entered_cb), list);
  g_signal_connect (focus, "leave", G_CALLBACK (on_left_cb), list);
  g_signal_connect (list, "row-activated", G_CALLBACK (tambo_list_memory_choose_row), NULL);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key_cb), list);
  gtk_widget_add_controller (GTK_WIDGET (list), focus);
  gtk_widget_add_controller (GTK_WIDGET (list), keys);
}

/* ---- filling ---- */

void tambo_row_list_clear (GtkListBox *list) {
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, 0)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
}

/* Of the row that has the focus, or -1. */
static int find_place (GtkListBox *list) {
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (list));
  GtkWidget *focused = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *row =
      focused != NULL ? gtk_widget_get_ancestor (focused, GTK_TYPE_LIST_BOX_ROW) : NULL;

  return row != NULL && gtk_widget_get_parent (row) == GTK_WIDGET (list)
             ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row))
             : -1;
}

int tambo_row_list_begin (GtkListBox *list) {
  int place = find_place (list);

  tambo_list_memory_hold (list);
  tambo_row_list_clear (list);
  return place;
}

void tambo_row_list_focus (GtkListBox *list, int place) {
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (list, place);

  if (row == NULL)
    return;
  gtk_widget_set_focusable (GTK_WIDGET (row), TRUE);
  tambo_focus_take (GTK_WIDGET (row));
}

/* On the row at PLACE, or the last one. */
static void focus_near (GtkListBox *list, int place) {
  while (place > 0 && gtk_list_box_get_row_at_index (list, place) == NULL)
    place--;
  if (place >= 0)
    tambo_row_list_focus (list, place);
}

void tambo_row_list_end (GtkListBox *list, int place) {
  focus_near (list, place >= 0 ? tambo_list_memory_find (list, place) : place);
  tambo_list_memory_filled (list, place >= 0);
}

/* ---- filling again ---- */

int tambo_row_list_begin_again (GtkListBox *list) {
  return find_place (list);
}

static gboolean shows_later (GtkListBox *list, int index, TamboRowListShows shows,
                             gconstpointer what) {
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, index++)) != NULL)
    if (shows (row, what))
      return TRUE;
  return FALSE;
}

GtkListBoxRow *tambo_row_list_keep (GtkListBox *list, int index, TamboRowListShows shows,
                                    gconstpointer what) {
  GtkListBoxRow *row;

  if (!shows_later (list, index, shows, what))
    return NULL;
  while (!shows ((row = gtk_list_box_get_row_at_index (list, index)), what))
    gtk_list_box_remove (list, GTK_WIDGET (row));
  return row;
}

void tambo_row_list_end_again (GtkListBox *list, int length, int place) {
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (list, length)) != NULL)
    gtk_list_box_remove (list, GTK_WIDGET (row));
  if (place >= 0 && find_place (list) < 0)
    focus_near (list, place);
  else if (place < 0)
    set_stops (list, FALSE);
  tambo_list_memory_filled (list, FALSE);
}

/* ---- rows ---- */

void tambo_row_list_add (GtkListBox *list, GtkWidget *row) {
  gboolean is_first = gtk_list_box_get_row_at_index (list, 0) == NULL;

  gtk_list_box_append (list, row);
  gtk_widget_set_focusable (row, is_first);
}

GtkWidget *tambo_row_list_add_fact (GtkListBox *list, const char *icon, const char *title,
                                    const char *subtitle, const char *value) {
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *label = g_strjoin (", ", title, value != NULL ? value : subtitle,
                                      value != NULL ? subtitle : NULL, NULL);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (icon != NULL)
    adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                               g_object_new (GTK_TYPE_IMAGE, "icon-name", icon, "accessible-role",
                                             GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
  if (value != NULL) {
    GtkWidget *text = gtk_label_new (value);
    gtk_widget_add_css_class (text, "numeric");
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), text);
  }
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  tambo_row_list_add (list, row);
  return row;
}
