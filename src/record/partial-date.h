/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dates of birth whose parts may be unknown: "2000-12-XX", "2000-XX-XX", "XXXX-XX-XX" (Doc 9303-3
 * section 4.8 has fillers there).
 */
#pragma once

#include <glib.h>

typedef struct {
  int year, month, day; /* 0: unknown */
} TamboPartialDate;

/* FALSE for a date that cannot exist. */
gboolean tambo_partial_date_parse (const char *text,
                                   TamboPartialDate *out_date) G_GNUC_WARN_UNUSED_RESULT;
char *tambo_partial_date_format (const TamboPartialDate *date);
/* The first and the last day that it may be; NULL without a year. */
char *tambo_partial_date_earliest (const TamboPartialDate *date);
char *tambo_partial_date_latest (const TamboPartialDate *date);
