/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/wsq.h"
#include "fuzz.h"

/* A header may claim megapixels, which take long and teach nothing: such inputs are passed over. */
#define PIXELS_MAX (128 * 1024)

static gboolean claims_too_much (const guint8 *data, gsize size) {
  for (gsize i = 0; i + 10 <= size; i++)
    if (data[i] == 0xFF && data[i + 1] == 0xA2) {
      guint32 height = (guint32) data[i + 6] << 8 | data[i + 7];
      guint32 width = (guint32) data[i + 8] << 8 | data[i + 9];
      if (height * width > PIXELS_MAX)
        return TRUE;
    }
  return FALSE;
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  if (claims_too_much (data, size))
    return 0;

  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboImage) image = tambo_wsq_decode (bytes, &error);

  fuzz_outcome (image, error);
  if (image == NULL || image->width < TAMBO_WSQ_MIN_SIDE || image->height < TAMBO_WSQ_MIN_SIDE)
    return 0;

  /* What was read can be written and read again. */
  g_autoptr (GBytes) written = tambo_wsq_encode (image, TAMBO_WSQ_RATE, &error);
  g_assert_no_error (error);
  g_autoptr (TamboImage) again = tambo_wsq_decode (written, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->width, ==, image->width);
  g_assert_cmpint (again->height, ==, image->height);
  g_assert_cmpint (again->ppi, ==, image->ppi);
  return 0;
}
