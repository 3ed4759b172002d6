/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/lds.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) archive = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboLds) lds = tambo_lds_parse (archive, &error);

  fuzz_outcome (lds, error);
  if (!lds)
    return 0;
  g_autoptr (GBytes) again = tambo_lds_encode (lds);
  g_autoptr (TamboLds) same = tambo_lds_parse (again, NULL);
  g_assert_true (same && tambo_lds_equal (lds, same));
  return 0;
}
