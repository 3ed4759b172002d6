/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/date-text.h"

#include <glib/gi18n.h>

#include "record/partial-date.h"

#define SHORT 3 /* letters of a month: ene, feb, … */

static const char *const days[] = {
  N_ ("Monday"), N_ ("Tuesday"),  N_ ("Wednesday"), N_ ("Thursday"),
  N_ ("Friday"), N_ ("Saturday"), N_ ("Sunday"),
};

static const char *const months[] = {
  N_ ("January"),   N_ ("February"), N_ ("March"),    N_ ("April"),
  N_ ("May"),       N_ ("June"),     N_ ("July"),     N_ ("August"),
  N_ ("September"), N_ ("October"),  N_ ("November"), N_ ("December"),
};

char *tambo_date_text (GDateTime *when, const char *format) {
  const char *day = _ (days[g_date_time_get_day_of_week (when) - 1]);
  const char *month = _ (months[g_date_time_get_month (when) - 1]);
  g_autofree char *abbreviated = g_utf8_substring (month, 0, SHORT);
  g_autoptr (GString) named = g_string_new (format);

  g_string_replace (named, "%A", day, 0);
  g_string_replace (named, "%B", month, 0);
  g_string_replace (named, "%b", abbreviated, 0);
  return g_date_time_format (when, named->str);
}

char *tambo_date_text_iso (const char *iso) {
  TamboPartialDate date;

  if (!tambo_partial_date_parse (iso, &date) || date.year == 0)
    return g_strdup (iso);
  g_autoptr (GDateTime) when =
      g_date_time_new_utc (date.year, MAX (date.month, 1), MAX (date.day, 1), 0, 0, 0);
  return tambo_date_text (when, date.month == 0 ? "%Y" : date.day == 0 ? "%b %Y" : "%-d %b %Y");
}

char *tambo_date_text_month (int month) {
  const char *name = _ (months[month - 1]);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_unichar (text, g_unichar_toupper (g_utf8_get_char (name)));
  g_string_append (text, g_utf8_next_char (name));
  return g_string_free (g_steal_pointer (&text), FALSE);
}
