/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/finger.h"

static void test_names_and_numbers (void) {
  for (int i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++) {
    g_autofree char *number = g_strdup_printf ("%d", i);

    g_assert_cmpint (tambo_finger_from_string (tambo_finger_to_string ((TamboFinger) i)), ==, i);
    g_assert_cmpint (tambo_finger_from_string (number), ==, i);
  }
  g_assert_cmpstr (tambo_finger_to_string (TAMBO_FINGER_RIGHT_INDEX), ==, "right-index");
  g_assert_cmpint (tambo_finger_from_string ("left-thumb"), ==, 6);
}

static void test_unknown (void) {
  static const char *const texts[] = { "", "0", "11", "-1", "01", "1 ", "unknown", "Right-Index" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmpint (tambo_finger_from_string (texts[i]), ==, TAMBO_FINGER_UNKNOWN);
  g_assert_cmpint (tambo_finger_from_string (NULL), ==, TAMBO_FINGER_UNKNOWN);
  g_assert_cmpstr (tambo_finger_to_string ((TamboFinger) 11), ==, "unknown");
  g_assert_cmpstr (tambo_finger_to_string ((TamboFinger) -1), ==, "unknown");
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/finger/names-and-numbers", test_names_and_numbers);
  g_test_add_func ("/finger/unknown", test_unknown);
  return g_test_run ();
}
