/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/ridge-field.h"

#include <math.h>
#include <string.h>

#define CELL TAMBO_RIDGE_CELL
#define MARGIN TAMBO_RIDGE_MARGIN
#define SIDE_MIN 32
#define LIGHT_SIGMA 2.7f /* cells: the neighbourhood of mean and deviation */
#define NEAR_SIGMA 0.8f
#define DEVIATION_FLOOR 6 /* grey levels: flatter parts are not blown up */
#define EVEN_MAX 2.5f
#define SMOOTH_RADIUS_MAX 16

void tambo_ridge_smooth (const TamboRidgeField *field, float *cells, float sigma) {
  float weights[SMOOTH_RADIUS_MAX + 1], total = 0;
  int radius = MIN ((int) ceilf (2.5f * sigma), SMOOTH_RADIUS_MAX);
  int columns = field->columns, rows = field->rows;
  g_autofree float *padded = g_new (float, (gsize) MAX (columns, rows) + 2 * SMOOTH_RADIUS_MAX);

  for (int k = 0; k <= radius; k++) {
    weights[k] = expf (-0.5f * (float) (k * k) / (sigma * sigma));
    total += k == 0 ? weights[k] : 2 * weights[k];
  }
  for (int k = 0; k <= radius; k++)
    weights[k] /= total;

  for (int pass = 0; pass < 2; pass++) {
    int lines = pass == 0 ? rows : columns, length = pass == 0 ? columns : rows;
    int step = pass == 0 ? 1 : columns, next = pass == 0 ? columns : 1;
    for (int line = 0; line < lines; line++) {
      float *at = cells + line * next;
      for (int i = -radius; i < length + radius; i++)
        padded[i + radius] = at[CLAMP (i, 0, length - 1) * step];
      for (int i = 0; i < length; i++) {
        float sum = weights[0] * padded[i + radius];
        for (int k = 1; k <= radius; k++)
          sum += weights[k] * (padded[i + radius - k] + padded[i + radius + k]);
        at[i * step] = sum;
      }
    }
  }
}

/* Smooths MEAN and SQUARES further, by SIGMA. */
static void set_deviation (TamboRidgeField *field, float *mean, float *squares, float sigma,
                           float *deviation) {
  tambo_ridge_smooth (field, mean, sigma);
  tambo_ridge_smooth (field, squares, sigma);
  for (int i = 0; i < field->columns * field->rows; i++)
    deviation[i] = sqrtf (MAX (squares[i] - mean[i] * mean[i], 0));
}

/* Mean and deviation of each cell with its surroundings. */
static void measure_light (TamboRidgeField *field, const TamboImage *image, float *mean) {
  g_autofree float *squares = g_new (float, (gsize) field->columns *(gsize) field->rows);

  for (int row = 0; row < field->rows; row++) {
    for (int column = 0; column < field->columns; column++) {
      int sum = 0, square = 0;
      for (int y = row * CELL; y < (row + 1) * CELL; y++) {
        const guint8 *line = image->data + (gsize) y * (gsize) image->width + column * CELL;
        for (int x = 0; x < CELL; x++) {
          sum += line[x];
          square += line[x] * line[x];
        }
      }
      mean[row * field->columns + column] = (float) sum / (CELL * CELL);
      squares[row * field->columns + column] = (float) square / (CELL * CELL);
    }
  }
  set_deviation (field, mean, squares, NEAR_SIGMA, field->near_deviation);
  set_deviation (field, mean, squares, LIGHT_SIGMA, field->deviation);
}

static void even_out (TamboRidgeField *field, const TamboImage *image, const float *mean) {
  for (int row = 0; row < field->rows; row++) {
    for (int column = 0; column < field->columns; column++) {
      float level = mean[row * field->columns + column];
      float scale = 1 / (field->deviation[row * field->columns + column] + DEVIATION_FLOOR);
      for (int y = row * CELL; y < (row + 1) * CELL; y++) {
        const guint8 *line = image->data + (gsize) y * (gsize) image->width + column * CELL;
        float *out = field->even + tambo_ridge_at (field, column * CELL, y);
        for (int x = 0; x < CELL; x++)
          out[x] = CLAMP ((level - line[x]) * scale, -EVEN_MAX, EVEN_MAX);
      }
    }
  }
}

TamboRidgeField *tambo_ridge_field_new (const TamboImage *image) {
  if (image->channels != 1 || image->width < SIDE_MIN || image->height < SIDE_MIN)
    return NULL;

  TamboRidgeField *field = g_new0 (TamboRidgeField, 1);
  field->columns = image->width / CELL;
  field->rows = image->height / CELL;
  field->width = field->columns * CELL;
  field->height = field->rows * CELL;
  field->stride = field->width + 2 * MARGIN;

  gsize cells = (gsize) field->columns * (gsize) field->rows;
  gsize pixels = (gsize) field->stride * (gsize) (field->height + 2 * MARGIN);
  field->even = g_new0 (float, pixels);
  field->ridges = g_new0 (float, pixels);
  field->deviation = g_new0 (float, cells);
  field->near_deviation = g_new0 (float, cells);
  field->cosine = g_new0 (float, cells);
  field->sine = g_new0 (float, cells);
  field->direction = g_new0 (guint8, cells);
  field->period = g_new0 (float, cells);
  field->finger = g_new0 (guint8, cells);

  g_autofree float *mean = g_new (float, cells);
  measure_light (field, image, mean);
  even_out (field, image, mean);
  return field;
}

void tambo_ridge_field_free (TamboRidgeField *field) {
  if (field == NULL)
    return;
  /* A print is personal: it does not stay behind in freed memory. */
  gsize pixels = (gsize) field->stride * (gsize) (field->height + 2 * MARGIN);
  explicit_bzero (field->even, pixels * sizeof (float));
  explicit_bzero (field->ridges, pixels * sizeof (float));
  g_free (field->even);
  g_free (field->ridges);
  g_free (field->deviation);
  g_free (field->near_deviation);
  g_free (field->cosine);
  g_free (field->sine);
  g_free (field->direction);
  g_free (field->period);
  g_free (field->finger);
  g_free (field);
}
