/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/data-group.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) file = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) content = tambo_dg4_parse (file, &error);

  fuzz_outcome (content, error);
  return 0;
}
