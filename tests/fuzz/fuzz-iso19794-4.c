/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso19794-4.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboFingerRecord) record = tambo_finger_record_parse (bytes, &error);

  fuzz_outcome (record, error);
  if (record == NULL)
    return 0;
  GBytes *(*const encoders[]) (const TamboFingerRecord *) = { tambo_finger_record_encode,
                                                              tambo_finger_record_encode_2011 };
  for (guint i = 0; i < G_N_ELEMENTS (encoders); i++) {
    g_autoptr (GBytes) written = encoders[i](record);
    g_autoptr (TamboFingerRecord) again = tambo_finger_record_parse (written, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (again->views->len, ==, record->views->len);
  }
  return 0;
}
