/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/hand-area.h"

#include <math.h>

#define N_FINGERS 10
/* Of the drawing, in its own units; it is scaled into the widget. */
#define WIDTH 300.0
#define HEIGHT 150.0

struct _TamboHandArea {
  GtkWidget parent;
  TamboHandState states[N_FINGERS + 1];
  guint now; /* bits 1 << TamboFinger */
};

G_DEFINE_FINAL_TYPE (TamboHandArea, tambo_hand_area, GTK_TYPE_WIDGET)

/* The fingers of the right hand from the thumb, seen from above: root, tip, thickness. */
typedef struct {
  double x, y, tip_x, tip_y, thickness;
} Limb;

static const Limb limbs[] = {
  { 178, 112, 162, 84, 17 }, { 195, 78, 189, 30, 15 }, { 213, 74, 213, 18, 15 },
  { 231, 77, 236, 27, 15 },  { 248, 86, 259, 48, 13 },
};

static Limb limb_of (int finger) {
  Limb limb = limbs[(finger - 1) % 5];

  if (finger > 5) {
    limb.x = WIDTH - limb.x;
    limb.tip_x = WIDTH - limb.tip_x;
  }
  return limb;
}

static void path_palm (cairo_t *cr, gboolean is_right) {
  const double left = is_right ? 184 : WIDTH - 258, width = 74;

  cairo_new_sub_path (cr);
  cairo_arc (cr, left + width - 18, 96, 18, -G_PI_2, 0);
  cairo_arc (cr, left + width - 22, 124, 22, 0, G_PI_2);
  cairo_arc (cr, left + 22, 124, 22, G_PI_2, G_PI);
  cairo_arc (cr, left + 18, 96, 18, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

static void path_limb (cairo_t *cr, const Limb *limb, double grow) {
  double angle = atan2 (limb->tip_y - limb->y, limb->tip_x - limb->x);
  double radius = limb->thickness / 2 + grow;

  cairo_new_sub_path (cr);
  cairo_arc (cr, limb->tip_x, limb->tip_y, radius, angle - G_PI_2, angle + G_PI_2);
  cairo_arc (cr, limb->x, limb->y, radius, angle + G_PI_2, angle + 3 * G_PI_2);
  cairo_close_path (cr);
}

static void set_colour (cairo_t *cr, const GdkRGBA *ink, double alpha) {
  cairo_set_source_rgba (cr, ink->red, ink->green, ink->blue, alpha);
}

static void draw_tick (cairo_t *cr, const Limb *limb) {
  cairo_move_to (cr, limb->tip_x - 4, limb->tip_y);
  cairo_line_to (cr, limb->tip_x - 1, limb->tip_y + 3.5);
  cairo_line_to (cr, limb->tip_x + 4.5, limb->tip_y - 4);
  cairo_stroke (cr);
}

static void draw_cross (cairo_t *cr, const Limb *limb) {
  cairo_move_to (cr, limb->tip_x - 4, limb->tip_y - 4);
  cairo_line_to (cr, limb->tip_x + 4, limb->tip_y + 4);
  cairo_move_to (cr, limb->tip_x + 4, limb->tip_y - 4);
  cairo_line_to (cr, limb->tip_x - 4, limb->tip_y + 4);
  cairo_stroke (cr);
}

static void draw_mark (cairo_t *cr, const Limb *limb) {
  cairo_move_to (cr, limb->tip_x, limb->tip_y - 5);
  cairo_line_to (cr, limb->tip_x, limb->tip_y + 1);
  cairo_stroke (cr);
  cairo_arc (cr, limb->tip_x, limb->tip_y + 4.5, 1.2, 0, 2 * G_PI);
  cairo_fill (cr);
}

static void draw_state (cairo_t *cr, const Limb *limb, TamboHandState state, const GdkRGBA *ink) {
  const double dashes[] = { 4, 3 };

  path_limb (cr, limb, 0);
  cairo_set_line_width (cr, 1.6);
  switch (state) {
  case TAMBO_HAND_CAPTURED:
    cairo_set_source_rgb (cr, 0.11, 0.52, 0.33);
    cairo_fill (cr);
    cairo_set_source_rgb (cr, 1, 1, 1);
    cairo_set_line_width (cr, 2.4);
    draw_tick (cr, limb);
    break;
  case TAMBO_HAND_WEAK:
    cairo_set_source_rgb (cr, 0.96, 0.76, 0.07);
    cairo_fill (cr);
    cairo_set_source_rgb (cr, 0.15, 0.12, 0);
    cairo_set_line_width (cr, 2.4);
    draw_mark (cr, limb);
    break;
  case TAMBO_HAND_MISSING:
    cairo_set_dash (cr, dashes, 2, 0);
    cairo_set_source_rgb (cr, 0.75, 0.11, 0.16);
    cairo_stroke (cr);
    cairo_set_dash (cr, NULL, 0, 0);
    cairo_set_line_width (cr, 2.4);
    draw_cross (cr, limb);
    break;
  case TAMBO_HAND_TODO:
    set_colour (cr, ink, 0.9);
    cairo_stroke (cr);
    break;
  case TAMBO_HAND_NOT_ASKED:
  default:
    set_colour (cr, ink, 0.14);
    cairo_fill (cr);
  }
}

static void draw_now (cairo_t *cr, const Limb *limb, gboolean is_empty) {
  path_limb (cr, limb, 3);
  cairo_set_source_rgba (cr, 0.11, 0.44, 0.85, is_empty ? 0.30 : 0);
  cairo_fill_preserve (cr);
  cairo_set_source_rgb (cr, 0.11, 0.44, 0.85);
  cairo_set_line_width (cr, 3);
  cairo_stroke (cr);
}

static void tambo_hand_area_snapshot (GtkWidget *widget, GtkSnapshot *snapshot) {
  TamboHandArea *self = TAMBO_HAND_AREA (widget);
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double scale = MIN (width / WIDTH, height / HEIGHT);
  if (scale <= 0)
    return;
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  GdkRGBA ink;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  cairo_translate (cr, (width - WIDTH * scale) / 2, (height - HEIGHT * scale) / 2);
  cairo_scale (cr, scale, scale);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  set_colour (cr, &ink, 0.10);
  path_palm (cr, FALSE);
  path_palm (cr, TRUE);
  cairo_fill (cr);
  for (int finger = 1; finger <= N_FINGERS; finger++) {
    Limb limb = limb_of (finger);
    draw_state (cr, &limb, self->states[finger], &ink);
  }
  for (int finger = 1; finger <= N_FINGERS; finger++) {
    Limb limb = limb_of (finger);
    if ((self->now & 1u << finger) != 0)
      draw_now (cr, &limb, self->states[finger] <= TAMBO_HAND_TODO);
  }
  cairo_destroy (cr);
}

static void tambo_hand_area_class_init (TamboHandAreaClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = tambo_hand_area_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "hand-area");
}

static void tambo_hand_area_init (TamboHandArea *self) {
}

void tambo_hand_area_set_state (TamboHandArea *self, TamboFinger finger, TamboHandState state) {
  g_return_if_fail (finger >= 1 && finger <= N_FINGERS);
  if (self->states[finger] == state)
    return;
  self->states[finger] = state;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void tambo_hand_area_set_now (TamboHandArea *self, guint fingers) {
  self->now = fingers;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void tambo_hand_area_set_label (TamboHandArea *self, const char *label) {
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}
