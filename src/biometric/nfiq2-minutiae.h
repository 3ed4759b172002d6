/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The minutiae that four measures of NFIQ 2.3 count. The published values come from one extractor,
 * FingerJetFX OSE; this one finds the same points. For matching there is minutiae.h.
 */
#pragma once

#include "format/image.h"

#define TAMBO_NFIQ2_MINUTIAE_MAX 255

typedef struct {
  int x, y; /* pixels of the picture at 500 ppi */
} TamboNfiq2Point;

typedef struct {
  TamboNfiq2Point points[TAMBO_NFIQ2_MINUTIAE_MAX];
  int count;
  int total; /* with those in the white that was added to a small picture */
  gboolean
      enough; /* FALSE where NFIQ 2 refuses a score: under 6 minutiae, or too small a footprint */
} TamboNfiq2Minutiae;

/* IMAGE is grey, at 500 ppi, without its white frame. */
void tambo_nfiq2_find_minutiae (const TamboImage *image, TamboNfiq2Minutiae *out_minutiae);
