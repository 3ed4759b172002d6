/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Days as the clerk's language has them. The C library's names of days and months are those of a locale, which
 * need not be there and need not be the language of the window.
 */
#pragma once

#include <glib.h>

/* As g_date_time_format, with %A, %B and %b from the catalogue. */
char *tambo_date_text (GDateTime *when, const char *format);
/* "12 Aug 1974" of 1974-08-12, and of a birth what is known of it; anything else as it is. */
char *tambo_date_text_iso (const char *iso);
/* "February", 1 to 12, as a sentence begins with it. */
char *tambo_date_text_month (int month);
