/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/picture-area.h"

#include <math.h>
#include <string.h>

#include "format/image-codec.h"
#include "format/iso19794-7.h"
#include "station/enrol.h"

#define CORNER 10.0

struct _TamboPictureArea {
  GtkWidget parent;
  cairo_surface_t *surface;
  char *hint;        /* shown while there is no picture */
  gboolean has_oval; /* where the face belongs */
  gboolean is_paper; /* white behind the picture */
  gboolean is_mirror;
  double held;
  int wanted_width, wanted_height; /* atomic */
};

G_DEFINE_FINAL_TYPE (TamboPictureArea, tambo_picture_area, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_HINT,
  PROP_OVAL,
  PROP_PAPER,
  PROP_MIRROR,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void path_rounded (cairo_t *cr, double width, double height) {
  cairo_new_path (cr);
  cairo_arc (cr, width - CORNER, CORNER, CORNER, -G_PI_2, 0);
  cairo_arc (cr, width - CORNER, height - CORNER, CORNER, 0, G_PI_2);
  cairo_arc (cr, CORNER, height - CORNER, CORNER, G_PI_2, G_PI);
  cairo_arc (cr, CORNER, CORNER, CORNER, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

typedef struct {
  double x, y, width, height;
} Place;

/* Of the picture in the area. */
static Place place_picture (TamboPictureArea *self, double width, double height) {
  double own_width = cairo_image_surface_get_width (self->surface);
  double own_height = cairo_image_surface_get_height (self->surface);
  double scale = MIN (width / own_width, height / own_height);

  /* A few pixels more or less are not worth the scaling of every frame. */
  if (fabs (scale - 1) < 0.01)
    scale = 1;
  return (Place){ floor ((width - own_width * scale) / 2),
                  floor ((height - own_height * scale) / 2), own_width * scale,
                  own_height * scale };
}

static void paint_picture (TamboPictureArea *self, cairo_t *cr, const Place *place) {
  double scale = place->width / cairo_image_surface_get_width (self->surface);

  cairo_save (cr);
  cairo_translate (cr, place->x, place->y);
  if (self->is_mirror) {
    cairo_translate (cr, place->width, 0);
    cairo_scale (cr, -1, 1);
  }
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, self->surface, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cr),
                            scale == 1 ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_BILINEAR);
  cairo_paint (cr);
  cairo_restore (cr);
}

static void stroke_light (cairo_t *cr, double width) {
  cairo_set_line_width (cr, width + 2.5);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.4);
  cairo_stroke_preserve (cr);
  cairo_set_line_width (cr, width);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.95);
  cairo_stroke (cr);
}

static void path_oval (cairo_t *cr, const Place *frame, double share) {
  cairo_save (cr);
  cairo_translate (cr, frame->x + frame->width / 2, frame->y + frame->height * 0.47);
  cairo_scale (cr, frame->height * 0.265, frame->height * 0.36);
  cairo_new_sub_path (cr);
  cairo_arc (cr, 0, 0, 1, -G_PI_2, -G_PI_2 + share * 2 * G_PI);
  cairo_restore (cr);
}

/* ISO/IEC 19794-5: a 3:4 picture, the head at 70 to 80 percent of its height, the eyes somewhat above the
 * middle. */
static void paint_frame (TamboPictureArea *self, cairo_t *cr, const Place *place) {
  const double dashes[] = { 10, 7 };
  double height = MIN (place->height, place->width * 4 / 3) - 6;
  Place frame = { place->x + (place->width - height * 3 / 4) / 2,
                  place->y + (place->height - height) / 2, height * 3 / 4, height };
  double eyes = frame.y + frame.height * 0.44;

  cairo_rectangle (cr, place->x, place->y, frame.x - place->x, place->height);
  cairo_rectangle (cr, frame.x + frame.width, place->y,
                   place->x + place->width - frame.x - frame.width, place->height);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.35);
  cairo_fill (cr);
  cairo_rectangle (cr, frame.x, frame.y, frame.width, frame.height);
  stroke_light (cr, 1.5);
  cairo_set_dash (cr, dashes, 2, 0);
  path_oval (cr, &frame, 1);
  stroke_light (cr, 2.5);
  cairo_move_to (cr, frame.x + frame.width * 0.12, eyes);
  cairo_line_to (cr, frame.x + frame.width * 0.88, eyes);
  stroke_light (cr, 1.5);
  cairo_set_dash (cr, NULL, 0, 0);
  if (self->held <= 0)
    return;
  path_oval (cr, &frame, self->held);
  cairo_set_line_width (cr, 7);
  cairo_set_source_rgb (cr, 0.2, 0.82, 0.48);
  cairo_stroke (cr);
}

