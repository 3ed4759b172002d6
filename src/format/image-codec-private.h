/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One decoder for each kind of file behind tambo_image_decode: the one place where each library is met.
 */
#pragma once

#include "format/format-error.h"
#include "format/image-codec.h"

TamboImage *tambo_image_decode_png (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboImage *tambo_image_decode_jpeg (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboImage *tambo_image_decode_jpeg2000 (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* tambo_image_new for the size that KIND's header tells; sets the error. */
TamboImage *tambo_image_new_checked (const char *kind, guint32 width, guint32 height, int channels,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a camera says of how it was held, 1 (upright) to 8, from the content of a JPEG APP1 segment;
 * 1 when it does not tell. */
int tambo_exif_orientation (gconstpointer segment, gsize size);
/* NULL when there is no memory. */
TamboImage *tambo_image_orient (const TamboImage *image, int orientation);
