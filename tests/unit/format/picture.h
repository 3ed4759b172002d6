/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pictures that the tests of the codecs draw for themselves, and files from the folder of
 * TAMBO_TEST_DATA when there is one.
 */
#pragma once

#include "format/image-codec.h"

#include <math.h>
#include <string.h>

/* Like a photograph: soft shapes, a few edges, fine texture and sensor noise. */
static inline TamboImage *picture_new (int width, int height, int channels) {
  TamboImage *image = tambo_image_new (width, height, channels);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint8 *out = image->data;

  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) {
      double u = (double) x / width, v = (double) y / height;
      double head = hypot ((u - 0.5) / 0.3, (v - 0.45) / 0.38);
      double light = head < 1 ? 190 - 60 * head * head + 12 * sin (40 * u) * sin (31 * v)
                              : 205 - 40 * v + 6 * sin (9 * u + 4 * v);
      if (v > 0.8 && fabs (u - 0.5) < 0.42)
        light = 70 + 25 * sin (60 * u + 12 * v);
      for (int c = 0; c < channels; c++) {
        double value = light - 14 * c * (head < 1) + g_rand_double_range (rand, -3, 3);
        *out++ = (guint8) CLAMP (value, 0, 255);
      }
    }
  }
  return image;
}

/* NULL, with a message, when there is no such folder or file. */
static inline GBytes *test_data_load (const char *name) {
  const char *folder = g_getenv ("TAMBO_TEST_DATA");
  g_autofree char *path = g_build_filename (folder != NULL ? folder : "", name, NULL);
  char *contents;
  gsize size;

  if (folder == NULL || !g_file_get_contents (path, &contents, &size, NULL)) {
    g_test_message ("skipped: no data");
    return NULL;
  }
  return g_bytes_new_take (contents, size);
}
