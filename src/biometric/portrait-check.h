/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be said of a portrait without finding the face in it: size, exposure, contrast and
 * sharpness (components of TR-03121-3 Volume 4). What needs the face stands in portrait-judge.h.
 */
#pragma once

#include "format/image.h"

typedef struct {
  const char *measure; /* "width", "roll", …, static */
  double value, minimum, maximum;
  gboolean passed;
  gboolean mandatory;    /* in TR-03121-3 Volume 4, table 4.5, or a condition of it */
  const char *component; /* its number there, static; "" for what has none */
  const char *hint; /* untranslated sentence for the applicant or clerk, static; "" when passed */
} TamboPortraitMeasure;

/* Elements are TamboPortraitMeasure, in the order of importance. IMAGE grey or RGB. */
GArray *tambo_portrait_check (const TamboImage *image);
/* The hint of the first measure that did not pass, or NULL. */
const char *tambo_portrait_hint (GArray *measures);
/* Every verdict in one line, "roll=2.10 mouth-closed=0.18!": ! marks what failed. */
char *tambo_portrait_dup_verdicts (GArray *measures);
