/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print/bar-code.h"

#include <string.h>

/* As a reader sees it: how wide bars and spaces are, in turn. */
static char *measure (const GByteArray *modules) {
  GString *widths = g_string_new (NULL);

  for (guint i = 0, run = 0; i < modules->len; i++) {
    run++;
    if (i + 1 == modules->len || modules->data[i + 1] != modules->data[i]) {
      g_string_append_c (widths, (char) ('0' + run));
      run = 0;
    }
  }
  return g_string_free (widths, FALSE);
}

/* Start B, the characters, the check character, stop: values 104, 48, 42, 42, 17, 18, 19, 35 and 879 mod 103 = 55. */
static void test_known (void) {
  g_autoptr (GByteArray) modules = tambo_bar_code_encode ("PJJ123C");
  g_autofree char *widths = measure (modules);

  g_assert_cmpstr (widths, ==,
                   "211214"
                   "313121"
                   "112133"
                   "112133"
                   "123221"
                   "223211"
                   "221132"
                   "131321"
                   "311321"
                   "2331112");
  g_assert_cmpuint (modules->len, ==, 9 * 11 + 13);
}

/* What one character changes is to be seen, in it and in the check character. */
static void test_all_differ (void) {
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (char sign = ' '; sign <= '~'; sign++) {
    const char text[] = { sign, '\0' };
    g_autoptr (GByteArray) modules = tambo_bar_code_encode (text);
    g_assert_cmpuint (modules->len, ==, 3 * 11 + 13);
    g_assert_true (g_hash_table_add (seen, measure (modules)));
  }
}

static void test_refused (void) {
  g_autofree char *longest = g_strnfill (48, '7');
  g_autofree char *longer = g_strnfill (49, '7');
  g_autoptr (GByteArray) modules = tambo_bar_code_encode (longest);

  g_assert_nonnull (modules);
  g_assert_null (tambo_bar_code_encode (longer));
  g_assert_null (tambo_bar_code_encode (""));
  g_assert_null (tambo_bar_code_encode ("TB\n"));
  g_assert_null (tambo_bar_code_encode ("Ñ"));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bar-code/known", test_known);
  g_test_add_func ("/bar-code/all-differ", test_all_differ);
  g_test_add_func ("/bar-code/refused", test_refused);
  return g_test_run ();
}
