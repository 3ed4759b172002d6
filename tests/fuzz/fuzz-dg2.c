/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * DG2 of both standards, and the JPEG or JPEG 2000 file inside.
 */
#include "chip/data-group.h"
#include "format/image-codec.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (GBytes) file = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = tambo_dg2_parse (file, &error);

  fuzz_outcome (content, error);
  if (!content)
    return 0;
  g_autoptr (TamboImage) image = tambo_image_decode (content, &error);
  fuzz_outcome (image, error);
  return 0;
}
