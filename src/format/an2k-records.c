/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/an2k-records.h"

#include <math.h>
#include <string.h>

#include "base/bytes.h"
#include "format/format-error.h"
#include "format/image-codec.h"

#define TYPE4_PPI 500
#define TYPE4_POSITIONS 6
#define TYPE4_POSITION_NONE 255
#define CM_PER_INCH 2.54

/* 8.14 and 8.10: the image records' common fields. */
enum {
  FIELD_IMPRESSION = 3, /* type 14; in type 10 the kind of the image */
  FIELD_SOURCE = 4,
  FIELD_DATE = 5,
  FIELD_WIDTH = 6,
  FIELD_HEIGHT = 7,
  FIELD_SCALE = 8,
  FIELD_RESOLUTION_X = 9,
  FIELD_RESOLUTION_Y = 10,
  FIELD_COMPRESSION = 11,
  FIELD_DEPTH = 12, /* type 14; in type 10 the colour space */
  FIELD_POSITION = 13,
  FIELD_DATA = 999,
};

enum { SCALE_PER_INCH = 1, SCALE_PER_CENTIMETRE = 2 };

/* How type 4 (8.4.8 GCA) and the tagged types (CGA) call a compression; the first of each is written. */
static const struct {
  TamboAn2kCompression compression;
  guint8 code;
  const char *name;
} compressions[] = {
  { TAMBO_AN2K_NONE, 0, "NONE" },     { TAMBO_AN2K_WSQ, 1, "WSQ20" },
  { TAMBO_AN2K_JPEG, 2, "JPEGB" },    { TAMBO_AN2K_JPEG2000, 4, "JP2" },
  { TAMBO_AN2K_JPEG2000, 5, "JP2L" }, { TAMBO_AN2K_PNG, 6, "PNG" },
  { TAMBO_AN2K_WSQ, 1, "WSQ" },
};

static gboolean fail (GError **error, TamboFormatError code, const char *message) {
  g_set_error (error, TAMBO_FORMAT_ERROR, (int) code, "ANSI/NIST record: %s", message);
  return FALSE;
}

void tambo_an2k_image_clear (TamboAn2kImage *image) {
  g_clear_pointer (&image->data, g_bytes_unref);
}

/* ---- type 4 ---- */

static gboolean find_code (guint8 code, TamboAn2kCompression *out_compression) {
  for (gsize i = 0; i < G_N_ELEMENTS (compressions); i++)
    if (compressions[i].code == code) {
      *out_compression = compressions[i].compression;
      return TRUE;
    }
  return FALSE;
}

static gboolean get_type4 (const TamboAn2kRecord *record, TamboAn2kImage *image, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (record->body);
  const guint8 *positions, *data;
  guint8 resolution, code;

  if (!tambo_reader_u8 (&reader, &image->impression)
      || !tambo_reader_take (&reader, TYPE4_POSITIONS, &positions)
      || !tambo_reader_u8 (&reader, &resolution) || !tambo_reader_u16 (&reader, &image->width)
      || !tambo_reader_u16 (&reader, &image->height) || !tambo_reader_u8 (&reader, &code))
    return fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "type 4 is cut short");
  if (!find_code (code, &image->compression))
    return fail (error, TAMBO_FORMAT_ERROR_UNSUPPORTED, "a compression that is not read here");
  gsize size = tambo_reader_left (&reader);
  if (!tambo_reader_take (&reader, size, &data))
    return fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "type 4 is cut short");
  image->position = positions[0];
  image->ppi = TYPE4_PPI;
  image->data = g_bytes_new (data, size);
  return TRUE;
}

static guint8 code_of (TamboAn2kCompression compression) {
  gsize i = 0;

  while (compressions[i].compression != compression)
    i++;
  return compressions[i].code;
}

