/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/image-codec-private.h"

#include "base/bytes.h"
#include "format/wsq.h"

#include <math.h>
#include <string.h>

static const struct {
  TamboImageType type;
  guint8 size;
  const char *magic;
} magics[] = {
  { TAMBO_IMAGE_PNG, 8, "\x89PNG\r\n\x1a\n" },
  { TAMBO_IMAGE_JPEG, 3, "\xFF\xD8\xFF" },
  { TAMBO_IMAGE_JPEG2000, 12, "\0\0\0\x0CjP  \r\n\x87\n" },
  { TAMBO_IMAGE_JPEG2000, 4, "\xFF\x4F\xFF\x51" },
  { TAMBO_IMAGE_PNM, 2, "P5" },
  { TAMBO_IMAGE_PNM, 2, "P6" },
  { TAMBO_IMAGE_WSQ, 3, "\xFF\xA0\xFF" },
};

TamboImageType tambo_image_sniff (GBytes *bytes) {
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (guint i = 0; i < G_N_ELEMENTS (magics); i++)
    if (size >= magics[i].size && memcmp (data, magics[i].magic, magics[i].size) == 0)
      return magics[i].type;
  return TAMBO_IMAGE_UNKNOWN;
}

const char *tambo_image_media_type (TamboImageType type) {
  switch (type) {
  case TAMBO_IMAGE_PNG:
    return "image/png";
  case TAMBO_IMAGE_JPEG:
    return "image/jpeg";
  case TAMBO_IMAGE_JPEG2000:
    return "image/jp2";
  case TAMBO_IMAGE_PNM:
    return "image/x-portable-anymap";
  case TAMBO_IMAGE_WSQ:
    return "image/x-wsq";
  case TAMBO_IMAGE_UNKNOWN:
    break;
  }
  return NULL;
}

TamboImage *tambo_image_new_checked (const char *kind, guint32 width, guint32 height, int channels,
                                     GError **error) {
  if (width == 0 || height == 0) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED, "%s image without pixels",
                 kind);
    return NULL;
  }
  if ((guint64) width * height > TAMBO_IMAGE_MAX_PIXELS) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_TOO_LARGE,
                 "%s image of %u x %u pixels is larger than %d megapixels", kind, width, height,
                 TAMBO_IMAGE_MAX_PIXELS / (1024 * 1024));
    return NULL;
  }
  TamboImage *image = tambo_image_new ((int) width, (int) height, channels);
  if (image == NULL)
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_FAILED,
                 "no memory for an image of %u x %u pixels", width, height);
  return image;
}

/* One number of a PNM header, behind blanks and comments. */
static gboolean read_pnm_number (TamboReader *reader, guint32 *out_number) {
  guint8 byte;
  gboolean comment = FALSE;
  do {
    if (!tambo_reader_u8 (reader, &byte))
      return FALSE;
    if (byte == '#')
      comment = TRUE;
    else if (byte == '\n' || byte == '\r')
      comment = FALSE;
  } while (comment || g_ascii_isspace (byte));

  guint32 number = 0;
  while (g_ascii_isdigit (byte)) {
    number = number * 10 + (guint32) (byte - '0');
    if (number > G_MAXINT32 / 10 || !tambo_reader_u8 (reader, &byte))
      return FALSE;
    *out_number = number;
  }
  /* Exactly one blank ends a number; the pixels begin behind it. */
  return g_ascii_isspace (byte) && number > 0;
}

static TamboImage *decode_pnm (GBytes *bytes, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (bytes);
  const guint8 *magic, *pixels;
  guint32 width, height, white;

  if (!tambo_reader_take (&reader, 2, &magic) || !read_pnm_number (&reader, &width)
      || !read_pnm_number (&reader, &height) || !read_pnm_number (&reader, &white)
      || white > 65535) {
    g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED,
                         "malformed PNM header");
    return NULL;
  }

  int channels = magic[1] == '6' ? 3 : 1;
  g_autoptr (TamboImage) image = tambo_image_new_checked ("PNM", width, height, channels, error);
  if (image == NULL)
    return NULL;

  gsize size = tambo_image_size (image);
  gsize depth = white > 255 ? 2 : 1;
  if (!tambo_reader_take (&reader, size * depth, &pixels)) {
    g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED,
                         "PNM image cut short");
    return NULL;
  }
  for (gsize i = 0; i < size; i++) {
    guint32 value = depth == 2 ? (guint32) (pixels[2 * i] << 8 | pixels[2 * i + 1]) : pixels[i];
    image->data[i] = (guint8) ((MIN (value, white) * 255 + white / 2) / white);
  }
  return g_steal_pointer (&image);
}

TamboImage *tambo_image_decode (GBytes *bytes, GError **error) {
  switch (tambo_image_sniff (bytes)) {
  case TAMBO_IMAGE_PNG:
    return tambo_image_decode_png (bytes, error);
  case TAMBO_IMAGE_JPEG:
    return tambo_image_decode_jpeg (bytes, error);
  case TAMBO_IMAGE_JPEG2000:
    return tambo_image_decode_jpeg2000 (bytes, error);
  case TAMBO_IMAGE_PNM:
    return decode_pnm (bytes, error);
  case TAMBO_IMAGE_WSQ:
    return tambo_wsq_decode (bytes, error);
  case TAMBO_IMAGE_UNKNOWN:
    break;
  }
  g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                       "not a PNG, JPEG, JPEG 2000, PNM or WSQ image");
  return NULL;
}

GBytes *tambo_image_encode_pnm (const TamboImage *image) {
  g_autofree char *header = g_strdup_printf ("P%c\n%d %d\n255\n", image->channels == 3 ? '6' : '5',
                                             image->width, image->height);
  GByteArray *array = g_byte_array_new ();

  tambo_put_bytes (array, header, strlen (header));
  tambo_put_bytes (array, image->data, tambo_image_size (image));
  return g_byte_array_free_to_bytes (array);
}

double tambo_image_psnr (const TamboImage *a, const TamboImage *b) {
  g_return_val_if_fail (a->width == b->width && a->height == b->height, 0);
  g_return_val_if_fail (a->channels == b->channels, 0);

  gsize size = tambo_image_size (a);
  guint64 sum = 0;
  for (gsize i = 0; i < size; i++) {
    int difference = a->data[i] - b->data[i];
    sum += (guint64) (difference * difference);
  }
  return sum == 0 ? INFINITY : 10 * log10 (255.0 * 255.0 * (double) size / (double) sum);
}
