/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * PNG, JPEG, JPEG 2000 and PNM, whichever the bytes claim to be; WSQ has a target of its own.
 */
#include "format/image-codec.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;

  if (tambo_image_sniff (bytes) == TAMBO_IMAGE_WSQ)
    return 0;
  g_autoptr (TamboImage) image = tambo_image_decode (bytes, &error);
  fuzz_outcome (image, error);
  if (image != NULL) {
    g_assert_cmpint (image->width, >, 0);
    g_assert_cmpint (image->height, >, 0);
    g_assert_true (image->channels == 1 || image->channels == 3);
  }
  return 0;
}
