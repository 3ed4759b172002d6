/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/country.h"

static void test_known (void) {
  static const char *const codes[] = { "PER", "VEN", "HTI", "ZWE", "ABW", "D",   "DEU",
                                       "GBD", "RKS", "EUE", "UNO", "UNK", "XPO", "XOM",
                                       "XXA", "XXB", "XXC", "XXX", "UTO", "ANT" };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    g_assert_true (tambo_is_state_code (codes[i]));
}

static void test_unknown (void) {
  static const char *const codes[] = { "", "P", "PE", "per", "PERU", "ZZZ", "AAA", "D<<", "XXD" };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    g_assert_false (tambo_is_state_code (codes[i]));
  g_assert_false (tambo_is_state_code (NULL));
}

/* 249 of ISO 3166-1 and 29 of ICAO. */
static void test_number_of_codes (void) {
  guint n = tambo_is_state_code ("D");

  for (char a = 'A'; a <= 'Z'; a++)
    for (char b = 'A'; b <= 'Z'; b++)
      for (char c = 'A'; c <= 'Z'; c++) {
        const char code[] = { a, b, c, '\0' };

        n += tambo_is_state_code (code);
      }
  g_assert_cmpuint (n, ==, 278);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/country/known", test_known);
  g_test_add_func ("/country/unknown", test_unknown);
  g_test_add_func ("/country/number-of-codes", test_number_of_codes);
  return g_test_run ();
}
