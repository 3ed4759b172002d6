/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/fingerprint-map.h"

#include <math.h>

#include "biometric/ridge-field.h"

#define SIGMA 1.5f /* cells */
#define CLEAR 0.6f /* certainty of a direction from which on a ridge is trusted wholly */
#define DOUBTFUL 0.3f
#define TINT 0.35 /* share of the colour in the picture */

typedef struct {
  double red, green, blue;
} Colour;

static Colour mix (Colour from, Colour to, double share) {
  return (Colour){ from.red + (to.red - from.red) * share,
                   from.green + (to.green - from.green) * share,
                   from.blue + (to.blue - from.blue) * share };
}

static Colour colour_of (float certainty) {
  const Colour red = { 200, 30, 30 }, amber = { 240, 170, 0 }, green = { 20, 150, 70 };

  if (certainty < DOUBTFUL)
    return mix (red, amber, certainty / DOUBTFUL);
  return mix (amber, green, MIN ((certainty - DOUBTFUL) / (CLEAR - DOUBTFUL), 1));
}

static void tint (guint8 *pixel, const Colour *colour) {
  pixel[0] = (guint8) (pixel[0] * (1 - TINT) + colour->red * TINT);
  pixel[1] = (guint8) (pixel[1] * (1 - TINT) + colour->green * TINT);
  pixel[2] = (guint8) (pixel[2] * (1 - TINT) + colour->blue * TINT);
}

static void tint_cell (TamboImage *map, const TamboRidgeField *field, int column, int row) {
  int cell = row * field->columns + column;
  Colour colour = colour_of (hypotf (field->cosine[cell], field->sine[cell]));
  int right = MIN ((column + 1) * TAMBO_RIDGE_CELL, map->width);
  int bottom = MIN ((row + 1) * TAMBO_RIDGE_CELL, map->height);

  for (int y = row * TAMBO_RIDGE_CELL; y < bottom; y++)
    for (int x = column * TAMBO_RIDGE_CELL; x < right; x++)
      tint (map->data + 3 * ((gsize) y * (gsize) map->width + (gsize) x), &colour);
}

TamboImage *tambo_fingerprint_draw_map (const TamboImage *image) {
  g_autoptr (TamboImage) grey = tambo_image_to_grey (image);
  TamboImage *map = grey != NULL ? tambo_image_to_rgb (grey) : NULL;
  g_autoptr (TamboRidgeField) field = map != NULL ? tambo_ridge_field_new (grey) : NULL;
  if (field == NULL)
    return map;

  tambo_orientation_estimate (field, field->even, SIGMA);
  tambo_ridge_segment (field);
  for (int row = 0; row < field->rows; row++)
    for (int column = 0; column < field->columns; column++)
      if (field->finger[row * field->columns + column])
        tint_cell (map, field, column, row);
  return map;
}
