/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/ridges-private.h"

#include <math.h>

static double around (GRand *random, double middle, double spread) {
  return g_rand_double_range (random, middle - spread, middle + spread);
}

static void add_singularity (RidgeField *field, GRand *random, double sign, double x, double y) {
  RidgeSingularity *singularity = &field->singularities[field->n_singularities++];
  singularity->at.x = x;
  singularity->at.y = y;
  singularity->sign = sign;
  for (guint i = 0; i < FIELD_NODES; i++)
    singularity->bend[i] = around (random, 0, 0.42);
}

static void add_waves (RidgeWave waves[FIELD_WAVES], GRand *random, double size) {
  for (guint i = 0; i < FIELD_WAVES; i++) {
    double direction = around (random, 0, G_PI), length = around (random, 210, 90);
    waves[i].x = 2 * G_PI / length * cos (direction);
    waves[i].y = 2 * G_PI / length * sin (direction);
    waves[i].phase = around (random, 0, G_PI);
    waves[i].size = around (random, 0, size);
  }
}

static double sum_waves (const RidgeWave waves[FIELD_WAVES], double x, double y) {
  double sum = 0;

  for (guint i = 0; i < FIELD_WAVES; i++)
    sum += waves[i].size * sin (waves[i].x * x + waves[i].y * y + waves[i].phase);
  return sum;
}

/* Shares of the classes in the population, after Wilson, Candela and Watson (1993). */
static TamboRidgesPattern choose_pattern (GRand *random) {
  double share = g_rand_double (random);
  if (share < 0.037)
    return TAMBO_RIDGES_ARCH;
  if (share < 0.066)
    return TAMBO_RIDGES_TENTED_ARCH;
  if (share < 0.404)
    return TAMBO_RIDGES_LEFT_LOOP;
  if (share < 0.721)
    return TAMBO_RIDGES_RIGHT_LOOP;
  return TAMBO_RIDGES_WHORL;
}

void tambo_ridge_field_init (RidgeField *field, GRand *random) {
  *field = (RidgeField){ .pattern = choose_pattern (random) };
  field->arch = around (random, 0.95, 0.25);
  field->tilt = around (random, 0, 0.14);
  field->period = around (random, 9.2, 1.5);
  add_waves (field->turns, random, 0.15);
  add_waves (field->spreads, random, 0.08);

  double core_x = around (random, 0, 30), core_y = around (random, 20, 34);
  double side = field->pattern == TAMBO_RIDGES_LEFT_LOOP ? 1 : -1;
  switch (field->pattern) {
  case TAMBO_RIDGES_ARCH:
    break;
  case TAMBO_RIDGES_TENTED_ARCH:
    field->crown = 0.5;
    add_singularity (field, random, +1, core_x, core_y - 10);
    add_singularity (field, random, -1, core_x + around (random, 0, 14), around (random, -75, 26));
    break;
  case TAMBO_RIDGES_LEFT_LOOP:
  case TAMBO_RIDGES_RIGHT_LOOP:
    field->crown = 0.5;
    add_singularity (field, random, +1, core_x, core_y);
    add_singularity (field, random, -1, side * around (random, 88, 32), around (random, -95, 38));
    break;
  case TAMBO_RIDGES_WHORL:
  default:
    field->crown = 0.15;
    add_singularity (field, random, +1, core_x, core_y + 20);
    add_singularity (field, random, +1, core_x + around (random, 0, 30),
                     core_y - around (random, 34, 26));
    add_singularity (field, random, -1, -around (random, 98, 30), around (random, -105, 36));
    add_singularity (field, random, -1, around (random, 98, 30), around (random, -105, 36));
    break;
  }
}

static double bent_argument (const RidgeSingularity *singularity, double x, double y) {
  double angle = atan2 (y - singularity->at.y, x - singularity->at.x);
  double position = (angle + G_PI) / (2 * G_PI) * FIELD_NODES;
  int node = (int) floor (position);
  double part = position - node;
  /* The last node is the first again, so that the branch cut of atan2 stays a whole turn. */
  double low = singularity->bend[node % FIELD_NODES];
  double high = singularity->bend[(node + 1) % FIELD_NODES];
  return angle + low + part * (high - low);
}

double tambo_ridge_field_direction (const RidgeField *field, double x, double y) {
  double turn = field->tilt + sum_waves (field->turns, x, y);

  if (field->pattern == TAMBO_RIDGES_ARCH) {
    double rise = 1 / (1 + exp (-(y + 60) / 28));
    return turn - atan (field->arch * rise * sin (x / 170 * G_PI_2));
  }

  double direction = turn;
  for (guint i = 0; i < field->n_singularities; i++)
    direction += field->singularities[i].sign * bent_argument (&field->singularities[i], x, y) / 2;
  direction -= field->crown * sin (x / 180 * G_PI_2) / (1 + exp (-(y - 20) / 40));
  return direction;
}

double tambo_ridge_field_period (const RidgeField *field, double x, double y) {
  double spread = sum_waves (field->spreads, x, y);
  return field->period * (1 + CLAMP (spread, -FIELD_PERIOD_SPREAD, FIELD_PERIOD_SPREAD));
}
