/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/master-list.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_auto (TamboMasterList) list = { NULL };
  g_autoptr (GError) error = NULL;
  gboolean parsed = tambo_master_list_parse (data, size, &list, &error);

  fuzz_outcome (parsed, error);
  g_assert_true (!parsed || (list.signer && list.certificates));
  return 0;
}
