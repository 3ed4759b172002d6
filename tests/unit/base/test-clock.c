/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

static void test_round_trip (void) {
  const gint64 times[] = { 0, 1, 951782400, 1795341067, 253402300799 };

  for (gsize i = 0; i < G_N_ELEMENTS (times); i++) {
    g_autofree char *text = tambo_clock_format (times[i]);
    gint64 back;

    g_assert_true (tambo_clock_parse (text, &back));
    g_assert_cmpint (back, ==, times[i]);
  }
}

static void test_known_times (void) {
  g_autofree char *text = tambo_clock_format (1795341067);

  g_assert_cmpstr (text, ==, "2026-11-22T09:51:07Z");
}

static void test_refuses_other_forms (void) {
  static const char *const malformed[] = {
    "",
    "2026-11-22",
    "2026-11-22T09:51:07",
    "2026-11-22T09:51:07+00:00",
    "2026-11-22T09:51:07.0Z",
    "2026-11-22t09:51:07z",
    "2026-11-22 09:51:07Z",
    "2026-13-22T09:51:07Z",
    "2026-02-29T09:51:07Z",
    "2026-11-22T24:00:00Z",
    "2026-11-22T09:60:07Z",
    "2026-11-22T09:51:60Z",
    "2026-11-22T09:51:07Zx",
    "0000-11-22T09:51:07Z",
  };
  gint64 value = 42;

  for (gsize i = 0; i < G_N_ELEMENTS (malformed); i++)
    g_assert_false (tambo_clock_parse (malformed[i], &value));
  g_assert_false (tambo_clock_parse (NULL, &value));
  g_assert_cmpint (value, ==, 42);
}

static void test_now_is_today (void) {
  gint64 before = tambo_clock_now_unix (), parsed;
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *today = tambo_clock_today ();

  g_assert_true (tambo_clock_parse (now, &parsed));
  g_assert_cmpint (parsed, >=, before);
  g_assert_cmpint (parsed, <=, before + 5);
  g_assert_true (tambo_date_is_valid (today));
}

static void test_dates (void) {
  g_assert_true (tambo_date_is_valid ("2000-02-29"));
  g_assert_true (tambo_date_is_valid ("2024-12-31"));
  g_assert_false (tambo_date_is_valid ("1900-02-29"));
  g_assert_false (tambo_date_is_valid ("2024-04-31"));
  g_assert_false (tambo_date_is_valid ("2024-00-10"));
  g_assert_false (tambo_date_is_valid ("2024-01-00"));
  g_assert_false (tambo_date_is_valid ("0000-01-01"));
  g_assert_false (tambo_date_is_valid ("2024-1-01"));
  g_assert_false (tambo_date_is_valid ("2024-01-01 "));
  g_assert_false (tambo_date_is_valid ("2000-XX-XX"));
  g_assert_false (tambo_date_is_valid (NULL));
}

static void test_add_years (void) {
  static const struct {
    const char *date;
    int years;
    const char *result;
  } rows[] = {
    { "2024-02-29", 1, "2025-02-28" },  { "2024-02-29", 4, "2028-02-29" },
    { "2024-02-29", -4, "2020-02-29" }, { "2026-11-22", 10, "2036-11-22" },
    { "2026-11-22", 0, "2026-11-22" },  { "9999-01-01", 1, NULL },
    { "0001-01-01", -1, NULL },         { "2026-11-31", 1, NULL },
    { "2026-11-22", G_MAXINT, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *result = tambo_date_add_years (rows[i].date, rows[i].years);

    g_assert_cmpstr (result, ==, rows[i].result);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clock/round-trip", test_round_trip);
  g_test_add_func ("/clock/known-times", test_known_times);
  g_test_add_func ("/clock/refuses-other-forms", test_refuses_other_forms);
  g_test_add_func ("/clock/now-is-today", test_now_is_today);
  g_test_add_func ("/clock/dates", test_dates);
  g_test_add_func ("/clock/add-years", test_add_years);
  return g_test_run ();
}
