/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/error.h"
#include "base/json.h"

static JsonObject *parse (const char *text) {
  g_autoptr (GError) error = NULL;
  JsonObject *object = tambo_json_parse_object (text, -1, &error);

  g_assert_no_error (error);
  return object;
}

static void test_canonical (void) {
  static const char *const pairs[][2] = {
    { "{}", "{}" },
    { " { \"b\" : 1 , \"a\" : [ 2 , { } ] } ", "{\"a\":[2,{}],\"b\":1}" },
    { "{\"B\":1,\"a\":2,\"A\":3,\"\":4,\"aa\":5}", "{\"\":4,\"A\":3,\"B\":1,\"a\":2,\"aa\":5}" },
    { "{\"a\":\"\\u00e1\\u0041\\/\\ud83d\\ude00\"}", "{\"a\":\"áA/😀\"}" },
    { "{\"a\":\"\\b\\t\\n\\f\\r\\\"\\\\\\u0001\\u001f\\u007f\"}",
      "{\"a\":\"\\b\\t\\n\\f\\r\\\"\\\\\\u0001\\u001f\x7f\"}" },
    { "{\"a\":[true,false,null,-9223372036854775808,9223372036854775807]}",
      "{\"a\":[true,false,null,-9223372036854775808,9223372036854775807]}" },
    { "{\"ñ\":1,\"z\":2}", "{\"z\":2,\"ñ\":1}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autoptr (JsonObject) object = parse (pairs[i][0]);
    g_autofree char *canonical = tambo_json_canonical (object);
    g_autoptr (JsonObject) again = parse (canonical);
    g_autofree char *twice = tambo_json_canonical (again);

    g_assert_cmpstr (canonical, ==, pairs[i][1]);
    g_assert_cmpstr (twice, ==, canonical);
  }
}

static void test_parsed_objects_may_be_changed (void) {
  g_autoptr (JsonObject) object = parse ("{\"a\":{}}");
  g_autofree char *canonical = NULL;

  json_object_set_int_member (tambo_json_get_object (object, "a", NULL), "b", 1);
  json_object_set_string_member (object, "c", "d");
  canonical = tambo_json_canonical (object);
  g_assert_cmpstr (canonical, ==, "{\"a\":{\"b\":1},\"c\":\"d\"}");
}

static void test_pretty_means_the_same (void) {
  g_autoptr (JsonObject) object = parse ("{\"b\":[1,2],\"a\":\"x\"}");
  g_autofree char *pretty = tambo_json_pretty (object);
  g_autoptr (JsonObject) again = parse (pretty);
  g_autofree char *canonical = tambo_json_canonical (again);

  g_assert_nonnull (strstr (pretty, "\n  \""));
  g_assert_cmpstr (canonical, ==, "{\"a\":\"x\",\"b\":[1,2]}");
}

static void test_arrays (void) {
  static const char *const refused[] = { "", "{}", "1", "[", "[1,]", "[] []" };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonArray) array = tambo_json_parse_array ("[{\"a\":1},2]", -1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (array), ==, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GError) cause = NULL;

    g_assert_null (tambo_json_parse_array (refused[i], -1, &cause));
    g_assert_error (cause, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED);
  }
}

static void test_parse_refuses (void) {
  static const char *const texts[] = { "", "[]", "1", "\"a\"", "null", "{", "{\"ERIKSSON\"}" };
  g_autofree char *large = g_strnfill (TAMBO_JSON_MAX_SIZE + 1, ' ');

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (tambo_json_parse_object (texts[i], -1, &error));
    g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED);
    g_assert_null (strstr (error->message, "ERIKSSON"));
  }
  large[0] = '{';
  large[1] = '}';
  g_assert_null (tambo_json_parse_object (large, -1, NULL));
}

/* Any byte changed: a value or a refusal, never an abort inside the parser. */
static void test_parse_survives_changed_bytes (void) {
  static const char text[] =
      "{\"a\":[1,-2.5e3,true,null,{\"b\":\"\\ud83d\\ude00\\n\xc3\xa9\"}],\"c\":\"\"}";
  guint n_parsed = 0;

  for (gsize i = 0; i < strlen (text); i++)
    for (int c = 0; c < 256; c++) {
      g_autofree char *copy = g_strdup (text);
      g_autoptr (JsonObject) object = NULL;

      copy[i] = (char) c;
      object = tambo_json_parse_object (copy, (gssize) strlen (text), NULL);
      n_parsed += object != NULL;
    }
  g_assert_cmpuint (n_parsed, >, strlen (text));
}

static void test_members (void) {
  g_autoptr (JsonObject) object =
      parse ("{\"s\":\"x\",\"i\":7,\"o\":{},\"a\":[],\"b\":\"Zm8=\",\"n\":null,\"d\":1.5}");
  g_autoptr (GBytes) bytes = tambo_json_get_bytes (object, "b", NULL);
  gint64 value = 0;

  g_assert_cmpstr (tambo_json_get_string (object, "s", NULL), ==, "x");
  g_assert_true (tambo_json_get_int (object, "i", 7, 7, &value, NULL));
  g_assert_cmpint (value, ==, 7);
  g_assert_nonnull (tambo_json_get_object (object, "o", NULL));
  g_assert_nonnull (tambo_json_get_array (object, "a", NULL));
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "fo", 2);
  g_assert_cmpstr (tambo_json_peek_string (object, "s"), ==, "x");
  g_assert_null (tambo_json_peek_string (object, "i"));
  g_assert_null (tambo_json_peek_string (object, "absent"));
}

