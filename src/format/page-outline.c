/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/page-private.h"

#include <math.h>

/* Of each side, this share at both ends is left out where its line is fitted: corners are rounded. */
#define END_SHARE 0.15
#define NEAR 2.0 /* pixels from the side */

static int compare_points (gconstpointer a, gconstpointer b) {
  const TamboPoint *p = a, *q = b;

  if (p->x != q->x)
    return p->x < q->x ? -1 : 1;
  return p->y < q->y ? -1 : p->y > q->y;
}

/* The first and last pixel of each row; the hull needs no others. */
static GArray *find_ends (const guint8 *mask, int width, int height) {
  GArray *points = g_array_new (FALSE, FALSE, sizeof (TamboPoint));

  for (int y = 0; y < height; y++) {
    const guint8 *row = mask + (gsize) y * (gsize) width;
    int left = 0, right = width - 1;

    while (left < width && !row[left])
      left++;
    while (right > left && !row[right])
      right--;
    if (left == width)
      continue;
    TamboPoint ends[2] = { { left, y }, { right, y } };
    g_array_append_vals (points, ends, left == right ? 1 : 2);
  }
  return points;
}

static void add_to_chain (GArray *hull, guint base, TamboPoint point) {
  while (hull->len >= base + 2
         && tambo_point_turn (g_array_index (hull, TamboPoint, hull->len - 2),
                              g_array_index (hull, TamboPoint, hull->len - 1), point)
                <= 0)
    g_array_set_size (hull, hull->len - 1);
  g_array_append_val (hull, point);
}

/* Andrew's monotone chain. */
GArray *tambo_page_outline (const guint8 *mask, int width, int height) {
  g_autoptr (GArray) points = find_ends (mask, width, height);
  GArray *hull = g_array_new (FALSE, FALSE, sizeof (TamboPoint));

  g_array_sort (points, compare_points);
  for (guint i = 0; i < points->len; i++)
    add_to_chain (hull, 0, g_array_index (points, TamboPoint, i));
  if (points->len < 3)
    return hull;
  guint base = hull->len - 1;
  for (guint i = points->len - 1; i-- > 0;)
    add_to_chain (hull, base, g_array_index (points, TamboPoint, i));
  g_array_set_size (hull, hull->len - 1);
  return hull;
}

double tambo_page_area (const GArray *outline) {
  double twice = 0;

  for (guint i = 0; i < outline->len; i++) {
    const TamboPoint *a = &g_array_index (outline, TamboPoint, i);
    const TamboPoint *b = &g_array_index (outline, TamboPoint, (i + 1) % outline->len);
    twice += a->x * b->y - b->x * a->y;
  }
  return fabs (twice) / 2;
}

/* ---- the four best corners ---- */

/* The one of FIRST .. LAST that is farthest from the line between the two. */
static double find_farthest (const GArray *outline, guint first, guint last, guint *out_index) {
  TamboPoint a = g_array_index (outline, TamboPoint, first);
  TamboPoint b = g_array_index (outline, TamboPoint, last % outline->len);
  double best = 0;

  for (guint i = first + 1; i < last; i++) {
    double area =
        fabs (tambo_point_turn (a, b, g_array_index (outline, TamboPoint, i % outline->len)));
    if (area > best) {
      best = area;
      *out_index = i % outline->len;
    }
  }
  return best;
}

static gboolean find_corners (const GArray *outline, guint corners[4]) {
  double best = 0;

  for (guint i = 0; i + 2 < outline->len; i++) {
    for (guint j = i + 2; j < outline->len; j++) {
      guint one = 0, other = 0;
      double near = find_farthest (outline, i, j, &one);
      double far = find_farthest (outline, j, i + outline->len, &other);
      if (near <= 0 || far <= 0 || near + far <= best)
        continue;
      best = near + far;
      corners[0] = i;
      corners[1] = one;
      corners[2] = j;
      corners[3] = other;
    }
  }
  return best > 0;
}

