/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/ridge-field.h"

#include <math.h>
#include <stdlib.h>

#define CELL TAMBO_RIDGE_CELL
#define DEVIATION_SHARE 0.35f /* of the picture's own contrast that a cell of finger has */
#define DEVIATION_MIN 5.0f
#define CERTAINTY_MIN 0.22f
#define OPENING 3 /* cells */
#define CLOSING 5
#define STRENGTH_SHARE 0.5f /* of the typical amplitude of the filtered ridges */
#define STRENGTH_SIGMA 1.5f /* cells */
#define VOID_DEVIATION 1.5f /* grey levels: nothing but the sensor's own white */
#define VOID_REACH 1        /* cells */

void tambo_ridge_spread (const TamboRidgeField *field, guint8 *cells, guint8 value, int radius) {
  int columns = field->columns, rows = field->rows;
  g_autofree guint8 *line = g_new (guint8, (gsize) MAX (columns, rows));

  for (int pass = 0; pass < 2; pass++) {
    int lines = pass == 0 ? rows : columns, length = pass == 0 ? columns : rows;
    int step = pass == 0 ? 1 : columns, next = pass == 0 ? columns : 1;
    for (int l = 0; l < lines; l++) {
      guint8 *at = cells + l * next;
      for (int i = 0; i < length; i++)
        line[i] = at[i * step];
      for (int i = 0; i < length; i++)
        if (line[i] == value)
          for (int k = MAX (i - radius, 0); k <= MIN (i + radius, length - 1); k++)
            at[k * step] = value;
    }
  }
}

/* Keeps the largest piece of the finger cells. */
static void keep_largest (TamboRidgeField *field) {
  int cells = field->columns * field->rows, best = 0, best_label = 0, label = 0;
  g_autofree int *labels = g_new0 (int, (gsize) cells);
  g_autofree int *stack = g_new (int, (gsize) cells);

  for (int start = 0; start < cells; start++) {
    int size = 0, depth = 0;
    if (!field->finger[start] || labels[start] != 0)
      continue;
    labels[start] = ++label;
    stack[depth++] = start;
    while (depth > 0) {
      int at = stack[--depth], column = at % field->columns, row = at / field->columns;
      const int next[4] = { column > 0 ? at - 1 : at, column + 1 < field->columns ? at + 1 : at,
                            row > 0 ? at - field->columns : at,
                            row + 1 < field->rows ? at + field->columns : at };
      size++;
      for (int k = 0; k < 4; k++) {
        if (field->finger[next[k]] && labels[next[k]] == 0) {
          labels[next[k]] = label;
          stack[depth++] = next[k];
        }
      }
    }
    if (size > best) {
      best = size;
      best_label = label;
    }
  }
  for (int i = 0; i < cells; i++)
    field->finger[i] = best_label != 0 && labels[i] == best_label;
}

/* The deviation that the most contrasty tenth of the cells has. */
static float typical_deviation (const TamboRidgeField *field) {
  int histogram[128] = { 0 }, cells = field->columns * field->rows, count = 0;

  for (int i = 0; i < cells; i++)
    histogram[CLAMP ((int) field->deviation[i], 0, 127)]++;
  for (int level = 127; level > 0; level--) {
    count += histogram[level];
    if (count > cells / 10)
      return (float) level;
  }
  return 0;
}

/* One piece without holes and threads. */
static void make_whole (TamboRidgeField *field) {
  tambo_ridge_spread (field, field->finger, 1, CLOSING);
  tambo_ridge_spread (field, field->finger, 0, CLOSING);
  tambo_ridge_spread (field, field->finger, 0, OPENING);
  tambo_ridge_spread (field, field->finger, 1, OPENING);
  keep_largest (field);
}

void tambo_ridge_segment (TamboRidgeField *field) {
  float floor = MAX (DEVIATION_MIN, DEVIATION_SHARE * typical_deviation (field));

  for (int i = 0; i < field->columns * field->rows; i++)
    field->finger[i] =
        field->deviation[i] >= floor && hypotf (field->cosine[i], field->sine[i]) >= CERTAINTY_MIN;
  make_whole (field);
}

static int compare_floats (const void *a, const void *b) {
  float x = *(const float *) a, y = *(const float *) b;
  return (x > y) - (x < y);
}

/* The amplitude of the filtered ridges in grey levels, for each cell. */
static void measure_strength (const TamboRidgeField *field, float *strength) {
  for (int row = 0; row < field->rows; row++) {
    for (int column = 0; column < field->columns; column++) {
      int cell = row * field->columns + column;
      float sum = 0;
      for (int y = row * CELL; y < (row + 1) * CELL; y++) {
        const float *at = field->ridges + tambo_ridge_at (field, column * CELL, y);
        for (int x = 0; x < CELL; x++)
          sum += fabsf (at[x]);
      }
      strength[cell] = sum / (CELL * CELL) * field->deviation[cell];
    }
  }
  tambo_ridge_smooth (field, strength, STRENGTH_SIGMA);
}

void tambo_ridge_segment_again (TamboRidgeField *field) {
  gsize cells = (gsize) field->columns * (gsize) field->rows, count = 0;
  g_autofree float *strength = g_new (float, cells);
  g_autofree float *sorted = g_new (float, cells);
  g_autofree guint8 *empty = g_new0 (guint8, cells);

  measure_strength (field, strength);
  for (gsize i = 0; i < cells; i++) {
    empty[i] = field->near_deviation[i] < VOID_DEVIATION;
    if (field->finger[i])
      sorted[count++] = strength[i];
  }
  if (count == 0)
    return;
  qsort (sorted, count, sizeof *sorted, compare_floats);
  float floor = STRENGTH_SHARE * sorted[count / 2];
  tambo_ridge_spread (field, empty, 1, VOID_REACH);
  for (gsize i = 0; i < cells; i++)
    field->finger[i] = field->finger[i] && strength[i] >= floor && !empty[i];
  make_whole (field);
  /* What was closed does not reach over the border. */
  for (gsize i = 0; i < cells; i++)
    field->finger[i] = field->finger[i] && !empty[i];
}