void tambo_an2k_add_type4 (TamboAn2k *an2k, const TamboAn2kImage *image) {
  g_autoptr (GByteArray) array = g_byte_array_new ();
  gsize size;
  gconstpointer data = g_bytes_get_data (image->data, &size);

  tambo_put_u8 (array, image->impression);
  tambo_put_u8 (array, image->position);
  for (int i = 1; i < TYPE4_POSITIONS; i++)
    tambo_put_u8 (array, TYPE4_POSITION_NONE);
  tambo_put_u8 (array, 0); /* the resolution that everybody scans at */
  tambo_put_u16 (array, image->width);
  tambo_put_u16 (array, image->height);
  tambo_put_u8 (array, code_of (image->compression));
  tambo_put_bytes (array, data, size);
  g_autoptr (GBytes) body = g_byte_array_free_to_bytes (g_steal_pointer (&array));
  tambo_an2k_add_record (an2k, 4, body);
}

/* ---- types 10 and 14 ---- */

static gboolean find_name (const char *name, TamboAn2kCompression *out_compression) {
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (compressions); i++)
    if (strcmp (compressions[i].name, name) == 0) {
      *out_compression = compressions[i].compression;
      return TRUE;
    }
  return FALSE;
}

/* FALSE for numbers out of range; an aspect ratio (scale 0) leaves 0. */
static gboolean get_resolution (const TamboAn2kRecord *record, TamboAn2kImage *image) {
  guint scale, x, y;

  if (!tambo_an2k_record_get_int (record, FIELD_SCALE, 2, &scale)
      || !tambo_an2k_record_get_int (record, FIELD_RESOLUTION_X, G_MAXUINT16, &x)
      || !tambo_an2k_record_get_int (record, FIELD_RESOLUTION_Y, G_MAXUINT16, &y))
    return FALSE;
  double ppi = scale == SCALE_PER_CENTIMETRE ? x * CM_PER_INCH : x;
  image->ppi = scale == 0 || x != y ? 0 : (guint16) MIN (lround (ppi), G_MAXUINT16);
  return TRUE;
}

static gboolean get_tagged (const TamboAn2kRecord *record, TamboAn2kImage *image, GError **error) {
  g_autofree char *name = tambo_an2k_record_dup_item (record, FIELD_COMPRESSION, 0, 0);
  GBytes *data = tambo_an2k_record_get_bytes (record, FIELD_DATA);
  guint width, height, position = 0, impression = 0;

  if (data == NULL || !tambo_an2k_record_get_int (record, FIELD_WIDTH, G_MAXUINT16, &width)
      || !tambo_an2k_record_get_int (record, FIELD_HEIGHT, G_MAXUINT16, &height)
      || !get_resolution (record, image))
    return fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "no size, resolution or image");
  if (record->type == 14
      && (!tambo_an2k_record_get_int (record, FIELD_IMPRESSION, G_MAXUINT8, &impression)
          || !tambo_an2k_record_get_int (record, FIELD_POSITION, G_MAXUINT8, &position)))
    return fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "no impression type or position");
  if (!find_name (name, &image->compression))
    return fail (error, TAMBO_FORMAT_ERROR_UNSUPPORTED, "a compression that is not read here");
  image->width = (guint16) width;
  image->height = (guint16) height;
  image->impression = (guint8) impression;
  image->position = (guint8) position;
  image->data = g_bytes_ref (data);
  return TRUE;
}

static const char *name_of (TamboAn2kCompression compression) {
  gsize i = 0;

  while (compressions[i].compression != compression)
    i++;
  return compressions[i].name;
}

static void add_date (TamboAn2kRecord *record, gint64 captured) {
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (captured);
  g_autofree char *date = g_date_time_format (time, "%Y%m%d");

  tambo_an2k_record_add (record, FIELD_DATE, date);
}

static void add_common (TamboAn2kRecord *record, const TamboAn2kImage *image, gint64 captured) {
  tambo_an2k_record_add (record, FIELD_SOURCE, image->source);
  add_date (record, captured);
  tambo_an2k_record_add_int (record, FIELD_WIDTH, image->width);
  tambo_an2k_record_add_int (record, FIELD_HEIGHT, image->height);
  tambo_an2k_record_add_int (record, FIELD_SCALE, image->ppi > 0 ? SCALE_PER_INCH : 0);
  tambo_an2k_record_add_int (record, FIELD_RESOLUTION_X, image->ppi > 0 ? image->ppi : 1);
  tambo_an2k_record_add_int (record, FIELD_RESOLUTION_Y, image->ppi > 0 ? image->ppi : 1);
  tambo_an2k_record_add (record, FIELD_COMPRESSION, name_of (image->compression));
}

