/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/help-window.h"

#include <glib/gi18n.h>

#include "app/places.h"

struct _TamboHelpWindow {
  AdwWindow parent;
  GtkGrid *everywhere, *enrolment, *places;
};

G_DEFINE_FINAL_TYPE (TamboHelpWindow, tambo_help_window, ADW_TYPE_WINDOW)

typedef struct {
  const char *accelerator, *title;
} Key;

static void add_key (GtkGrid *grid, int row, const char *accelerator, const char *title) {
  guint key;
  GdkModifierType modifiers;

  if (accelerator == NULL || !gtk_accelerator_parse (accelerator, &key, &modifiers))
    return;
  g_autofree char *text = gtk_accelerator_get_label (key, modifiers);
  GtkWidget *keys = gtk_label_new (text), *words = gtk_label_new (title);
  g_autofree char *name = g_strdup_printf ("%s: %s", title, text);
  gtk_label_set_xalign (GTK_LABEL (keys), 0);
  gtk_label_set_xalign (GTK_LABEL (words), 0);
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_widget_add_css_class (keys, "heading");
  gtk_accessible_update_property (GTK_ACCESSIBLE (words), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_grid_attach (grid, keys, 0, row, 1, 1);
  gtk_grid_attach (grid, words, 1, row, 1, 1);
}

static void add_keys (GtkGrid *grid, const Key *keys, gsize n_keys) {
  for (gsize i = 0; i < n_keys; i++)
    add_key (grid, (int) i, keys[i].accelerator, keys[i].title);
}

static void show_everywhere (TamboHelpWindow *self) {
  const Key keys[] = {
    { "F10", _ ("Go to any place or act") },
    { "<Control>k", _ ("The same") },
    { "<Control>t", _ ("Today") },
    { "<Control>n", _ ("New enrolment") },
    { "<Control>f", _ ("Find a case") },
    { "F5", _ ("Once more: send, look, capture") },
    { "<Control>l", _ ("Lock, or switch the operator") },
    { "Escape", _ ("Stop, or back to Today") },
    { "F6", _ ("Next part of the window; with Shift the one before") },
    { "F1", _ ("This help") },
    { "<Control>q", _ ("Close Tambo") },
  };

  add_keys (self->everywhere, keys, G_N_ELEMENTS (keys));
}

static void show_enrolment (TamboHelpWindow *self) {
  const Key keys[] = {
    { "<Control>Return", _ ("Continue") },
    { "<Alt>Left", _ ("Back") },
    { "<Control>1", _ ("First step; the others by their number") },
    { "space", _ ("Take now") },
    { "<Control>m", _ ("A finger is missing") },
    { "<Control>i", _ ("One finger after another, or whole hands") },
    { "F7", _ ("Scan a page") },
    { "<Shift>F7", _ ("Choose the file of a document") },
    { "Delete", _ ("Remove the finger that has the focus") },
    { "<Control><Shift>Delete", _ ("Discard this case") },
    { "<Control>z", _ ("Undo") },
    { "<Control><Shift>z", _ ("Redo") },
    { "<Control><Shift>w", _ ("The applicant's screen") },
  };

  add_keys (self->enrolment, keys, G_N_ELEMENTS (keys));
}

static void show_places (TamboHelpWindow *self, guint role) {
  guint n_places;
  const TamboPlace *places = tambo_places_get (&n_places);

  for (guint i = 0; i < n_places; i++)
    if (places[i].roles & role)
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
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void tambo_help_window_init (TamboHelpWindow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  show_everywhere (self);
  show_enrolment (self);
}

TamboHelpWindow *tambo_help_window_new (GtkWindow *parent, guint role) {
  TamboHelpWindow *self = g_object_new (TAMBO_TYPE_HELP_WINDOW, "transient-for", parent, NULL);

  show_places (self, role);
  return self;
}
