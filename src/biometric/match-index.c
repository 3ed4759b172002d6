/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/match-private.h"

#include <math.h>

#define COVER_MARGIN 16.0f /* pixels */
#define REACH_ANGLE 20     /* of 256 */

/* ---- hull ---- */

static float cross (const TamboMatchTemplate *t, int o, int a, int b) {
  return (t->x[a] - t->x[o]) * (t->y[b] - t->y[o]) - (t->y[a] - t->y[o]) * (t->x[b] - t->x[o]);
}

/* Andrew's monotone chain, counter-clockwise; the minutiae are in the order of x and y. */
void tambo_match_make_hull (TamboMatchTemplate *t) {
  int chain[2 * TAMBO_MATCH_MINUTIAE_MAX + 1], n = 0;

  for (int i = 0; i < t->count; i++) {
    while (n >= 2 && cross (t, chain[n - 2], chain[n - 1], i) <= 0)
      n--;
    chain[n++] = i;
  }
  for (int i = t->count - 2, lower = n + 1; i >= 0; i--) {
    while (n >= lower && cross (t, chain[n - 2], chain[n - 1], i) <= 0)
      n--;
    chain[n++] = i;
  }
  t->hull_count = MAX (MIN (n - 1, TAMBO_MATCH_MINUTIAE_MAX), 0);
  for (int i = 0; i < t->hull_count; i++) {
    int from = chain[i], to = chain[i + 1];
    float dx = t->x[to] - t->x[from], dy = t->y[to] - t->y[from], length = hypotf (dx, dy);
    float nx = length > 0 ? dy / length : 0, ny = length > 0 ? -dx / length : 0;
    t->hull[i][0] = nx;
    t->hull[i][1] = ny;
    t->hull[i][2] = -(nx * t->x[from] + ny * t->y[from]);
  }
}

float tambo_match_outside_hull (const TamboMatchTemplate *t, float x, float y) {
  float outside = 0;

  for (int i = 0; i < t->hull_count; i++)
    outside = MAX (outside, t->hull[i][0] * x + t->hull[i][1] * y + t->hull[i][2]);
  return outside;
}

/* ---- where minutiae are ---- */

static void mark (TamboMatchTemplate *t, int i) {
  int column = (int) ((t->x[i] - t->left) / TAMBO_MATCH_GRID_CELL);
  int row = (int) ((t->y[i] - t->bottom) / TAMBO_MATCH_GRID_CELL);
  /* The eighths that begin within a sixteenth of where it points to, and its own. */
  guint8 bits = (guint8) (1 << (t->angle[i] >> 5) | 1 << ((guint8) (t->angle[i] + REACH_ANGLE) >> 5)
                          | 1 << ((guint8) (t->angle[i] - REACH_ANGLE) >> 5));

  for (int y = MAX (row - 1, 0); y <= MIN (row + 1, TAMBO_MATCH_GRID - 1); y++)
    for (int x = MAX (column - 1, 0); x <= MIN (column + 1, TAMBO_MATCH_GRID - 1); x++)
      t->grid[y][x] |= bits;
}

static void cover (TamboMatchTemplate *t) {
  for (int row = 0; row < TAMBO_MATCH_GRID; row++) {
    t->covered[row] = 0;
    for (int column = 0; column < TAMBO_MATCH_GRID; column++) {
      float x = t->left + ((float) column + 0.5f) * TAMBO_MATCH_GRID_CELL;
      float y = t->bottom + ((float) row + 0.5f) * TAMBO_MATCH_GRID_CELL;
      if (tambo_match_outside_hull (t, x, y) <= COVER_MARGIN)
        t->covered[row] |= G_GUINT64_CONSTANT (1) << column;
    }
  }
}

void tambo_match_make_index (TamboMatchTemplate *t) {
  float right = 0;

  t->left = t->bottom = 0;
  for (int i = 0; i < t->count; i++) {
    t->left = i == 0 ? t->x[i] : MIN (t->left, t->x[i]);
    right = i == 0 ? t->x[i] : MAX (right, t->x[i]);
    t->bottom = i == 0 ? t->y[i] : MIN (t->bottom, t->y[i]);
  }
  t->left -= 2 * TAMBO_MATCH_GRID_CELL;
  t->bottom -= 2 * TAMBO_MATCH_GRID_CELL;
  t->bucket_width = (right - t->left) / TAMBO_MATCH_BUCKETS + 1;
  for (int i = 0, bucket = 0; bucket <= TAMBO_MATCH_BUCKETS; bucket++) {
    while (i < t->count && t->x[i] < t->left + (float) bucket * t->bucket_width)
      i++;
    t->buckets[bucket] = (guint8) i;
  }
  for (int i = 0; i < t->count; i++)
    mark (t, i);
  cover (t);
}
