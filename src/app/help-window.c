/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/help-window.h"

#include <glib/gi18n.h>

#include "app/places.h"
#include "app/shortcuts.h"

struct _TamboHelpWindow {
  AdwWindow parent;
  GtkGrid *everywhere, *enrolment, *places, *desk;
};

G_DEFINE_FINAL_TYPE (TamboHelpWindow, tambo_help_window, ADW_TYPE_WINDOW)

static void add_key (GtkGrid *grid, int row, const char *accelerators, const char *title) {
  g_autofree char *text = tambo_shortcuts_label (accelerators);
  GtkWidget *keys = gtk_label_new (text), *words = gtk_label_new (title);
  g_autofree char *name = g_strdup_printf ("%s: %s", title, text);

  gtk_label_set_xalign (GTK_LABEL (keys), 0);
  gtk_label_set_xalign (GTK_LABEL (words), 0);
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_widget_add_css_class (keys, "caption-heading");
  gtk_accessible_update_property (GTK_ACCESSIBLE (words), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_grid_attach (grid, keys, 0, row, 1, 1);
  gtk_grid_attach (grid, words, 1, row, 1, 1);
}

static void show_part (GtkGrid *grid, TamboShortcutPart part) {
  guint n_keys;
  const TamboShortcut *keys = tambo_shortcuts_get (&n_keys);

  for (guint i = 0; i < n_keys; i++)
    if (keys[i].part == part && keys[i].title != NULL)
      add_key (grid, (int) i, keys[i].accelerators, _ (keys[i].title));
}

static void show_places (TamboHelpWindow *self, guint role) {
  guint n_places;
  const TamboPlace *places = tambo_places_get (&n_places);

  for (guint i = 0; i < n_places; i++)
    if (places[i].roles & role && places[i].accelerator != NULL)
      add_key (self->places, (int) i, places[i].accelerator, _ (places[i].title));
}

static void tambo_help_window_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_HELP_WINDOW);
  G_OBJECT_CLASS (tambo_help_window_parent_class)->dispose (object);
}

static void tambo_help_window_class_init (TamboHelpWindowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_help_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/help-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboHelpWindow, everywhere);
  gtk_widget_class_bind_template_child (widget_class, TamboHelpWindow, enrolment);
  gtk_widget_class_bind_template_child (widget_class, TamboHelpWindow, places);
  gtk_widget_class_bind_template_child (widget_class, TamboHelpWindow, desk);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void tambo_help_window_init (TamboHelpWindow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  show_part (self->everywhere, TAMBO_SHORTCUTS_EVERYWHERE);
  show_part (self->enrolment, TAMBO_SHORTCUTS_ENROLMENT);
  show_part (self->desk, TAMBO_SHORTCUTS_DESK);
}

TamboHelpWindow *tambo_help_window_new (GtkWindow *parent, guint role) {
  TamboHelpWindow *self = g_object_new (TAMBO_TYPE_HELP_WINDOW, "transient-for", parent, NULL);

  show_places (self, role);
  return self;
}
