/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/step-row.h"

#include <glib/gi18n.h>

struct _TamboStepRow {
  GtkButton parent;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *word;
};

G_DEFINE_FINAL_TYPE (TamboStepRow, tambo_step_row, GTK_TYPE_BUTTON)

static void tambo_step_row_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_STEP_ROW);
  G_OBJECT_CLASS (tambo_step_row_parent_class)->dispose (object);
}

static void tambo_step_row_class_init (TamboStepRowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_step_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tambo/Station/ui/step-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboStepRow, icon);
  gtk_widget_class_bind_template_child (widget_class, TamboStepRow, title);
  gtk_widget_class_bind_template_child (widget_class, TamboStepRow, word);
}

static void tambo_step_row_init (TamboStepRow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

TamboStepRow *tambo_step_row_new (int step, const char *title) {
  TamboStepRow *self = g_object_new (TAMBO_TYPE_STEP_ROW, NULL);
  g_autofree char *label = g_strdup_printf ("%d  %s", step + 1, title);

  gtk_label_set_label (self->title, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self), "win.step");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self), "i", step);
  return self;
}

void tambo_step_row_show (TamboStepRow *self, TamboStepState state, gboolean is_current) {
  static const struct {
    const char *icon, *word, *style;
  } faces[] = {
    [TAMBO_STEP_STATE_TODO] = { "media-record-symbolic", N_ ("To do"), "todo" },
    [TAMBO_STEP_STATE_DONE] = { "emblem-ok-symbolic", N_ ("Done"), "done" },
    [TAMBO_STEP_STATE_ATTENTION] = { "dialog-warning-symbolic", N_ ("Needs attention"),
                                     "attention" },
    [TAMBO_STEP_STATE_SECOND] = { "system-switch-user-symbolic", N_ ("Second person"),
                                  "attention" },
    [TAMBO_STEP_STATE_NOT_NEEDED] = { "list-remove-symbolic", N_ ("Not needed"), "todo" },
  };
  GtkWidget *widget = GTK_WIDGET (self);
  g_autofree char *label =
      g_strdup_printf ("%s, %s", gtk_label_get_label (self->title), _ (faces[state].word));

  gtk_image_set_from_icon_name (self->icon, faces[state].icon);
  gtk_label_set_label (self->word, _ (faces[state].word));
  for (gsize i = 0; i < G_N_ELEMENTS (faces); i++)
    gtk_widget_remove_css_class (widget, faces[i].style);
  gtk_widget_add_css_class (widget, faces[state].style);
  if (is_current)
    gtk_widget_add_css_class (widget, "current");
  else
    gtk_widget_remove_css_class (widget, "current");
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}
