/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "format/idb.h"
#include "fuzz.h"

/* What was read is one text alone. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboIdb) idb = tambo_idb_parse (text, &error);

  fuzz_outcome (idb, error);
  if (idb == NULL)
    return 0;
  g_autofree char *again = tambo_idb_encode (idb, idb->statement);
  g_assert_cmpstr (again, ==, text);
  return 0;
}
