/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/wsq-private.h"

#include "base/bytes.h"
#include "format/image-codec-private.h"
#include "format/wsq-simd.h"

#include <math.h>
#include <string.h>

/* Below it some split of the tree has nothing to split. */
#define MIN_SIDE 32
/* An empty image of a whole hand needs no more than the header; what is larger has ridges, and no
 * encoder writes a thousand pixels of those into a byte. */
#define PIXELS_OF_NOTHING (4 * 1024 * 1024)
#define PIXELS_PER_BYTE 1024

#define TABLES 8
#define PPI_MAX 10000

typedef struct {
  TamboReader reader;
  TamboImage *image;
  TamboWsqTree tree;
  double shift, scale;
  TamboWsqFilters filters;
  gboolean has_filters;
  TamboWsqQuantiser quantiser;
  gboolean has_quantiser;
  TamboWsqHuffman huffman[TABLES];
  gboolean has_huffman[TABLES];
  int ppi;
  int block;
  TamboWsqIndices indices;
  guint8 *block_data; /* of the size of the file, with 8 bytes behind it */
  float *planes[2];
} Decoder;

static void decoder_clear (Decoder *self) {
  g_clear_pointer (&self->image, tambo_image_free);
  g_clear_pointer (&self->indices.indices, g_free);
  g_clear_pointer (&self->block_data, g_free);
  g_clear_pointer (&self->planes[0], g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Decoder, decoder_clear)

static gboolean fail (GError **error, TamboFormatError code, const char *message) {
  g_set_error_literal (error, TAMBO_FORMAT_ERROR, code, message);
  return FALSE;
}

static gboolean malformed (GError **error, const char *message) {
  return fail (error, TAMBO_FORMAT_ERROR_MALFORMED, message);
}

static gboolean no_memory (GError **error) {
  return fail (error, TAMBO_FORMAT_ERROR_FAILED, "no memory for a WSQ image");
}

/* ---- tables ---- */

static gboolean read_number (TamboReader *reader, double *out_value) {
  guint8 exponent;
  guint16 mantissa;

  if (!tambo_reader_u8 (reader, &exponent) || !tambo_reader_u16 (reader, &mantissa))
    return FALSE;
  *out_value = mantissa * pow (10, -exponent);
  return TRUE;
}

static gboolean read_taps (TamboReader *reader, int size, double *taps) {
  for (int i = 0; i < (size + 1) / 2; i++) {
    guint8 sign, exponent;
    guint32 mantissa;
    if (!tambo_reader_u8 (reader, &sign) || !tambo_reader_u8 (reader, &exponent)
        || !tambo_reader_u32 (reader, &mantissa))
      return FALSE;
    taps[i] = mantissa * pow (10, -exponent) * (sign != 0 ? -1 : 1);
  }
  return TRUE;
}

static gboolean read_transform_table (Decoder *self, TamboReader *segment, GError **error) {
  double low[TAMBO_WSQ_TAPS_MAX], high[TAMBO_WSQ_TAPS_MAX];
  guint8 low_size, high_size;

  if (!tambo_reader_u8 (segment, &low_size) || !tambo_reader_u8 (segment, &high_size))
    return malformed (error, "WSQ transform table cut short");
  if (low_size == 0 || low_size > TAMBO_WSQ_TAPS_MAX || high_size == 0
      || high_size > TAMBO_WSQ_TAPS_MAX || low_size % 2 != high_size % 2) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                 "WSQ filters of %d and %d taps", low_size, high_size);
    return FALSE;
  }
  if (!read_taps (segment, low_size, low) || !read_taps (segment, high_size, high))
    return malformed (error, "WSQ transform table cut short");
  tambo_wsq_filters_init (&self->filters, low, low_size, high, high_size);
  self->has_filters = TRUE;
  return TRUE;
}

static gboolean read_quantisation_table (Decoder *self, TamboReader *segment, GError **error) {
  TamboWsqQuantiser quantiser;
  gboolean whole = read_number (segment, &quantiser.centre);

  for (int i = 0; whole && i < TAMBO_WSQ_SUBBANDS_ALL; i++)
    whole = read_number (segment, &quantiser.bin[i]) && read_number (segment, &quantiser.zero[i]);
  if (!whole)
    return malformed (error, "WSQ quantisation table cut short");
  self->quantiser = quantiser;
  self->has_quantiser = TRUE;
  return TRUE;
}

