/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names in the MRZ: Doc 9303-3 sections 4.6 and 6, and the truncation of section 4.2.3 of 9303-4,
 * -5 and -6.
 */
#pragma once

#include "record/mrz.h"

#define TAMBO_MRZ_NAMES_TD1 30
#define TAMBO_MRZ_NAMES_TD2 31
#define TAMBO_MRZ_NAMES_TD3 39

/* tambo_mrz_transliterate with a verdict: FALSE in *OUT_COMPLETE when a letter or digit of NAME has
 * no form in an MRZ and was left out. */
char *tambo_mrz_transliterate_checked (const char *name, gboolean *out_complete);

/* The name field, exactly WIDTH characters, of names that are already transliterated. When they do
 * not fit, both identifiers keep at least one letter and the last character is a letter. */
char *tambo_mrz_name_field (const char *primary, const char *secondary, gsize width);

/* TRUE when CUT_PRIMARY and CUT_SECONDARY are what some MRZ format's name field leaves of PRIMARY
 * and SECONDARY. All are transliterated. */
gboolean tambo_mrz_names_are_cut_from (const char *cut_primary, const char *cut_secondary,
                                       const char *primary, const char *secondary);
