/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/partial-date.h"

#include <string.h>

static gboolean parse_part (const char *text, gsize length, int *out_value) {
  int value = 0;

  if (strncmp (text, "XXXX", length) == 0) {
    *out_value = 0;
    return TRUE;
  }
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
    value = value * 10 + (text[i] - '0');
  }
  *out_value = value;
  return value > 0;
}

/* An unknown year may be a leap year, an unknown month a long one. */
static int last_day (int year, int month) {
  if (month == 0)
    return 31;
  return g_date_get_days_in_month ((GDateMonth) month, (GDateYear) (year != 0 ? year : 2000));
}

gboolean tambo_partial_date_parse (const char *text, TamboPartialDate *out_date) {
  TamboPartialDate date;

  if (text == NULL || strlen (text) != 10 || text[4] != '-' || text[7] != '-')
    return FALSE;
  if (!parse_part (text, 4, &date.year) || !parse_part (text + 5, 2, &date.month)
      || !parse_part (text + 8, 2, &date.day))
    return FALSE;
  if (date.month > 12 || date.day > last_day (date.year, date.month))
    return FALSE;
  *out_date = date;
  return TRUE;
}

static char *format_part (int value, int digits) {
  return value != 0 ? g_strdup_printf ("%0*d", digits, value) : g_strnfill ((gsize) digits, 'X');
}

char *tambo_partial_date_format (const TamboPartialDate *date) {
  g_autofree char *year = format_part (date->year, 4);
  g_autofree char *month = format_part (date->month, 2);
  g_autofree char *day = format_part (date->day, 2);

  return g_strconcat (year, "-", month, "-", day, NULL);
}

char *tambo_partial_date_earliest (const TamboPartialDate *date) {
  if (date->year == 0)
    return NULL;
  return g_strdup_printf ("%04d-%02d-%02d", date->year, MAX (date->month, 1), MAX (date->day, 1));
}

char *tambo_partial_date_latest (const TamboPartialDate *date) {
  int month = date->month != 0 ? date->month : 12;

  if (date->year == 0)
    return NULL;
  return g_strdup_printf ("%04d-%02d-%02d", date->year, month,
                          date->day != 0 ? date->day : last_day (date->year, month));
}
