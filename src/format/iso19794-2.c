/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso19794-2-private.h"

#include "format/format-error.h"

#include <string.h>

#define RECORD_HEADER 24
#define VIEW_HEADER 4
#define MINUTIA 6
#define EXTENDED_LENGTH 2
#define PLACE_MAX 0x3FFF /* 14 bits */
#define MAGIC "FMR\0 20\0"

TamboMinutiaeView *tambo_minutiae_view_new (void) {
  TamboMinutiaeView *view = g_new0 (TamboMinutiaeView, 1);
  view->minutiae = g_array_new (FALSE, FALSE, sizeof (TamboMinutia));
  return view;
}

void tambo_minutiae_view_free (TamboMinutiaeView *view) {
  if (view == NULL)
    return;
  if (view->minutiae->len > 0)
    tambo_secret_wipe (view->minutiae->data, view->minutiae->len * sizeof (TamboMinutia));
  g_array_unref (view->minutiae);
  g_clear_pointer (&view->extended, g_bytes_unref);
  g_free (view);
}

TamboMinutiaeRecord *tambo_minutiae_record_new (void) {
  TamboMinutiaeRecord *record = g_new0 (TamboMinutiaeRecord, 1);
  record->views = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_minutiae_view_free);
  return record;
}

void tambo_minutiae_record_free (TamboMinutiaeRecord *record) {
  if (record == NULL)
    return;
  g_ptr_array_unref (record->views);
  g_free (record);
}

gboolean tambo_minutiae_record_sniff (GBytes *bytes) {
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  return size >= 4 && memcmp (data, MAGIC, 4) == 0;
}

/* ---- out ---- */

static gsize view_size (const TamboMinutiaeView *view) {
  return VIEW_HEADER + MINUTIA * (gsize) MIN (view->minutiae->len, TAMBO_MINUTIAE_MAX)
         + EXTENDED_LENGTH + (view->extended != NULL ? g_bytes_get_size (view->extended) : 0);
}

void tambo_minutiae_put (GByteArray *array, const TamboMinutiaeView *view, guint8 untold) {
  gsize extended = view->extended != NULL ? g_bytes_get_size (view->extended) : 0;

  for (guint i = 0; i < MIN (view->minutiae->len, TAMBO_MINUTIAE_MAX); i++) {
    const TamboMinutia *m = &g_array_index (view->minutiae, TamboMinutia, i);
    tambo_put_u16 (array, (guint16) (m->type << 14 | (m->x & PLACE_MAX)));
    tambo_put_u16 (array, m->y & PLACE_MAX);
    tambo_put_u8 (array, m->angle);
    tambo_put_u8 (array, m->quality > 0 ? m->quality : untold);
  }
  tambo_put_u16 (array, (guint16) extended);
  if (extended > 0)
    tambo_put_bytes (array, g_bytes_get_data (view->extended, NULL), extended);
}

static void put_view (GByteArray *array, const TamboMinutiaeView *view) {
  tambo_put_u8 (array, view->position);
  tambo_put_u8 (array, (guint8) (view->view << 4 | (view->impression & 0x0F)));
  tambo_put_u8 (array, view->quality);
  tambo_put_u8 (array, (guint8) MIN (view->minutiae->len, TAMBO_MINUTIAE_MAX));
  tambo_minutiae_put (array, view, 0);
}

GBytes *tambo_minutiae_record_encode (const TamboMinutiaeRecord *record) {
  GByteArray *array = g_byte_array_new ();
  gsize length = RECORD_HEADER;

  for (guint i = 0; i < record->views->len; i++)
    length += view_size (g_ptr_array_index (record->views, i));
  tambo_put_bytes (array, MAGIC, TAMBO_MINUTIAE_MAGIC_SIZE);
  tambo_put_u32 (array, (guint32) length);
  tambo_put_u16 (array, record->device);
  tambo_put_u16 (array, record->width);
  tambo_put_u16 (array, record->height);
  tambo_put_u16 (array, record->per_centimetre_x);
  tambo_put_u16 (array, record->per_centimetre_y);
  tambo_put_u8 (array, (guint8) record->views->len);
  tambo_put_u8 (array, 0);
  for (guint i = 0; i < record->views->len; i++)
    put_view (array, g_ptr_array_index (record->views, i));
  return g_byte_array_free_to_bytes (array);
}

/* ---- in ---- */

gpointer tambo_minutiae_fail (GError **error, TamboFormatError code, const char *message) {
  g_set_error (error, TAMBO_FORMAT_ERROR, (int) code, "minutiae record: %s", message);
  return NULL;
}

