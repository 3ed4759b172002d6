/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The local quality index of a plain fingerprint at 500 ppi, from 0 to 100: how much of the picture
 * is ridge flow, and how clear. It guides the capture; it is not NFIQ 2 and is never stored as such.
 * Measured on blocks of 16 pixels: orientation certainty (eigenvalues of the gradient covariance)
 * and ridge frequency inside the 3 to 25 pixel band.
 */
#pragma once

#include "format/image.h"

typedef struct {
  int index;           /* 0..100 */
  double ridge_area;   /* share of the blocks that hold ridges, 0..1 */
  double certainty;    /* mean orientation certainty of those blocks, 0..1 */
  double ridge_period; /* median distance of two ridges, pixels; 0 when there are none */
  double mean;         /* grey level of the ridge area */
} TamboFingerprintQuality;

/* IMAGE is grey. Never fails: a picture without ridges has index 0 and ridge_area 0. */
void tambo_fingerprint_quality (const TamboImage *image, TamboFingerprintQuality *out_quality);

/* TRUE when there is a finger at all: enough blocks with ridges. */
gboolean tambo_fingerprint_has_ridges (const TamboFingerprintQuality *quality);
