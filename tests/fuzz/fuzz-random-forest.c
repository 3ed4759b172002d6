/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/random-forest.h"
#include "fuzz.h"

#define VARIABLES 69

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboRandomForest) forest = tambo_random_forest_parse (bytes, VARIABLES, &error);
  float values[VARIABLES] = { 0 };

  fuzz_outcome (forest, error);
  if (forest == NULL)
    return 0;

  /* What was read can be asked, whatever the sample. */
  for (int round = -1; round <= 1; round++) {
    for (int i = 0; i < VARIABLES; i++)
      values[i] = (float) (round * 1e9);
    int votes = tambo_random_forest_votes (forest, values);
    g_assert_cmpint (votes, >=, 0);
    g_assert_cmpint (votes, <=, tambo_random_forest_trees (forest));
  }
  return 0;
}