static TamboMinutiaeRecord *parse_header (TamboReader *reader, guint8 *out_views, GError **error) {
  g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_record_new ();
  const guint8 *magic;
  guint32 length;
  guint8 reserved;
  gsize size = tambo_reader_left (reader);

  if (!tambo_reader_take (reader, TAMBO_MINUTIAE_MAGIC_SIZE, &magic)
      || !tambo_reader_u32 (reader, &length) || !tambo_reader_u16 (reader, &record->device)
      || !tambo_reader_u16 (reader, &record->width) || !tambo_reader_u16 (reader, &record->height)
      || !tambo_reader_u16 (reader, &record->per_centimetre_x)
      || !tambo_reader_u16 (reader, &record->per_centimetre_y)
      || !tambo_reader_u8 (reader, out_views) || !tambo_reader_u8 (reader, &reserved))
    return tambo_minutiae_fail (error, TAMBO_FORMAT_ERROR_MALFORMED,
                                "cut short in the general header");
  if (length > size)
    return tambo_minutiae_fail (error, TAMBO_FORMAT_ERROR_MALFORMED,
                                "shorter than its header says");
  if (length < size)
    return tambo_minutiae_fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "longer than its header says");
  if (record->width == 0 || record->height == 0 || record->per_centimetre_x == 0
      || record->per_centimetre_y == 0 || *out_views == 0)
    return tambo_minutiae_fail (error, TAMBO_FORMAT_ERROR_MALFORMED,
                                "no picture size, resolution or view");
  return g_steal_pointer (&record);
}

gboolean tambo_minutiae_take_place (TamboReader *reader, guint width, guint height,
                                    TamboMinutia *minutia) {
  guint16 x, y;

  if (!tambo_reader_u16 (reader, &x) || !tambo_reader_u16 (reader, &y)
      || !tambo_reader_u8 (reader, &minutia->angle))
    return FALSE;
  minutia->type = (guint8) (x >> 14);
  minutia->x = x & PLACE_MAX;
  minutia->y = y & PLACE_MAX;
  return minutia->type <= TAMBO_MINUTIA_BIFURCATION && minutia->x < width && minutia->y < height;
}

static gboolean parse_minutia (TamboReader *reader, const TamboMinutiaeRecord *record,
                               TamboMinutia *minutia) {
  return tambo_minutiae_take_place (reader, record->width, record->height, minutia)
         && tambo_reader_u8 (reader, &minutia->quality)
         && minutia->quality <= TAMBO_MINUTIAE_QUALITY_MAX;
}

/* Writers are known (NIST's own sample among them) that count the extended data of the last view a
 * byte too long: what the record holds of them is taken. The minutiae are all there. */
static gboolean parse_extended (TamboReader *reader, gboolean last, TamboMinutiaeView *view) {
  guint16 told;
  const guint8 *data;

  if (!tambo_reader_u16 (reader, &told))
    return FALSE;
  gsize size = last ? MIN (told, tambo_reader_left (reader)) : told;
  if (!tambo_reader_take (reader, size, &data))
    return FALSE;
  if (size > 0)
    view->extended = g_bytes_new (data, size);
  return TRUE;
}

static gboolean parse_view (TamboReader *reader, gboolean last, TamboMinutiaeRecord *record) {
  g_autoptr (TamboMinutiaeView) view = tambo_minutiae_view_new ();
  guint8 impression, count;

  if (!tambo_reader_u8 (reader, &view->position) || !tambo_reader_u8 (reader, &impression)
      || !tambo_reader_u8 (reader, &view->quality) || !tambo_reader_u8 (reader, &count)
      || view->position > TAMBO_MINUTIAE_POSITION_MAX)
    return FALSE;
  view->view = impression >> 4;
  view->impression = impression & 0x0F;
  for (guint i = 0; i < count; i++) {
    TamboMinutia minutia = { 0 };
    if (!parse_minutia (reader, record, &minutia))
      return FALSE;
    g_array_append_val (view->minutiae, minutia);
  }
  if (!parse_extended (reader, last, view))
    return FALSE;
  g_ptr_array_add (record->views, g_steal_pointer (&view));
  return TRUE;
}

static TamboMinutiaeRecord *parse_2005 (GBytes *bytes, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (bytes);
  guint8 views;
  g_autoptr (TamboMinutiaeRecord) record = parse_header (&reader, &views, error);

  if (record == NULL)
    return NULL;
  for (guint i = 0; i < views; i++)
    if (!parse_view (&reader, i + 1 == views, record))
      return tambo_minutiae_fail (error, TAMBO_FORMAT_ERROR_MALFORMED,
                                  "a view is cut short or has a value out of its range");
  if (tambo_reader_left (&reader) > 0)
    return tambo_minutiae_fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "bytes behind the last view");
  return g_steal_pointer (&record);
}

TamboMinutiaeRecord *tambo_minutiae_record_parse (GBytes *bytes, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (bytes);
  const guint8 *magic;

  if (!tambo_reader_take (&reader, TAMBO_MINUTIAE_MAGIC_SIZE, &magic)
      || !tambo_minutiae_record_sniff (bytes))
    return tambo_minutiae_fail (error, TAMBO_FORMAT_ERROR_MALFORMED, "no general header");
  if (memcmp (magic, MAGIC, TAMBO_MINUTIAE_MAGIC_SIZE) == 0)
    return parse_2005 (bytes, error);
  if (memcmp (magic, TAMBO_MINUTIAE_MAGIC_2011, TAMBO_MINUTIAE_MAGIC_SIZE) == 0)
    return tambo_minutiae_parse_2011 (bytes, error);
  return tambo_minutiae_fail (error, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                              "version other than 20 and 30");
}
