/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso19794-4-private.h"

#include <math.h>
#include <string.h>

#define RECORD_HEADER 32
#define VIEW_HEADER 14

void tambo_fir_view_free (TamboFirView *view) {
  if (view == NULL)
    return;
  g_clear_pointer (&view->image, g_bytes_unref);
  g_free (view);
}

TamboFingerRecord *tambo_finger_record_new (guint16 ppi, TamboFirCompression compression) {
  TamboFingerRecord *record = g_new0 (TamboFingerRecord, 1);
  record->ppi = ppi;
  record->compression = compression;
  record->views = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_fir_view_free);
  return record;
}

void tambo_finger_record_free (TamboFingerRecord *record) {
  if (record == NULL)
    return;
  g_ptr_array_unref (record->views);
  g_free (record);
}

guint16 tambo_fir_per_centimetre (guint16 ppi) {
  return (guint16) lround (ppi / 2.54);
}

/* 197 pixels per centimetre are 500.38 per inch: of the resolutions that are written so, the
 * roundest is meant. */
guint16 tambo_fir_per_inch (guint16 resolution) {
  static const int steps[] = { 250, 125, 50, 25, 10, 5 };
  double exact = resolution * 2.54;

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    long round_value = lround (exact / steps[i]) * steps[i];
    if (round_value <= G_MAXUINT16
        && tambo_fir_per_centimetre ((guint16) round_value) == resolution)
      return (guint16) round_value;
  }
  return (guint16) MIN (lround (exact), G_MAXUINT16);
}

/* Table 1 without the claim of the FBI's appendix F (levels 31 and 41). */
static guint16 acquisition_level (guint16 ppi) {
  return ppi >= 990 ? 40 : ppi >= 740 ? 35 : ppi >= 490 ? 30 : ppi >= 245 ? 20 : 10;
}

/* How many views of POSITION there are among the first COUNT. */
static guint count_views (const TamboFingerRecord *record, guint8 position, guint count) {
  guint n = 0;
  for (guint i = 0; i < count; i++) {
    const TamboFirView *view = g_ptr_array_index (record->views, i);
    if (view->position == position)
      n++;
  }
  return n;
}

static void put_view (GByteArray *array, const TamboFingerRecord *record, guint index) {
  const TamboFirView *view = g_ptr_array_index (record->views, index);
  gsize size = g_bytes_get_size (view->image);

  tambo_put_u32 (array, (guint32) (VIEW_HEADER + size));
  tambo_put_u8 (array, view->position);
  tambo_put_u8 (array, (guint8) count_views (record, view->position, record->views->len));
  tambo_put_u8 (array, (guint8) count_views (record, view->position, index + 1));
  tambo_put_u8 (array, view->quality);
  tambo_put_u8 (array, view->impression);
  tambo_put_u16 (array, view->width);
  tambo_put_u16 (array, view->height);
  tambo_put_u8 (array, 0);
  tambo_put_bytes (array, g_bytes_get_data (view->image, NULL), size);
}

GBytes *tambo_finger_record_encode (const TamboFingerRecord *record) {
  GByteArray *array = g_byte_array_new ();
  guint16 resolution = tambo_fir_per_centimetre (record->ppi);
  guint64 length = RECORD_HEADER;

  for (guint i = 0; i < record->views->len; i++) {
    const TamboFirView *view = g_ptr_array_index (record->views, i);
    length += VIEW_HEADER + g_bytes_get_size (view->image);
  }
  g_return_val_if_fail (record->views->len <= G_MAXUINT8 && length <= G_MAXINT32,
                        g_byte_array_free_to_bytes (array));

  tambo_put_bytes (array,
                   "FIR\0"
                   "010",
                   8);
  tambo_put_u16 (array, (guint16) (length >> 32));
  tambo_put_u32 (array, (guint32) length);
  tambo_put_u16 (array, record->device_id);
  tambo_put_u16 (array, acquisition_level (record->ppi));
  tambo_put_u8 (array, (guint8) record->views->len);
  tambo_put_u8 (array, TAMBO_FIR_UNITS_CENTIMETRE);
  for (int i = 0; i < 4; i++) /* of the scan and of the image, across and down */
    tambo_put_u16 (array, resolution);
  tambo_put_u8 (array, TAMBO_FIR_BITS_A_PIXEL);
  tambo_put_u8 (array, (guint8) record->compression);
  tambo_put_u16 (array, 0);
  for (guint i = 0; i < record->views->len; i++)
    put_view (array, record, i);
  return g_byte_array_free_to_bytes (array);
}

gpointer tambo_fir_fail (GError **error, TamboFormatError code, const char *message) {
  g_set_error (error, TAMBO_FORMAT_ERROR, (int) code, "finger record: %s", message);
  return NULL;
}

