/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/ridge-field.h"

#include <math.h>
#include <string.h>

#define CELL TAMBO_RIDGE_CELL
#define DIRECTIONS TAMBO_RIDGE_DIRECTIONS
#define REACH 12 /* taps either way; with the cell it stays inside the margin */
#define TAPS (2 * REACH + 1)
#define PERIODS 23         /* steps of half a pixel from the smallest */
#define ACROSS_SIGMA 0.42f /* of the period */

/* Four pixels side by side: one row of a cell. */
typedef float Row __attribute__ ((vector_size (CELL * sizeof (float))));

/* A line through a pixel: one step a tap along the main axis, between two pixels on the other. */
typedef struct {
  gssize offsets[2 * TAPS];
  float weights[2 * TAPS];
  int count;
} Line;

static void make_line (Line *line, int stride, float angle, float (*weigh) (float, const float *),
                       const float *parameters) {
  float dx = cosf (angle), dy = sinf (angle);
  gboolean steep = fabsf (dy) > fabsf (dx);
  float slope = steep ? dx / dy : dy / dx, length = hypotf (1, slope);

  line->count = 0;
  for (int k = -REACH; k <= REACH; k++) {
    float weight = weigh ((float) k * length, parameters), minor = (float) k * slope;
    int below = (int) floorf (minor);
    if (fabsf (weight) < 1e-4f)
      continue;
    for (int side = 0; side < 2; side++) {
      float share = side == 0 ? 1 - (minor - (float) below) : minor - (float) below;
      int x = steep ? below + side : k, y = steep ? k : below + side;
      line->offsets[line->count] = (gssize) y * stride + x;
      line->weights[line->count++] = weight * share;
    }
  }
}

static float weigh_gauss (float distance, const float *sigma) {
  return expf (-0.5f * distance * distance / (*sigma * *sigma));
}

static float weigh_gabor (float distance, const float *period) {
  float sigma = ACROSS_SIGMA * *period;
  return expf (-0.5f * distance * distance / (sigma * sigma))
         * cosf (2 * (float) G_PI * distance / *period);
}

static void scale_line (Line *line, float factor) {
  for (int i = 0; i < line->count; i++)
    line->weights[i] *= factor;
}

/* An even grey gives nothing, a wave of the period one. */
static void balance_gabor (Line *line, float angle, float period, int stride) {
  float sum = 0, envelope = 0, sigma = ACROSS_SIGMA * period;
  Line gauss;

  make_line (&gauss, stride, angle, weigh_gauss, &sigma);
  for (int i = 0; i < line->count; i++)
    sum += line->weights[i];
  for (int i = 0; i < gauss.count; i++)
    envelope += gauss.weights[i];
  for (int i = 0, j = 0; i < gauss.count && j < line->count; i++)
    if (gauss.offsets[i] == line->offsets[j])
      line->weights[j++] -= gauss.weights[i] * sum / envelope;
  scale_line (line, 2 / envelope);
}

static void filter_cell (const float *from, float *to, int stride, const Line *line) {
  Row rows[CELL] = { 0 };

  for (int i = 0; i < line->count; i++) {
    const float *at = from + line->offsets[i];
    float weight = line->weights[i];
    for (int y = 0; y < CELL; y++) {
      Row pixels;
      memcpy (&pixels, at + (gssize) y * stride, sizeof pixels);
      rows[y] += pixels * weight;
    }
  }
  for (int y = 0; y < CELL; y++)
    memcpy (to + (gssize) y * stride, &rows[y], sizeof rows[y]);
}

static void filter_along (const TamboRidgeField *field, float *out, float sigma) {
  g_autofree Line *lines = g_new (Line, DIRECTIONS);

  for (int d = 0; d < DIRECTIONS; d++) {
    float sum = 0;
    make_line (&lines[d], field->stride, (float) (d * G_PI / DIRECTIONS), weigh_gauss, &sigma);
    for (int i = 0; i < lines[d].count; i++)
      sum += lines[d].weights[i];
    scale_line (&lines[d], 1 / sum);
  }
  for (int row = 0; row < field->rows; row++) {
    for (int column = 0; column < field->columns; column++) {
      gsize at = tambo_ridge_at (field, column * CELL, row * CELL);
      const Line *line = &lines[field->direction[row * field->columns + column]];
      filter_cell (field->even + at, out + at, field->stride, line);
    }
  }
}

static void filter_across (const TamboRidgeField *field, const float *from) {
  g_autofree Line *lines = g_new0 (Line, DIRECTIONS * PERIODS);

  for (int row = 0; row < field->rows; row++) {
    for (int column = 0; column < field->columns; column++) {
      int cell = row * field->columns + column;
      gsize at = tambo_ridge_at (field, column * CELL, row * CELL);
      int p = (int) lrintf ((field->period[cell] - TAMBO_RIDGE_PERIOD_MIN) * 2);
      int d = (field->direction[cell] + DIRECTIONS / 2) % DIRECTIONS;
      p = CLAMP (p, 0, PERIODS - 1);
      Line *line = &lines[d * PERIODS + p];
      if (!field->finger[cell])
        continue;
      if (line->count == 0) {
        float angle = (float) (d * G_PI / DIRECTIONS);
        float period = TAMBO_RIDGE_PERIOD_MIN + 0.5f * (float) p;
        make_line (line, field->stride, angle, weigh_gabor, &period);
        balance_gabor (line, angle, period, field->stride);
      }
      filter_cell (from + at, field->ridges + at, field->stride, line);
    }
  }
}

void tambo_ridge_filter (TamboRidgeField *field, float sigma) {
  gsize pixels = (gsize) field->stride * (gsize) (field->height + 2 * TAMBO_RIDGE_MARGIN);
  g_autofree float *along = g_new0 (float, pixels);

  memset (field->ridges, 0, pixels * sizeof (float));
  filter_along (field, along, sigma);
  filter_across (field, along);
  explicit_bzero (along, pixels * sizeof (float));
}
