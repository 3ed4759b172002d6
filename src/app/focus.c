/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/focus.h"

void tambo_focus_take (GtkWidget *widget) {
  GtkRoot *root = gtk_widget_get_root (widget);

  /* Before its first appearance nothing of a window is mapped. */
  if (root != NULL
      && (gtk_widget_get_mapped (widget) || !gtk_widget_get_mapped (GTK_WIDGET (root))))
    gtk_widget_grab_focus (widget);
}