/* ---- the lines of the sides ---- */

typedef struct {
  TamboPoint through, along; /* a unit vector */
} Line;

/* Least squares over points evenly along the outline's edges near the side from A to B. */
typedef struct {
  double n, x, y, xx, xy, yy;
} Sums;

static void add_point (Sums *sums, double x, double y, double weight) {
  sums->n += weight;
  sums->x += weight * x;
  sums->y += weight * y;
  sums->xx += weight * x * x;
  sums->xy += weight * x * y;
  sums->yy += weight * y * y;
}

static void add_edge (Sums *sums, TamboPoint from, TamboPoint to, TamboPoint a, TamboPoint b) {
  double length = hypot (b.x - a.x, b.y - a.y), edge = hypot (to.x - from.x, to.y - from.y);
  int steps = MAX ((int) edge, 1);

  for (int i = 0; i < steps; i++) {
    TamboPoint p = { from.x + (to.x - from.x) * (i + 0.5) / steps,
                     from.y + (to.y - from.y) * (i + 0.5) / steps };
    double share = ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / (length * length);
    if (share > END_SHARE && share < 1 - END_SHARE
        && fabs (tambo_point_turn (a, b, p)) / length < NEAR)
      add_point (sums, p.x, p.y, edge / steps);
  }
}

static Line fit_line (const GArray *outline, TamboPoint a, TamboPoint b) {
  double length = hypot (b.x - a.x, b.y - a.y);
  Line line = { a, { (b.x - a.x) / length, (b.y - a.y) / length } };
  Sums sums = { 0 };

  for (guint i = 0; i < outline->len; i++)
    add_edge (&sums, g_array_index (outline, TamboPoint, i),
              g_array_index (outline, TamboPoint, (i + 1) % outline->len), a, b);
  if (sums.n < length / 4)
    return line;
  double x = sums.x / sums.n, y = sums.y / sums.n;
  double angle =
      atan2 (2 * (sums.xy / sums.n - x * y), sums.xx / sums.n - x * x - (sums.yy / sums.n - y * y))
      / 2;
  return (Line){ { x, y }, { cos (angle), sin (angle) } };
}

static gboolean cross (Line one, Line other, TamboPoint *out_point) {
  double by = one.along.x * other.along.y - one.along.y * other.along.x;

  if (fabs (by) < 1e-6)
    return FALSE;
  double share = ((other.through.x - one.through.x) * other.along.y
                  - (other.through.y - one.through.y) * other.along.x)
                 / by;
  *out_point =
      (TamboPoint){ one.through.x + share * one.along.x, one.through.y + share * one.along.y };
  return TRUE;
}

/* The corner nearest to the picture's top left comes first. */
static void sort_out (const TamboPoint corners[4], TamboPageCorners *out) {
  int first = 0;

  for (int i = 1; i < 4; i++)
    if (corners[i].x + corners[i].y < corners[first].x + corners[first].y)
      first = i;
  for (int i = 0; i < 4; i++) {
    out->x[i] = corners[(first + i) % 4].x;
    out->y[i] = corners[(first + i) % 4].y;
  }
}

gboolean tambo_page_fit (const GArray *outline, TamboPageCorners *out_corners) {
  guint indices[4];
  TamboPoint corners[4], rough[4];
  Line sides[4];

  if (outline->len < 4 || !find_corners (outline, indices))
    return FALSE;
  for (int i = 0; i < 4; i++)
    rough[i] = g_array_index (outline, TamboPoint, indices[i]);
  for (int i = 0; i < 4; i++)
    sides[i] = fit_line (outline, rough[i], rough[(i + 1) % 4]);
  for (int i = 0; i < 4; i++)
    if (!cross (sides[(i + 3) % 4], sides[i], &corners[i])
        || hypot (corners[i].x - rough[i].x, corners[i].y - rough[i].y) > 10 * NEAR)
      return FALSE;
  sort_out (corners, out_corners);
  return TRUE;
}
