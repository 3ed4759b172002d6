/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The steps by which NFIQ 2 finds its minutiae, on a picture of 333 ppi, and their whole-number
 * arithmetic. Four published measures count those very minutiae, so that each rounding is kept as it is
 * there; the station's own extractor (minutiae.h) knows nothing of it.
 */
#pragma once

#include <glib.h>

#define TAMBO_NFIQ2_CELL 4         /* pixels of a cell of the maps of directions and footprint */
#define TAMBO_NFIQ2_PHASE_NONE 127 /* in a phase map: no ridges */

/* Inner loops are built once for any x86-64 and once for AVX2; sanitizers are not ready at that choice. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)                                \
    && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define TAMBO_NFIQ2_SIMD __attribute__ ((target_clones ("arch=x86-64-v3", "default")))
#else
#define TAMBO_NFIQ2_SIMD
#endif

#if defined(__GNUC__) && !defined(__clang__)
#define TAMBO_NFIQ2_NO_ALIAS _Pragma ("GCC ivdep")
#else
#define TAMBO_NFIQ2_NO_ALIAS
#endif

/* A direction of the length 127; both 0 when there is none. */
typedef struct {
  gint8 x, y;
} TamboNfiq2Turn;

typedef struct {
  int width, height; /* multiples of a cell */
  guint8 *pixels;
} TamboNfiq2Plane;

/* Of a full circle of 256. */
gint8 tambo_nfiq2_sine (guint8 angle); /* times 127 */
static inline gint8 tambo_nfiq2_cosine (guint8 angle) {
  return tambo_nfiq2_sine ((guint8) (angle + 64));
}
guint8 tambo_nfiq2_angle (int x, int y);

/* Products and sums that wrap around like those of a processor. */
static inline int tambo_nfiq2_times (int a, int b) {
  return (int) ((guint32) a * (guint32) b);
}
static inline int tambo_nfiq2_plus (int a, int b) {
  return (int) ((guint32) a + (guint32) b);
}

/* Divides by a power of two; halves go up. */
static inline int tambo_nfiq2_shift (int value, int bits) {
  return tambo_nfiq2_plus (value, 1 << (bits - 1)) >> bits;
}

/* Scales to a length near 127, as an octagon measures lengths; 0 for what is not longer than LEAST
 * times 127. */
TamboNfiq2Turn tambo_nfiq2_turn (int x, int y, int least);

/* 1 for each cell that the finger covers. */
void tambo_nfiq2_find_footprint (const TamboNfiq2Plane *plane, guint8 *out_footprint);
/* The direction across the ridges in each cell of the footprint. */
void tambo_nfiq2_find_turns (const TamboNfiq2Plane *plane, const guint8 *footprint,
                             TamboNfiq2Turn *out_turns);
/* Strengthens what repeats like ridges. */
void tambo_nfiq2_enhance (TamboNfiq2Plane *plane);
/* Replaces grey by the phase of the ridge wave, in steps of 16, from 0 on a ridge to 240 in a valley; the
 * whole map lies four rows higher than the picture. */
void tambo_nfiq2_find_phase (TamboNfiq2Plane *plane, const TamboNfiq2Turn *turns);
/* How sure it is, 0 to 255, that a ridge ends or forks at X, Y of the phase map, where ANGLE leads along
 * the ridge; 0 when it is none. PLANE has a row and a pixel more behind its end. */
int tambo_nfiq2_confirm (const TamboNfiq2Plane *plane, int x, int y, guint8 angle);
