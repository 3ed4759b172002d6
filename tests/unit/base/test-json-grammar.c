/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/json-grammar.h"
#include "base/json.h"

static const char *fault_of (const char *text) {
  return tambo_json_grammar_fault (text, strlen (text));
}

static void test_accepts (void) {
  static const char *const texts[] = {
    "{}",
    " {\t\"a\" :\r\n[ ] , \"b\":[1,2 ,3]} \n",
    "{\"a\":{\"b\":{\"c\":null}}}",
    "[true,false,null,0,-0,1e5,1.5E-3,-12.0e+1]",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e1\\ud83d\\ude00\"",
    "9223372036854775807",
    "-9223372036854775808",
    "{\"\":\"\xc3\xa1\x7f\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmpstr (fault_of (texts[i]), ==, NULL);
}

static void test_refuses (void) {
  static const char *const texts[] = {
    "",
    " ",
    "{",
    "}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{a:1}",
    "{'a':1}",
    "{\"a\" 1}",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1}",
    "{} {}",
    "{}x",
    "// comment\n{}",
    "/* comment */ {}",
    "var a = {}",
    "nul",
    "True",
    "NaN",
    "Infinity",
    "01",
    "+1",
    "-",
    "1.",
    ".5",
    "1e",
    "0x10",
    "9223372036854775808",
    "-9223372036854775809",
    "123456789012345678901234567890",
    "\"\t\"",
    "\"\n\"",
    "\"\\x\"",
    "\"\\u12\"",
    "\"\\u12g4\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\ud800\\u0041\"",
    "\"\\ud800\\ud800\"",
    "\"\\udc00\"",
    "\"\\udc00\\ud800\"",
    "\"\xff\"",
    "\"\xc3\"",
    "\xef\xbb\xbf{}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_nonnull (fault_of (texts[i]));
}

static void test_refuses_null_bytes (void) {
  static const char text[] = "{\"a\":\"b\"}";

  for (gsize i = 0; i < strlen (text); i++) {
    char copy[sizeof text];

    memcpy (copy, text, sizeof text);
    copy[i] = '\0';
    g_assert_nonnull (tambo_json_grammar_fault (copy, strlen (text)));
  }
  g_assert_nonnull (tambo_json_grammar_fault ("{}\0", 3));
}

static void test_refuses_every_truncation (void) {
  static const char text[] =
      "{\"a\":[1,-2,true,false,null,{\"b\":\"\\ud83d\\ude00\xc3\xa9\"}],\"c\":1.5e3}";

  g_assert_null (fault_of (text));
  for (gsize i = 0; i < strlen (text); i++) {
    /* A copy of its own size lets the sanitizer see a read past the end. */
    g_autofree char *cut = g_memdup2 (text, i + 1);

    cut = g_realloc (cut, MAX (i, 1));
    g_assert_nonnull (tambo_json_grammar_fault (cut, i));
  }
}

static void test_bounds_the_depth (void) {
  const char *const openings[] = { "[", "{\"a\":" };
  const char closings[] = { ']', '}' };

  for (gsize kind = 0; kind < 2; kind++)
    for (guint depth = TAMBO_JSON_MAX_DEPTH - 1; depth <= TAMBO_JSON_MAX_DEPTH + 1; depth++) {
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint i = 0; i < depth; i++)
        g_string_append (text, openings[kind]);
      g_string_append (text, "1");
      for (guint i = 0; i < depth; i++)
        g_string_append_c (text, closings[kind]);
      g_assert_true ((fault_of (text->str) == NULL) == (depth <= TAMBO_JSON_MAX_DEPTH));
    }
}

static void test_survives_deep_garbage (void) {
  g_autofree char *text = g_strnfill (1 << 20, '[');

  g_assert_nonnull (fault_of (text));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-grammar/accepts", test_accepts);
  g_test_add_func ("/json-grammar/refuses", test_refuses);
  g_test_add_func ("/json-grammar/refuses-null-bytes", test_refuses_null_bytes);
  g_test_add_func ("/json-grammar/refuses-every-truncation", test_refuses_every_truncation);
  g_test_add_func ("/json-grammar/bounds-the-depth", test_bounds_the_depth);
  g_test_add_func ("/json-grammar/survives-deep-garbage", test_survives_deep_garbage);
  return g_test_run ();
}
