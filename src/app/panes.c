/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/panes.h"

#define LAST_FOCUS "tambo-last-focus"

/* Of panes within panes the inner ones. */
static void collect (GtkWidget *widget, GPtrArray *panes) {
  guint n_before = panes->len;

  if (!gtk_widget_get_mapped (widget))
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect (child, panes);
  if (gtk_widget_has_css_class (widget, "pane") && panes->len == n_before)
    g_ptr_array_add (panes, widget);
}

static void weak_ref_free (gpointer data) {
  g_weak_ref_clear (data);
  g_free (data);
}

static void note_focus (GtkWidget *pane, GtkWidget *focus) {
  GWeakRef *place = g_new0 (GWeakRef, 1);

  g_weak_ref_init (place, focus);
  g_object_set_data_full (G_OBJECT (pane), LAST_FOCUS, place, weak_ref_free);
}

static gboolean enter (GtkWidget *pane) {
  GWeakRef *place = g_object_get_data (G_OBJECT (pane), LAST_FOCUS);
  g_autoptr (GtkWidget) before = place != NULL ? g_weak_ref_get (place) : NULL;

  return (before != NULL && gtk_widget_is_ancestor (before, pane) && gtk_widget_get_mapped (before)
          && gtk_widget_grab_focus (before))
         || gtk_widget_child_focus (pane, GTK_DIR_TAB_FORWARD);
}

static guint find_focus (GPtrArray *panes, GtkWidget *focus) {
  for (guint i = 0; focus != NULL && i < panes->len; i++)
    if (gtk_widget_is_ancestor (focus, panes->pdata[i]))
      return i;
  return panes->len;
}

void tambo_panes_go (GtkWindow *window, gboolean back) {
  g_autoptr (GPtrArray) panes = g_ptr_array_new ();
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (window));

  collect (GTK_WIDGET (window), panes);
  guint n = panes->len;
  guint at = find_focus (panes, focus);
  if (at < n)
    note_focus (panes->pdata[at], focus);
  else
    at = back ? 0 : n - 1;
  for (guint i = 1; i <= n; i++)
    if (enter (panes->pdata[(at + (back ? n - i : i)) % n]))
      return;
}
