/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/an2k-records.h"
#include "fuzz.h"

static void look_into (const TamboAn2kRecord *record) {
  g_auto (TamboAn2kImage) image = { 0 };
  g_autoptr (GError) image_error = NULL, minutiae_error = NULL;

  gboolean has_image = tambo_an2k_record_get_image (record, &image, &image_error);
  fuzz_outcome (has_image, image_error);
  if (has_image && image.compression == TAMBO_AN2K_NONE) {
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboImage) pixels = tambo_an2k_image_decode (&image, &error);
    fuzz_outcome (pixels, error);
  }
  g_autoptr (TamboMinutiaeRecord) minutiae =
      tambo_an2k_record_get_minutiae (record, &minutiae_error);
  fuzz_outcome (minutiae, minutiae_error);
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboAn2k) an2k = tambo_an2k_parse (bytes, &error);

  fuzz_outcome (an2k, error);
  if (an2k == NULL)
    return 0;
  for (guint i = 0; i < an2k->records->len; i++)
    look_into (g_ptr_array_index (an2k->records, i));

  /* What was read is written as something that reads the same. */
  g_autoptr (GBytes) written = tambo_an2k_encode (an2k);
  g_autoptr (TamboAn2k) again = tambo_an2k_parse (written, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->records->len, ==, an2k->records->len);
  return 0;
}
