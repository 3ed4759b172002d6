/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The outline of what stands out: a convex polygon and the four lines that fit it best.
 */
#pragma once

#include "format/page.h"

typedef struct {
  double x, y;
} TamboPoint;

/* Twice the area of the triangle; above 0 when A, B, C turn clockwise on the screen. */
static inline double tambo_point_turn (TamboPoint a, TamboPoint b, TamboPoint c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/* Of a mask with a byte for each pixel, 1 inside: of TamboPoint, clockwise. */
GArray *tambo_page_outline (const guint8 *mask, int width, int height);
double tambo_page_area (const GArray *outline);
/* The quadrilateral that fills OUTLINE best. FALSE when it has fewer than four corners. */
gboolean tambo_page_fit (const GArray *outline, TamboPageCorners *out_corners);