/* The general header; leaves READER with the views alone. */
static TamboFingerRecord *parse_header (TamboReader *reader, guint8 *out_views, GError **error) {
  const guint8 *magic;
  guint16 high, device, level, scan_x, scan_y, x, y, reserved;
  guint32 low;
  guint8 views, units, depth, compression;

  if (!tambo_reader_take (reader, 8, &magic) || !tambo_reader_u16 (reader, &high)
      || !tambo_reader_u32 (reader, &low) || !tambo_reader_u16 (reader, &device)
      || !tambo_reader_u16 (reader, &level) || !tambo_reader_u8 (reader, &views)
      || !tambo_reader_u8 (reader, &units) || !tambo_reader_u16 (reader, &scan_x)
      || !tambo_reader_u16 (reader, &scan_y) || !tambo_reader_u16 (reader, &x)
      || !tambo_reader_u16 (reader, &y) || !tambo_reader_u8 (reader, &depth)
      || !tambo_reader_u8 (reader, &compression) || !tambo_reader_u16 (reader, &reserved)
      || memcmp (magic, "FIR", 4) != 0)
    return tambo_fir_fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "no general header");
  if (memcmp (magic + 4, "010", 4) != 0)
    return tambo_fir_fail (error, TAMBO_FORMAT_ERROR_UNSUPPORTED, "version other than 010 and 020");
  guint64 length = (guint64) high << 32 | low;
  if (length < RECORD_HEADER || length - RECORD_HEADER > tambo_reader_left (reader))
    return tambo_fir_fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "cut short");
  if (views == 0 || (units != TAMBO_FIR_UNITS_INCH && units != TAMBO_FIR_UNITS_CENTIMETRE))
    return tambo_fir_fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "no view, or unknown units");
  if (x != y)
    return tambo_fir_fail (error, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                           "resolution differs across and down");
  if (depth != TAMBO_FIR_BITS_A_PIXEL)
    return tambo_fir_fail (error, TAMBO_FORMAT_ERROR_UNSUPPORTED, "pixels are not of 8 bits");
  if (compression > TAMBO_FIR_PNG || compression == 1)
    return tambo_fir_fail (error, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                           "unknown or bit-packed compression");

  TamboFingerRecord *record =
      tambo_finger_record_new (units == TAMBO_FIR_UNITS_INCH ? x : tambo_fir_per_inch (x),
                               (TamboFirCompression) compression);
  record->device_id = device;
  reader->size = (gsize) length;
  *out_views = views;
  return record;
}

static gboolean parse_view (TamboReader *reader, GBytes *bytes, TamboFingerRecord *record) {
  g_autofree TamboFirView *view = g_new0 (TamboFirView, 1);
  guint32 length;
  guint8 count, number, reserved;
  const guint8 *image;

  if (!tambo_reader_u32 (reader, &length) || !tambo_reader_u8 (reader, &view->position)
      || !tambo_reader_u8 (reader, &count) || !tambo_reader_u8 (reader, &number)
      || !tambo_reader_u8 (reader, &view->quality) || !tambo_reader_u8 (reader, &view->impression)
      || !tambo_reader_u16 (reader, &view->width) || !tambo_reader_u16 (reader, &view->height)
      || !tambo_reader_u8 (reader, &reserved) || length <= VIEW_HEADER
      || !tambo_reader_take (reader, length - VIEW_HEADER, &image))
    return FALSE;

  gsize size = length - VIEW_HEADER;
  if (record->compression == TAMBO_FIR_UNCOMPRESSED
      && size != (gsize) view->width * (gsize) view->height)
    return FALSE;
  view->image = g_bytes_new_from_bytes (bytes, reader->position - size, size);
  g_ptr_array_add (record->views, g_steal_pointer (&view));
  return TRUE;
}

static gboolean is_2011 (GBytes *bytes) {
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return size >= 8
         && memcmp (data,
                    "FIR\0"
                    "020",
                    8)
                == 0;
}

static TamboFingerRecord *parse_2005 (GBytes *bytes, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (bytes);
  guint8 views = 0;
  g_autoptr (TamboFingerRecord) record = parse_header (&reader, &views, error);

  if (record == NULL)
    return NULL;
  for (guint i = 0; i < views; i++)
    if (!parse_view (&reader, bytes, record))
      return tambo_fir_fail (error, TAMBO_FORMAT_ERROR_MALFORMED,
                             "view cut short or of a wrong length");
  return g_steal_pointer (&record);
}

TamboFingerRecord *tambo_finger_record_parse (GBytes *bytes, GError **error) {
  return is_2011 (bytes) ? tambo_fir_parse_2011 (bytes, error) : parse_2005 (bytes, error);
}