static void snapshot_hint (TamboPictureArea *self, GtkSnapshot *snapshot, int width, int height) {
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->hint);
  int text_height;

  pango_layout_set_width (layout, (width - 24) * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_get_pixel_size (layout, NULL, &text_height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (12, (height - text_height) / 2.0f));
  const GdkRGBA dark = { 0.25f, 0.25f, 0.27f, 1 }, light = { 0.86f, 0.87f, 0.89f, 1 };
  gtk_snapshot_append_layout (snapshot, layout, self->is_paper ? &dark : &light);
  gtk_snapshot_restore (snapshot);
}

static void paint (TamboPictureArea *self, cairo_t *cr, double width, double height) {
  Place place = { 0, 0, width, height };

  if (self->is_paper)
    cairo_set_source_rgb (cr, 1, 1, 1);
  else
    cairo_set_source_rgb (cr, 0.13, 0.14, 0.16);
  cairo_paint (cr);
  if (self->surface != NULL) {
    place = place_picture (self, width, height);
    paint_picture (self, cr, &place);
  }
  if (self->has_oval)
    paint_frame (self, cr, &place);
}

/* Everything within a round corner is blended through a mask, so that only the strips with corners are. */
static void paint_rounded (TamboPictureArea *self, cairo_t *cr, double width, double height) {
  cairo_save (cr);
  cairo_rectangle (cr, 0, CORNER, width, height - 2 * CORNER);
  cairo_clip (cr);
  paint (self, cr, width, height);
  cairo_restore (cr);

  for (int i = 0; i < 2; i++) {
    cairo_save (cr);
    cairo_rectangle (cr, 0, i == 0 ? 0 : height - CORNER, width, CORNER);
    cairo_clip (cr);
    path_rounded (cr, width, height);
    cairo_clip (cr);
    paint (self, cr, width, height);
    cairo_restore (cr);
  }
}

static void tambo_picture_area_snapshot (GtkWidget *widget, GtkSnapshot *snapshot) {
  TamboPictureArea *self = TAMBO_PICTURE_AREA (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  if (width < 2 * CORNER || height < 2 * CORNER)
    return;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));

  paint_rounded (self, cr, width, height);
  cairo_destroy (cr);
  if (self->surface == NULL && self->hint != NULL)
    snapshot_hint (self, snapshot, width, height);
}

static void tambo_picture_area_size_allocate (GtkWidget *widget, int width, int height,
                                              int baseline) {
  TamboPictureArea *self = TAMBO_PICTURE_AREA (widget);

  g_atomic_int_set (&self->wanted_width, width);
  g_atomic_int_set (&self->wanted_height, height);
}

