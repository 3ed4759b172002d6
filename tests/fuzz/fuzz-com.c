/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/data-group.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) file = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  guint32 groups = 0;
  gboolean whole = tambo_com_parse (file, &groups, &error);

  fuzz_outcome (whole, error);
  g_assert_cmphex (groups & ~0x1FFFEu, ==, 0);
  return 0;
}
