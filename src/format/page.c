/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format/page-private.h"

#define LOOK_SIDE 400         /* pixels: a sheet is found in a small picture */
#define CONTRAST_MIN 20       /* grey levels between a sheet and what it lies on */
#define SHEET_MIN 0.1         /* share of the picture */
#define SHEET_MAX 0.98        /* above it the sheet is the picture */
#define STRAIGHTNESS_MIN 0.94 /* of the outline in its four lines, or the other way round */
#define SOLIDITY_MIN 0.6      /* of the sheet that is not printed as dark as the table */
#define SIDE_MIN 16

/* ---- what stands out ---- */

static int compare_bytes (gconstpointer a, gconstpointer b) {
  return *(const guint8 *) a - *(const guint8 *) b;
}

/* What lies along the edge is not the sheet, mostly. */
static int find_background (const TamboImage *grey) {
  g_autoptr (GByteArray) edge = g_byte_array_new ();

  for (int y = 0; y < grey->height; y++) {
    const guint8 *row = grey->data + (gsize) y * (gsize) grey->width;
    if (y == 0 || y == grey->height - 1) {
      g_byte_array_append (edge, row, (guint) grey->width);
    } else {
      g_byte_array_append (edge, row, 1);
      g_byte_array_append (edge, row + grey->width - 1, 1);
    }
  }
  qsort (edge->data, edge->len, 1, compare_bytes);
  return edge->data[edge->len / 2];
}

/* Otsu's: the level that parts the two heaps best. 0 when they are not apart. */
static int find_threshold (const guint8 *differences, gsize size) {
  double counts[256] = { 0 }, total = 0, below = 0, sum_below = 0, best = -1;
  int threshold = 0;

  for (gsize i = 0; i < size; i++)
    counts[differences[i]]++;
  for (int i = 0; i < 256; i++)
    total += i * counts[i];
  for (int i = 0; i < 255; i++) {
    below += counts[i];
    sum_below += i * counts[i];
    double above = (double) size - below;
    if (below == 0 || above == 0)
      continue;
    double apart = (total - sum_below) / above - sum_below / below;
    if (below * above * apart * apart > best) {
      best = below * above * apart * apart;
      threshold = apart >= CONTRAST_MIN ? i + 1 : 0;
    }
  }
  return threshold;
}

typedef struct {
  guint8 *mask;
  int width, height;
  int *stack; /* pixels to look at, as many as there are at most */
} Flood;

static void reach (Flood *flood, int *depth, int x, int y, guint8 mark) {
  int place = y * flood->width + x;

  if (x < 0 || y < 0 || x >= flood->width || y >= flood->height || flood->mask[place] != 1)
    return;
  flood->mask[place] = mark;
  flood->stack[(*depth)++] = place;
}

/* Marks what hangs together with PLACE; its pixels. */
static int fill (Flood *flood, int place, guint8 mark) {
  int depth = 0, size = 0;

  reach (flood, &depth, place % flood->width, place / flood->width, mark);
  while (depth > 0) {
    int at = flood->stack[--depth], x = at % flood->width, y = at / flood->width;
    size++;
    reach (flood, &depth, x - 1, y, mark);
    reach (flood, &depth, x + 1, y, mark);
    reach (flood, &depth, x, y - 1, mark);
    reach (flood, &depth, x, y + 1, mark);
  }
  return size;
}

/* Leaves the largest piece alone; its pixels. */
static int keep_largest (guint8 *mask, int width, int height) {
  g_autofree int *stack = g_new (int, (gsize) width *(gsize) height);
  Flood flood = { mask, width, height, stack };
  int size = width * height, best = 0, where = -1;

  for (int i = 0; i < size; i++) {
    int piece = mask[i] == 1 ? fill (&flood, i, 2) : 0;
    if (piece > best) {
      best = piece;
      where = i;
    }
  }
  for (int i = 0; i < size; i++)
    mask[i] = mask[i] != 0;
  if (where >= 0)
    fill (&flood, where, 3);
  for (int i = 0; i < size; i++)
    mask[i] = mask[i] == 3;
  return best;
}

static guint8 *find_differences (const TamboImage *grey) {
  int background = find_background (grey);
  guint8 *differences = g_malloc (tambo_image_size (grey));

  for (gsize i = 0; i < tambo_image_size (grey); i++)
    differences[i] = (guint8) abs (grey->data[i] - background);
  return differences;
}

static TamboImage *look_at (const TamboImage *image, double *out_scale) {
  g_autoptr (TamboImage) grey = tambo_image_to_grey (image);
  int longest = MAX (image->width, image->height);

  *out_scale = longest > LOOK_SIDE ? (double) longest / LOOK_SIDE : 1;
  return grey == NULL ? NULL
                      : tambo_image_scale (grey, MAX ((int) (image->width / *out_scale), 1),
                                           MAX ((int) (image->height / *out_scale), 1));
}

static double quadrilateral_area (const TamboPageCorners *corners) {
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (TamboPoint));

  for (int i = 0; i < 4; i++) {
    TamboPoint point = { corners->x[i], corners->y[i] };
    g_array_append_val (points, point);
  }
  return tambo_page_area (points);
}

