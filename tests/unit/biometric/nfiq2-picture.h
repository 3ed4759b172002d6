/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A drawn print whose minutiae are known: where the phase of its ridges turns once, one of them ends or
 * forks.
 */
#pragma once

#include "format/image.h"

#include <math.h>

static const struct {
  int x, y;
} drawn_minutiae[] = {
  { 110, 120 }, { 200, 90 },  { 290, 130 }, { 130, 220 }, { 230, 200 }, { 300, 240 },
  { 90, 300 },  { 180, 320 }, { 260, 310 }, { 330, 330 }, { 140, 390 }, { 240, 400 },
};

static inline TamboImage *drawn_print_new (void) {
  TamboImage *image = tambo_image_new (400, 500, 1);

  for (int y = 0; y < 500; y++)
    for (int x = 0; x < 400; x++) {
      double phase = 0.7 * hypot (x - 200, 0.8 * (y - 560));
      double u = (x - 200) / 170.0, v = (y - 250) / 220.0;
      for (guint i = 0; i < G_N_ELEMENTS (drawn_minutiae); i++)
        phase += (i % 2 == 0 ? 1 : -1)
                 * atan2 (y - drawn_minutiae[i].y + 0.5, x - drawn_minutiae[i].x + 0.5);
      image->data[y * 400 + x] =
          u * u + v * v < 1 ? (guint8) (130 + 90 * sin (phase) + (x * 7 + y * 13) % 17) : 252;
    }
  image->ppi = 500;
  return image;
}