static gboolean read_huffman_tables (Decoder *self, TamboReader *segment, GError **error) {
  while (tambo_reader_left (segment) > 0) {
    TamboWsqHuffman huffman = { 0 };
    const guint8 *counts, *symbols;
    guint8 id;
    if (!tambo_reader_u8 (segment, &id)
        || !tambo_reader_take (segment, sizeof huffman.counts, &counts))
      return malformed (error, "WSQ Huffman table cut short");
    for (gsize i = 0; i < sizeof huffman.counts; i++)
      huffman.size += counts[i];
    if (id >= TABLES || huffman.size > (int) sizeof huffman.symbols)
      return malformed (error, "impossible WSQ Huffman table");
    if (!tambo_reader_take (segment, (gsize) huffman.size, &symbols))
      return malformed (error, "WSQ Huffman table cut short");
    memcpy (huffman.counts, counts, sizeof huffman.counts);
    memcpy (huffman.symbols, symbols, (gsize) huffman.size);
    self->huffman[id] = huffman;
    self->has_huffman[id] = TRUE;
  }
  return TRUE;
}

/* "NIST_COM count", then a line "NAME value" each. */
static void read_comment (Decoder *self, TamboReader *segment) {
  gsize size = tambo_reader_left (segment);
  g_autofree char *text = g_strndup ((const char *) segment->data + segment->position, size);

  if (!g_str_has_prefix (text, "NIST_COM"))
    return;
  g_auto (GStrv) lines = g_strsplit_set (text, "\r\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix (*line, "PPI ")) {
      gint64 ppi = g_ascii_strtoll (*line + strlen ("PPI "), NULL, 10);
      self->ppi = ppi > 0 && ppi <= PPI_MAX ? (int) ppi : 0;
    }
}

static gboolean read_frame_header (Decoder *self, TamboReader *segment, GError **error) {
  guint8 black, white;
  guint16 width, height;

  if (self->image != NULL)
    return malformed (error, "WSQ file with two frame headers");
  if (!tambo_reader_u8 (segment, &black) || !tambo_reader_u8 (segment, &white)
      || !tambo_reader_u16 (segment, &height) || !tambo_reader_u16 (segment, &width)
      || !read_number (segment, &self->shift) || !read_number (segment, &self->scale))
    return malformed (error, "WSQ frame header cut short");
  if (width != 0 && height != 0 && (width < MIN_SIDE || height < MIN_SIDE)) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                 "WSQ image of %d x %d pixels", width, height);
    return FALSE;
  }
  if ((guint64) width * height > PIXELS_OF_NOTHING + (guint64) self->reader.size * PIXELS_PER_BYTE)
    return malformed (error, "WSQ file too short for its number of pixels");
  self->image = tambo_image_new_checked ("WSQ", width, height, 1, error);
  if (self->image == NULL)
    return FALSE;
  tambo_wsq_tree_init (&self->tree, width, height);
  return TRUE;
}

/* ---- blocks ---- */

/* The first block makes the place for the indices of all. */
static gboolean begin_blocks (Decoder *self, GError **error) {
  if (self->image == NULL)
    return malformed (error, "WSQ file without a frame header");
  if (!self->has_filters || !self->has_quantiser)
    return malformed (error, "WSQ file without a transform or quantisation table");
  for (int i = 0; i < TAMBO_WSQ_BLOCKS; i++)
    self->indices.size += tambo_wsq_block_size (&self->quantiser, &self->tree, i);
  self->indices.indices = g_try_new0 (gint16, MAX (self->indices.size, 1));
  self->block_data = g_try_malloc (self->reader.size + sizeof (guint64));
  return self->indices.indices != NULL && self->block_data != NULL ? TRUE : no_memory (error);
}

/* Takes a block's data out of the file: up to the next marker, without the stuffed zeros. */
static gsize take_block_data (Decoder *self) {
  const guint8 *in = self->reader.data + self->reader.position;
  const guint8 *end = self->reader.data + self->reader.size;
  guint8 *out = self->block_data;

  while (in < end) {
    const guint8 *ones = memchr (in, 0xFF, (gsize) (end - in));
    gsize plain = (gsize) ((ones != NULL ? ones : end) - in);
    memcpy (out, in, plain);
    out += plain;
    in += plain;
    if (in < end && (in + 1 == end || in[1] != 0))
      break;
    if (in < end) {
      *out++ = 0xFF;
      in += 2;
    }
  }
  self->reader.position = (gsize) (in - self->reader.data);
  memset (out, 0xFF, sizeof (guint64));
  return (gsize) (out - self->block_data);
}

