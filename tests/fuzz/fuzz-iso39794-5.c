/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso39794-5.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_auto (TamboFaceRecord) record = { 0 };
  gboolean parsed = tambo_face_block_parse (bytes, &record, &error);

  fuzz_outcome (parsed, error);
  if (!parsed)
    return 0;
  g_autoptr (GBytes) written = tambo_face_block_encode (&record);
  g_auto (TamboFaceRecord) again = { 0 };
  g_assert_true (tambo_face_block_parse (written, &again, &error));
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (again.image, record.image));
  g_assert_cmpuint (again.gender, ==, record.gender);
  return 0;
}
