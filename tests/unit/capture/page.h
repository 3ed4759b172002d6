/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Draws pages with a machine-readable zone and treats them as badly as desks, lamps and cheap scanners do.
 */
#pragma once

#include "format/image.h"

typedef struct {
  const char *mrz; /* lines joined by newlines */
  int ppi;
  double lean;    /* degrees, clockwise */
  double blur;    /* pixels, standard deviation */
  double noise;   /* levels of grey, standard deviation */
  double shadow;  /* 0 none, 0.6: the far corner has 40 % of the light */
  double pattern; /* levels of grey of the guilloche behind the print */
  guint seed;
} Page;

/* NULL when the typeface is not installed. */
TamboImage *page_draw (const Page *page);
