/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

#include <string.h>

/* The digits of PATTERN ('9' stands for one, all else for itself). */
static gboolean has_form (const char *text, const char *pattern) {
  if (text == NULL || strlen (text) != strlen (pattern))
    return FALSE;
  for (gsize i = 0; pattern[i] != '\0'; i++)
    if (pattern[i] == '9' ? !g_ascii_isdigit (text[i]) : text[i] != pattern[i])
      return FALSE;
  return TRUE;
}

static int number_at (const char *text, gsize start, gsize length) {
  int value = 0;

  for (gsize i = 0; i < length; i++)
    value = value * 10 + (text[start + i] - '0');
  return value;
}

gint64 tambo_clock_now_unix (void) {
  return g_get_real_time () / G_USEC_PER_SEC;
}

char *tambo_clock_now (void) {
  return tambo_clock_format (tambo_clock_now_unix ());
}

char *tambo_clock_format (gint64 unix_seconds) {
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (unix_seconds);

  g_return_val_if_fail (time != NULL, NULL);
  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

gboolean tambo_clock_parse (const char *text, gint64 *out_unix_seconds) {
  g_autoptr (GDateTime) time = NULL;

  /* One form only: what is compared and signed as text must not have two spellings. */
  if (!has_form (text, "9999-99-99T99:99:99Z"))
    return FALSE;
  time = g_date_time_new_utc (number_at (text, 0, 4), number_at (text, 5, 2),
                              number_at (text, 8, 2), number_at (text, 11, 2),
                              number_at (text, 14, 2), number_at (text, 17, 2));
  if (time == NULL)
    return FALSE;
  *out_unix_seconds = g_date_time_to_unix (time);
  return TRUE;
}

char *tambo_clock_today (void) {
  g_autofree char *now = tambo_clock_now ();

  return g_strndup (now, 10);
}

static gboolean parse_date (const char *text, GDate *out_date) {
  int year, month, day;

  if (!has_form (text, "9999-99-99"))
    return FALSE;
  year = number_at (text, 0, 4);
  month = number_at (text, 5, 2);
  day = number_at (text, 8, 2);
  if (!g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return FALSE;
  g_date_clear (out_date, 1);
  g_date_set_dmy (out_date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  return TRUE;
}

gboolean tambo_date_is_valid (const char *iso_date) {
  GDate date;

  return parse_date (iso_date, &date);
}

char *tambo_date_add_years (const char *iso_date, int years) {
  GDate date;
  int year, day;

  if (!parse_date (iso_date, &date))
    return NULL;
  if (years < -9999 || years > 9999)
    return NULL;
  year = g_date_get_year (&date) + years;
  if (year < 1 || year > 9999)
    return NULL;
  day = MIN (g_date_get_day (&date),
             g_date_get_days_in_month (g_date_get_month (&date), (GDateYear) year));
  return g_strdup_printf ("%04d-%02d-%02d", year, (int) g_date_get_month (&date), day);
}
