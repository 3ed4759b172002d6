/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "record/member.h"

static void test_absent_changes_nothing (void) {
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *text = g_strdup ("as it was");
  g_auto (GStrv) strings = g_strsplit ("a", ",", -1);
  JsonObject *inner = object;
  gboolean flag = TRUE;
  gint64 value = 42;

  g_assert_true (tambo_member_text (object, "x", TAMBO_RECORD_ERROR_FIELD, &text, NULL));
  g_assert_true (tambo_member_int (object, "x", 0, 1, &value, NULL));
  g_assert_true (tambo_member_bool (object, "x", &flag, NULL));
  g_assert_true (tambo_member_strings (object, "x", TAMBO_RECORD_ERROR_FIELD, &strings, NULL));
  g_assert_true (tambo_member_object (object, "x", &inner, NULL));
  g_assert_cmpstr (text, ==, "as it was");
  g_assert_cmpstr (strings[0], ==, "a");
  g_assert_true (flag && value == 42 && inner == object);
}

static void test_lists_are_bounded (void) {
  for (guint length = TAMBO_MEMBER_MAX_LIST; length <= TAMBO_MEMBER_MAX_LIST + 1; length++) {
    g_autoptr (JsonObject) object = json_object_new ();
    JsonArray *texts = json_array_new (), *objects = json_array_new (), *array = NULL;
    g_auto (GStrv) strings = NULL;

    for (guint i = 0; i < length; i++) {
      json_array_add_string_element (texts, "x");
      json_array_add_object_element (objects, json_object_new ());
    }
    json_object_set_array_member (object, "texts", texts);
    json_object_set_array_member (object, "objects", objects);
    g_assert_true (tambo_member_strings (object, "texts", TAMBO_RECORD_ERROR_FIELD, &strings, NULL)
                   == (length <= TAMBO_MEMBER_MAX_LIST));
    g_assert_true (tambo_member_objects (object, "objects", &array, NULL)
                   == (length <= TAMBO_MEMBER_MAX_LIST));
  }
}

static void test_keyword (void) {
  static const char *const words[] = { "a", "travel-document", "x509-2" };
  static const char *const others[] = { "",    "-a", "a-",  "a--b", "A",  "a b",
                                        "a/b", "..", "a.b", "é",    "a_b" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_true (tambo_is_keyword (words[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (tambo_is_keyword (others[i]));
  g_assert_false (tambo_is_keyword (NULL));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/member/absent-changes-nothing", test_absent_changes_nothing);
  g_test_add_func ("/member/lists-are-bounded", test_lists_are_bounded);
  g_test_add_func ("/member/keyword", test_keyword);
  return g_test_run ();
}
