/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/random-forest.h"

#include "format/format-error.h"

#include <string.h>

#define VARIABLES 5
#define TREES 40

/* ---- a forest of our own ---- */

typedef enum { YAML_FLOW, YAML_BLOCK, XML } Syntax;

/* Random trees in a text, and what they say of a sample. */
typedef struct {
  GRand *rand;
  GString *text;
  Syntax syntax;
  const float *sample;
  int trees;
} Writer;

static void write_end (Writer *self, int vote) {
  if (self->syntax == XML)
    g_string_append_printf (self->text, "<_><depth>1</depth><value>%d.</value></_>\n", vote);
  else if (self->syntax == YAML_BLOCK)
    g_string_append_printf (self->text, "            -\n               value: %d.\n", vote);
  else
    g_string_append_printf (self->text, "            - { depth:1, value:%d., norm_class_idx:0 }\n",
                            vote);
}

static void write_split (Writer *self, int variable, const char *comparison, double limit) {
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (number, sizeof number, "%.9e", limit);
  if (self->syntax == XML)
    g_string_append_printf (
        self->text, "<_><value>1.</value><splits><_><var>%d</var><%s>%s</%s></_></splits></_>\n",
        variable, comparison, number, comparison);
  else if (self->syntax == YAML_BLOCK)
    g_string_append_printf (self->text,
                            "            -\n               value: 1.\n               splits:\n"
                            "                  - { var:%d, quality:3., %s:%s }\n"
                            "                  - { var:0, le:0. }\n",
                            variable, comparison, number);
  else
    g_string_append_printf (
        self->text,
        "            - { depth:0, value:1., splits:[ { var:%d, quality:2.5e+01,\n"
        "                %s:%s } ] }\n",
        variable, comparison, number);
}

/* Returns its vote. */
static int write_tree (Writer *self, int depth) {
  if (depth == 0 || g_rand_int_range (self->rand, 0, 4) == 0) {
    int vote = g_rand_int_range (self->rand, 0, 2);
    write_end (self, vote);
    return vote;
  }
  int variable = g_rand_int_range (self->rand, 0, VARIABLES);
  gboolean inverse = g_rand_boolean (self->rand);
  float limit = (float) g_rand_double_range (self->rand, -1, 1);
  write_split (self, variable, inverse ? "gt" : "le", limit);
  int left = write_tree (self, depth - 1), right = write_tree (self, depth - 1);
  return (self->sample[variable] <= limit) != inverse ? left : right;
}

/* Returns the votes for class 1. */
static int write_forest (Writer *self) {
  gboolean xml = self->syntax == XML;
  int votes = 0;

  g_string_append (self->text, xml ? "<?xml version=\"1.0\"?>\n<opencv_storage><forest>"
                                     "<is_classifier>1</is_classifier>\n"
                                   : "%YAML:1.0\n---\nforest: !!opencv-ml-random-trees\n"
                                     "   is_classifier: 1\n   class_labels: [ 0, 1 ]\n");
  g_string_append_printf (
      self->text, xml ? "<ntrees>%d</ntrees><trees>\n" : "   ntrees: %d\n   trees:\n", self->trees);
  for (int i = 0; i < self->trees; i++) {
    g_string_append (self->text, xml ? "<_><nodes>" : "      -\n         nodes:\n");
    votes += write_tree (self, 6);
    g_string_append (self->text, xml ? "</nodes></_>\n" : "");
  }
  g_string_append (self->text, xml ? "</trees></forest></opencv_storage>\n" : "");
  return votes;
}

static TamboRandomForest *parse (const char *text, gsize size, GError **error) {
  g_autoptr (GBytes) bytes = g_bytes_new (text, size);
  return tambo_random_forest_parse (bytes, VARIABLES, error);
}

static void test_votes (gconstpointer data) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  float sample[VARIABLES];
  int least = TREES, most = 0;

  for (int round = 0; round < 30; round++) {
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    Writer writer = { rand, text, GPOINTER_TO_INT (data), sample, TREES };
    for (int i = 0; i < VARIABLES; i++)
      sample[i] = (float) g_rand_double_range (rand, -1, 1);
    int votes = write_forest (&writer);
    g_autoptr (TamboRandomForest) forest = parse (text->str, text->len, &error);
    g_assert_no_error (error);
    g_assert_cmpint (tambo_random_forest_trees (forest), ==, TREES);
    g_assert_cmpint (tambo_random_forest_votes (forest, sample), ==, votes);
    least = MIN (least, votes);
    most = MAX (most, votes);
  }
  g_assert_cmpint (least, <, most);
}

