/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any picture, as grey rows: a width in two bytes, then the pixels, repeated down to a height that holds
 * a zone.
 */
#include "capture/mrz-image.h"
#include "fuzz.h"

#define MAX_WIDTH 700
#define MAX_HEIGHT 160

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (TamboImage) image = NULL;
  g_autoptr (TamboMrzReading) reading = NULL;
  g_autoptr (GError) error = NULL;
  int width, height;

  if (size < 4)
    return 0;
  width = 1 + (data[0] << 8 | data[1]) % MAX_WIDTH;
  height = 1 + data[2] % MAX_HEIGHT;
  image = tambo_image_new (width, height, 1);
  for (gsize i = 0; i < tambo_image_size (image); i++)
    image->data[i] = data[3 + i % (size - 3)];
  reading = tambo_mrz_image_read (image, "2026-01-01", &error);
  fuzz_outcome (reading, error);
  return 0;
}
