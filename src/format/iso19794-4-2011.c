/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ISO/IEC 19794-4:2011, clause 8: what capture devices of today give.
 */
#include "format/iso19794-4-private.h"

#include <string.h>

#define MAGIC_SIZE 8
#define RECORD_HEADER 16
#define TIME_SIZE 9
#define DEVICE_SIZE 3 /* technology and vendor */
#define QUALITY_BLOCK 5
#define CERTIFICATION_BLOCK 3
#define UNTOLD 254

/* Table 3 has two codes for JPEG 2000, so that PNG comes one later than in 2005. */
static const struct {
  guint8 code;
  TamboFirCompression compression;
} compressions[] = {
  { 0, TAMBO_FIR_UNCOMPRESSED }, { 2, TAMBO_FIR_WSQ },      { 3, TAMBO_FIR_JPEG },
  { 4, TAMBO_FIR_JPEG2000 },     { 5, TAMBO_FIR_JPEG2000 }, { 6, TAMBO_FIR_PNG },
};

static gboolean find_compression (guint8 code, TamboFirCompression *out_compression) {
  for (guint i = 0; i < G_N_ELEMENTS (compressions); i++)
    if (compressions[i].code == code) {
      *out_compression = compressions[i].compression;
      return TRUE;
    }
  return FALSE;
}

/* The last of the two: what is written keeps every pixel. */
static guint8 compression_code (TamboFirCompression compression) {
  guint8 code = 0;

  for (guint i = 0; i < G_N_ELEMENTS (compressions); i++)
    if (compressions[i].compression == compression)
      code = compressions[i].code;
  return code;
}

/* ---- out ---- */

static guint8 count_fingers (const TamboFingerRecord *record) {
  guint seen = 0;
  guint8 n = 0;

  for (guint i = 0; i < record->views->len; i++) {
    const TamboFirView *view = g_ptr_array_index (record->views, i);
    guint bit = 1u << (view->position % 32);
    if ((seen & bit) == 0)
      n++;
    seen |= bit;
  }
  return n;
}

static void put_representation (GByteArray *array, const TamboFingerRecord *record,
                                const TamboFirView *view) {
  g_autoptr (GByteArray) body = g_byte_array_new ();
  gsize size = g_bytes_get_size (view->image);

  for (int i = 0; i < TIME_SIZE; i++)
    tambo_put_u8 (body, 0xFF);
  tambo_put_u8 (body, 0); /* technology and vendor of the device untold */
  tambo_put_u16 (body, 0);
  tambo_put_u16 (body, record->device_id);
  tambo_put_u8 (body, 1);
  tambo_put_u8 (body, view->quality);
  tambo_put_u16 (body, 0); /* vendor and algorithm of the quality untold */
  tambo_put_u16 (body, 0);
  tambo_put_u8 (body, view->position);
  tambo_put_u8 (body, 0);
  tambo_put_u8 (body, TAMBO_FIR_UNITS_CENTIMETRE);
  for (int i = 0; i < 4; i++) /* of the scan and of the image, across and down */
    tambo_put_u16 (body, tambo_fir_per_centimetre (record->ppi));
  tambo_put_u8 (body, TAMBO_FIR_BITS_A_PIXEL);
  tambo_put_u8 (body, compression_code (record->compression));
  tambo_put_u8 (body, view->impression);
  tambo_put_u16 (body, view->width);
  tambo_put_u16 (body, view->height);
  tambo_put_u32 (body, (guint32) size);

  tambo_put_u32 (array, (guint32) (4 + body->len + size));
  tambo_put_bytes (array, body->data, body->len);
  tambo_put_bytes (array, g_bytes_get_data (view->image, NULL), size);
}

GBytes *tambo_finger_record_encode_2011 (const TamboFingerRecord *record) {
  g_autoptr (GByteArray) views = g_byte_array_new ();
  GByteArray *array = g_byte_array_new ();

  for (guint i = 0; i < record->views->len; i++)
    put_representation (views, record, g_ptr_array_index (record->views, i));
  tambo_put_bytes (array,
                   "FIR\0"
                   "020",
                   MAGIC_SIZE);
  tambo_put_u32 (array, RECORD_HEADER + views->len);
  tambo_put_u16 (array, (guint16) record->views->len);
  tambo_put_u8 (array, 0); /* no certification blocks */
  tambo_put_u8 (array, count_fingers (record));
  tambo_put_bytes (array, views->data, views->len);
  if (views->len > 0)
    tambo_secret_wipe (views->data, views->len);
  return g_byte_array_free_to_bytes (array);
}

/* ---- in ---- */

static gboolean refuse (GError **error, TamboFormatError code, const char *message) {
  tambo_fir_fail (error, code, message);
  return FALSE;
}

/* A count, then as many blocks of SIZE bytes; the first byte of the first is its score. */
static gboolean take_blocks (TamboReader *reader, gsize size, guint8 *out_first) {
  const guint8 *data;
  guint8 count;

  if (!tambo_reader_u8 (reader, &count) || !tambo_reader_take (reader, count * size, &data))
    return FALSE;
  *out_first = count > 0 ? data[0] : UNTOLD;
  return TRUE;
}

typedef struct {
  guint16 device, x, y;
  guint8 units, depth, compression;
} Sampling;

