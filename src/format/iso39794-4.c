/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso39794-4.h"

#include <math.h>
#include <string.h>

#include "format/format-error.h"
#include "format/image-codec.h"
#include "format/iso39794.h"

#define TAG_FINGER_IMAGE_DATA 0x64
#define TAG_SEQUENCE 0x30
#define MAX_VIEWS 255
#define MAX_POSITION 255
#define UNDEFINED_QUALITY 254
#define USUAL_PPI 500
#define PER_INCH 0
#define PER_CENTIMETRE 1

/* Members of RepresentationBlock. */
enum { POSITION, IMPRESSION, DATA_FORMAT, DATA, SAMPLING_RATE = 7, N_REPRESENTATION };

/* The older standard's compressions by ImageDataFormatCode: PGM, WSQ, JPEG 2000 lossy and lossless,
 * PNG. */
static const TamboFirCompression formats[] = { TAMBO_FIR_UNCOMPRESSED, TAMBO_FIR_WSQ,
                                               TAMBO_FIR_JPEG2000, TAMBO_FIR_JPEG2000,
                                               TAMBO_FIR_PNG };

/* Impressions of the older standard's table 7 and ImpressionCode. The first row of a code is the one
 * that is read back. */
#define IMPRESSION_UNKNOWN 29
static const struct {
  guint8 old, code;
} impressions[] = {
  { 0, 0 }, { 1, 1 },  { 2, 0 },  { 3, 1 },  { 4, 4 },
  { 8, 8 }, { 9, 24 }, { 9, 25 }, { 9, 41 }, { 9, 42 },
};

/* ---- writing ---- */

static guint impression_code (guint8 impression) {
  for (gsize i = 0; i < G_N_ELEMENTS (impressions); i++)
    if (impressions[i].old == impression)
      return impressions[i].code;
  return IMPRESSION_UNKNOWN;
}

static gboolean find_format (TamboFirCompression compression, guint *out_code, GError **error) {
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i] == compression) {
      *out_code = i;
      return TRUE;
    }
  g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                       "finger image data: ISO/IEC 39794-4 has no such compression");
  return FALSE;
}

/* Pixels without a header become a PGM file. */
static GBytes *image_file (const TamboFirView *view, TamboFirCompression compression) {
  if (compression != TAMBO_FIR_UNCOMPRESSED)
    return g_bytes_ref (view->image);
  g_autofree char *header = g_strdup_printf ("P5\n%u %u\n255\n", view->width, view->height);
  GByteArray *file = g_byte_array_new ();
  tambo_put_bytes (file, header, strlen (header));
  tambo_put_bytes (file, g_bytes_get_data (view->image, NULL), g_bytes_get_size (view->image));
  return g_byte_array_free_to_bytes (file);
}

static void put_view (GByteArray *views, const TamboFirView *view, const TamboFingerRecord *record,
                      guint format) {
  g_autoptr (GByteArray) block = g_byte_array_new ();
  g_autoptr (GByteArray) rate = g_byte_array_new ();
  g_autoptr (GBytes) file = image_file (view, record->compression);

  tambo_39794_put_code (block, POSITION, view->position);
  tambo_39794_put_code (block, IMPRESSION, impression_code (view->impression));
  tambo_39794_put_code (block, DATA_FORMAT, format);
  tambo_tlv_put_bytes (block, TAMBO_39794_MEMBER (DATA), file);
  tambo_der_put_number (rate, TAMBO_39794_MEMBER (0), record->ppi);
  tambo_der_put_number (rate, TAMBO_39794_MEMBER (1), PER_INCH);
  tambo_tlv_put (block, TAMBO_39794_GROUP (SAMPLING_RATE), rate->data, rate->len);
  tambo_tlv_put (views, TAG_SEQUENCE, block->data, block->len);
}

GBytes *tambo_finger_block_encode (const TamboFingerRecord *record, GError **error) {
  g_autoptr (GByteArray) views = g_byte_array_new ();
  guint format;

  if (!find_format (record->compression, &format, error))
    return NULL;
  for (guint i = 0; i < record->views->len; i++)
    put_view (views, g_ptr_array_index (record->views, i), record, format);
  GByteArray *block = g_byte_array_new ();
  tambo_39794_put_version (block);
  tambo_tlv_put (block, TAMBO_39794_GROUP (1), views->data, views->len);
  tambo_tlv_wrap (block, TAG_FINGER_IMAGE_DATA);
  return g_byte_array_free_to_bytes (block);
}

/* ---- reading ---- */

static gpointer malformed (GError **error, const char *message) {
  g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED, "finger image data: %s",
               message);
  return NULL;
}

static gpointer unsupported (GError **error, const char *message) {
  g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED, "finger image data: %s",
               message);
  return NULL;
}

