/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Measures of NFIQ 2.3 (ISO/IEC 29794-4) on a block that is turned until its ridges are upright: local
 * clarity, ridge valley uniformity, and frequency domain analysis.
 */
#pragma once

#include "format/image.h"

#define TAMBO_NFIQ2_BLOCK 32
#define TAMBO_NFIQ2_BORDER 2 /* around a block, so that its turned middle is covered */
#define TAMBO_NFIQ2_WINDOW (TAMBO_NFIQ2_BLOCK + 2 * TAMBO_NFIQ2_BORDER)
#define TAMBO_NFIQ2_RATIOS_MAX (TAMBO_NFIQ2_BLOCK - 2)

/* A block with its border, inside a picture. */
typedef struct {
  const TamboImage *image; /* borrowed */
  int x, y;
} TamboNfiq2Window;

/* NORMAL is the direction across the ridges, radians. */

/* 0 to 1: how little ridges and valleys overlap in grey. */
double tambo_nfiq2_clarity (const TamboNfiq2Window *window, double normal);
/* The widths of ridges by those of the valleys beside them. Returns their number. */
int tambo_nfiq2_uniformity (const TamboNfiq2Window *window, double normal,
                            double out_ratios[TAMBO_NFIQ2_RATIOS_MAX]);
/* The share of the main frequency in all. */
double tambo_nfiq2_frequency (const TamboNfiq2Window *window, double normal);
