/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Grey gradients of a box of a picture, as NFIQ 2.3 takes them: central differences, one-sided at the edges
 * of the box.
 */
#pragma once

#include "format/image.h"

/* Mean products of the gradients. */
typedef struct {
  double xx, yy, xy;
} TamboNfiq2Covariance;

/* At most 1,024 pixels. */
TamboNfiq2Covariance tambo_nfiq2_covariance (const TamboImage *image, int x, int y, int width,
                                             int height);

/* How well the gradients agree, 0 to 1, from the eigenvalues; -1 when there are none. */
double tambo_nfiq2_certainty (const TamboNfiq2Covariance *covariance);
/* The same from their sum; 0 when there are none. */
double tambo_nfiq2_coherence (const TamboNfiq2Covariance *covariance);
/* Of the normal of the ridges, radians, -pi/2 to pi/2. */
double tambo_nfiq2_normal (const TamboNfiq2Covariance *covariance);
