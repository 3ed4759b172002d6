/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/bar-plot.h"

#include <math.h>

#define GAP 3
#define MARGIN 2
#define WIDEST 90 /* a bar; few of them do not become a wall */
#define STRIPE 6
#define MAX_LAYERS 4
#define MARK 10 /* of the legend */

struct _TamboBarPlot {
  GtkWidget parent;
  guint n_layers, n_bars;
  GArray *values; /* of guint: all bars of a layer, then the next layer */
  TamboBarLook looks[MAX_LAYERS];
  char *legend[MAX_LAYERS]; /* NULL: none */
  GStrv names, texts;
  int current;
};

G_DEFINE_FINAL_TYPE (TamboBarPlot, tambo_bar_plot, GTK_TYPE_WIDGET)

static guint value_of (TamboBarPlot *self, guint layer, guint bar) {
  return g_array_index (self->values, guint, layer * self->n_bars + bar);
}

static guint sum_of (TamboBarPlot *self, guint bar) {
  guint sum = 0;

  for (guint layer = 0; layer < self->n_layers; layer++)
    sum += value_of (self, layer, bar);
  return sum;
}

static guint find_highest (TamboBarPlot *self) {
  guint highest = 1;

  for (guint i = 0; i < self->n_bars; i++)
    highest = MAX (highest, sum_of (self, i));
  return highest;
}

/* ---- colours ---- */

static GdkRGBA foreground (TamboBarPlot *self) {
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  return color;
}

/* The theme's own, which has one for light, dark and high contrast each. */
static GdkRGBA color_of (TamboBarPlot *self, TamboBarLook look) {
  static const char *const names[] = {
    [TAMBO_BAR_MAIN] = "accent_color",
    [TAMBO_BAR_REST] = "accent_color",
    [TAMBO_BAR_GOOD] = "success_color",
    [TAMBO_BAR_BAD] = "error_color",
  };
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  GdkRGBA color;

  return gtk_style_context_lookup_color (style, names[look], &color) ? color : foreground (self);
}

/* ---- drawing ---- */

typedef struct {
  TamboBarPlot *self;
  cairo_t *cr;
  double width, floor, room; /* the floor's y, and how high a bar may be */
  double line;               /* of text */
} Drawing;

/* Centred on the middle X. */
static void draw_text (const Drawing *drawing, const char *text, double x, double y) {
  g_autoptr (PangoLayout) layout =
      gtk_widget_create_pango_layout (GTK_WIDGET (drawing->self), text);
  GdkRGBA color = foreground (drawing->self);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  cairo_move_to (drawing->cr, CLAMP (x - width / 2.0, 0, MAX (0, drawing->width - width)), y);
  gdk_cairo_set_source_rgba (drawing->cr, &color);
  pango_cairo_show_layout (drawing->cr, layout);
}