static void test_members_of_another_type (void) {
  static const char *const members[] = { "s", "i", "o", "a", "n", "d", "absent" };
  g_autoptr (JsonObject) object =
      parse ("{\"s\":\"x\",\"i\":7,\"o\":{},\"a\":[],\"n\":null,\"d\":1.5}");

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++) {
    const char *member = members[i];
    gint64 value = 42;
    g_autoptr (GError) error = NULL;

    g_assert_true ((tambo_json_get_string (object, member, NULL) != NULL)
                   == (strcmp (member, "s") == 0));
    g_assert_true (tambo_json_get_int (object, member, 0, 9, &value, NULL)
                   == (strcmp (member, "i") == 0));
    g_assert_true ((tambo_json_get_object (object, member, NULL) != NULL)
                   == (strcmp (member, "o") == 0));
    g_assert_true ((tambo_json_get_array (object, member, NULL) != NULL)
                   == (strcmp (member, "a") == 0));
    g_assert_null (tambo_json_get_bytes (object, member, &error));
    g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED);
    g_assert_nonnull (strstr (error->message, member));
  }
}

static void test_int_limits (void) {
  g_autoptr (JsonObject) object = parse ("{\"i\":7}");
  g_autoptr (GError) error = NULL;
  gint64 value = 42;

  g_assert_false (tambo_json_get_int (object, "i", 8, 9, &value, &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED);
  g_assert_false (tambo_json_get_int (object, "i", 0, 6, &value, NULL));
  g_assert_cmpint (value, ==, 42);
}

static void test_set (void) {
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GBytes) bytes = g_bytes_new ("fo", 2);
  g_autofree char *canonical = NULL;

  tambo_json_set_bytes (object, "b", bytes);
  tambo_json_set_optional (object, "x", NULL);
  tambo_json_set_optional (object, "y", "");
  canonical = tambo_json_canonical (object);
  g_assert_cmpstr (canonical, ==, "{\"b\":\"Zm8=\",\"y\":\"\"}");
}

static void test_sign_and_verify (void) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autoptr (TamboKey) other = tambo_key_generate ();
  g_autoptr (JsonObject) statement = parse ("{\"id\":\"é\",\"n\":1}");
  g_autofree char *text = tambo_json_sign (statement, key);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) verified = tambo_json_verify (text, -1, key, &error);
  g_autofree char *canonical = NULL;

  g_assert_no_error (error);
  canonical = tambo_json_canonical (verified);
  g_assert_cmpstr (canonical, ==, "{\"id\":\"é\",\"n\":1}");
  g_assert_null (tambo_json_verify (text, -1, other, &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY);
}

static void test_verify_ignores_layout (void) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autoptr (JsonObject) statement = parse ("{\"b\":[1],\"a\":\"x\"}");
  g_autofree char *text = tambo_json_sign (statement, key);
  g_autoptr (JsonObject) parsed = parse (text);
  g_autofree char *pretty = tambo_json_pretty (parsed);
  g_autoptr (JsonObject) verified = tambo_json_verify (pretty, -1, key, NULL);

  g_assert_nonnull (verified);
}

static void test_verify_refuses_every_changed_byte (void) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autoptr (JsonObject) statement = parse ("{\"id\":\"é\",\"n\":1}");
  g_autofree char *text = tambo_json_sign (statement, key);

  for (gsize i = 0; i < strlen (text) * 8; i++) {
    char right = text[i / 8];
    g_autoptr (GError) error = NULL;

    text[i / 8] = (char) (right ^ 1 << i % 8);
    g_assert_null (tambo_json_verify (text, -1, key, &error));
    g_assert_true (g_error_matches (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED)
                   || g_error_matches (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY));
    text[i / 8] = right;
  }
  for (gssize i = 0; i < (gssize) strlen (text); i++)
    g_assert_null (tambo_json_verify (text, i, key, NULL));
}

static void test_verify_refuses_fractions (void) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autofree char *id = tambo_key_dup_id (key);
  g_autofree char *text =
      g_strdup_printf ("{\"key\":\"%s\",\"signature\":\"AAAA\",\"statement\":{\"a\":[0.5]}}", id);
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_json_verify (text, -1, key, &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/arrays", test_arrays);
  g_test_add_func ("/json/canonical", test_canonical);
  g_test_add_func ("/json/parsed-objects-may-be-changed", test_parsed_objects_may_be_changed);
  g_test_add_func ("/json/pretty-means-the-same", test_pretty_means_the_same);
  g_test_add_func ("/json/parse-refuses", test_parse_refuses);
  g_test_add_func ("/json/parse-survives-changed-bytes", test_parse_survives_changed_bytes);
  g_test_add_func ("/json/members", test_members);
  g_test_add_func ("/json/members-of-another-type", test_members_of_another_type);
  g_test_add_func ("/json/int-limits", test_int_limits);
  g_test_add_func ("/json/set", test_set);
  g_test_add_func ("/json/sign-and-verify", test_sign_and_verify);
  g_test_add_func ("/json/verify-ignores-layout", test_verify_ignores_layout);
  g_test_add_func ("/json/verify-refuses-every-changed-byte",
                   test_verify_refuses_every_changed_byte);
  g_test_add_func ("/json/verify-refuses-fractions", test_verify_refuses_fractions);
  return g_test_run ();
}
