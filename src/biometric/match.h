/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The matcher: are two sets of minutiae of one finger? Each minutia's neighbourhood is described by a
 * cylinder of bits (after Cappelli, Ferrara and Maltoni, 2010); the pairs that look alike support or
 * reject each other by distances and angles (relaxation); the best supported alignment is then
 * followed over the whole print. Any rotation, partial overlap and stretched skin are expected.
 */
#pragma once

#include "format/iso19794-2.h"

#define TAMBO_MATCH_SCORE_MAX 1000
#define TAMBO_MATCH_THRESHOLD 300 /* one false match in 1,000 comparisons of different fingers */

/* A set of minutiae prepared for comparing: read-only, so that many threads may use it. */
typedef struct _TamboMatchTemplate TamboMatchTemplate;

/* VIEW is one of RECORD's, whose resolution counts. */
TamboMatchTemplate *tambo_match_template_new (const TamboMinutiaeRecord *record,
                                              const TamboMinutiaeView *view);
void tambo_match_template_free (TamboMatchTemplate *template);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboMatchTemplate, tambo_match_template_free)

/* The share of comparisons of different fingers that reach SCORE, as measured on the impostor pairs
 * of tests/bench/bench-match.c. Beyond what they can tell it is extrapolated. */
double tambo_match_false_match_rate (int score);

/* 0 to 1000, the same both ways round but for a few points. */
int tambo_match (const TamboMatchTemplate *a, const TamboMatchTemplate *b);
