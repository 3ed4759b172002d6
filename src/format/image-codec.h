/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Images as files: PNG (libpng), JPEG (libjpeg), JPEG 2000 (openjpeg, JP2 box or raw code stream),
 * PGM/PPM (binary) and WSQ (format/wsq.h, our own). The magic bytes decide, never a file name.
 */
#pragma once

#include "format/image.h"

typedef enum {
  TAMBO_IMAGE_UNKNOWN,
  TAMBO_IMAGE_PNG,
  TAMBO_IMAGE_JPEG,
  TAMBO_IMAGE_JPEG2000,
  TAMBO_IMAGE_PNM,
  TAMBO_IMAGE_WSQ,
} TamboImageType;

TamboImageType tambo_image_sniff (GBytes *bytes);
const char *tambo_image_media_type (TamboImageType type); /* "image/png"; NULL for UNKNOWN */

/* Any of the five. Alpha is laid on white, 16 bits become 8, palettes are resolved; the resolution
 * is taken where the file tells it, and a camera that was held sideways (Exif) is put upright. */
TamboImage *tambo_image_decode (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

GBytes *tambo_image_encode_png (const TamboImage *image, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *tambo_image_encode_pnm (const TamboImage *image);
/* QUALITY 1 to 100. */
GBytes *tambo_image_encode_jpeg (const TamboImage *image, int quality,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* JP2 file of at most TARGET_SIZE bytes (within openjpeg's rate control; never more). */
GBytes *tambo_image_encode_jpeg2000 (const TamboImage *image, gsize target_size,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Peak signal-to-noise ratio in dB of two images of one shape; INFINITY when equal. */
double tambo_image_psnr (const TamboImage *a, const TamboImage *b);
