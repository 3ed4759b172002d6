/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/bar-plot.h"

#define GAP 3
#define MARGIN 2

struct _TamboBarPlot {
  GtkWidget parent;
  GArray *values; /* of guint */
  GStrv names;
  int current;
};

G_DEFINE_FINAL_TYPE (TamboBarPlot, tambo_bar_plot, GTK_TYPE_WIDGET)

static guint find_highest (TamboBarPlot *self) {
  guint highest = 1;

  for (guint i = 0; i < self->values->len; i++)
    highest = MAX (highest, g_array_index (self->values, guint, i));
  return highest;
}

/* Centred above or below the middle X of a bar; gives its height. */
static double draw_text (TamboBarPlot *self, cairo_t *cr, const char *text, double x, double y,
                         double right) {
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_move_to (cr, CLAMP (x - width / 2.0, 0, MAX (0, right - width)), y);
  GdkRGBA color;
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  gdk_cairo_set_source_rgba (cr, &color);
  pango_cairo_show_layout (cr, layout);
  return height;
}

static int text_height (TamboBarPlot *self) {
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

static void draw_bar (TamboBarPlot *self, cairo_t *cr, guint index, double x, double width,
                      double floor, double room) {
  guint value = g_array_index (self->values, guint, index);
  double height = room * value / find_highest (self);
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (style, "accent_bg_color", &color))
    gtk_style_context_get_color (style, &color);
  color.alpha = (int) index == self->current ? 1 : 0.65f;
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_rectangle (cr, x, floor - height, width, height);
  cairo_fill (cr);
}

static void draw_floor (TamboBarPlot *self, cairo_t *cr, double floor, double width) {
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  color.alpha = 0.5f;
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_rectangle (cr, 0, floor, width, 1);
  cairo_fill (cr);
}

static void tambo_bar_plot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot) {
  TamboBarPlot *self = TAMBO_BAR_PLOT (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  int line = text_height (self);
  double floor = height - line - 2 * MARGIN, room = floor - line - MARGIN;

  if (self->values->len == 0 || room <= 0)
    return;
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  double step = (double) width / self->values->len;
  for (guint i = 0; i < self->values->len; i++) {
    guint value = g_array_index (self->values, guint, i);
    g_autofree char *text = g_strdup_printf ("%u", value);
    double middle = (i + 0.5) * step;

    draw_bar (self, cr, i, i * step + GAP / 2.0, MAX (step - GAP, 1), floor, room);
    draw_text (self, cr, self->names[i], middle, floor + MARGIN, width);
    if (value > 0)
      draw_text (self, cr, text, middle, floor - room * value / find_highest (self) - line, width);
  }
  draw_floor (self, cr, floor, width);
  cairo_destroy (cr);
}

static void tambo_bar_plot_finalize (GObject *object) {
  TamboBarPlot *self = TAMBO_BAR_PLOT (object);

  g_array_unref (self->values);
  g_strfreev (self->names);
  G_OBJECT_CLASS (tambo_bar_plot_parent_class)->finalize (object);
}

static void tambo_bar_plot_class_init (TamboBarPlotClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tambo_bar_plot_finalize;
  widget_class->snapshot = tambo_bar_plot_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "barplot");
}

static void tambo_bar_plot_init (TamboBarPlot *self) {
  self->values = g_array_new (FALSE, FALSE, sizeof (guint));
  self->names = g_new0 (char *, 1);
  gtk_widget_add_css_class (GTK_WIDGET (self), "caption");
}

void tambo_bar_plot_set (TamboBarPlot *self, const guint *values, const char *const *names,
                         guint n_values, int current, const char *words) {
  g_array_set_size (self->values, 0);
  g_array_append_vals (self->values, values, n_values);
  g_strfreev (self->names);
  self->names = g_new0 (char *, n_values + 1);
  for (guint i = 0; i < n_values; i++)
    self->names[i] = g_strdup (names[i]);
  self->current = current;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