/* READER is over one representation, behind its length. */
static gboolean take_header (TamboReader *reader, gboolean has_certification, TamboFirView *view,
                             Sampling *out_sampling) {
  const guint8 *skipped;
  guint16 scan;
  guint8 number, certified;

  return tambo_reader_take (reader, TIME_SIZE + DEVICE_SIZE, &skipped)
         && tambo_reader_u16 (reader, &out_sampling->device)
         && take_blocks (reader, QUALITY_BLOCK, &view->quality)
         && (!has_certification || take_blocks (reader, CERTIFICATION_BLOCK, &certified))
         && tambo_reader_u8 (reader, &view->position) && tambo_reader_u8 (reader, &number)
         && tambo_reader_u8 (reader, &out_sampling->units) && tambo_reader_u16 (reader, &scan)
         && tambo_reader_u16 (reader, &scan) && tambo_reader_u16 (reader, &out_sampling->x)
         && tambo_reader_u16 (reader, &out_sampling->y)
         && tambo_reader_u8 (reader, &out_sampling->depth)
         && tambo_reader_u8 (reader, &out_sampling->compression)
         && tambo_reader_u8 (reader, &view->impression) && tambo_reader_u16 (reader, &view->width)
         && tambo_reader_u16 (reader, &view->height);
}

/* Every representation says its sampling anew: one that differs from the first cannot be kept. */
static gboolean keep_sampling (TamboFingerRecord *record, const Sampling *sampling,
                               GError **error) {
  TamboFirCompression compression;
  guint16 ppi;

  if (sampling->units != TAMBO_FIR_UNITS_INCH && sampling->units != TAMBO_FIR_UNITS_CENTIMETRE)
    return refuse (error, TAMBO_FORMAT_ERROR_MALFORMED, "unknown units");
  if (sampling->x != sampling->y)
    return refuse (error, TAMBO_FORMAT_ERROR_UNSUPPORTED, "resolution differs across and down");
  if (sampling->depth != TAMBO_FIR_BITS_A_PIXEL)
    return refuse (error, TAMBO_FORMAT_ERROR_UNSUPPORTED, "pixels are not of 8 bits");
  if (!find_compression (sampling->compression, &compression))
    return refuse (error, TAMBO_FORMAT_ERROR_UNSUPPORTED, "unknown or bit-packed compression");
  ppi = sampling->units == TAMBO_FIR_UNITS_INCH ? sampling->x : tambo_fir_per_inch (sampling->x);
  if (record->views->len == 0) {
    record->ppi = ppi;
    record->compression = compression;
    record->device_id = sampling->device;
  }
  if (record->ppi != ppi || record->compression != compression)
    return refuse (error, TAMBO_FORMAT_ERROR_UNSUPPORTED, "representations of different kinds");
  return TRUE;
}

static gboolean parse_representation (TamboReader *reader, GBytes *bytes,
                                      gboolean has_certification, TamboFingerRecord *record,
                                      GError **error) {
  g_autofree TamboFirView *view = g_new0 (TamboFirView, 1);
  gsize end = reader->position;
  TamboReader inside = *reader;
  Sampling sampling;
  const guint8 *image;
  guint32 length, size;

  if (!tambo_reader_u32 (&inside, &length) || length > tambo_reader_left (reader))
    return refuse (error, TAMBO_FORMAT_ERROR_MALFORMED, "representation cut short");
  end += length;
  inside.size = end;
  if (inside.position > end || !take_header (&inside, has_certification, view, &sampling)
      || !tambo_reader_u32 (&inside, &size) || size == 0
      || !tambo_reader_take (&inside, size, &image))
    return refuse (error, TAMBO_FORMAT_ERROR_MALFORMED, "representation cut short");
  if (!keep_sampling (record, &sampling, error))
    return FALSE;
  if (record->compression == TAMBO_FIR_UNCOMPRESSED
      && size != (gsize) view->width * (gsize) view->height)
    return refuse (error, TAMBO_FORMAT_ERROR_MALFORMED, "image of a wrong length");
  view->image = g_bytes_new_from_bytes (bytes, inside.position - size, size);
  g_ptr_array_add (record->views, g_steal_pointer (&view));
  /* What follows inside is segmentation, annotation and comments. */
  reader->position = end;
  return TRUE;
}

TamboFingerRecord *tambo_fir_parse_2011 (GBytes *bytes, GError **error) {
  g_autoptr (TamboFingerRecord) record = tambo_finger_record_new (0, TAMBO_FIR_UNCOMPRESSED);
  TamboReader reader = tambo_reader_for_bytes (bytes);
  const guint8 *magic;
  guint32 length;
  guint16 count;
  guint8 certification, fingers;

  if (!tambo_reader_take (&reader, MAGIC_SIZE, &magic) || !tambo_reader_u32 (&reader, &length)
      || !tambo_reader_u16 (&reader, &count) || !tambo_reader_u8 (&reader, &certification)
      || !tambo_reader_u8 (&reader, &fingers))
    return tambo_fir_fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "no general header");
  if (length < RECORD_HEADER || length > reader.size)
    return tambo_fir_fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "cut short");
  if (count == 0 || count > G_MAXUINT8 || certification > 1)
    return tambo_fir_fail (error, TAMBO_FORMAT_ERROR_MALFORMED,
                           "no representation, or too many, or an unknown flag");
  reader.size = length;
  for (guint i = 0; i < count; i++)
    if (!parse_representation (&reader, bytes, certification == 1, record, error))
      return NULL;
  return g_steal_pointer (&record);
}
