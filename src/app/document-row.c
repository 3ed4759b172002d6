/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/document-row.h"

#include <glib/gi18n.h>

#include "app/error-text.h"

struct _TamboDocumentRow {
  GtkListBoxRow parent;
  TamboPictureArea *picture;
  GtkLabel *name;
  GtkLabel *word;
  GtkImage *icon;
  GtkWidget *remove_button;
  char *kind;
  gboolean is_required;
  gboolean is_there;
};

G_DEFINE_FINAL_TYPE (TamboDocumentRow, tambo_document_row, GTK_TYPE_LIST_BOX_ROW)

static void tambo_document_row_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_DOCUMENT_ROW);
  G_OBJECT_CLASS (tambo_document_row_parent_class)->dispose (object);
}

static void tambo_document_row_finalize (GObject *object) {
  g_free (TAMBO_DOCUMENT_ROW (object)->kind);
  G_OBJECT_CLASS (tambo_document_row_parent_class)->finalize (object);
}

static void tambo_document_row_class_init (TamboDocumentRowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_document_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = tambo_document_row_finalize;
  g_type_ensure (TAMBO_TYPE_PICTURE_AREA);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/document-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboDocumentRow, picture);
  gtk_widget_class_bind_template_child (widget_class, TamboDocumentRow, name);
  gtk_widget_class_bind_template_child (widget_class, TamboDocumentRow, word);
  gtk_widget_class_bind_template_child (widget_class, TamboDocumentRow, icon);
  gtk_widget_class_bind_template_child (widget_class, TamboDocumentRow, remove_button);
}

static void tambo_document_row_init (TamboDocumentRow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *tambo_document_row_new (const char *kind, gboolean is_required) {
  TamboDocumentRow *self = g_object_new (TAMBO_TYPE_DOCUMENT_ROW, NULL);

  self->kind = g_strdup (kind);
  self->is_required = is_required;
  gtk_label_set_label (self->name, tambo_text_document (kind));
  g_autofree char *label = g_strdup_printf (_ ("Remove: %s"), tambo_text_document (kind));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->remove_button), "s", kind);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return GTK_WIDGET (self);
}

const char *tambo_document_row_get_kind (TamboDocumentRow *self) {
  return self->kind;
}

static char *describe (const TamboSample *sample) {
  g_autofree char *size = g_format_size ((guint64) sample->size);

  if (sample->width == 0)
    return g_strdup_printf (_ ("Added: PDF, %s"), size);
  return g_strdup_printf (_ ("Added: %d × %d, %s"), sample->width, sample->height, size);
}

void tambo_document_row_show (TamboDocumentRow *self, const TamboSample *sample) {
  g_autofree char *word = sample != NULL      ? describe (sample)
                          : self->is_required ? g_strdup (_ ("Still missing"))
                                              : g_strdup (_ ("Not needed"));
  g_autofree char *label = g_strdup_printf ("%s, %s", gtk_label_get_label (self->name), word);

  self->is_there = sample != NULL;
  gtk_widget_set_visible (self->remove_button, self->is_there);
  gtk_label_set_label (self->word, word);
  gtk_image_set_from_icon_name (self->icon, sample != NULL      ? "emblem-ok-symbolic"
                                            : self->is_required ? "media-record-symbolic"
                                                                : "list-remove-symbolic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

gboolean tambo_document_row_is_missing (TamboDocumentRow *self) {
  return self->is_required && !self->is_there;
}

gboolean tambo_document_row_is_there (TamboDocumentRow *self) {
  return self->is_there;
}

void tambo_document_row_set_picture (TamboDocumentRow *self, cairo_surface_t *picture) {
  tambo_picture_area_set_surface (self->picture, picture);
}
