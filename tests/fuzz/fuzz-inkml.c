/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/inkml.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboSignature) signature = tambo_inkml_parse (bytes, &error);

  fuzz_outcome (signature, error);
  if (signature == NULL)
    return 0;
  g_autoptr (GBytes) written = tambo_inkml_encode (signature);
  g_autoptr (TamboSignature) again = tambo_inkml_parse (written, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->samples->len, ==, signature->samples->len);
  return 0;
}
