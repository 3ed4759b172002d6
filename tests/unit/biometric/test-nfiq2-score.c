/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-score.h"

#include "format/format-error.h"

#include <string.h>

/* Votes 1 where the measure at VARIABLE is above LIMIT. */
static void append_tree (GString *text, int variable, const char *limit) {
  g_string_append_printf (text,
                          "      -\n         nodes:\n"
                          "            - { value:1., splits:[ { var:%d, le:%s } ] }\n"
                          "            - { value:0. }\n            - { value:1. }\n",
                          variable, limit);
}

static GBytes *model_new (void) {
  g_autoptr (GString) text = g_string_new ("%YAML:1.0\n---\nmy_random_trees:\n   trees:\n");

  append_tree (text, 0, "3.5");
  append_tree (text, 13, "40.");
  append_tree (text, 68, "1.");
  return g_bytes_new (text->str, text->len);
}

static TamboNfiq2ModelInfo *parse_info (const char *text, GError **error) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  return tambo_nfiq2_model_info_parse (bytes, error);
}

/* The model takes the measures in the published order. */
static void test_score (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = model_new ();
  g_autoptr (TamboRandomForest) model = tambo_nfiq2_model_parse (file, NULL, &error);
  TamboNfiq2Measures measures = { .scorable = TRUE };

  g_assert_no_error (error);
  g_assert_cmpint (tambo_nfiq2_score (model, &measures), ==, 0);
  measures.measures[0].value = 4;
  g_assert_cmpint (tambo_nfiq2_score (model, &measures), ==, 33);
  measures.measures[13].value = 41;
  g_assert_cmpint (tambo_nfiq2_score (model, &measures), ==, 67);
  measures.measures[68].value = 2;
  g_assert_cmpint (tambo_nfiq2_score (model, &measures), ==, 100);
  measures.scorable = FALSE;
  g_assert_cmpint (tambo_nfiq2_score (model, &measures), ==, TAMBO_NFIQ2_FAILURE);
}

static void test_information (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = model_new ();
  g_autofree char *md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, file);
  g_autofree char *text = g_strdup_printf (
      "Name = Of the test\nno line\nVersion =1\n Path= model.yaml \r\nHash = %s\n", md5);
  g_autoptr (TamboNfiq2ModelInfo) info = parse_info (text, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (info->name, ==, "Of the test");
  g_assert_cmpstr (info->version, ==, "1");
  g_assert_cmpstr (info->path, ==, "model.yaml");
  g_autoptr (TamboRandomForest) model = tambo_nfiq2_model_parse (file, info, &error);
  g_assert_no_error (error);
  g_assert_cmpint (tambo_random_forest_trees (model), ==, 3);

  info->md5[0] = info->md5[0] == '0' ? '1' : '0';
  g_assert_null (tambo_nfiq2_model_parse (file, info, &error));
  g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED);
}

static void test_no_information (void) {
  static const char *const texts[] = { "", "Name = x\n", "Path = x\n", "Hash = x\nPath =\n",
                                       "Path = \xff\nHash = x\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (parse_info (texts[i], &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nfiq2-score/score", test_score);
  g_test_add_func ("/nfiq2-score/information", test_information);
  g_test_add_func ("/nfiq2-score/no-information", test_no_information);
  return g_test_run ();
}
