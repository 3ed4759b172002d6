/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/ridge-field.h"

#include <math.h>

#define CELL TAMBO_RIDGE_CELL
#define STEP 4    /* cells from one measurement to the next */
#define LENGTH 40 /* samples across the ridges */
#define LINES 7   /* averaged along the ridges, LINE_STEP pixels apart */
#define LINE_STEP 2
#define LAG_MIN 4
#define LAG_MAX 18
#define PEAK_MIN 0.25f
#define TYPICAL_PERIOD 9.0f
#define SPREAD_SIGMA 6.0f /* cells */

static void read_profile (const TamboRidgeField *field, const float *plane, int x, int y,
                          float angle, float profile[LENGTH]) {
  float along_x = cosf (angle), along_y = sinf (angle), mean = 0;

  for (int i = 0; i < LENGTH; i++) {
    float a = (float) i - (LENGTH - 1) / 2.0f, sum = 0;
    for (int j = 0; j < LINES; j++) {
      float b = (float) (j - LINES / 2) * LINE_STEP;
      int px = x + (int) lrintf (b * along_x - a * along_y);
      int py = y + (int) lrintf (b * along_y + a * along_x);
      sum += plane[tambo_ridge_at (field, CLAMP (px, 0, field->width - 1),
                                   CLAMP (py, 0, field->height - 1))];
    }
    profile[i] = sum / LINES;
    mean += profile[i] / LENGTH;
  }
  for (int i = 0; i < LENGTH; i++)
    profile[i] -= mean;
}

/* The first maximum of the autocorrelation behind its first zero; 0 without one. */
static float find_period (const float profile[LENGTH], float *out_weight) {
  float values[LAG_MAX + 2];
  int lag = 1;

  for (int k = 0; k < (int) G_N_ELEMENTS (values); k++) {
    float sum = 0;
    for (int i = 0; i + k < LENGTH; i++)
      sum += profile[i] * profile[i + k];
    values[k] = sum / (float) (LENGTH - k);
  }
  if (values[0] <= 1e-4f)
    return 0;
  while (lag <= LAG_MAX && values[lag] > 0)
    lag++;
  for (lag = MAX (lag, LAG_MIN); lag <= LAG_MAX; lag++)
    if (values[lag] >= values[lag - 1] && values[lag] > values[lag + 1])
      break;
  if (lag > LAG_MAX || values[lag] < PEAK_MIN * values[0])
    return 0;
  float bend = values[lag - 1] - 2 * values[lag] + values[lag + 1];
  *out_weight = values[lag] / values[0];
  return (float) lag + (bend < 0 ? 0.5f * (values[lag - 1] - values[lag + 1]) / bend : 0);
}

void tambo_ridge_frequency_estimate (TamboRidgeField *field, const float *plane) {
  int cells = field->columns * field->rows;
  g_autofree float *weights = g_new0 (float, (gsize) cells);
  float profile[LENGTH], total = 0, count = 0;

  for (int i = 0; i < cells; i++)
    field->period[i] = 0;
  for (int row = STEP / 2; row < field->rows; row += STEP) {
    for (int column = STEP / 2; column < field->columns; column += STEP) {
      int cell = row * field->columns + column;
      float weight = 0;
      if (!field->finger[cell])
        continue;
      read_profile (field, plane, column * CELL, row * CELL,
                    (float) field->direction[cell] * (float) (G_PI / TAMBO_RIDGE_DIRECTIONS),
                    profile);
      float period = find_period (profile, &weight);
      if (period < TAMBO_RIDGE_PERIOD_MIN || period > TAMBO_RIDGE_PERIOD_MAX)
        continue;
      field->period[cell] = period * weight;
      weights[cell] = weight;
      total += period * weight;
      count += weight;
    }
  }

  /* Where nothing was measured, the print's own mean stands in. */
  float typical = count > 0 ? total / count : TYPICAL_PERIOD;
  tambo_ridge_smooth (field, field->period, SPREAD_SIGMA);
  tambo_ridge_smooth (field, weights, SPREAD_SIGMA);
  for (int i = 0; i < cells; i++)
    field->period[i] = (field->period[i] + 1e-3f * typical) / (weights[i] + 1e-3f);
}
