/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/stack-pages.h"

void tambo_stack_show (GtkStack *stack, const char *name) {
  GtkWidget *shown = gtk_stack_get_child_by_name (stack, name);

  gtk_widget_set_visible (shown, TRUE);
  gtk_stack_set_visible_child (stack, shown);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (stack)); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkStackPage *page = gtk_stack_get_page (stack, child);
    const char *title = child == shown ? gtk_stack_page_get_title (page) : NULL;
    gtk_widget_set_visible (child, child == shown);
    /* Without one it is called by its class. */
    gtk_accessible_update_property (GTK_ACCESSIBLE (page), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    title != NULL ? title : "", -1);
  }
}
