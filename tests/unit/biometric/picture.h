/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pictures that the tests of this room draw for themselves, ways to spoil them, and files from the
 * folder of TAMBO_TEST_DATA when there is one.
 */
#pragma once

#include "format/image-codec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Arched ridges of PERIOD pixels inside an ellipse: a finger on a white platen. */
static inline TamboImage *ridges_new (int width, int height, double period) {
  TamboImage *image = tambo_image_new (width, height, 1);
  guint8 *out = image->data;

  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) {
      double u = (x - width / 2.0) / (width * 0.45), v = (y - height / 2.0) / (height * 0.47);
      double r = hypot (x - width / 2.0, (y - height * 0.75) * 0.8);
      double ink = 0.5 + 0.5 * sin (2 * G_PI * r / period + 0.6 * sin (x / 37.0));
      *out++ = u * u + v * v < 1 ? (guint8) (230 - 180 * ink) : 245;
    }
  }
  return image;
}

static inline TamboImage *noisy (const TamboImage *image, double amount) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  TamboImage *copy = tambo_image_copy (image);
  for (gsize i = 0; i < tambo_image_size (copy); i++) {
    double value = copy->data[i] + g_rand_double_range (rand, -amount, amount);
    copy->data[i] = (guint8) CLAMP (value, 0, 255);
  }
  return copy;
}

/* Three box blurs: nearly a Gauss. */
static inline TamboImage *blurred (const TamboImage *image, int radius) {
  TamboImage *copy = tambo_image_copy (image);
  int strides[2] = { image->channels, image->width * image->channels };
  int lengths[2] = { image->width, image->height };

  for (int pass = 0; pass < 6; pass++) {
    int stride = strides[pass % 2], length = lengths[pass % 2];
    g_autoptr (TamboImage) source = tambo_image_copy (copy);
    for (gsize i = 0; i < tambo_image_size (copy); i++) {
      int at = (int) (i / (gsize) stride) % length, sum = 0, count = 0;
      for (int k = MAX (-radius, -at); k <= MIN (radius, length - 1 - at); k++, count++)
        sum += source->data[(gssize) i + (gssize) k * stride];
      copy->data[i] = (guint8) (sum / count);
    }
  }
  return copy;
}

static inline TamboImage *multiplied (const TamboImage *image, double factor) {
  TamboImage *copy = tambo_image_copy (image);
  for (gsize i = 0; i < tambo_image_size (copy); i++)
    copy->data[i] = (guint8) MIN (copy->data[i] * factor, 255);
  return copy;
}

/* NULL, with a message, when there is no such folder or file, or it is no picture. */
static inline TamboImage *test_picture_load (const char *name) {
  const char *folder = g_getenv ("TAMBO_TEST_DATA");
  g_autofree char *path = g_build_filename (folder != NULL ? folder : "", name, NULL);
  char *contents;
  gsize size;

  if (folder == NULL || !g_file_get_contents (path, &contents, &size, NULL)) {
    g_test_message ("skipped: no data");
    return NULL;
  }
  g_autoptr (GBytes) bytes = g_bytes_new_take (contents, size);
  return tambo_image_decode (bytes, NULL);
}

/* The names of the pictures in a folder of TAMBO_TEST_DATA; empty, with a message, without it. */
static inline GPtrArray *test_pictures (const char *folder) {
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const char *root = g_getenv ("TAMBO_TEST_DATA");
  g_autofree char *path = g_build_filename (root != NULL ? root : "", folder, NULL);
  g_autoptr (GDir) dir = root != NULL ? g_dir_open (path, 0, NULL) : NULL;
  const char *name;

  if (dir == NULL)
    g_test_message ("skipped: no data");
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".png") || g_str_has_suffix (name, ".jpg"))
      g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  return names;
}
