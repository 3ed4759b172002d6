/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which characters a place of a machine-readable zone may have, and what its check digits are about, as it
 * follows from the layouts of Doc 9303 (record/mrz-layout.h). Places are counted through the lines.
 */
#pragma once

#include "record/mrz-layout.h"

#define TAMBO_MRZ_MAX_PLACES 90
#define TAMBO_MRZ_MAX_SUMS 5

/* A check digit and the places that it is about, in order. */
typedef struct {
  guint8 places[TAMBO_MRZ_MAX_PLACES];
  gsize n_places;
  guint8 digit;
  gboolean may_be_filled; /* '<' where the field is empty or goes on elsewhere */
} TamboMrzSum;

typedef struct {
  const char *allowed[TAMBO_MRZ_MAX_PLACES]; /* the characters; static */
  gsize n_places;
  TamboMrzSum sums[TAMBO_MRZ_MAX_SUMS];
  gsize n_sums;
} TamboMrzGrammar;

void tambo_mrz_grammar_make (const TamboMrzLayout *layout, TamboMrzGrammar *out_grammar);

gboolean tambo_mrz_sum_holds (const TamboMrzSum *sum, const char *text);
/* TRUE for the places that it is about and for its digit. */
gboolean tambo_mrz_sum_has (const TamboMrzSum *sum, gsize place);
