/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A raster image in memory: 8 bits a channel, grey or RGB, rows from the top, no padding.
 */
#pragma once

#include <glib.h>

/* 64 megapixels: no sensor or camera of the project gives more. */
#define TAMBO_IMAGE_MAX_PIXELS (64 * 1024 * 1024)

typedef struct {
  int width, height; /* pixels, at least 1 */
  int channels;      /* 1 grey (0 black), 3 RGB */
  int ppi;           /* pixels per inch; 0 when unknown */
  guint8 *data;      /* width * height * channels, owned */
} TamboImage;

TamboImage *tambo_image_new (int width, int height, int channels); /* black; NULL when too large */
TamboImage *tambo_image_copy (const TamboImage *image);
void tambo_image_free (TamboImage *image); /* wipes the pixels */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboImage, tambo_image_free)

gsize tambo_image_size (const TamboImage *image); /* bytes of data */

TamboImage *tambo_image_to_grey (const TamboImage *image); /* ITU-R BT.601 luma */
TamboImage *tambo_image_to_rgb (const TamboImage *image);
/* NULL when the rectangle is not inside. */
TamboImage *tambo_image_crop (const TamboImage *image, int x, int y, int width, int height);
/* Area averaging down, bilinear up. */
TamboImage *tambo_image_scale (const TamboImage *image, int width, int height);
/* The largest centred part of WIDTH:HEIGHT, scaled to WIDTH x HEIGHT. */
TamboImage *tambo_image_fit (const TamboImage *image, int width, int height);
