/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso19794-2.h"
#include "fuzz.h"

static void write_and_read (GBytes *written, const TamboMinutiaeRecord *record) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboMinutiaeRecord) again = tambo_minutiae_record_parse (written, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (again->views->len, ==, record->views->len);
  g_assert_cmpuint (again->width, ==, record->width);
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_record_parse (bytes, &error);

  fuzz_outcome (record, error);
  if (record == NULL)
    return 0;
  g_autoptr (GBytes) newer = tambo_minutiae_record_encode_2011 (record);
  write_and_read (newer, record);
  if (record->views->len <= G_MAXUINT8) {
    g_autoptr (GBytes) older = tambo_minutiae_record_encode (record);
    write_and_read (older, record);
  }
  return 0;
}
