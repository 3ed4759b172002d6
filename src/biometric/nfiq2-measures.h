/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The 69 native quality measures of NFIQ 2.3 (ISO/IEC 29794-4), by the names and in the order in which
 * NFIQ 2 publishes them and its model takes them. They are not the NFIQ 2 score, which that model makes
 * of all of them (nfiq2-score.h).
 */
#pragma once

#include "format/image.h"

#define TAMBO_NFIQ2_MEASURES 69

typedef struct {
  char name[40];
  double value;
} TamboNfiq2Measure;

typedef struct {
  TamboNfiq2Measure measures[TAMBO_NFIQ2_MEASURES];
  double deviation;  /* of the grey levels without the white frame; NFIQ 2: UniformImage */
  double foreground; /* pixels of the region of interest; NFIQ 2: SufficientFingerprintForeground */
  gboolean scorable; /* FALSE where NFIQ 2 refuses a score: too few blocks or minutiae */
} TamboNfiq2Measures;

/* GREY at 500 ppi. FALSE when it is white all over; or, without the white around, smaller than one block or
 * larger than 800 x 1,000. */
gboolean tambo_nfiq2_measure (const TamboImage *grey, TamboNfiq2Measures *out_measures);

/* NAME is one of the published names. */
double tambo_nfiq2_measures_get (const TamboNfiq2Measures *measures, const char *name);

/* The quality block value of ISO/IEC 29794-4, 0 to 100, of a measure; -1 for the bins, which have none. */
int tambo_nfiq2_block_value (const TamboNfiq2Measure *measure);
