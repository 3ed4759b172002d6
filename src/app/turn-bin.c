/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/turn-bin.h"

struct _TamboTurnBin {
  GtkWidget parent;
  guint quarters;
};

static void tambo_turn_bin_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TamboTurnBin, tambo_turn_bin, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                      tambo_turn_bin_buildable_init))

static void add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child,
                       const char *type) {
  gtk_widget_set_parent (GTK_WIDGET (child), GTK_WIDGET (buildable));
}

static void tambo_turn_bin_buildable_init (GtkBuildableIface *iface) {
  iface->add_child = add_child;
}

static void tambo_turn_bin_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                                    int *minimum, int *natural, int *minimum_baseline,
                                    int *natural_baseline) {
  GtkWidget *child = gtk_widget_get_first_child (widget);
  gboolean is_upright = TAMBO_TURN_BIN (widget)->quarters % 2 == 1;

  if (is_upright)
    orientation = orientation == GTK_ORIENTATION_HORIZONTAL ? GTK_ORIENTATION_VERTICAL
                                                            : GTK_ORIENTATION_HORIZONTAL;
  if (child != NULL)
    gtk_widget_measure (child, orientation, -1, minimum, natural, NULL, NULL);
}

static void tambo_turn_bin_size_allocate (GtkWidget *widget, int width, int height, int baseline) {
  GtkWidget *child = gtk_widget_get_first_child (widget);
  guint quarters = TAMBO_TURN_BIN (widget)->quarters;
  gboolean is_upright = quarters % 2 == 1;
  /* The corner that the child's own upper left one comes to lie in. */
  graphene_point_t corner = { quarters == 1 || quarters == 2 ? (float) width : 0,
                              quarters >= 2 ? (float) height : 0 };

  if (child == NULL)
    return;
  GskTransform *transform = gsk_transform_translate (NULL, &corner);
  transform = gsk_transform_rotate (transform, 90.0f * (float) quarters);
  gtk_widget_allocate (child, is_upright ? height : width, is_upright ? width : height, -1,
                       transform);
}

static void tambo_turn_bin_dispose (GObject *object) {
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (object));

  if (child != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (tambo_turn_bin_parent_class)->dispose (object);
}

static void tambo_turn_bin_class_init (TamboTurnBinClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_turn_bin_dispose;
  widget_class->measure = tambo_turn_bin_measure;
  widget_class->size_allocate = tambo_turn_bin_size_allocate;
}

static void tambo_turn_bin_init (TamboTurnBin *self) {
}

void tambo_turn_bin_set_quarters (TamboTurnBin *self, guint quarters) {
  self->quarters = quarters % 4;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

guint tambo_turn_bin_get_quarters (TamboTurnBin *self) {
  return self->quarters;
}
