/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/partial-date.h"

static void test_known_parts (void) {
  static const struct {
    const char *text;
    int year, month, day;
    const char *earliest, *latest;
  } rows[] = {
    { "2000-02-29", 2000, 2, 29, "2000-02-29", "2000-02-29" },
    { "2000-02-XX", 2000, 2, 0, "2000-02-01", "2000-02-29" },
    { "2001-02-XX", 2001, 2, 0, "2001-02-01", "2001-02-28" },
    { "2000-XX-XX", 2000, 0, 0, "2000-01-01", "2000-12-31" },
    { "2000-XX-15", 2000, 0, 15, "2000-01-15", "2000-12-15" },
    { "XXXX-02-29", 0, 2, 29, NULL, NULL },
    { "XXXX-XX-XX", 0, 0, 0, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    TamboPartialDate date;
    g_autofree char *text = NULL;
    g_autofree char *earliest = NULL;
    g_autofree char *latest = NULL;

    g_assert_true (tambo_partial_date_parse (rows[i].text, &date));
    text = tambo_partial_date_format (&date);
    earliest = tambo_partial_date_earliest (&date);
    latest = tambo_partial_date_latest (&date);
    g_assert_cmpint (date.year, ==, rows[i].year);
    g_assert_cmpint (date.month, ==, rows[i].month);
    g_assert_cmpint (date.day, ==, rows[i].day);
    g_assert_cmpstr (text, ==, rows[i].text);
    g_assert_cmpstr (earliest, ==, rows[i].earliest);
    g_assert_cmpstr (latest, ==, rows[i].latest);
  }
}

static void test_refuses (void) {
  static const char *const texts[] = { "",           "2000",       "2000-01",    "2000-1-01",
                                       "2001-02-29", "2000-13-01", "2000-00-01", "2000-01-00",
                                       "0000-01-01", "2000-01-32", "2000-XX-32", "XXXX-02-30",
                                       "20XX-01-01", "2000-X1-01", "2000-xx-xx", "2000/01/01",
                                       "2000-01-01 " };
  TamboPartialDate date;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_false (tambo_partial_date_parse (texts[i], &date));
  g_assert_false (tambo_partial_date_parse (NULL, &date));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/partial-date/known-parts", test_known_parts);
  g_test_add_func ("/partial-date/refuses", test_refuses);
  return g_test_run ();
}
