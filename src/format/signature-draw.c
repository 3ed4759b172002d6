/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso19794-7.h"

#include <math.h>
#include <string.h>

/* Shares of the shorter side of the picture. */
#define MARGIN 0.06
#define RADIUS_MIN 0.004
#define RADIUS_MAX 0.012

typedef struct {
  double x, y, radius;
} Dot;

/* From the pad's units to pixels. */
typedef struct {
  double left, top; /* of the ink, pad */
  double scale;
  double x, y; /* of the ink, picture */
  double thin, thick;
  guint16 max_pressure;
} Layout;

static gboolean lay_out (const TamboSignature *signature, int width, int height,
                         Layout *out_layout) {
  double left = G_MAXUINT16, top = G_MAXUINT16, right = 0, bottom = 0;
  guint16 pressure = 0;

  for (guint i = 0; i < signature->samples->len; i++) {
    const TamboPenSample *sample = &g_array_index (signature->samples, TamboPenSample, i);
    if (sample->pressure == 0)
      continue;
    left = MIN (left, sample->x);
    right = MAX (right, sample->x);
    top = MIN (top, sample->y);
    bottom = MAX (bottom, sample->y);
    pressure = MAX (pressure, sample->pressure);
  }
  if (pressure == 0)
    return FALSE;

  double side = MIN (width, height);
  Layout layout = { .left = left, .top = top };
  layout.thin = MAX (side * RADIUS_MIN, 0.4);
  layout.thick = MAX (side * RADIUS_MAX, 0.8);
  layout.max_pressure = MAX (signature->max_pressure, pressure);
  double edge = side * MARGIN + layout.thick;
  double across = MAX (width - 2 * edge, 1), down = MAX (height - 2 * edge, 1);
  /* A lone dot has no size to be scaled by. */
  layout.scale = MIN (across / MAX (right - left, 1), down / MAX (bottom - top, 1));
  layout.x = (width - (right - left) * layout.scale) / 2;
  layout.y = (height - (bottom - top) * layout.scale) / 2;
  *out_layout = layout;
  return TRUE;
}

static Dot place (const Layout *layout, const TamboPenSample *sample) {
  double strength = (double) sample->pressure / layout->max_pressure;
  return (Dot){ .x = layout->x + (sample->x - layout->left) * layout->scale,
                .y = layout->y + (sample->y - layout->top) * layout->scale,
                .radius = layout->thin + (layout->thick - layout->thin) * strength };
}

/* The darkest ink stays: strokes that cross do not add up, and a joint is no darker than its arms. */
static void ink_pixel (TamboImage *image, int x, int y, const Dot *a, const Dot *b) {
  double dx = b->x - a->x, dy = b->y - a->y;
  double px = x + 0.5 - a->x, py = y + 0.5 - a->y;
  double length2 = dx * dx + dy * dy;
  double t = length2 > 0 ? CLAMP ((px * dx + py * dy) / length2, 0, 1) : 0;
  double distance = hypot (px - t * dx, py - t * dy);
  double cover = CLAMP (a->radius + t * (b->radius - a->radius) + 0.5 - distance, 0, 1);
  guint8 *pixel = &image->data[(gsize) y * (gsize) image->width + (gsize) x];

  *pixel = MIN (*pixel, (guint8) lround (255 * (1 - cover)));
}

/* The columns of row Y that the stroke from A to B can touch. */
static void row_extent (const Dot *a, const Dot *b, double y, double reach, double *out_from,
                        double *out_to) {
  double dy = b->y - a->y;
  double t0 = 0, t1 = 1;

  if (fabs (dy) > 1e-9) {
    double u = (y - reach - a->y) / dy, v = (y + reach - a->y) / dy;
    t0 = CLAMP (MIN (u, v), 0, 1);
    t1 = CLAMP (MAX (u, v), 0, 1);
  }
  double x0 = a->x + t0 * (b->x - a->x), x1 = a->x + t1 * (b->x - a->x);
  *out_from = MIN (x0, x1) - reach;
  *out_to = MAX (x0, x1) + reach;
}

static void ink_stroke (TamboImage *image, const Dot *a, const Dot *b) {
  double reach = MAX (a->radius, b->radius) + 1;
  int first = (int) MAX (floor (MIN (a->y, b->y) - reach), 0);
  int last = (int) MIN (ceil (MAX (a->y, b->y) + reach), image->height - 1);

  for (int y = first; y <= last; y++) {
    double from, to;
    row_extent (a, b, y + 0.5, reach, &from, &to);
    int x0 = (int) MAX (floor (from), 0);
    int x1 = (int) MIN (ceil (to), image->width - 1);
    for (int x = x0; x <= x1; x++)
      ink_pixel (image, x, y, a, b);
  }
}

TamboImage *tambo_signature_draw (const TamboSignature *signature, int width, int height) {
  Layout layout;
  Dot previous;
  gboolean down = FALSE;

  if (width < 1 || height < 1 || !lay_out (signature, width, height, &layout))
    return NULL;
  TamboImage *image = tambo_image_new (width, height, 1);
  if (image == NULL)
    return NULL;
  memset (image->data, 255, tambo_image_size (image));

  for (guint i = 0; i < signature->samples->len; i++) {
    const TamboPenSample *sample = &g_array_index (signature->samples, TamboPenSample, i);
    if (sample->pressure == 0) {
      down = FALSE;
      continue;
    }
    Dot dot = place (&layout, sample);
    ink_stroke (image, down ? &previous : &dot, &dot);
    previous = dot;
    down = TRUE;
  }
  return image;
}
