/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the three parts of ridges share: the field gives directions, the growth fills the master,
 * the press takes an impression of it. Finger coordinates have their origin in the middle of the
 * fingertip, y towards the tip, one unit per pixel at 500 ppi.
 */
#pragma once

#include "simulator/ridges.h"

#define MASTER_WIDTH 448
#define MASTER_HEIGHT 544
#define FIELD_NODES 8
#define FIELD_WAVES 5
#define FIELD_PERIOD_SPREAD                                                                        \
  0.2 /* how far the ridge distance strays from its mean, as a part of it */

typedef struct {
  double x, y;
} RidgePoint;

typedef struct {
  RidgePoint at;
  double sign;              /* +1 core, -1 delta */
  double bend[FIELD_NODES]; /* what is added to the argument, at equal steps round the circle */
} RidgeSingularity;

/* One of the slow waves that make a finger unlike all others of its pattern. */
typedef struct {
  double x, y; /* radians a pixel */
  double phase, size;
} RidgeWave;

typedef struct {
  TamboRidgesPattern pattern;
  RidgeSingularity singularities[4];
  guint n_singularities;
  double arch;                    /* steepness of an arch's slopes */
  double crown;                   /* how far the ridges follow the round tip */
  double tilt;                    /* radians, of the whole */
  double period;                  /* mean ridge distance */
  RidgeWave turns[FIELD_WAVES];   /* of the direction, radians */
  RidgeWave spreads[FIELD_WAVES]; /* of the distance, parts of it */
} RidgeField;

struct _TamboRidges {
  RidgeField field;
  double half_width, half_height; /* of the fingertip's outline */
  float *height;                  /* master: -1 valley to +1 ridge */
  float *pores;                   /* master: 0 to 1 */
};

void tambo_ridge_field_init (RidgeField *field, GRand *random);
double tambo_ridge_field_direction (const RidgeField *field, double x, double y);
double tambo_ridge_field_period (const RidgeField *field, double x, double y);

/* Fills height and pores, which the caller has allocated. */
void tambo_ridges_grow (TamboRidges *ridges, GRand *random);
