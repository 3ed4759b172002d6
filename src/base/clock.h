/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Time: UTC in RFC 3339 with seconds ("2026-11-22T09:51:07Z"), calendar dates in ISO 8601.
 */
#pragma once

#include <glib.h>

char *tambo_clock_now (void);
gint64 tambo_clock_now_unix (void); /* seconds */
char *tambo_clock_format (gint64 unix_seconds);
gboolean tambo_clock_parse (const char *text, gint64 *out_unix_seconds) G_GNUC_WARN_UNUSED_RESULT;
/* "YYYY-MM-DD" of today in UTC. */
char *tambo_clock_today (void);
/* A date that exists. */
gboolean tambo_date_is_valid (const char *iso_date);
/* ISO_DATE moved by YEARS, 29 February falling to the 28th; NULL when ISO_DATE is no date. */
char *tambo_date_add_years (const char *iso_date, int years);
