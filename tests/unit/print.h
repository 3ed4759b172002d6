/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A print with minutiae for tests: the same SEED is the same finger.
 */
#pragma once

#include <math.h>

#include "format/image.h"

#define PRINT_MINUTIAE 30

/* Ridges (NOISE in grey levels) whose phase turns once around each of some points: there a ridge ends or
 * divides. */
static inline TamboImage *print_new (guint32 seed, double noise) {
  g_autoptr (GRand) draw = g_rand_new_with_seed (seed);
  g_autoptr (GRand) grain = g_rand_new_with_seed (seed + 1);
  TamboImage *image = tambo_image_new (320, 400, 1);
  double x[PRINT_MINUTIAE], y[PRINT_MINUTIAE], sign[PRINT_MINUTIAE];

  for (int i = 0; i < PRINT_MINUTIAE; i++) {
    x[i] = g_rand_double_range (draw, 60, 260);
    y[i] = g_rand_double_range (draw, 60, 340);
    sign[i] = g_rand_boolean (draw) ? 1 : -1;
  }
  for (int row = 0; row < image->height; row++)
    for (int column = 0; column < image->width; column++) {
      double dx = column - 160.0, dy = row - 420.0;
      double inside = (dx * dx) / (130.0 * 130) + ((row - 200.0) * (row - 200.0)) / (180.0 * 180);
      double phase = sqrt (dx * dx * 1.6 + dy * dy) * 2 * G_PI / 9;
      for (int i = 0; i < PRINT_MINUTIAE; i++)
        phase += sign[i] * atan2 (row - y[i], column - x[i]);
      double value = 128 + 110 * sin (phase) + noise * g_rand_double_range (grain, -1, 1);
      image->data[row * image->width + column] = inside > 1 ? 255 : (guint8) CLAMP (value, 0, 255);
    }
  image->ppi = 500;
  return image;
}
