/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/data-group.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) file = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) features = tambo_features_parse (TAMBO_LDS_DG9, file, &error);

  fuzz_outcome (features, error);
  if (!features)
    return 0;
  g_autoptr (GBytes) written = tambo_features_encode (TAMBO_LDS_DG9, features, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) again = tambo_features_parse (TAMBO_LDS_DG9, written, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->len, ==, features->len);
  return 0;
}