static guint8 old_impression (guint code) {
  for (gsize i = 0; i < G_N_ELEMENTS (impressions); i++)
    if (impressions[i].code == code)
      return impressions[i].old;
  return IMPRESSION_UNKNOWN;
}

static gboolean read_rate (const TamboTlv *rate, guint16 *out_ppi) {
  TamboTlv members[2];
  guint samples, unit;

  *out_ppi = USUAL_PPI;
  if (rate->tag == 0)
    return TRUE;
  if (!tambo_39794_members (rate, members, 2)
      || !tambo_39794_read_number (&members[0], G_MAXUINT16, &samples)
      || !tambo_39794_read_number (&members[1], PER_CENTIMETRE, &unit))
    return FALSE;
  double ppi = unit == PER_INCH ? samples : samples * 2.54;
  *out_ppi = (guint16) MIN (lround (ppi), G_MAXUINT16);
  return TRUE;
}

/* A PGM file gives its pixels and their shape; the other files tell it themselves. */
static gboolean take_image (const TamboTlv *data, TamboFirCompression compression,
                            TamboFirView *view, GError **error) {
  g_autoptr (GBytes) file = g_bytes_new (data->value, data->length);
  g_autoptr (TamboImage) image = NULL;

  if (compression != TAMBO_FIR_UNCOMPRESSED) {
    view->image = g_steal_pointer (&file);
    return TRUE;
  }
  image = tambo_image_decode (file, error);
  if (image == NULL)
    return FALSE;
  if (tambo_image_sniff (file) != TAMBO_IMAGE_PNM || image->channels != 1
      || image->width > G_MAXUINT16 || image->height > G_MAXUINT16)
    return malformed (error, "an image that is no PGM file of up to 65535 pixels") != NULL;
  view->width = (guint16) image->width;
  view->height = (guint16) image->height;
  view->image = g_bytes_new (image->data, (gsize) image->width * image->height);
  return TRUE;
}

typedef struct {
  TamboFirCompression compression;
  guint16 ppi;
} Shape;

static TamboFirView *parse_view (const TamboTlv *block, Shape *out_shape, GError **error) {
  TamboTlv members[N_REPRESENTATION];
  g_autoptr (TamboFirView) view = g_new0 (TamboFirView, 1);
  guint position, impression, format;

  if (block->tag != TAG_SEQUENCE || !tambo_39794_members (block, members, N_REPRESENTATION)
      || !tambo_39794_read_code (&members[POSITION], &position) || position > MAX_POSITION
      || !tambo_39794_read_code (&members[IMPRESSION], &impression)
      || !tambo_39794_read_code (&members[DATA_FORMAT], &format)
      || !read_rate (&members[SAMPLING_RATE], &out_shape->ppi) || members[DATA].tag == 0
      || members[DATA].length == 0)
    return malformed (error, "a view that is not of its form, or cut short");
  if (format >= G_N_ELEMENTS (formats))
    return unsupported (error, "a view in a format that is not known");
  view->position = (guint8) position;
  view->impression = old_impression (impression);
  view->quality = UNDEFINED_QUALITY;
  out_shape->compression = formats[format];
  if (!take_image (&members[DATA], out_shape->compression, view, error))
    return NULL;
  return g_steal_pointer (&view);
}

/* A reader over the views. */
static gboolean open_block (GBytes *bytes, TamboReader *out_views, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (bytes);
  TamboTlv block, members[2];

  if (!tambo_tlv_next (&reader, &block) || block.tag != TAG_FINGER_IMAGE_DATA
      || tambo_reader_left (&reader) > 0 || !tambo_39794_members (&block, members, 2))
    return malformed (error, "not one object of tag 64, or cut short") != NULL;
  if (!tambo_39794_check_version (&members[0]))
    return unsupported (error, "no version of the third generation") != NULL;
  if (members[1].tag == 0 || members[1].length == 0)
    return malformed (error, "no view in it") != NULL;
  *out_views = tambo_reader (members[1].value, members[1].length);
  return TRUE;
}

TamboFingerRecord *tambo_finger_block_parse (GBytes *bytes, GError **error) {
  g_autoptr (TamboFingerRecord) record = NULL;
  TamboReader reader;
  TamboTlv block;
  Shape shape;

  if (!open_block (bytes, &reader, error))
    return NULL;
  while (tambo_reader_left (&reader) > 0) {
    if (!tambo_tlv_next (&reader, &block))
      return malformed (error, "a view that is cut short");
    TamboFirView *view = parse_view (&block, &shape, error);
    if (view == NULL)
      return NULL;
    if (record == NULL)
      record = tambo_finger_record_new (shape.ppi, shape.compression);
    g_ptr_array_add (record->views, view);
    if (shape.compression != record->compression || shape.ppi != record->ppi)
      return unsupported (error, "views of several formats or resolutions");
    if (record->views->len > MAX_VIEWS)
      return unsupported (error, "more views than the older record holds");
  }
  return g_steal_pointer (&record);
}