/* No part of the file is taken for a whole, but where only the end of the line is missing. */
static void test_truncated (gconstpointer data) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autoptr (GString) text = g_string_new (NULL);
  const float sample[VARIABLES] = { 0 };
  Writer writer = { rand, text, GPOINTER_TO_INT (data), sample, 2 };

  write_forest (&writer);
  gsize whole = text->len - strlen (writer.syntax == XML ? "\n" : ".\n");
  if (writer.syntax == YAML_FLOW)
    whole = text->len - 1;
  for (gsize size = 0; size < whole; size++) {
    g_autofree char *part = g_memdup2 (text->str, size);
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboRandomForest) forest = parse (part, size, &error);
    g_assert_null (forest);
    g_assert_true (error != NULL && error->domain == TAMBO_FORMAT_ERROR);
  }
}

static void test_refused (void) {
#define TREE(nodes) "m:\n  trees:\n    -\n      nodes:\n" nodes
  static const struct {
    const char *text, *cause;
  } cases[] = {
    { "m:\n  ntrees: 0\n", "no trees" },
    { TREE ("        - { value:2. }\n"), "range" },
    { TREE ("        - { value:0.5 }\n"), "range" },
    { TREE ("        - { value:nan }\n"), "wrong" },
    { TREE ("        - { value: }\n"), "missing" },
    { TREE ("        - { depth:0 }\n"), "value is missing" },
    { TREE ("        - { value:1., splits:[ { var:5, le:0. } ] }\n"), "range" },
    { TREE ("        - { value:1., splits:[ { var:-1, le:0. } ] }\n"), "range" },
    { TREE ("        - { value:1., splits:[ { var:1 } ] }\n"), "split is incomplete" },
    { TREE ("        - { value:1., splits:[ { var:1, le:1e999 } ] }\n"), "wrong" },
    { TREE ("        - { value:1., splits:[ { var:1, le:1. } ] }\n        - { value:1. }\n"),
      "tree is incomplete" },
    { TREE ("        - { value:1. }\n        - { value:1. }\n"), "ended before" },
    { TREE ("        - { value:1. } x\n"), "behind" },
    { TREE ("        - { value:1. \n"), "not closed" },
    { TREE ("        - { value:1. ]\n"), "comma" },
    { "m:\n  is_classifier: 0\n", "no classifier" },
    { "m:\n  class_labels: [ 2, 3 ]\n", "range" },
    { "m:\n  class_labels: [ 1, 0 ]\n", "classes" },
    { "m:\n  class_labels: [ 0 ]\n  trees:\n    -\n      nodes:\n        - { value:1. }\n",
      "two classes" },
    { "m:\n  ntrees: 2\n  trees:\n    -\n      nodes:\n        - { value:1. }\n",
      "number of trees" },
    { "m: [[[[[[[[[[[[[[[[[[[[[[[[", "deep" },
    { "<a><b><c><d><e><f><g><h><i><j><k><l><m><n><o><p><q><r><s><t><u><v><w>", "deep" },
    { "<opencv_storage><m></opencv_storage>", "m" },
    { "", "0 bytes" },
  };
#undef TREE

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboRandomForest) forest = parse (cases[i].text, strlen (cases[i].text), &error);
    g_assert_null (forest);
    g_assert_nonnull (error);
    if (strstr (error->message, cases[i].cause) == NULL)
      g_error ("%s: %s", cases[i].text, error->message);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/random-forest/votes/flow", GINT_TO_POINTER (YAML_FLOW), test_votes);
  g_test_add_data_func ("/random-forest/votes/block", GINT_TO_POINTER (YAML_BLOCK), test_votes);
  g_test_add_data_func ("/random-forest/votes/xml", GINT_TO_POINTER (XML), test_votes);
  g_test_add_data_func ("/random-forest/truncated/flow", GINT_TO_POINTER (YAML_FLOW),
                        test_truncated);
  g_test_add_data_func ("/random-forest/truncated/xml", GINT_TO_POINTER (XML), test_truncated);
  g_test_add_func ("/random-forest/refused", test_refused);
  return g_test_run ();
}
