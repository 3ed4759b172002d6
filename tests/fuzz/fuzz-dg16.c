/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/data-group.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) file = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) content = tambo_dg16_parse (file, &error);

  fuzz_outcome (content, error);
  if (!content)
    return 0;
  /* what was understood is written so that it is understood again */
  g_autoptr (GBytes) again = tambo_dg16_encode (content);
  g_autoptr (GPtrArray) same = tambo_dg16_parse (again, &error);
  g_assert_no_error (error);
  g_assert_nonnull (same);
  return 0;
}
