/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ISO/IEC 19794-2:2011, clause 8.
 */
#include "format/iso19794-2-private.h"

#define RECORD_HEADER 15
#define LENGTH_SIZE 4
#define REPRESENTATION_HEADER                                                                      \
  34 /* with its length, without blocks; two bytes of extended data in it */
#define TIME_SIZE 9
#define QUALITY_BLOCK 5
#define CERTIFICATION_BLOCK 3
#define UNTOLD 254
#define MINUTIA_WITH_QUALITY 6
#define MINUTIA_BARE 5
#define DEVICE_MASK 0x0FFF /* of the field of 2005, whose other bits are certifications */

/* ---- out ---- */

static void put_quality (GByteArray *array, guint8 quality) {
  tambo_put_u8 (array, 1);
  tambo_put_u8 (array, quality);
  tambo_put_u16 (array, 0); /* vendor and algorithm untold */
  tambo_put_u16 (array, 0);
}

static void put_representation (GByteArray *array, const TamboMinutiaeRecord *record,
                                const TamboMinutiaeView *view) {
  g_autoptr (GByteArray) body = g_byte_array_new ();

  for (int i = 0; i < TIME_SIZE; i++)
    tambo_put_u8 (body, 0xFF);
  tambo_put_u8 (body, 0); /* technology and vendor of the device untold */
  tambo_put_u16 (body, 0);
  tambo_put_u16 (body, record->device & DEVICE_MASK);
  put_quality (body, view->quality);
  tambo_put_u8 (body, view->position);
  tambo_put_u8 (body, view->view);
  tambo_put_u16 (body, record->per_centimetre_x);
  tambo_put_u16 (body, record->per_centimetre_y);
  tambo_put_u8 (body, view->impression);
  tambo_put_u16 (body, record->width);
  tambo_put_u16 (body, record->height);
  tambo_put_u8 (body, MINUTIA_WITH_QUALITY << 4);
  tambo_put_u8 (body, (guint8) MIN (view->minutiae->len, TAMBO_MINUTIAE_MAX));
  tambo_minutiae_put (body, view, UNTOLD);

  tambo_put_u32 (array, LENGTH_SIZE + body->len);
  tambo_put_bytes (array, body->data, body->len);
  tambo_secret_wipe (body->data, body->len);
}

GBytes *tambo_minutiae_record_encode_2011 (const TamboMinutiaeRecord *record) {
  g_autoptr (GByteArray) views = g_byte_array_new ();
  GByteArray *array = g_byte_array_new ();

  for (guint i = 0; i < record->views->len; i++)
    put_representation (views, record, g_ptr_array_index (record->views, i));
  tambo_put_bytes (array, TAMBO_MINUTIAE_MAGIC_2011, TAMBO_MINUTIAE_MAGIC_SIZE);
  tambo_put_u32 (array, RECORD_HEADER + views->len);
  tambo_put_u16 (array, (guint16) record->views->len);
  tambo_put_u8 (array, 0); /* no certification blocks */
  tambo_put_bytes (array, views->data, views->len);
  if (views->len > 0)
    tambo_secret_wipe (views->data, views->len);
  return g_byte_array_free_to_bytes (array);
}

/* ---- in ---- */

/* A count, then as many blocks of SIZE bytes; the first byte of the first is its score. */
static gboolean take_blocks (TamboReader *reader, gsize size, guint8 *out_first) {
  const guint8 *data;
  guint8 count;

  if (!tambo_reader_u8 (reader, &count) || !tambo_reader_take (reader, count * size, &data))
    return FALSE;
  *out_first = count > 0 ? data[0] : 0;
  return TRUE;
}

static gboolean take_device (TamboReader *reader, gboolean certified, TamboMinutiaeRecord *record,
                             TamboMinutiaeView *view) {
  const guint8 *time;
  guint8 technology, ignored;
  guint16 vendor, device;

  if (!tambo_reader_take (reader, TIME_SIZE, &time) || !tambo_reader_u8 (reader, &technology)
      || !tambo_reader_u16 (reader, &vendor) || !tambo_reader_u16 (reader, &device)
      || !take_blocks (reader, QUALITY_BLOCK, &view->quality)
      || (certified && !take_blocks (reader, CERTIFICATION_BLOCK, &ignored)))
    return FALSE;
  if (view->quality > TAMBO_MINUTIAE_QUALITY_MAX)
    view->quality = 0; /* failed or not tried */
  record->device = device & DEVICE_MASK;
  return TRUE;
}

typedef struct {
  guint16 per_centimetre_x, per_centimetre_y, width, height;
} Picture;

