/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/wsq-private.h"

#include "base/bytes.h"

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
  TamboWsqFile *file;
  gboolean has_header, has_filters, has_quantiser;
  TamboWsqHuffman huffman[TABLES];
  gboolean has_huffman[TABLES];
  int block;
  gsize position;     /* in the indices */
  guint8 *block_data; /* of the size of the file, with 8 bytes behind it */
} Parser;

static void parser_clear (Parser *self) {
  g_clear_pointer (&self->block_data, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parser, parser_clear)

void tambo_wsq_file_clear (TamboWsqFile *file) {
  g_clear_pointer (&file->indices, g_free);
}

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

static gboolean read_transform_table (Parser *self, TamboReader *segment, GError **error) {
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
  tambo_wsq_filters_init (&self->file->filters, low, low_size, high, high_size);
  self->has_filters = TRUE;
  return TRUE;
}

static gboolean read_quantisation_table (Parser *self, TamboReader *segment, GError **error) {
  TamboWsqQuantiser quantiser;
  gboolean whole = read_number (segment, &quantiser.centre);

  for (int i = 0; whole && i < TAMBO_WSQ_SUBBANDS_ALL; i++)
    whole = read_number (segment, &quantiser.bin[i]) && read_number (segment, &quantiser.zero[i]);
  if (!whole)
    return malformed (error, "WSQ quantisation table cut short");
  self->file->quantiser = quantiser;
  self->has_quantiser = TRUE;
  return TRUE;
}

static gboolean read_huffman_tables (Parser *self, TamboReader *segment, GError **error) {
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
static void read_comment (Parser *self, TamboReader *segment) {
  gsize size = tambo_reader_left (segment);
  g_autofree char *text = g_strndup ((const char *) segment->data + segment->position, size);

  if (!g_str_has_prefix (text, "NIST_COM"))
    return;
  g_auto (GStrv) lines = g_strsplit_set (text, "\r\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix (*line, "PPI ")) {
      gint64 ppi = g_ascii_strtoll (*line + strlen ("PPI "), NULL, 10);
      self->file->ppi = ppi > 0 && ppi <= PPI_MAX ? (int) ppi : 0;
    }
}

static gboolean read_frame_header (Parser *self, TamboReader *segment, GError **error) {
  guint8 black, white;
  guint16 width, height;

  if (self->has_header)
    return malformed (error, "WSQ file with two frame headers");
  if (!tambo_reader_u8 (segment, &black) || !tambo_reader_u8 (segment, &white)
      || !tambo_reader_u16 (segment, &height) || !tambo_reader_u16 (segment, &width)
      || !read_number (segment, &self->file->shift) || !read_number (segment, &self->file->scale))
    return malformed (error, "WSQ frame header cut short");
  if (width < MIN_SIDE || height < MIN_SIDE) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                 "WSQ image of %d x %d pixels", width, height);
    return FALSE;
  }
  if ((guint64) width * height > PIXELS_OF_NOTHING + (guint64) self->reader.size * PIXELS_PER_BYTE)
    return malformed (error, "WSQ file too short for its number of pixels");
  if ((guint64) width * height > TAMBO_IMAGE_MAX_PIXELS)
    return fail (error, TAMBO_FORMAT_ERROR_TOO_LARGE, "WSQ image larger than 64 megapixels");
  self->has_header = TRUE;
  tambo_wsq_tree_init (&self->file->tree, width, height);
  return TRUE;
}

/* ---- blocks ---- */

/* The first block makes the place for the indices of all. */
static gboolean begin_blocks (Parser *self, GError **error) {
  if (!self->has_header)
    return malformed (error, "WSQ file without a frame header");
  if (!self->has_filters || !self->has_quantiser)
    return malformed (error, "WSQ file without a transform or quantisation table");
  for (int i = 0; i < TAMBO_WSQ_BLOCKS; i++)
    self->file->size += tambo_wsq_block_size (&self->file->quantiser, &self->file->tree, i);
  self->file->indices = g_try_new0 (gint16, MAX (self->file->size, 1));
  self->block_data = g_try_malloc (self->reader.size + sizeof (guint64));
  return self->file->indices != NULL && self->block_data != NULL ? TRUE : no_memory (error);
}

/* Takes a block's data out of the file: up to the next marker, without the stuffed zeros. */
static gsize take_block_data (Parser *self) {
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

static gboolean read_block (Parser *self, TamboReader *segment, GError **error) {
  TamboWsqLookup lookup;
  guint8 id;

  if (self->file->indices == NULL && !begin_blocks (self, error))
    return FALSE;
  if (!tambo_reader_u8 (segment, &id) || id >= TABLES || !self->has_huffman[id]
      || !tambo_wsq_lookup_init (&lookup, &self->huffman[id]))
    return malformed (error, "WSQ block without a Huffman table");

  gsize size = take_block_data (self), end = 0;
  for (int i = 0; i <= MIN (self->block, TAMBO_WSQ_BLOCKS - 1); i++)
    end += tambo_wsq_block_size (&self->file->quantiser, &self->file->tree, i);
  self->block++;
  if (!tambo_wsq_huffman_decode (&lookup, self->block_data, size, end, self->file, &self->position))
    return malformed (error, "damaged WSQ block");
  return TRUE;
}

/* ---- the file ---- */

static gboolean read_segment (Parser *self, guint16 marker, TamboReader *segment, GError **error) {
  gboolean begun = self->file->indices != NULL;

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

static gboolean is_complete (const Parser *self) {
  return self->file->indices != NULL && self->position == self->file->size
         && self->block >= TAMBO_WSQ_BLOCKS;
}

/* Comments may stand behind the last block, so that does not end the reading. */
static gboolean read_file (Parser *self, GError **error) {
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
  if (!self->has_header)
    return malformed (error, "WSQ file cut short");
  if (self->file->indices == NULL && !begin_blocks (self, error))
    return FALSE;
  if (self->position < self->file->size)
    return malformed (error, "WSQ file cut short");
  return TRUE;
}

gboolean tambo_wsq_file_read (TamboWsqFile *file, GBytes *bytes, GError **error) {
  g_auto (Parser) self = { .reader = tambo_reader_for_bytes (bytes), .file = file };

  memset (file, 0, sizeof *file);
  if (read_file (&self, error))
    return TRUE;
  tambo_wsq_file_clear (file);
  return FALSE;
}
