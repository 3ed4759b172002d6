/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/record-path.h"

#include <glib/gi18n.h>

/* Of a record that goes well. The decision is a place of those alone that broke there. */
#define N_PLACES 5
#define MAX_PLACES (N_PLACES + 1)
#define RADIUS 7
#define STEP 34

static const char *const places[MAX_PLACES] = {
  N_ ("Captured"), N_ ("Sealed"), N_ ("Sent"), N_ ("Received"), N_ ("Receipt"), N_ ("Decision"),
};

struct _TamboRecordPath {
  GtkWidget parent;
  gboolean is_empty;
  int n_places;
  int reached; /* how many places are behind it */
  gboolean is_broken;
};

G_DEFINE_FINAL_TYPE (TamboRecordPath, tambo_record_path, GTK_TYPE_WIDGET)

static GdkRGBA color_of (TamboRecordPath *self, const char *name) {
  GtkStyleContext *style = gtk_widget_get_style_context (GTK_WIDGET (self));
  GdkRGBA color;

  if (name == NULL || !gtk_style_context_lookup_color (style, name, &color))
    gtk_style_context_get_color (style, &color);
  return color;
}

static void draw_line (TamboRecordPath *self, cairo_t *cr, int place) {
  GdkRGBA color = color_of (self, place < self->reached ? "accent_bg_color" : NULL);
  double y = RADIUS + 2 + place * STEP;

  color.alpha = place < self->reached ? 1 : 0.4f;
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, 3);
  if (place == self->reached && self->is_broken) {
    const double dashes[] = { 4, 4 };
    cairo_set_dash (cr, dashes, 2, 0);
  }
  cairo_move_to (cr, RADIUS + 2, y - STEP + RADIUS);
  cairo_line_to (cr, RADIUS + 2, y - RADIUS);
  cairo_stroke (cr);
  cairo_set_dash (cr, NULL, 0, 0);
}

/* A cross for the broken place, a disc for what is behind, a ring for what is to come. */
static void draw_place (TamboRecordPath *self, cairo_t *cr, int place) {
  gboolean is_broken = self->is_broken && place == self->reached;
  gboolean is_behind = place < self->reached;
  GdkRGBA color = color_of (self, is_broken ? "error_color" : is_behind ? "accent_bg_color" : NULL);
  double x = RADIUS + 2, y = RADIUS + 2 + place * STEP;

  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, 2.5);
  if (is_broken) {
    cairo_move_to (cr, x - RADIUS + 1, y - RADIUS + 1);
    cairo_line_to (cr, x + RADIUS - 1, y + RADIUS - 1);
    cairo_move_to (cr, x + RADIUS - 1, y - RADIUS + 1);
    cairo_line_to (cr, x - RADIUS + 1, y + RADIUS - 1);
    cairo_stroke (cr);
    return;
  }
  cairo_arc (cr, x, y, RADIUS - 1, 0, 2 * G_PI);
  if (is_behind)
    cairo_fill (cr);
  else
    cairo_stroke (cr);
}

static void draw_name (TamboRecordPath *self, cairo_t *cr, int place) {
  g_autoptr (PangoLayout) layout =
      gtk_widget_create_pango_layout (GTK_WIDGET (self), _ (places[place]));
  gboolean is_broken = self->is_broken && place == self->reached;
  GdkRGBA color = color_of (self, is_broken ? "error_color" : NULL);
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_move_to (cr, 2 * RADIUS + 16, RADIUS + 2 + place * STEP - height / 2.0);
  pango_cairo_show_layout (cr, layout);
}

static void tambo_record_path_snapshot (GtkWidget *widget, GtkSnapshot *snapshot) {
  TamboRecordPath *self = TAMBO_RECORD_PATH (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);

  if (self->is_empty)
    return;
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  for (int place = 0; place < self->n_places; place++) {
    if (place > 0)
      draw_line (self, cr, place);
    draw_place (self, cr, place);
    draw_name (self, cr, place);
  }
  cairo_destroy (cr);
}

static void tambo_record_path_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                                       int *minimum, int *natural, int *minimum_baseline,
                                       int *natural_baseline) {
  *minimum = *natural =
      orientation == GTK_ORIENTATION_VERTICAL ? (MAX_PLACES - 1) * STEP + 2 * RADIUS + 12 : 160;
}

static void tambo_record_path_class_init (TamboRecordPathClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = tambo_record_path_snapshot;
  widget_class->measure = tambo_record_path_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "recordpath");
}

static void tambo_record_path_init (TamboRecordPath *self) {
  self->is_empty = TRUE;
}

const char *tambo_record_path_state (const TamboOutboxRow *record) {
  switch (record->state) {
  case TAMBO_OUTBOX_QUEUED:
    return record->last_error != NULL ? _ ("Waits for the next try") : _ ("Waits to be sent");
  case TAMBO_OUTBOX_SENDING:
    return _ ("Is being sent");
  case TAMBO_OUTBOX_REFUSED:
    return _ ("Refused by headquarters");
  case TAMBO_OUTBOX_QUARANTINED:
    return _ ("Another record has its name");
  case TAMBO_OUTBOX_ACKNOWLEDGED:
  case TAMBO_OUTBOX_PURGED:
    break;
  }
  return _ ("Received by headquarters");
}

void tambo_record_path_set (TamboRecordPath *self, const TamboOutboxRow *record,
                            gboolean is_decided_against) {
  g_autofree char *words = NULL;

  self->is_empty = record == NULL;
  if (record != NULL) {
    gboolean is_stuck =
        record->state == TAMBO_OUTBOX_REFUSED || record->state == TAMBO_OUTBOX_QUARANTINED;
    gboolean is_there =
        record->state == TAMBO_OUTBOX_ACKNOWLEDGED || record->state == TAMBO_OUTBOX_PURGED;
    self->reached = is_there ? N_PLACES : is_stuck ? 3 : 2;
    self->is_broken = is_stuck || is_decided_against || (!is_there && record->last_error != NULL);
    self->n_places = is_decided_against ? MAX_PLACES : N_PLACES;
    words = self->is_broken
                ? g_strdup_printf (_ ("The way of the record: broken at “%s”"),
                                   _ (places[self->reached]))
                : g_strdup_printf (_ ("The way of the record: %d of %d places are behind it"),
                                   self->reached, N_PLACES);
  }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  words != NULL ? words : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
