/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ink-area.h"

#define MARGIN 16.0
/* Until a sample lies outside: about what pads of 10 cm have, 2540 units an inch. */
#define FIRST_WIDTH 10000
#define FIRST_HEIGHT 6250

struct _TamboInkArea {
  GtkWidget parent;
  GArray *samples;
  int width, height; /* of the pad, in its units, as far as it showed */
};

G_DEFINE_FINAL_TYPE (TamboInkArea, tambo_ink_area, GTK_TYPE_WIDGET)

static void draw_ink (TamboInkArea *self, cairo_t *cr, double scale) {
  gboolean is_down = FALSE;

  for (guint i = 0; i < self->samples->len; i++) {
    const TamboPenSample *sample = &g_array_index (self->samples, TamboPenSample, i);
    double x = MARGIN + sample->x * scale, y = MARGIN + sample->y * scale;
    if (sample->pressure > 0 && is_down)
      cairo_line_to (cr, x, y);
    else
      cairo_move_to (cr, x, y);
    is_down = sample->pressure > 0;
  }
}

static void tambo_ink_area_snapshot (GtkWidget *widget, GtkSnapshot *snapshot) {
  TamboInkArea *self = TAMBO_INK_AREA (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  double scale = MIN ((width - 2 * MARGIN) / self->width, (height - 2 * MARGIN) / self->height);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0.75, 0.77, 0.8);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, 40, height * 0.78);
  cairo_line_to (cr, width - 40, height * 0.78);
  cairo_stroke (cr);
  cairo_set_source_rgb (cr, 0.05, 0.1, 0.35);
  cairo_set_line_width (cr, 2.4);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  draw_ink (self, cr, MAX (scale, 0));
  cairo_stroke (cr);
  cairo_destroy (cr);
}

static void tambo_ink_area_finalize (GObject *object) {
  g_array_unref (TAMBO_INK_AREA (object)->samples);
  G_OBJECT_CLASS (tambo_ink_area_parent_class)->finalize (object);
}

static void tambo_ink_area_class_init (TamboInkAreaClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tambo_ink_area_finalize;
  widget_class->snapshot = tambo_ink_area_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void tambo_ink_area_init (TamboInkArea *self) {
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  tambo_ink_area_clear (self);
}

void tambo_ink_area_clear (TamboInkArea *self) {
  /* The array keeps what it had; what is given back is wiped. */
  g_clear_pointer (&self->samples, g_array_unref);
  self->samples = g_array_new (FALSE, FALSE, sizeof (TamboPenSample));
  self->width = FIRST_WIDTH;
  self->height = FIRST_HEIGHT;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void tambo_ink_area_add (TamboInkArea *self, const GArray *samples) {
  for (guint i = 0; i < samples->len; i++) {
    const TamboPenSample *sample = &g_array_index (samples, TamboPenSample, i);
    self->width = MAX (self->width, sample->x);
    self->height = MAX (self->height, sample->y);
  }
  g_array_append_vals (self->samples, samples->data, samples->len);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
