/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/verdict-list.h"

#include <glib/gi18n.h>

#include "app/quality-text.h"

struct _TamboVerdictList {
  AdwBin parent;
  GtkGrid *grid;
};

G_DEFINE_FINAL_TYPE (TamboVerdictList, tambo_verdict_list, ADW_TYPE_BIN)

static GtkWidget *new_label (const char *text, float align) {
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), align);
  gtk_widget_add_css_class (label, "caption");
  return label;
}

static void add_row (TamboVerdictList *self, const TamboPortraitMeasure *measure, int place) {
  g_autofree char *value = tambo_text_measure_value (measure);
  g_autofree char *limits = tambo_text_measure_limits (measure);
  GtkWidget *icon =
      g_object_new (GTK_TYPE_IMAGE, "icon-name",
                    measure->passed ? "emblem-ok-symbolic" : "dialog-warning-symbolic",
                    "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *name = new_label (tambo_text_measure (measure->measure), 0);
  GtkWidget *verdict =
      new_label (measure->passed ? C_ ("verdict", "OK") : C_ ("verdict", "not OK"), 0);

  gtk_widget_add_css_class (icon, measure->passed ? "good" : "bad");
  gtk_widget_set_hexpand (name, TRUE);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_grid_attach (self->grid, icon, 0, place, 1, 1);
  gtk_grid_attach (self->grid, name, 1, place, 1, 1);
  gtk_grid_attach (self->grid, new_label (value, 1), 2, place, 1, 1);
  gtk_grid_attach (self->grid, new_label (limits, 1), 3, place, 1, 1);
  gtk_grid_attach (self->grid, verdict, 4, place, 1, 1);
}

/* The next free place. */
static int add_rows (TamboVerdictList *self, const GArray *measures, gboolean passed, int place) {
  for (guint i = 0; i < measures->len; i++) {
    const TamboPortraitMeasure *measure = &g_array_index (measures, TamboPortraitMeasure, i);
    if (measure->passed == passed)
      add_row (self, measure, place++);
  }
  return place;
}

void tambo_verdict_list_show (TamboVerdictList *self, const GArray *measures) {
  GtkWidget *old;

  while ((old = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, old);
  gtk_widget_set_visible (GTK_WIDGET (self), measures != NULL);
  if (measures == NULL)
    return;
  add_rows (self, measures, TRUE, add_rows (self, measures, FALSE, 0));
}

static void tambo_verdict_list_class_init (TamboVerdictListClass *klass) {
}

static void tambo_verdict_list_init (TamboVerdictList *self) {
  GtkWidget *window = gtk_scrolled_window_new ();

  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, 8);
  gtk_grid_set_row_spacing (self->grid, 2);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (window), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (window), GTK_WIDGET (self->grid));
  gtk_widget_set_focusable (window, FALSE);
  gtk_widget_set_vexpand (window, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->grid), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Verdict on the portrait"), -1);
  adw_bin_set_child (ADW_BIN (self), window);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
