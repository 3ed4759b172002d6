/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso19794-7.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboSignature) signature = tambo_signature_parse (bytes, &error);

  fuzz_outcome (signature, error);
  if (signature == NULL)
    return 0;
  g_autoptr (GBytes) written = tambo_signature_encode (signature);
  g_autoptr (TamboSignature) again = tambo_signature_parse (written, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->samples->len, ==, signature->samples->len);
  g_autoptr (TamboImage) drawn = tambo_signature_draw (signature, 64, 32);
  g_assert_true (drawn == NULL || drawn->width == 64);
  return 0;
}
