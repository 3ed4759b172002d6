/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/minutiae.h"

#include <math.h>

#define RADIUS 4
#define STROKE 13

static void put (TamboImage *image, int x, int y, const guint8 colour[3]) {
  if (x < 0 || y < 0 || x >= image->width || y >= image->height)
    return;
  guint8 *at = image->data + 3 * ((gsize) y * (gsize) image->width + (gsize) x);
  for (int c = 0; c < 3; c++)
    at[c] = colour[c];
}

static void draw_minutia (TamboImage *image, const TamboMinutia *minutia) {
  static const guint8 red[3] = { 220, 0, 0 }, blue[3] = { 0, 60, 230 };
  gboolean ring = minutia->type != TAMBO_MINUTIA_BIFURCATION;
  const guint8 *colour = ring ? red : blue;
  double angle = minutia->angle * G_PI / 128;

  for (int dy = -RADIUS; dy <= RADIUS; dy++)
    for (int dx = -RADIUS; dx <= RADIUS; dx++)
      if (ring ? lround (hypot (dx, dy)) == RADIUS : MAX (ABS (dx), ABS (dy)) == RADIUS)
        put (image, minutia->x + dx, minutia->y + dy, colour);
  for (int k = RADIUS; k <= STROKE; k++)
    put (image, minutia->x + (int) lround (k * cos (angle)),
         minutia->y - (int) lround (k * sin (angle)), colour);
}

TamboImage *tambo_minutiae_draw (const TamboImage *image, const TamboMinutiaeView *view) {
  TamboImage *drawn = tambo_image_to_rgb (image);

  for (guint i = 0; drawn != NULL && i < view->minutiae->len; i++)
    draw_minutia (drawn, &g_array_index (view->minutiae, TamboMinutia, i));
  return drawn;
}
