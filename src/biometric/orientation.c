/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/ridge-field.h"

#include <math.h>

#define CELL TAMBO_RIDGE_CELL

/* The gradient tensor of each cell: xx - yy, 2 xy and xx + yy. */
static void sum_tensor (const TamboRidgeField *field, const float *plane, float *difference,
                        float *product, float *energy) {
  int stride = field->stride;

  for (int row = 0; row < field->rows; row++) {
    for (int column = 0; column < field->columns; column++) {
      float d = 0, p = 0, e = 0;
      for (int y = row * CELL; y < (row + 1) * CELL; y++) {
        const float *at = plane + tambo_ridge_at (field, column * CELL, y);
        for (int x = 0; x < CELL; x++, at++) {
          float right = at[1 - stride] + 2 * at[1] + at[1 + stride];
          float left = at[-1 - stride] + 2 * at[-1] + at[-1 + stride];
          float below = at[stride - 1] + 2 * at[stride] + at[stride + 1];
          float above = at[-stride - 1] + 2 * at[-stride] + at[-stride + 1];
          float dx = right - left, dy = below - above;
          d += dx * dx - dy * dy;
          p += 2 * dx * dy;
          e += dx * dx + dy * dy;
        }
      }
      difference[row * field->columns + column] = d;
      product[row * field->columns + column] = p;
      energy[row * field->columns + column] = e;
    }
  }
}

static void set_directions (TamboRidgeField *field) {
  for (int i = 0; i < field->columns * field->rows; i++) {
    float half = 0.5f * atan2f (field->sine[i], field->cosine[i]);
    int step = (int) lrintf (half * (float) (TAMBO_RIDGE_DIRECTIONS / G_PI));
    field->direction[i] = (guint8) ((step + TAMBO_RIDGE_DIRECTIONS) % TAMBO_RIDGE_DIRECTIONS);
  }
}

void tambo_orientation_estimate (TamboRidgeField *field, const float *plane, float sigma) {
  int cells = field->columns * field->rows;
  g_autofree float *energy = g_new (float, (gsize) cells);

  sum_tensor (field, plane, field->cosine, field->sine, energy);
  tambo_ridge_smooth (field, field->cosine, sigma);
  tambo_ridge_smooth (field, field->sine, sigma);
  tambo_ridge_smooth (field, energy, sigma);
  /* The ridge runs across the gradient: half a turn of the doubled angle. */
  for (int i = 0; i < cells; i++) {
    float scale = -1 / (energy[i] + 1e-3f);
    field->cosine[i] *= scale;
    field->sine[i] *= scale;
  }
  set_directions (field);
}
