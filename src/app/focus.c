/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/focus.h"

/* A question that is open keeps it: an answer from elsewhere would take the keys away from the clerk. */
static gboolean is_asked_elsewhere (GtkRoot *root, GtkWidget *widget) {
  GtkWidget *focus = gtk_root_get_focus (root);
  GtkWidget *popover = focus != NULL ? gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) : NULL;

  return popover != NULL && gtk_widget_get_mapped (popover)
         && !gtk_widget_is_ancestor (widget, popover);
}

void tambo_focus_take (GtkWidget *widget) {
  GtkRoot *root = gtk_widget_get_root (widget);

  /* Before its first appearance nothing of a window is mapped. */
  if (root != NULL && !is_asked_elsewhere (root, widget)
      && (gtk_widget_get_mapped (widget) || !gtk_widget_get_mapped (GTK_WIDGET (root))))
    gtk_widget_grab_focus (widget);
}
