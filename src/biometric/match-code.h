/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Short codes of a print for ranking many: the bits of the cylinders of its best minutiae.
 */
#pragma once

#include "biometric/match-private.h"

#define TAMBO_MATCH_CODES_MAX 32       /* of an enrolled finger */
#define TAMBO_MATCH_PROBE_CODES_MAX 48 /* of the one that is looked for */

typedef struct {
  guint64 bits[TAMBO_MATCH_SECTIONS];
  guint64 ones; /* bits that are set */
} TamboMatchCode;

/* The codes of TEMPLATE's best minutiae, at most MAX. */
guint tambo_match_make_codes (const TamboMatchTemplate *template, TamboMatchCode *codes, guint max);

/* 0 unlike; the more the more minutiae of PROBE have a like one. Not comparable between probes. */
float tambo_match_codes_likeness (const TamboMatchCode *probe, guint probe_count,
                                  const TamboMatchCode *codes, guint count);
