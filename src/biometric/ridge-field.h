/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ridges of one print at 500 ppi: the picture with its light evened out, and on a grid of cells of
 * 4 pixels the direction of the ridges, how sure it is, their distance, and which cells are finger.
 * The steps of the extractor fill it one after the other.
 */
#pragma once

#include "format/image.h"

#define TAMBO_RIDGE_CELL 4 /* pixels */
#define TAMBO_RIDGE_MARGIN                                                                         \
  24 /* pixels around the picture that hold 0, so that filters need no bounds */
#define TAMBO_RIDGE_DIRECTIONS 64   /* of half a turn */
#define TAMBO_RIDGE_PERIOD_MIN 5.0f /* pixels from ridge to ridge */
#define TAMBO_RIDGE_PERIOD_MAX 16.0f

typedef struct {
  int width, height;     /* pixels, multiples of the cell */
  int stride;            /* of the planes, in pixels */
  float *even;           /* plane: local mean 0, deviation 1; ridges are positive */
  float *ridges;         /* plane: EVEN filtered along and across the ridges */
  int columns, rows;     /* of cells */
  float *deviation;      /* cell: of the grey levels of the picture */
  float *near_deviation; /* cell: the same of the closest pixels alone */
  float *cosine; /* cell: cosine and sine of twice the angle of the ridge, 0 to 1 long: certainty */
  float *sine;
  guint8 *direction; /* cell: along the ridge, in steps, clockwise from the right as y goes down */
  float *period;     /* cell: pixels */
  guint8 *finger;    /* cell: 1 inside */
} TamboRidgeField;

/* Evens out IMAGE, which is grey. NULL when it is smaller than 32 pixels either way. */
TamboRidgeField *tambo_ridge_field_new (const TamboImage *image);
void tambo_ridge_field_free (TamboRidgeField *field);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboRidgeField, tambo_ridge_field_free)

/* The pixel of PLANE at X, Y. */
static inline gsize tambo_ridge_at (const TamboRidgeField *field, int x, int y) {
  return (gsize) (y + TAMBO_RIDGE_MARGIN) * (gsize) field->stride
         + (gsize) (x + TAMBO_RIDGE_MARGIN);
}

static inline int tambo_ridge_cell (const TamboRidgeField *field, int x, int y) {
  return (y / TAMBO_RIDGE_CELL) * field->columns + x / TAMBO_RIDGE_CELL;
}

/* Gaussian of SIGMA cells over a cell array of FIELD, in place. */
void tambo_ridge_smooth (const TamboRidgeField *field, float *cells, float sigma);

/* Grows what has VALUE, 1 or 0, in a mask of cells by RADIUS either way. */
void tambo_ridge_spread (const TamboRidgeField *field, guint8 *cells, guint8 value, int radius);

/* Directions from the gradient of PLANE, smoothed over SIGMA cells. */
void tambo_orientation_estimate (TamboRidgeField *field, const float *plane, float sigma);
/* The cells that are finger, from contrast and certainty; needs the directions. */
void tambo_ridge_segment (TamboRidgeField *field);
/* Takes out what shows no ridges once they are filtered. */
void tambo_ridge_segment_again (TamboRidgeField *field);
/* Distances of the ridges, from PLANE. */
void tambo_ridge_frequency_estimate (TamboRidgeField *field, const float *plane);
/* EVEN to RIDGES, by direction and distance; SIGMA pixels along the ridge. */
void tambo_ridge_filter (TamboRidgeField *field, float sigma);

/* A picture of WIDTH + 2 by HEIGHT + 2 with a border of 0: 1 on the middle lines of the ridges.
 * Free with g_free. */
guint8 *tambo_ridge_skeleton (const TamboRidgeField *field);