static double text_height (TamboBarPlot *self) {
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

/* Rising to the right, or falling. */
static void draw_stripes (cairo_t *cr, const GdkRectangle *box, gboolean is_rising) {
  for (int at = -box->height; at < box->width; at += STRIPE) {
    cairo_move_to (cr, box->x + at, is_rising ? box->y + box->height : box->y);
    cairo_line_to (cr, box->x + at + box->height, is_rising ? box->y : box->y + box->height);
  }
  cairo_stroke (cr);
}

/* Full, or striped, and always with an edge that stands out from the ground. */
static void draw_box (const Drawing *drawing, TamboBarLook look, const GdkRectangle *box,
                      gboolean is_strong) {
  GdkRGBA color = color_of (drawing->self, look);
  gboolean is_striped = look == TAMBO_BAR_REST || look == TAMBO_BAR_BAD;
  cairo_t *cr = drawing->cr;

  if (box->height <= 0)
    return;
  cairo_save (cr);
  cairo_rectangle (cr, box->x, box->y, box->width, box->height);
  cairo_clip (cr);
  cairo_set_line_width (cr, 2);
  cairo_set_source_rgba (cr, color.red, color.green, color.blue,
                         is_striped  ? 0.2
                         : is_strong ? 1
                                     : 0.6);
  cairo_paint (cr);
  gdk_cairo_set_source_rgba (cr, &color);
  if (is_striped)
    draw_stripes (cr, box, look == TAMBO_BAR_REST);
  cairo_rectangle (cr, box->x, box->y, box->width, box->height);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void draw_bar (const Drawing *drawing, guint bar, double middle, double width) {
  TamboBarPlot *self = drawing->self;
  gboolean is_strong = self->current < 0 || (int) bar == self->current;
  double highest = find_highest (self), y = drawing->floor;

  for (guint layer = 0; layer < self->n_layers; layer++) {
    double height = drawing->room * value_of (self, layer, bar) / highest;
    GdkRectangle box = { (int) (middle - width / 2), (int) (y - height), (int) width,
                         (int) y - (int) (y - height) };
    draw_box (drawing, self->looks[layer], &box, is_strong);
    y -= height;
  }
  if (sum_of (self, bar) > 0)
    draw_text (drawing, self->texts[bar], middle, y - drawing->line);
}

static int find_widest_name (TamboBarPlot *self) {
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  int width, widest = 1;

  for (guint i = 0; i < self->n_bars; i++) {
    pango_layout_set_text (layout, self->names[i], -1);
    pango_layout_get_pixel_size (layout, &width, NULL);
    widest = MAX (widest, width);
  }
  return widest;
}

/* Of every second bar, or third, where there is no room for all. STEP is from one bar to the next. */
static void draw_names (const Drawing *drawing, double step) {
  TamboBarPlot *self = drawing->self;
  guint stride = (guint) ceil ((find_widest_name (self) + GAP) / step);

  for (guint i = 0; i < self->n_bars; i += stride)
    draw_text (drawing, self->names[i], (i + 0.5) * step, drawing->floor + MARGIN);
}

static void draw_floor (const Drawing *drawing) {
  GdkRGBA color = foreground (drawing->self);

  color.alpha = 0.5f;
  gdk_cairo_set_source_rgba (drawing->cr, &color);
  cairo_rectangle (drawing->cr, 0, drawing->floor, drawing->width, 1);
  cairo_fill (drawing->cr);
}

static gboolean has_legend (TamboBarPlot *self) {
  for (guint layer = 0; layer < self->n_layers; layer++)
    if (self->legend[layer] != NULL)
      return TRUE;
  return FALSE;
}

/* In the first line, from the left. */
static void draw_legend (const Drawing *drawing) {
  GdkRGBA color = foreground (drawing->self);
  double x = 0;

  for (guint layer = 0; layer < drawing->self->n_layers; layer++) {
    if (drawing->self->legend[layer] == NULL)
      continue;
    GdkRectangle mark = { (int) x, (int) (drawing->line - MARK) / 2, MARK, MARK };
    g_autoptr (PangoLayout) layout =
        gtk_widget_create_pango_layout (GTK_WIDGET (drawing->self), drawing->self->legend[layer]);
    int width;
    draw_box (drawing, drawing->self->looks[layer], &mark, TRUE);
    pango_layout_get_pixel_size (layout, &width, NULL);
    gdk_cairo_set_source_rgba (drawing->cr, &color);
    cairo_move_to (drawing->cr, x + MARK + 4, 0);
    pango_cairo_show_layout (drawing->cr, layout);
    x += MARK + 4 + width + 14;
  }
}

static void tambo_bar_plot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot) {
  TamboBarPlot *self = TAMBO_BAR_PLOT (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double line = text_height (self), head = has_legend (self) ? line + 2 * MARGIN : 0;
  Drawing drawing = { .self = self, .width = width, .line = line };

  drawing.floor = height - line - 2 * MARGIN;
  drawing.room = drawing.floor - line - MARGIN - head;
  if (self->n_bars == 0 || drawing.room <= 0)
    return;
  drawing.cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  double step = (double) width / self->n_bars;
  for (guint i = 0; i < self->n_bars; i++)
    draw_bar (&drawing, i, (i + 0.5) * step, CLAMP (step - GAP, 1, WIDEST));
  draw_names (&drawing, step);
  draw_floor (&drawing);
  draw_legend (&drawing);
  cairo_destroy (drawing.cr);
}

/* ---- the object ---- */

static void forget (TamboBarPlot *self) {
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->texts, g_strfreev);
  for (guint layer = 0; layer < MAX_LAYERS; layer++)
    g_clear_pointer (&self->legend[layer], g_free);
  g_array_set_size (self->values, 0);
  self->n_layers = self->n_bars = 0;
}

static void tambo_bar_plot_finalize (GObject *object) {
  TamboBarPlot *self = TAMBO_BAR_PLOT (object);

  forget (self);
  g_array_unref (self->values);
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
  gtk_widget_add_css_class (GTK_WIDGET (self), "caption");
}

static char **dup_texts (TamboBarPlot *self, const char *const *texts) {
  char **copies = g_new0 (char *, self->n_bars + 1);

  for (guint i = 0; i < self->n_bars; i++)
    copies[i] = texts != NULL ? g_strdup (texts[i]) : g_strdup_printf ("%u", sum_of (self, i));
  return copies;
}

void tambo_bar_plot_set_layers (TamboBarPlot *self, const TamboBarData *data) {
  g_return_if_fail (data->n_layers <= MAX_LAYERS);

  forget (self);
  self->n_layers = data->n_layers;
  self->n_bars = data->n_bars;
  self->current = data->current;
  for (guint layer = 0; layer < data->n_layers; layer++) {
    g_array_append_vals (self->values, data->layers[layer].values, data->n_bars);
    self->looks[layer] = data->layers[layer].look;
    self->legend[layer] = g_strdup (data->layers[layer].name);
  }
  self->names = dup_texts (self, data->names);
  self->texts = dup_texts (self, data->texts);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, data->words,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void tambo_bar_plot_set (TamboBarPlot *self, const guint *values, const char *const *names,
                         guint n_values, int current, const char *words) {
  const TamboBarLayer layer = { .look = TAMBO_BAR_MAIN, .values = values };
  const TamboBarData data = {
    .layers = &layer,
    .n_layers = 1,
    .names = names,
    .n_bars = n_values,
    .current = current,
    .words = words,
  };

  tambo_bar_plot_set_layers (self, &data);
}