static void tambo_picture_area_set_property (GObject *object, guint id, const GValue *value,
                                             GParamSpec *pspec) {
  TamboPictureArea *self = TAMBO_PICTURE_AREA (object);

  switch (id) {
  case PROP_HINT:
    g_free (self->hint);
    self->hint = g_value_dup_string (value);
    break;
  case PROP_OVAL:
    self->has_oval = g_value_get_boolean (value);
    break;
  case PROP_PAPER:
    self->is_paper = g_value_get_boolean (value);
    break;
  case PROP_MIRROR:
    self->is_mirror = g_value_get_boolean (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void tambo_picture_area_finalize (GObject *object) {
  TamboPictureArea *self = TAMBO_PICTURE_AREA (object);

  g_clear_pointer (&self->surface, cairo_surface_destroy);
  g_free (self->hint);
  G_OBJECT_CLASS (tambo_picture_area_parent_class)->finalize (object);
}

static void tambo_picture_area_class_init (TamboPictureAreaClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->set_property = tambo_picture_area_set_property;
  object_class->finalize = tambo_picture_area_finalize;
  widget_class->snapshot = tambo_picture_area_snapshot;
  widget_class->size_allocate = tambo_picture_area_size_allocate;
  properties[PROP_HINT] = g_param_spec_string ("hint", NULL, NULL, NULL, flags);
  properties[PROP_OVAL] = g_param_spec_boolean ("oval", NULL, NULL, FALSE, flags);
  properties[PROP_PAPER] = g_param_spec_boolean ("paper", NULL, NULL, FALSE, flags);
  properties[PROP_MIRROR] = g_param_spec_boolean ("mirror", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "picture-area");
}

static void tambo_picture_area_init (TamboPictureArea *self) {
}

void tambo_picture_area_set_surface (TamboPictureArea *self, cairo_surface_t *surface) {
  if (surface != NULL)
    cairo_surface_reference (surface);
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  self->surface = surface;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void tambo_picture_area_get_wanted (TamboPictureArea *self, int *out_width, int *out_height) {
  *out_width = MAX (1, g_atomic_int_get (&self->wanted_width));
  *out_height = MAX (1, g_atomic_int_get (&self->wanted_height));
}

void tambo_picture_area_set_held (TamboPictureArea *self, double held) {
  if (self->held == held)
    return;
  self->held = held;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void tambo_picture_area_set_label (TamboPictureArea *self, const char *label) {
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* ---- on workers ---- */

static cairo_surface_t *surface_of (const TamboImage *rgb) {
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, rgb->width, rgb->height);
  int stride = cairo_image_surface_get_stride (surface);
  guint8 *pixels = cairo_image_surface_get_data (surface);

  if (pixels == NULL)
    return surface;
  for (int y = 0; y < rgb->height; y++) {
    const guint8 *from = rgb->data + (gsize) y * rgb->width * 3;
    for (int x = 0; x < rgb->width; x++, from += 3) {
      guint32 pixel = (guint32) from[0] << 16 | (guint32) from[1] << 8 | from[2];
      memcpy (pixels + (gsize) y * stride + (gsize) x * 4, &pixel, sizeof pixel);
    }
  }
  cairo_surface_mark_dirty (surface);
  return surface;
}

/* What has the right shape and size is not copied: a live view has thirty of them in a second. */
cairo_surface_t *tambo_picture_surface (const TamboImage *image, int width, int height) {
  double scale = MIN (1.0, MIN (width / (double) image->width, height / (double) image->height));
  g_autoptr (TamboImage) small = NULL;
  g_autoptr (TamboImage) rgb = NULL;

  if (scale < 1) {
    small = tambo_image_scale (image, MAX (1, (int) lround (image->width * scale)),
                               MAX (1, (int) lround (image->height * scale)));
    if (small == NULL)
      return NULL;
    image = small;
  }
  if (image->channels != 3) {
    rgb = tambo_image_to_rgb (image);
    if (rgb == NULL)
      return NULL;
    image = rgb;
  }
  return surface_of (image);
}

static TamboImage *decode_sample (const TamboSample *sample, GBytes *bytes, int width, int height,
                                  GError **error) {
  if (g_str_equal (sample->media_type, "application/x-iso19794-7")) {
    g_autoptr (TamboSignature) signature = tambo_signature_parse (bytes, error);
    return signature != NULL ? tambo_signature_draw (signature, width, height) : NULL;
  }
  if (!g_str_has_prefix (sample->media_type, "image/"))
    return NULL;
  return tambo_image_decode (bytes, error);
}

cairo_surface_t *tambo_picture_load (TamboStation *station, const TamboEnrolment *enrolment,
                                     const char *slot, int width, int height, GError **error) {
  const TamboSample *sample = tambo_enrolment_find_sample (enrolment, slot);
  if (sample == NULL)
    return NULL;
  g_autoptr (GBytes) bytes = tambo_enrol_load_sample (station, enrolment, slot, error);
  if (bytes == NULL)
    return NULL;
  g_autoptr (TamboImage) image = decode_sample (sample, bytes, width, height, error);
  return image != NULL ? tambo_picture_surface (image, width, height) : NULL;
}
