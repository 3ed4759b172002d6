/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/finger-row.h"

#include <glib/gi18n.h>

#include "app/error-text.h"

struct _TamboFingerRow {
  GtkButton parent;
  GtkImage *icon;
  GtkLabel *name;
  GtkLabel *word;
  GtkLevelBar *quality;
  TamboFinger finger;
};

G_DEFINE_FINAL_TYPE (TamboFingerRow, tambo_finger_row, GTK_TYPE_BUTTON)

static void tambo_finger_row_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_FINGER_ROW);
  G_OBJECT_CLASS (tambo_finger_row_parent_class)->dispose (object);
}

static void tambo_finger_row_class_init (TamboFingerRowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_finger_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tambo/Station/ui/finger-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboFingerRow, icon);
  gtk_widget_class_bind_template_child (widget_class, TamboFingerRow, name);
  gtk_widget_class_bind_template_child (widget_class, TamboFingerRow, word);
  gtk_widget_class_bind_template_child (widget_class, TamboFingerRow, quality);
}

static void tambo_finger_row_init (TamboFingerRow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  /* One colour: the number says whether it suffices, and the word beside it. */
  gtk_level_bar_remove_offset_value (self->quality, GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (self->quality, GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (self->quality, GTK_LEVEL_BAR_OFFSET_FULL);
}

GtkWidget *tambo_finger_row_new (TamboFinger finger) {
  TamboFingerRow *self = g_object_new (TAMBO_TYPE_FINGER_ROW, NULL);

  self->finger = finger;
  gtk_label_set_label (self->name, tambo_text_finger (finger));
  return GTK_WIDGET (self);
}

TamboFinger tambo_finger_row_get_finger (TamboFingerRow *self) {
  return self->finger;
}

static char *describe (const TamboSample *sample, const TamboFingerException *exception,
                       int minimum, const char **out_icon, const char **out_style) {
  *out_icon = "emblem-ok-symbolic";
  *out_style = "done";
  if (sample != NULL && sample->quality >= minimum)
    return g_strdup_printf (_ ("Quality %d, needed %d"), sample->quality, minimum);
  if (exception != NULL) {
    *out_icon = "system-switch-user-symbolic";
    *out_style = "attention";
    return g_strdup_printf (_ ("Exception: %s"), tambo_text_reason (exception->reason));
  }
  if (sample != NULL) {
    *out_icon = "dialog-warning-symbolic";
    *out_style = "attention";
    return g_strdup_printf (_ ("Weak: quality %d, needed %d"), sample->quality, minimum);
  }
  *out_style = "todo";
  *out_icon = "media-record-symbolic";
  return g_strdup (_ ("To do"));
}

void tambo_finger_row_show (TamboFingerRow *self, const TamboEnrolment *enrolment, int minimum,
                            gboolean is_current) {
  GtkWidget *widget = GTK_WIDGET (self);
  g_autofree char *slot = g_strconcat ("finger-", tambo_finger_to_string (self->finger), NULL);
  const TamboSample *sample = tambo_enrolment_find_sample (enrolment, slot);
  const char *icon, *style;
  g_autofree char *word = describe (
      sample, tambo_enrolment_find_exception (enrolment, self->finger), minimum, &icon, &style);
  g_autofree char *label = g_strdup_printf ("%s, %s", gtk_label_get_label (self->name), word);

  gtk_label_set_label (self->word, word);
  gtk_image_set_from_icon_name (self->icon, icon);
  gtk_level_bar_set_value (self->quality, sample != NULL ? CLAMP (sample->quality, 0, 100) : 0);
  gtk_widget_set_visible (GTK_WIDGET (self->quality), sample != NULL);
  gtk_widget_remove_css_class (widget, "done");
  gtk_widget_remove_css_class (widget, "todo");
  gtk_widget_remove_css_class (widget, "attention");
  gtk_widget_remove_css_class (widget, "current");
  gtk_widget_add_css_class (widget, style);
  if (is_current)
    gtk_widget_add_css_class (widget, "current");
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}