static gboolean read_block (Decoder *self, TamboReader *segment, GError **error) {
  TamboWsqLookup lookup;
  guint8 id;

  if (self->indices.indices == NULL && !begin_blocks (self, error))
    return FALSE;
  if (!tambo_reader_u8 (segment, &id) || id >= TABLES || !self->has_huffman[id]
      || !tambo_wsq_lookup_init (&lookup, &self->huffman[id]))
    return malformed (error, "WSQ block without a Huffman table");

  gsize size = take_block_data (self), end = 0;
  for (int i = 0; i <= MIN (self->block, TAMBO_WSQ_BLOCKS - 1); i++)
    end += tambo_wsq_block_size (&self->quantiser, &self->tree, i);
  self->block++;
  if (!tambo_wsq_huffman_decode (&lookup, self->block_data, size, end, &self->indices))
    return malformed (error, "damaged WSQ block");
  return TRUE;
}

/* ---- the file ---- */

static gboolean read_segment (Decoder *self, guint16 marker, TamboReader *segment, GError **error) {
  gboolean begun = self->indices.indices != NULL;

  switch (marker) {
  case TAMBO_WSQ_SOF:
    return read_frame_header (self, segment, error);
  case TAMBO_WSQ_SOB:
    return read_block (self, segment, error);
  case TAMBO_WSQ_DTT:
    return begun ? malformed (error, "WSQ transform table behind a block")
                 : read_transform_table (self, segment, error);
  case TAMBO_WSQ_DQT:
    return begun ? malformed (error, "WSQ quantisation table behind a block")
                 : read_quantisation_table (self, segment, error);
  case TAMBO_WSQ_DHT:
    return read_huffman_tables (self, segment, error);
  case TAMBO_WSQ_COM:
    read_comment (self, segment);
    return TRUE;
  case TAMBO_WSQ_DRT:
    return fail (error, TAMBO_FORMAT_ERROR_UNSUPPORTED, "WSQ file with restart intervals");
  default:
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED,
                 "unknown WSQ marker 0x%04x", marker);
    return FALSE;
  }
}

static gboolean is_complete (const Decoder *self) {
  return self->indices.indices != NULL && self->indices.position == self->indices.size
         && self->block >= TAMBO_WSQ_BLOCKS;
}

/* Comments may stand behind the last block, so that does not end the reading. */
static gboolean read_file (Decoder *self, GError **error) {
  guint16 marker, size;
  const guint8 *content;

  if (!tambo_reader_u16 (&self->reader, &marker) || marker != TAMBO_WSQ_SOI)
    return malformed (error, "not a WSQ file");
  while (tambo_reader_u16 (&self->reader, &marker) && marker != TAMBO_WSQ_EOI) {
    if (!tambo_reader_u16 (&self->reader, &size) || size < 2
        || !tambo_reader_take (&self->reader, size - 2, &content)) {
      if (is_complete (self))
        break;
      return malformed (error, "WSQ file cut short");
    }
    TamboReader segment = tambo_reader (content, size - 2);
    if (!read_segment (self, marker, &segment, error))
      return FALSE;
  }
  if (self->image == NULL)
    return malformed (error, "WSQ file cut short");
  if (self->indices.indices == NULL && !begin_blocks (self, error))
    return FALSE;
  if (self->indices.position < self->indices.size)
    return malformed (error, "WSQ file cut short");
  return TRUE;
}

TAMBO_WSQ_SIMD
static void put_pixels (guint8 *restrict out, const float *restrict samples, gsize size,
                        float shift, float scale) {
  for (gsize i = 0; i < size; i++) {
    float value = samples[i] * scale + shift;
    /* Written so that what is no number is black. */
    value = value > 0 ? value : 0;
    value = value < 255 ? value : 255;
    out[i] = (guint8) (int) value;
  }
}

TamboImage *tambo_wsq_decode (GBytes *bytes, GError **error) {
  g_auto (Decoder) self = { .reader = tambo_reader_for_bytes (bytes) };

  if (!read_file (&self, error))
    return NULL;
  gsize pixels = tambo_image_size (self.image);
  self.planes[0] = g_try_new (float, 2 * pixels);
  if (self.planes[0] == NULL) {
    no_memory (error);
    return NULL;
  }
  self.planes[1] = self.planes[0] + pixels;
  tambo_wsq_dequantise (&self.quantiser, &self.tree, self.indices.indices, self.planes);
  if (!tambo_wsq_synthesise (&self.tree, &self.filters, self.planes)) {
    no_memory (error);
    return NULL;
  }
  put_pixels (self.image->data, self.planes[0], pixels, (float) self.shift + 0.5F,
              (float) self.scale);
  self.image->ppi = self.ppi;
  return g_steal_pointer (&self.image);
}
