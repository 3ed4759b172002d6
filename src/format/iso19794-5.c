/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso19794-5.h"

#include "base/bytes.h"
#include "format/format-error.h"

#include <string.h>

#define RECORD_HEADER 14
#define FACE_BLOCK 20
#define FEATURE_POINT 8
#define IMAGE_BLOCK 12
#define OVERHEAD (RECORD_HEADER + FACE_BLOCK + IMAGE_BLOCK)

/* The tables of clauses 5.5 to 5.7. */
#define IMAGE_DATA_JPEG 0
#define IMAGE_DATA_JPEG2000 1
#define COLOUR_UNSPECIFIED 0
#define COLOUR_SRGB 1
#define COLOUR_GREY 3
#define SOURCE_UNSPECIFIED 0

void tambo_face_record_clear (TamboFaceRecord *record) {
  g_clear_pointer (&record->image, g_bytes_unref);
  memset (record, 0, sizeof *record);
}

static guint8 colour_space (GBytes *bytes) {
  g_autoptr (TamboImage) image = tambo_image_decode (bytes, NULL);
  if (image == NULL)
    return COLOUR_UNSPECIFIED;
  return image->channels == 1 ? COLOUR_GREY : COLOUR_SRGB;
}

GBytes *tambo_face_record_encode (const TamboFaceRecord *record) {
  gsize size = g_bytes_get_size (record->image);
  GByteArray *array = g_byte_array_new ();

  g_return_val_if_fail (size <= G_MAXINT32, g_byte_array_free_to_bytes (array));

  tambo_put_bytes (array,
                   "FAC\0"
                   "010",
                   8);
  tambo_put_u32 (array, (guint32) (OVERHEAD + size));
  tambo_put_u16 (array, 1);

  tambo_put_u32 (array, (guint32) (FACE_BLOCK + IMAGE_BLOCK + size));
  tambo_put_u16 (array, 0); /* feature points */
  tambo_put_u8 (array, record->gender);
  tambo_put_u8 (array, record->eye_colour);
  tambo_put_u8 (array, record->hair_colour);
  /* No feature, no expression and no pose is claimed: nobody has measured them. */
  static const guint8 nothing[3 + 2 + 3 + 3] = { 0 };
  tambo_put_bytes (array, nothing, sizeof nothing);

  tambo_put_u8 (array, record->face_image_type);
  tambo_put_u8 (array,
                record->image_type == TAMBO_IMAGE_JPEG2000 ? IMAGE_DATA_JPEG2000 : IMAGE_DATA_JPEG);
  tambo_put_u16 (array, record->width);
  tambo_put_u16 (array, record->height);
  tambo_put_u8 (array, colour_space (record->image));
  tambo_put_u8 (array, SOURCE_UNSPECIFIED);
  tambo_put_u16 (array, 0); /* device */
  tambo_put_u16 (array, 0); /* quality */
  tambo_put_bytes (array, g_bytes_get_data (record->image, NULL), size);
  return g_byte_array_free_to_bytes (array);
}

static gboolean malformed (GError **error, const char *message) {
  g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED, "face record: %s", message);
  return FALSE;
}

/* Leaves READER at the face block and OUT_SIZE bytes for all faces. */
static gboolean read_record_header (TamboReader *reader, gsize *out_size, GError **error) {
  const guint8 *magic;
  guint32 length;
  guint16 faces;

  if (!tambo_reader_take (reader, 8, &magic) || !tambo_reader_u32 (reader, &length)
      || !tambo_reader_u16 (reader, &faces) || memcmp (magic, "FAC", 4) != 0)
    return malformed (error, "no general header");
  if (memcmp (magic + 4, "010", 4) != 0) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                 "face record of a version other than 010");
    return FALSE;
  }
  if (faces == 0)
    return malformed (error, "no face in it");
  if (length < OVERHEAD || length - RECORD_HEADER > tambo_reader_left (reader))
    return malformed (error, "cut short");
  *out_size = length - RECORD_HEADER;
  return TRUE;
}

gboolean tambo_face_record_parse (GBytes *bytes, TamboFaceRecord *out_record, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (bytes);
  TamboFaceRecord record = { 0 };
  gsize size;
  guint32 length;
  guint16 points;
  guint8 data_type;
  const guint8 *skipped, *image;

  if (!read_record_header (&reader, &size, error))
    return FALSE;

  /* Several faces may follow one another; the first is the holder. */
  if (!tambo_reader_u32 (&reader, &length) || length > size || length < FACE_BLOCK + IMAGE_BLOCK
      || !tambo_reader_u16 (&reader, &points) || !tambo_reader_u8 (&reader, &record.gender)
      || !tambo_reader_u8 (&reader, &record.eye_colour)
      || !tambo_reader_u8 (&reader, &record.hair_colour))
    return malformed (error, "face block of a wrong length");
  gsize before = FACE_BLOCK + (gsize) points * FEATURE_POINT + IMAGE_BLOCK;
  if (length <= before)
    return malformed (error, "no image in it");
  if (!tambo_reader_take (&reader, 11 + (gsize) points * FEATURE_POINT, &skipped)
      || !tambo_reader_u8 (&reader, &record.face_image_type)
      || !tambo_reader_u8 (&reader, &data_type) || !tambo_reader_u16 (&reader, &record.width)
      || !tambo_reader_u16 (&reader, &record.height) || !tambo_reader_take (&reader, 6, &skipped)
      || !tambo_reader_take (&reader, length - before, &image))
    return malformed (error, "cut short");

  /* Documents are in use whose image is of the other type than their header says. */
  g_autoptr (GBytes) data =
      g_bytes_new_from_bytes (bytes, reader.position - (length - before), length - before);
  record.image_type = tambo_image_sniff (data);
  if (record.image_type != TAMBO_IMAGE_JPEG && record.image_type != TAMBO_IMAGE_JPEG2000) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                 "face record: image is neither JPEG nor JPEG 2000");
    return FALSE;
  }
  record.image = g_steal_pointer (&data);
  *out_record = record;
  return TRUE;
}
