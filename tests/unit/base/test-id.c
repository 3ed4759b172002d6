/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/id.h"

static void test_uuid (void) {
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int i = 0; i < 1000; i++) {
    char *id = tambo_id_new ();

    g_assert_true (tambo_id_is_valid (id));
    g_assert_true (g_uuid_string_is_valid (id));
    g_assert_true (g_hash_table_add (seen, id));
  }
}

static void test_uuid_refuses (void) {
  static const char *const malformed[] = {
    "",
    "123e4567-e89b-12d3-a456-426614174000", /* version 1 */
    "123e4567-e89b-42d3-c456-426614174000", /* another variant */
    "123E4567-e89b-42d3-a456-426614174000",
    "123e4567e89b-42d3-a456-4266141740000",
    "123e4567-e89b-42d3-a456-42661417400",
    "123e4567-e89b-42d3-a456-4266141740000",
    "../e4567-e89b-42d3-a456-426614174000",
  };

  g_assert_true (tambo_id_is_valid ("123e4567-e89b-42d3-a456-426614174000"));
  g_assert_false (tambo_id_is_valid (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (malformed); i++)
    g_assert_false (tambo_id_is_valid (malformed[i]));
}

static void test_tracking_form (void) {
  for (int i = 0; i < 1000; i++) {
    g_autofree char *text = tambo_tracking_new ();

    g_assert_cmpuint (strlen (text), ==, strlen ("TB-7K3M-9QX4-H"));
    g_assert_true (g_str_has_prefix (text, "TB-"));
    g_assert_null (strpbrk (text + 2, "01ILOSZBU"));
    g_assert_true (tambo_tracking_is_valid (text));
  }
}

/* Every character of every place replaced by every other byte. */
static void test_tracking_catches_any_wrong_character (void) {
  for (int n = 0; n < 50; n++) {
    g_autofree char *text = tambo_tracking_new ();

    for (gsize i = 0; text[i] != '\0'; i++) {
      char right = text[i];

      for (int c = 1; c < 256; c++) {
        text[i] = (char) c;
        g_assert_true (tambo_tracking_is_valid (text) == (text[i] == right));
      }
      text[i] = right;
    }
  }
}

static void test_tracking_catches_swapped_neighbours (void) {
  for (int n = 0; n < 200; n++) {
    g_autofree char *text = tambo_tracking_new ();

    for (gsize i = 0; text[i + 1] != '\0'; i++) {
      char first = text[i], second = text[i + 1];

      text[i] = second;
      text[i + 1] = first;
      g_assert_true (tambo_tracking_is_valid (text) == (first == second));
      text[i] = first;
      text[i + 1] = second;
    }
  }
}

static void test_tracking_refuses_other_lengths (void) {
  g_autofree char *text = tambo_tracking_new ();
  g_autofree char *longer = g_strconcat (text, "2", NULL);

  g_assert_false (tambo_tracking_is_valid (longer));
  g_assert_false (tambo_tracking_is_valid (NULL));
  for (gsize i = strlen (text); i > 0; i--) {
    text[i - 1] = '\0';
    g_assert_false (tambo_tracking_is_valid (text));
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/id/uuid", test_uuid);
  g_test_add_func ("/id/uuid-refuses", test_uuid_refuses);
  g_test_add_func ("/id/tracking-form", test_tracking_form);
  g_test_add_func ("/id/tracking-catches-any-wrong-character",
                   test_tracking_catches_any_wrong_character);
  g_test_add_func ("/id/tracking-catches-swapped-neighbours",
                   test_tracking_catches_swapped_neighbours);
  g_test_add_func ("/id/tracking-refuses-other-lengths", test_tracking_refuses_other_lengths);
  return g_test_run ();
}
