/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/case-row.h"

#include <glib/gi18n.h>

#include "app/error-text.h"

struct _TamboCaseListRow {
  GtkListBoxRow parent;
  GtkImage *icon;
  GtkLabel *number;
  GtkLabel *procedure;
  GtkLabel *note;
  GtkLabel *state;
  GtkLabel *time;
  char *id;
  char *label; /* the row's name */
  TamboCaseState case_state;
};

G_DEFINE_FINAL_TYPE (TamboCaseListRow, tambo_case_list_row, GTK_TYPE_LIST_BOX_ROW)

static void tambo_case_list_row_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_CASE_LIST_ROW);
  G_OBJECT_CLASS (tambo_case_list_row_parent_class)->dispose (object);
}

static void tambo_case_list_row_finalize (GObject *object) {
  g_free (TAMBO_CASE_LIST_ROW (object)->id);
  g_free (TAMBO_CASE_LIST_ROW (object)->label);
  G_OBJECT_CLASS (tambo_case_list_row_parent_class)->finalize (object);
}

static void tambo_case_list_row_class_init (TamboCaseListRowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_case_list_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = tambo_case_list_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tambo/Station/ui/case-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboCaseListRow, icon);
  gtk_widget_class_bind_template_child (widget_class, TamboCaseListRow, number);
  gtk_widget_class_bind_template_child (widget_class, TamboCaseListRow, procedure);
  gtk_widget_class_bind_template_child (widget_class, TamboCaseListRow, note);
  gtk_widget_class_bind_template_child (widget_class, TamboCaseListRow, state);
  gtk_widget_class_bind_template_child (widget_class, TamboCaseListRow, time);
}

static void tambo_case_list_row_init (TamboCaseListRow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

static const char *icon_of (TamboCaseState state) {
  switch (state) {
  case TAMBO_CASE_DRAFT:
    return "document-edit-symbolic";
  case TAMBO_CASE_WAITING:
    return "system-switch-user-symbolic";
  case TAMBO_CASE_QUEUED:
    return "mail-send-symbolic";
  case TAMBO_CASE_REFUSED:
  case TAMBO_CASE_REJECTED:
    return "dialog-warning-symbolic";
  case TAMBO_CASE_DISCARDED:
    return "user-trash-symbolic";
  default:
    return "emblem-ok-symbolic";
  }
}

/* What the row is called, and what stands below it. */
static void show_names (TamboCaseListRow *self, const TamboCaseRow *row, const char *name,
                        const char *procedure_title) {
  gboolean has_name = name != NULL && *name != '\0';
  g_autofree char *below =
      has_name ? g_strdup_printf ("%s · %s", row->tracking_number, procedure_title) : NULL;

  gtk_label_set_label (self->number, has_name ? name : row->tracking_number);
  gtk_label_set_label (self->procedure, has_name ? below : procedure_title);
}

TamboCaseListRow *tambo_case_row_new (const char *id) {
  TamboCaseListRow *self = g_object_new (TAMBO_TYPE_CASE_LIST_ROW, NULL);

  self->id = g_strdup (id);
  return self;
}

void tambo_case_row_show (TamboCaseListRow *self, const TamboCaseRow *row, const char *name,
                          const char *note, const char *procedure_title) {
  const char *state = tambo_text_case_state (row->state);
  g_autofree char *time = tambo_text_time (row->updated_at);
  g_autofree char *label = g_strjoin (", ", row->tracking_number, procedure_title, state,
                                      name != NULL ? name : note, name != NULL ? note : NULL, NULL);

  self->case_state = row->state;
  gtk_image_set_from_icon_name (self->icon, icon_of (row->state));
  show_names (self, row, name, procedure_title);
  gtk_label_set_label (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL && *note != '\0');
  gtk_label_set_label (self->state, state);
  gtk_label_set_label (self->time, time);
  if (g_strcmp0 (label, self->label) == 0)
    return;
  g_free (self->label);
  self->label = g_steal_pointer (&label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->label,
                                  -1);
}

const char *tambo_case_row_get_id (TamboCaseListRow *self) {
  return self->id;
}

TamboCaseState tambo_case_row_get_state (TamboCaseListRow *self) {
  return self->case_state;
}
