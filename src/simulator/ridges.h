/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fingerprints of nobody: ridges grown from a number, and the impressions that they leave.
 *
 * The ridges follow an orientation field with cores and deltas (zero-pole model of Sherlock and
 * Monro, bent as Vizcaya and Gerhardt propose) and are grown from random points by oriented Gabor
 * filters, as in Cappelli's SFinGe; minutiae arise where the growths meet.
 */
#pragma once

#include "format/image.h"

#define TAMBO_RIDGES_WIDTH 388 /* of an impression, in pixels at 500 ppi */
#define TAMBO_RIDGES_HEIGHT 480

typedef enum {
  TAMBO_RIDGES_ARCH,
  TAMBO_RIDGES_TENTED_ARCH,
  TAMBO_RIDGES_LEFT_LOOP,
  TAMBO_RIDGES_RIGHT_LOOP,
  TAMBO_RIDGES_WHORL,
} TamboRidgesPattern;

typedef struct _TamboRidges TamboRidges;

/* The same seed is the same finger for ever. Takes half a second; read-only afterwards, so that
 * several threads may press it. */
TamboRidges *tambo_ridges_new (guint32 seed);
void tambo_ridges_free (TamboRidges *ridges);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboRidges, tambo_ridges_free)

TamboRidgesPattern tambo_ridges_get_pattern (const TamboRidges *ridges);

/* One touch of a sensor: dark ridges on white, 500 ppi. PRESS chooses the placement, the pressure,
 * the moisture and the stretch of the skin. */
TamboImage *tambo_ridges_press (const TamboRidges *ridges, guint32 press);
