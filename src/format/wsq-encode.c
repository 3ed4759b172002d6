/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/wsq-private.h"

#include "base/bytes.h"
#include "format/wsq-simd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The version of the encoder in the specification, and no certified implementation's number. */
#define ENCODER_VERSION 2
#define SOFTWARE_NUMBER 0

typedef struct {
  TamboWsqTree tree;
  TamboWsqQuantiser quantiser;
  double shift, scale; /* pixel = scale * sample + shift */
  double *planes[2];
  GByteArray *array;
} Encoder;

static void encoder_clear (Encoder *self) {
  g_clear_pointer (&self->planes[0], free);
  g_clear_pointer (&self->array, g_byte_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Encoder, encoder_clear)

/* ---- pixels to samples ---- */

TAMBO_WSQ_SIMD
static void normalise_row (double *restrict out, const guint8 *restrict pixels, gsize size,
                           double shift, double scale) {
  for (gsize i = 0; i < size; i++)
    out[i] = (pixels[i] - shift) * scale;
}

/* Mean 0, and no value beyond 128. */
static void normalise (Encoder *self, const TamboImage *image) {
  gsize size = tambo_image_size (image);
  guint64 sum = 0;
  guint8 least = 255, greatest = 0;

  for (gsize i = 0; i < size; i++) {
    sum += image->data[i];
    least = MIN (least, image->data[i]);
    greatest = MAX (greatest, image->data[i]);
  }
  self->shift = (double) sum / (double) size;
  self->scale = MAX (self->shift - least, greatest - self->shift) / 128;
  normalise_row (self->planes[0], image->data, size, self->shift,
                 self->scale > 0 ? 1 / self->scale : 0);
}

/* ---- markers ---- */

static void put_marker (Encoder *self, TamboWsqMarker marker) {
  tambo_put_u16 (self->array, (guint16) marker);
}

/* VALUE as the largest mantissa below LIMIT + 1 with its decimal exponent. */
static guint32 find_mantissa (double value, double limit, guint8 *out_exponent) {
  guint8 exponent = 0;

  while (value > 0 && value * 10 < limit + 0.5) {
    value *= 10;
    exponent++;
  }
  *out_exponent = exponent;
  return (guint32) floor (value + 0.5);
}

static void put_number (Encoder *self, double value) {
  guint8 exponent;
  guint32 mantissa = find_mantissa (value, G_MAXUINT16, &exponent);

  tambo_put_u8 (self->array, exponent);
  tambo_put_u16 (self->array, (guint16) mantissa);
}

static void put_tap (Encoder *self, double value) {
  guint8 exponent;
  guint32 mantissa = find_mantissa (fabs (value), G_MAXUINT32, &exponent);

  tambo_put_u8 (self->array, value < 0);
  tambo_put_u8 (self->array, exponent);
  tambo_put_u32 (self->array, mantissa);
}

/* The count stands for the lines with its own. The frame header knows the depth and the colour. */
static void put_comment (Encoder *self, int ppi, double bit_rate) {
  char rate[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *resolution = ppi > 0 ? g_strdup_printf ("PPI %d\n", ppi) : g_strdup ("");
  g_autofree char *text =
      g_strdup_printf ("NIST_COM %d\nPIX_WIDTH %d\nPIX_HEIGHT %d\n%sLOSSY 1\nWSQ_BITRATE %s\n",
                       ppi > 0 ? 6 : 5, self->tree.width, self->tree.height, resolution,
                       g_ascii_formatd (rate, sizeof rate, "%.4g", bit_rate));

  put_marker (self, TAMBO_WSQ_COM);
  tambo_put_u16 (self->array, (guint16) (2 + strlen (text)));
  tambo_put_bytes (self->array, text, strlen (text));
}

static void put_transform_table (Encoder *self) {
  put_marker (self, TAMBO_WSQ_DTT);
  tambo_put_u16 (self->array, 4 + 6 * (5 + 4));
  tambo_put_u8 (self->array, 9);
  tambo_put_u8 (self->array, 7);
  for (gsize i = 0; i < G_N_ELEMENTS (tambo_wsq_low); i++)
    put_tap (self, tambo_wsq_low[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (tambo_wsq_high); i++)
    put_tap (self, tambo_wsq_high[i]);
}

static void put_quantisation_table (Encoder *self) {
  put_marker (self, TAMBO_WSQ_DQT);
  tambo_put_u16 (self->array, 2 + 3 + 6 * TAMBO_WSQ_SUBBANDS_ALL);
  put_number (self, self->quantiser.centre);
  for (int i = 0; i < TAMBO_WSQ_SUBBANDS_ALL; i++) {
    put_number (self, self->quantiser.bin[i]);
    put_number (self, self->quantiser.zero[i]);
  }
}

static void put_frame_header (Encoder *self) {
  put_marker (self, TAMBO_WSQ_SOF);
  tambo_put_u16 (self->array, 17);
  tambo_put_u8 (self->array, 0);
  tambo_put_u8 (self->array, 255);
  tambo_put_u16 (self->array, (guint16) self->tree.height);
  tambo_put_u16 (self->array, (guint16) self->tree.width);
  put_number (self, self->shift);
  put_number (self, self->scale);
  tambo_put_u8 (self->array, ENCODER_VERSION);
  tambo_put_u16 (self->array, SOFTWARE_NUMBER);
}

static void put_huffman_table (Encoder *self, guint8 id, const TamboWsqHuffman *huffman) {
  put_marker (self, TAMBO_WSQ_DHT);
  tambo_put_u16 (self->array, (guint16) (2 + 1 + sizeof huffman->counts + (gsize) huffman->size));
  tambo_put_u8 (self->array, id);
  tambo_put_bytes (self->array, huffman->counts, sizeof huffman->counts);
  tambo_put_bytes (self->array, huffman->symbols, (gsize) huffman->size);
}

static void put_block (Encoder *self, guint8 table, const TamboWsqHuffman *huffman,
                       const TamboWsqSymbols *symbols) {
  put_marker (self, TAMBO_WSQ_SOB);
  tambo_put_u16 (self->array, 3);
  tambo_put_u8 (self->array, table);
  tambo_wsq_huffman_encode (huffman, symbols, self->array);
}

/* ---- blocks ---- */

/* The indices of all blocks, one behind the other. */
static gint16 *quantise_blocks (Encoder *self, gsize *out_sizes) {
  gsize size = 0;

  for (int block = 0; block < TAMBO_WSQ_BLOCKS; block++)
    size += out_sizes[block] = tambo_wsq_block_size (&self->quantiser, &self->tree, block);
  gint16 *indices = g_try_new (gint16, MAX (size, 1));
  gboolean fits = indices == NULL;
  while (!fits) {
    gint16 *out = indices;
    fits = TRUE;
    for (int block = 0; fits && block < TAMBO_WSQ_BLOCKS; out += out_sizes[block++])
      fits = tambo_wsq_quantise (&self->quantiser, &self->tree, self->planes, block, out);
    if (!fits)
      tambo_wsq_quantiser_widen (&self->quantiser);
  }
  return indices;
}

/* The low subbands have codes of their own; the other two blocks share theirs. */
static gboolean put_blocks (Encoder *self, const gint16 *indices, const gsize *sizes) {
  TamboWsqHuffman huffman;
  guint32 frequencies[2][256] = { 0 };
  g_auto (TamboWsqSymbols) first = { 0 }, second = { 0 }, third = { 0 };

  if (!tambo_wsq_symbols_init (&first, indices, sizes[0], frequencies[0])
      || !tambo_wsq_symbols_init (&second, indices + sizes[0], sizes[1], frequencies[1])
      || !tambo_wsq_symbols_init (&third, indices + sizes[0] + sizes[1], sizes[2], frequencies[1]))
    return FALSE;

  tambo_wsq_huffman_init (&huffman, frequencies[0]);
  put_huffman_table (self, 0, &huffman);
  put_block (self, 0, &huffman, &first);
  tambo_wsq_huffman_init (&huffman, frequencies[1]);
  put_huffman_table (self, 1, &huffman);
  put_block (self, 1, &huffman, &second);
  put_block (self, 1, &huffman, &third);
  return TRUE;
}

/* FALSE when there is no memory. */
static gboolean encode (Encoder *self, const TamboImage *grey, double bit_rate) {
  gsize pixels = tambo_image_size (grey), sizes[TAMBO_WSQ_BLOCKS];

  self->planes[0] = tambo_wsq_planes_new (2 * pixels * sizeof (double));
  if (self->planes[0] == NULL)
    return FALSE;
  self->planes[1] = self->planes[0] + pixels;
  tambo_wsq_tree_init (&self->tree, grey->width, grey->height);
  normalise (self, grey);
  if (!tambo_wsq_analyse (&self->tree, self->planes))
    return FALSE;
  tambo_wsq_quantiser_init (&self->quantiser, &self->tree, self->planes, bit_rate);
  g_autofree gint16 *indices = quantise_blocks (self, sizes);
  if (indices == NULL)
    return FALSE;

  put_marker (self, TAMBO_WSQ_SOI);
  put_comment (self, grey->ppi, bit_rate);
  put_transform_table (self);
  put_quantisation_table (self);
  put_frame_header (self);
  if (!put_blocks (self, indices, sizes))
    return FALSE;
  put_marker (self, TAMBO_WSQ_EOI);
  return TRUE;
}

static gboolean check_image (const TamboImage *image, double bit_rate, GError **error) {
  if (image->channels != 1)
    g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                         "WSQ is for grey images");
  else if (image->width < TAMBO_WSQ_MIN_SIDE || image->height < TAMBO_WSQ_MIN_SIDE)
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                 "an image of %d x %d pixels is too small for WSQ", image->width, image->height);
  else if (image->width > G_MAXUINT16 || image->height > G_MAXUINT16
           || tambo_image_size (image) > TAMBO_IMAGE_MAX_PIXELS)
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_TOO_LARGE,
                 "an image of %d x %d pixels is too large for WSQ", image->width, image->height);
  else if (!(bit_rate >= TAMBO_WSQ_RATE_MIN && bit_rate <= TAMBO_WSQ_RATE_MAX))
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                 "a WSQ bit rate is between %g and %g", TAMBO_WSQ_RATE_MIN, TAMBO_WSQ_RATE_MAX);
  else
    return TRUE;
  return FALSE;
}

GBytes *tambo_wsq_encode (const TamboImage *grey, double bit_rate, GError **error) {
  if (!check_image (grey, bit_rate, error))
    return NULL;

  g_auto (Encoder) self = { .array = g_byte_array_new () };
  if (!encode (&self, grey, bit_rate)) {
    g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_FAILED,
                         "no memory for a WSQ image");
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&self.array));
}