static gboolean take_picture (TamboReader *reader, TamboMinutiaeView *view, Picture *picture) {
  return tambo_reader_u8 (reader, &view->position) && tambo_reader_u8 (reader, &view->view)
         && tambo_reader_u16 (reader, &picture->per_centimetre_x)
         && tambo_reader_u16 (reader, &picture->per_centimetre_y)
         && tambo_reader_u8 (reader, &view->impression)
         && tambo_reader_u16 (reader, &picture->width)
         && tambo_reader_u16 (reader, &picture->height)
         && view->position <= TAMBO_MINUTIAE_POSITION_MAX && picture->per_centimetre_x > 0
         && picture->per_centimetre_y > 0 && picture->width > 0 && picture->height > 0;
}

static gboolean take_minutiae (TamboReader *reader, const Picture *picture,
                               TamboMinutiaeView *view) {
  guint8 shape, count;

  if (!tambo_reader_u8 (reader, &shape) || !tambo_reader_u8 (reader, &count)
      || (shape >> 4 != MINUTIA_WITH_QUALITY && shape >> 4 != MINUTIA_BARE))
    return FALSE;
  for (guint i = 0; i < count; i++) {
    TamboMinutia minutia = { 0 };
    if (!tambo_minutiae_take_place (reader, picture->width, picture->height, &minutia)
        || (shape >> 4 == MINUTIA_WITH_QUALITY && !tambo_reader_u8 (reader, &minutia.quality)))
      return FALSE;
    if (minutia.quality > TAMBO_MINUTIAE_QUALITY_MAX)
      minutia.quality = 0;
    g_array_append_val (view->minutiae, minutia);
  }
  return TRUE;
}

static gboolean take_extended (TamboReader *reader, TamboMinutiaeView *view) {
  guint16 size;
  const guint8 *data;

  if (!tambo_reader_u16 (reader, &size) || !tambo_reader_take (reader, size, &data))
    return FALSE;
  if (size > 0)
    view->extended = g_bytes_new (data, size);
  return tambo_reader_left (reader) == 0;
}

/* The record's picture is that of the first representation, widened to hold the others. */
static gboolean join_picture (TamboMinutiaeRecord *record, const Picture *picture) {
  if (record->views->len == 0) {
    record->per_centimetre_x = picture->per_centimetre_x;
    record->per_centimetre_y = picture->per_centimetre_y;
  }
  record->width = MAX (record->width, picture->width);
  record->height = MAX (record->height, picture->height);
  return record->per_centimetre_x == picture->per_centimetre_x
         && record->per_centimetre_y == picture->per_centimetre_y;
}

static gboolean parse_representation (TamboReader *reader, gboolean certified,
                                      TamboMinutiaeRecord *record, GError **error) {
  g_autoptr (TamboMinutiaeView) view = tambo_minutiae_view_new ();
  Picture picture;
  guint32 length;
  const guint8 *data;

  if (!tambo_reader_u32 (reader, &length) || length < REPRESENTATION_HEADER
      || !tambo_reader_take (reader, length - LENGTH_SIZE, &data))
    return tambo_minutiae_fail (error, TAMBO_FORMAT_ERROR_MALFORMED,
                                "a representation is cut short")
           != NULL;
  TamboReader inside = tambo_reader (data, length - LENGTH_SIZE);
  if (!take_device (&inside, certified, record, view) || !take_picture (&inside, view, &picture)
      || !take_minutiae (&inside, &picture, view) || !take_extended (&inside, view))
    return tambo_minutiae_fail (error, TAMBO_FORMAT_ERROR_MALFORMED,
                                "a representation is cut short or has a value out of its range")
           != NULL;
  if (!join_picture (record, &picture))
    return tambo_minutiae_fail (error, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                                "representations of several resolutions")
           != NULL;
  g_ptr_array_add (record->views, g_steal_pointer (&view));
  return TRUE;
}

TamboMinutiaeRecord *tambo_minutiae_parse_2011 (GBytes *bytes, GError **error) {
  g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_record_new ();
  TamboReader reader = tambo_reader_for_bytes (bytes);
  const guint8 *magic;
  guint32 length;
  guint16 count;
  guint8 certified;

  if (!tambo_reader_take (&reader, TAMBO_MINUTIAE_MAGIC_SIZE, &magic)
      || !tambo_reader_u32 (&reader, &length) || !tambo_reader_u16 (&reader, &count)
      || !tambo_reader_u8 (&reader, &certified) || certified > 1 || count == 0)
    return tambo_minutiae_fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "no whole general header");
  if (length != g_bytes_get_size (bytes))
    return tambo_minutiae_fail (error, TAMBO_FORMAT_ERROR_MALFORMED,
                                "not as long as its header says");
  for (guint i = 0; i < count; i++)
    if (!parse_representation (&reader, certified == 1, record, error))
      return NULL;
  if (tambo_reader_left (&reader) > 0)
    return tambo_minutiae_fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "bytes behind the last view");
  return g_steal_pointer (&record);
}