static gboolean find_in (const TamboImage *small, TamboPageCorners *out) {
  g_autofree guint8 *mask = find_differences (small);
  gsize size = tambo_image_size (small);
  int threshold = find_threshold (mask, size);
  g_autoptr (GArray) outline = NULL;

  if (threshold == 0)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    mask[i] = mask[i] >= threshold;
  int solid = keep_largest (mask, small->width, small->height);
  outline = tambo_page_outline (mask, small->width, small->height);
  if (!tambo_page_fit (outline, out))
    return FALSE;

  double area = quadrilateral_area (out), hull = tambo_page_area (outline);
  return area >= SHEET_MIN * (double) size && area <= SHEET_MAX * (double) size
         && MIN (area, hull) >= STRAIGHTNESS_MIN * MAX (area, hull) && solid >= SOLIDITY_MIN * area;
}

gboolean tambo_page_find (const TamboImage *image, TamboPageCorners *out_corners) {
  double scale;
  g_autoptr (TamboImage) small = look_at (image, &scale);
  TamboPageCorners corners;

  if (small == NULL || small->width < SIDE_MIN || small->height < SIDE_MIN
      || !find_in (small, &corners))
    return FALSE;
  for (int i = 0; i < 4; i++) {
    out_corners->x[i] = (corners.x[i] + 0.5) * image->width / small->width - 0.5;
    out_corners->y[i] = (corners.y[i] + 0.5) * image->height / small->height - 0.5;
  }
  return TRUE;
}

/* ---- from straight above ---- */

/* A point of the unit square to the picture: x = (a u + b v + c) / (g u + h v + 1). */
typedef struct {
  double a, b, c, d, e, f, g, h;
} Projection;

/* Heckbert's closed form. */
static gboolean project (const TamboPageCorners *corners, Projection *out) {
  const double *x = corners->x, *y = corners->y;
  double sx = x[0] - x[1] + x[2] - x[3], sy = y[0] - y[1] + y[2] - y[3];
  double x1 = x[1] - x[2], x2 = x[3] - x[2], y1 = y[1] - y[2], y2 = y[3] - y[2];
  double by = x1 * y2 - x2 * y1;

  if (fabs (by) < 1)
    return FALSE;
  out->g = (sx * y2 - x2 * sy) / by;
  out->h = (x1 * sy - sx * y1) / by;
  out->a = x[1] - x[0] + out->g * x[1];
  out->b = x[3] - x[0] + out->h * x[3];
  out->c = x[0];
  out->d = y[1] - y[0] + out->g * y[1];
  out->e = y[3] - y[0] + out->h * y[3];
  out->f = y[0];
  return 1 + out->g > 0 && 1 + out->h > 0 && 1 + out->g + out->h > 0; /* convex */
}

static double side (const TamboPageCorners *corners, int from, int to) {
  return hypot (corners->x[to] - corners->x[from], corners->y[to] - corners->y[from]);
}

/* Between four pixels; beyond the border it goes on as it ends. */
static void sample (const TamboImage *image, double x, double y, guint8 *out) {
  double inside_x = CLAMP (x, 0, image->width - 1), inside_y = CLAMP (y, 0, image->height - 1);
  int left = MIN ((int) inside_x, MAX (image->width - 2, 0));
  int top = MIN ((int) inside_y, MAX (image->height - 2, 0));
  double right_share = inside_x - left, low_share = inside_y - top;
  gsize step = (gsize) image->channels, stride = (gsize) image->width * step;
  const guint8 *at = image->data + (gsize) top * stride + (gsize) left * step;
  gsize across = image->width > 1 ? step : 0, down = image->height > 1 ? stride : 0;

  for (gsize c = 0; c < step; c++, at++) {
    double high = at[0] + (at[across] - at[0]) * right_share;
    double low = at[down] + (at[down + across] - at[down]) * right_share;
    out[c] = (guint8) (high + (low - high) * low_share + 0.5);
  }
}

TamboImage *tambo_page_straighten (const TamboImage *image, const TamboPageCorners *corners) {
  int width = (int) lround ((side (corners, 0, 1) + side (corners, 3, 2)) / 2);
  int height = (int) lround ((side (corners, 0, 3) + side (corners, 1, 2)) / 2);
  Projection p;
  TamboImage *page = width < SIDE_MIN || height < SIDE_MIN || !project (corners, &p)
                         ? NULL
                         : tambo_image_new (width, height, image->channels);

  if (page == NULL)
    return NULL;
  page->ppi = image->ppi;
  guint8 *out = page->data;
  for (int row = 0; row < height; row++) {
    for (int column = 0; column < width; column++, out += page->channels) {
      double u = (column + 0.5) / width, v = (row + 0.5) / height, by = p.g * u + p.h * v + 1;
      sample (image, (p.a * u + p.b * v + p.c) / by, (p.d * u + p.e * v + p.f) / by, out);
    }
  }
  return page;
}

TamboImage *tambo_page_cut_out (const TamboImage *image) {
  TamboPageCorners corners;
  TamboImage *page =
      tambo_page_find (image, &corners) ? tambo_page_straighten (image, &corners) : NULL;

  return page != NULL ? page : tambo_image_copy (image);
}
