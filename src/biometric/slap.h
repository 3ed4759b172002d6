/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Slaps: four fingers of a hand, or both thumbs, on one picture, cut into fingers (4-4-2 of ANSI/NIST-ITL
 * table 8, positions 13 to 15). What is cut is the last phalanx, upright.
 */
#pragma once

#include "format/image.h"

#define TAMBO_SLAP_MAX_PIXELS (16 * 1024 * 1024)
#define TAMBO_SLAP_FINGERS_MAX 4

typedef enum {
  TAMBO_SLAP_UNKNOWN = 0,
  TAMBO_SLAP_RIGHT_FOUR = 13,
  TAMBO_SLAP_LEFT_FOUR = 14,
  TAMBO_SLAP_THUMBS = 15,
} TamboSlapPosition;

typedef struct {
  guint8 position; /* 1 right thumb … 10 left little; 0 when fingers are missing or too many */
  double x, y;     /* centre in the slap, pixels */
  double width, height; /* of the upright box, pixels of the slap */
  double angle;         /* degrees that the finger leans to the right of upright */
  TamboImage *image;    /* the box, upright, at the slap's resolution; owned */
} TamboSlapFinger;

typedef struct {
  GPtrArray *fingers;     /* of TamboSlapFinger from left to right, owned */
  guint expected;         /* fingers that had to be there */
  TamboSlapPosition hand; /* what the fingertips' heights and sizes say; UNKNOWN when they do not */
} TamboSlap;

void tambo_slap_free (TamboSlap *slap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboSlap, tambo_slap_free)

/* IMAGE at 500 ppi. MISSING has a bit 1 << position for each finger that is not there and need not be;
 * UNKNOWN takes what is found for a hand or for thumbs. The fingers have positions only when as many were
 * found as expected. NULL when IMAGE is larger than the bound or too small for a finger. */
TamboSlap *tambo_slap_segment (const TamboImage *image, TamboSlapPosition position, guint missing);
/* All fingers found, and the hand, where it can be told, is the one that was asked for. */
gboolean tambo_slap_is_complete (const TamboSlap *slap, TamboSlapPosition position);