void tambo_an2k_add_type14 (TamboAn2k *an2k, const TamboAn2kImage *image, gint64 captured) {
  TamboAn2kRecord *record = tambo_an2k_add_record (an2k, 14, NULL);

  tambo_an2k_record_add_int (record, FIELD_IMPRESSION, image->impression);
  add_common (record, image, captured);
  tambo_an2k_record_add_int (record, FIELD_DEPTH, 8);
  tambo_an2k_record_add_int (record, FIELD_POSITION, image->position);
  tambo_an2k_record_add_bytes (record, FIELD_DATA, image->data);
}

void tambo_an2k_add_type10 (TamboAn2k *an2k, const TamboAn2kImage *image, gint64 captured) {
  TamboAn2kRecord *record = tambo_an2k_add_record (an2k, 10, NULL);

  tambo_an2k_record_add (record, FIELD_IMPRESSION, "FACE");
  add_common (record, image, captured);
  tambo_an2k_record_add (record, FIELD_DEPTH, "SRGB");
  tambo_an2k_record_add_bytes (record, FIELD_DATA, image->data);
}

/* ---- images of every type ---- */

gboolean tambo_an2k_record_get_image (const TamboAn2kRecord *record, TamboAn2kImage *out_image,
                                      GError **error) {
  TamboAn2kImage image = { 0 };
  gboolean got;

  if (record->type == 4)
    got = get_type4 (record, &image, error);
  else if (record->type == 10 || record->type == 14)
    got = get_tagged (record, &image, error);
  else
    return fail (error, TAMBO_FORMAT_ERROR_UNSUPPORTED, "a type that has no image for us");
  if (got && (image.width == 0 || image.height == 0)) {
    tambo_an2k_image_clear (&image);
    return fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "an image without a size");
  }
  if (got)
    *out_image = image;
  return got;
}

static TamboImage *decode_rows (const TamboAn2kImage *image, GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (image->data, &size);

  if (size != (gsize) image->width * image->height) {
    fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "other than width times height pixels");
    return NULL;
  }
  g_autoptr (TamboImage) rows = tambo_image_new (image->width, image->height, 1);
  if (rows == NULL) {
    fail (error, TAMBO_FORMAT_ERROR_TOO_LARGE, "more pixels than any scanner gives");
    return NULL;
  }
  memcpy (rows->data, data, size);
  return g_steal_pointer (&rows);
}

TamboImage *tambo_an2k_image_decode (const TamboAn2kImage *image, GError **error) {
  g_autoptr (TamboImage) pixels = image->compression == TAMBO_AN2K_NONE
                                      ? decode_rows (image, error)
                                      : tambo_image_decode (image->data, error);

  if (pixels == NULL)
    return NULL;
  if (pixels->width != image->width || pixels->height != image->height) {
    fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "the image has another size than its record says");
    return NULL;
  }
  if (image->ppi > 0)
    pixels->ppi = image->ppi;
  return g_steal_pointer (&pixels);
}

static const TamboAn2kRecord *find_record (const TamboAn2k *an2k, guint type, guint position) {
  for (guint i = 0; i < an2k->records->len; i++) {
    const TamboAn2kRecord *record = g_ptr_array_index (an2k->records, i);
    g_auto (TamboAn2kImage) image = { 0 };
    if (record->type == type && tambo_an2k_record_get_image (record, &image, NULL)
        && image.position == position)
      return record;
  }
  return NULL;
}

TamboImage *tambo_an2k_find_finger (const TamboAn2k *an2k, guint position, GError **error) {
  const TamboAn2kRecord *record = find_record (an2k, 14, position);
  g_auto (TamboAn2kImage) image = { 0 };

  if (record == NULL)
    record = find_record (an2k, 4, position);
  if (record == NULL || !tambo_an2k_record_get_image (record, &image, error))
    return NULL;
  return tambo_an2k_image_decode (&image, error);
}

/* ---- type 2 ---- */

TamboAn2kRecord *tambo_an2k_add_type2 (TamboAn2k *an2k) {
  return tambo_an2k_add_record (an2k, 2, NULL);
}
