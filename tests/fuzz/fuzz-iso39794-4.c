/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso39794-4.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboFingerRecord) record = tambo_finger_block_parse (bytes, &error);

  fuzz_outcome (record, error);
  if (record == NULL)
    return 0;
  g_autoptr (GBytes) written = tambo_finger_block_encode (record, &error);
  g_assert_no_error (error);
  g_autoptr (TamboFingerRecord) again = tambo_finger_block_parse (written, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->views->len, ==, record->views->len);
  g_assert_cmpuint (again->ppi, ==, record->ppi);
  return 0;
}
