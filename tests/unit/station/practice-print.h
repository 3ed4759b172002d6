/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prints of drawn fingers.
 */
#pragma once

#include <math.h>

#include "format/image.h"

#define N_MINUTIAE 34

/* Ridges with an ending or a fork wherever the phase turns once around: SEED says where. Shifted by DX. */
static inline TamboImage *print_new (guint32 seed, int dx) {
  TamboImage *image = tambo_image_new (320, 400, 1);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  double places[N_MINUTIAE][3];

  for (int i = 0; i < N_MINUTIAE; i++) {
    places[i][0] = g_rand_double_range (random, 70, 250);
    places[i][1] = g_rand_double_range (random, 70, 330);
    places[i][2] = g_rand_boolean (random) ? 1 : -1;
  }
  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++) {
      double u = x - dx, v = y;
      double inside = pow ((u - 160) / 130, 2) + pow ((v - 200) / 180, 2);
      double phase = sqrt (pow (u - 160, 2) * 1.6 + pow (v - 420, 2)) * 2 * G_PI / 9;
      for (int i = 0; i < N_MINUTIAE; i++)
        phase += places[i][2] * atan2 (v - places[i][1], u - places[i][0]);
      image->data[y * image->width + x] = inside > 1 ? 255 : (guint8) (128 + 110 * sin (phase));
    }
  image->ppi = 500;
  return image;
}
