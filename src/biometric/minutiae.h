/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The extractor: minutiae of a plain print, with type, angle and quality as ISO/IEC 19794-2 means
 * them. Even light, ridge directions from the gradient tensor, ridge distance from autocorrelation,
 * filtering along and across the ridges, thinning, and removal of what dirt, pores and borders leave.
 */
#pragma once

#include "format/image.h"
#include "format/iso19794-2.h"

/* IMAGE is grey or RGB, of any resolution (500 ppi when it does not tell); places and resolution of
 * the record are at 500 ppi. A picture without ridges gives a record with no minutia; NULL only when
 * it is smaller than a finger tip or larger than MAX_PIXELS. */
#define TAMBO_MINUTIAE_MAX_PIXELS (4096 * 4096)
TamboMinutiaeRecord *tambo_minutiae_extract (const TamboImage *image);

/* IMAGE in colour with the minutiae of VIEW drawn: endings red rings, bifurcations blue squares, a
 * stroke in their direction. IMAGE is at the resolution of the minutiae. */
TamboImage *tambo_minutiae_draw (const TamboImage *image, const TamboMinutiaeView *view);
