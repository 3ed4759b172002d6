/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/image-codec-private.h"

#include "base/bytes.h"

#include <string.h>

#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT 3

/* TIFF inside Exif is written in either order of bytes. */
static gboolean read_16 (TamboReader *reader, gboolean little, guint16 *out_value) {
  guint16 value;
  if (!tambo_reader_u16 (reader, &value))
    return FALSE;
  *out_value = little ? GUINT16_SWAP_LE_BE (value) : value;
  return TRUE;
}

static gboolean read_32 (TamboReader *reader, gboolean little, guint32 *out_value) {
  guint32 value;
  if (!tambo_reader_u32 (reader, &value))
    return FALSE;
  *out_value = little ? GUINT32_SWAP_LE_BE (value) : value;
  return TRUE;
}

int tambo_exif_orientation (gconstpointer segment, gsize size) {
  TamboReader reader = tambo_reader (segment, size);
  const guint8 *magic, *order, *skipped;
  guint16 answer, entries, tag, type, value;
  guint32 offset, count;

  if (!tambo_reader_take (&reader, 6, &magic) || memcmp (magic, "Exif\0", 6) != 0)
    return 1;
  reader = tambo_reader ((const guint8 *) segment + 6, size - 6);
  if (!tambo_reader_take (&reader, 2, &order))
    return 1;
  gboolean little = order[0] == 'I';
  if (!read_16 (&reader, little, &answer) || answer != 42 || !read_32 (&reader, little, &offset)
      || offset < 8 || !tambo_reader_take (&reader, offset - 8, &skipped)
      || !read_16 (&reader, little, &entries))
    return 1;

  for (guint i = 0; i < entries; i++) {
    if (!read_16 (&reader, little, &tag) || !read_16 (&reader, little, &type)
        || !read_32 (&reader, little, &count) || !read_16 (&reader, little, &value)
        || !tambo_reader_take (&reader, 2, &skipped))
      return 1;
    if (tag == TAG_ORIENTATION)
      return type == TYPE_SHORT && count == 1 && value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

TamboImage *tambo_image_orient (const TamboImage *image, int orientation) {
  gboolean turned = orientation >= 5;
  int right = image->width - 1, bottom = image->height - 1;
  gsize channels = (gsize) image->channels;
  TamboImage *upright = tambo_image_new (turned ? image->height : image->width,
                                         turned ? image->width : image->height, image->channels);
  if (upright == NULL)
    return NULL;

  upright->ppi = image->ppi;
  guint8 *out = upright->data;
  for (int y = 0; y < upright->height; y++) {
    for (int x = 0; x < upright->width; x++, out += channels) {
      int from_x = turned ? y : x, from_y = turned ? x : y;
      if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
        from_x = right - from_x;
      if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
        from_y = bottom - from_y;
      memcpy (out,
              image->data + ((gsize) from_y * (gsize) image->width + (gsize) from_x) * channels,
              channels);
    }
  }
  return upright;
}
