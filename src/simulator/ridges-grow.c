/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/ridges-private.h"

#include <math.h>
#include <string.h>

#define DIRECTIONS 36
#define PERIODS 9 /* from the mean less its spread to the mean and its spread */
#define PERIOD_STEP (2 * FIELD_PERIOD_SPREAD / (PERIODS - 1))
#define RADIUS 9
#define SIDE (2 * RADIUS + 1)
#define TAPS (SIDE * SIDE)
#define MARGIN (RADIUS + 1)
#define ROUNDS 11
#define SEED_DISTANCE 26.0 /* mean distance of the points from which ridges grow */

typedef struct {
  float taps[PERIODS][DIRECTIONS][TAPS];
} FilterBank;

typedef struct {
  guint32 offset;
  guint8 period, direction;
} Cell;

static double period_of_class (double mean, guint class) {
  return mean * (1 - FIELD_PERIOD_SPREAD + PERIOD_STEP * class);
}

static void make_filter (float *taps, double period, double direction) {
  double sigma = 0.46 * period, across_x = -sin (direction), across_y = cos (direction);
  double values[TAPS], sum = 0, weights = 0;
  for (int y = -RADIUS; y <= RADIUS; y++)
    for (int x = -RADIUS; x <= RADIUS; x++) {
      double weight = exp (-(x * x + y * y) / (2 * sigma * sigma));
      double wave = cos (2 * G_PI * (across_x * x + across_y * y) / period);
      values[(y + RADIUS) * SIDE + x + RADIUS] = weight * wave;
      sum += weight * wave;
      weights += weight;
    }

  /* Without a mean, so that grey stays grey; scaled so that its own wave comes back as it was. */
  double response = 0;
  for (int y = -RADIUS; y <= RADIUS; y++)
    for (int x = -RADIUS; x <= RADIUS; x++) {
      int i = (y + RADIUS) * SIDE + x + RADIUS;
      values[i] -= exp (-(x * x + y * y) / (2 * sigma * sigma)) * sum / weights;
      response += values[i] * cos (2 * G_PI * (across_x * x + across_y * y) / period);
    }
  for (int i = 0; i < TAPS; i++)
    taps[i] = (float) (values[i] / response);
}

static FilterBank *make_bank (double mean_period) {
  FilterBank *bank = g_new (FilterBank, 1);
  for (guint period = 0; period < PERIODS; period++)
    for (guint direction = 0; direction < DIRECTIONS; direction++)
      /* Rows run downwards, the field's y upwards: hence the minus. */
      make_filter (bank->taps[period][direction], period_of_class (mean_period, period),
                   -(double) direction / DIRECTIONS * G_PI);
  return bank;
}

static gboolean is_skin (const TamboRidges *ridges, double x, double y) {
  double u = x / (ridges->half_width + 14), v = y / (ridges->half_height + 14);
  return u * u + v * v <= 1;
}

static GArray *find_cells (const TamboRidges *ridges) {
  GArray *cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  for (int row = MARGIN; row < MASTER_HEIGHT - MARGIN; row++)
    for (int column = MARGIN; column < MASTER_WIDTH - MARGIN; column++) {
      double x = column - MASTER_WIDTH / 2, y = MASTER_HEIGHT / 2 - row;
      if (!is_skin (ridges, x, y))
        continue;
      double turns = tambo_ridge_field_direction (&ridges->field, x, y) / G_PI;
      double part = turns - floor (turns);
      double ratio = tambo_ridge_field_period (&ridges->field, x, y) / ridges->field.period;
      Cell cell = {
        .offset = (guint32) (row * MASTER_WIDTH + column),
        .direction = (guint8) ((int) lround (part * DIRECTIONS) % DIRECTIONS),
        .period = (guint8) CLAMP ((int) lround ((ratio - 1 + FIELD_PERIOD_SPREAD) / PERIOD_STEP), 0,
                                  PERIODS - 1),
      };
      g_array_append_val (cells, cell);
    }
  return cells;
}

static float filter_at (const float *taps, const float *centre) {
  const float *row = centre - RADIUS * MASTER_WIDTH - RADIUS;
  float sum = 0;
  for (int y = 0; y < SIDE; y++, row += MASTER_WIDTH, taps += SIDE)
    for (int x = 0; x < SIDE; x++)
      sum += row[x] * taps[x];
  return sum;
}

static void sow (TamboRidges *ridges, GArray *cells, GRand *random) {
  guint points = (guint) (cells->len / (SEED_DISTANCE * SEED_DISTANCE));
  for (guint i = 0; i < points; i++) {
    gint32 chosen = g_rand_int_range (random, 0, (gint32) cells->len);
    ridges->height[g_array_index (cells, Cell, chosen).offset] = 1;
  }
}

static void make_pores (TamboRidges *ridges, GArray *cells, GRand *random) {
  guint tries = cells->len / 40;
  for (guint i = 0; i < tries; i++) {
    gint32 chosen = g_rand_int_range (random, 0, (gint32) cells->len);
    guint32 offset = g_array_index (cells, Cell, chosen).offset;
    double size = g_rand_double_range (random, 0.5, 1.0);
    if (ridges->height[offset] < 0.75f)
      continue;
    for (int y = -2; y <= 2; y++)
      for (int x = -2; x <= 2; x++) {
        float *pore = &ridges->pores[(int) offset + y * MASTER_WIDTH + x];
        *pore = MAX (*pore, (float) exp (-(x * x + y * y) / (2 * size * size)));
      }
  }
}

void tambo_ridges_grow (TamboRidges *ridges, GRand *random) {
  g_autofree FilterBank *bank = make_bank (ridges->field.period);
  g_autoptr (GArray) cells = find_cells (ridges);
  g_autofree float *next = g_new0 (float, MASTER_WIDTH *MASTER_HEIGHT);

  sow (ridges, cells, random);
  for (guint round = 0; round < ROUNDS; round++) {
    /* Steep while the ridges spread, gentle at the end: that leaves the waves round. */
    float gain = round + 2 < ROUNDS ? 9 : 2;
    for (guint i = 0; i < cells->len; i++) {
      const Cell *cell = &g_array_index (cells, Cell, i);
      next[cell->offset] = tanhf (
          gain
          * filter_at (bank->taps[cell->period][cell->direction], ridges->height + cell->offset));
    }
    memcpy (ridges->height, next, sizeof (float) * MASTER_WIDTH * MASTER_HEIGHT);
  }
  make_pores (ridges, cells, random);
}
