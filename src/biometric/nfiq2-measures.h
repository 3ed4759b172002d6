/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Native quality measures of NFIQ 2.3 (ISO/IEC 29794-4) that need no minutiae and no turned blocks:
 * orientation certainty, orientation flow, grey levels and coherence, by the names that NFIQ 2 publishes.
 * They are not the NFIQ 2 score, which a trained model makes of all 69.
 */
#pragma once

#include "format/image.h"

#define TAMBO_NFIQ2_MEASURES 29

typedef struct {
  char name[40];
  double value;
} TamboNfiq2Measure;

/* GREY at 500 ppi. FALSE when it is white all over, or smaller than one block. */
gboolean tambo_nfiq2_measure (const TamboImage *grey, TamboNfiq2Measure *out_measures);
