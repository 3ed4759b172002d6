/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the skeleton to minutiae: what is found at first, and which of it stays.
 */
#pragma once

#include "biometric/ridge-field.h"

typedef struct {
  float x, y;
  float angle;   /* radians, clockwise from the right (y down), into the ridge or enclosed valley */
  float quality; /* 0..1 */
  int type;      /* TamboMinutiaType */
  gboolean gone; /* found to be false */
} TamboMinutiaFound;

/* Cuts spurs and short pieces off SKELETON (see tambo_ridge_skeleton), then lists the minutiae.
 * Elements are TamboMinutiaFound. */
GArray *tambo_minutiae_find (const TamboRidgeField *field, guint8 *skeleton);
/* Drops those at the border of the finger, of breaks and of crowds, and rates the rest. */
void tambo_minutiae_sift (const TamboRidgeField *field, GArray *found);
