/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/image-codec-private.h"

#include "base/bytes.h"

#include <math.h>
#include <openjpeg.h>
#include <string.h>

/* ISO/IEC 15444-1, annex A and annex I. */
#define MARKER_SOC 0xFF4F
#define MARKER_SIZ 0xFF51
#define MARKER_SOT 0xFF90
#define MARKER_EOC 0xFFD9
#define BOX_HEADER 0x6A703268      /* jp2h */
#define BOX_RESOLUTION 0x72657320  /* res */
#define BOX_CAPTURE 0x72657363     /* resc */
#define BOX_DISPLAY 0x72657364     /* resd */
#define BOX_PALETTE 0x70636C72     /* pclr */
#define BOX_CODE_STREAM 0x6A703263 /* jp2c */

/* openjpeg sets up every tile of the grid before it has seen one of them. */
#define MAX_TILES 4096
#define MAX_COMPONENTS 4

G_DEFINE_AUTOPTR_CLEANUP_FUNC (opj_stream_t, opj_stream_destroy)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (opj_codec_t, opj_destroy_codec)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (opj_image_t, opj_image_destroy)

static gboolean malformed (GError **error, const char *message) {
  g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED, "JPEG 2000: %s", message);
  return FALSE;
}

/* What is known of a file before openjpeg sees it. */
typedef struct {
  TamboReader code_stream;
  gboolean found;
  int ppi;
} Layout;

static gboolean next_box (TamboReader *reader, guint32 *out_type, TamboReader *out_content) {
  guint32 size32, type;
  guint64 size;
  const guint8 *content;
  gsize begin = reader->position;

  if (!tambo_reader_u32 (reader, &size32) || !tambo_reader_u32 (reader, &type))
    return FALSE;
  size = size32;
  if (size32 == 1 && !tambo_reader_u64 (reader, &size))
    return FALSE;
  gsize header = reader->position - begin;
  if (size32 == 0) /* to the end of the file */
    size = header + tambo_reader_left (reader);
  if (size < header || size - header > tambo_reader_left (reader)
      || !tambo_reader_take (reader, (gsize) size - header, &content))
    return FALSE;
  *out_type = type;
  *out_content = tambo_reader (content, (gsize) size - header);
  return TRUE;
}

/* Points per metre, as numerator / denominator * 10^exponent for each axis. */
static int read_resolution (TamboReader reader) {
  guint16 vn, vd, hn, hd;
  guint8 ve, he;

  if (!tambo_reader_u16 (&reader, &vn) || !tambo_reader_u16 (&reader, &vd)
      || !tambo_reader_u16 (&reader, &hn) || !tambo_reader_u16 (&reader, &hd)
      || !tambo_reader_u8 (&reader, &ve) || !tambo_reader_u8 (&reader, &he) || vd == 0 || hd == 0)
    return 0;
  double down = vn / (double) vd * pow (10, (gint8) ve);
  double across = hn / (double) hd * pow (10, (gint8) he);
  double ppi = across * 0.0254;
  return ppi >= 1 && ppi <= 65535 && fabs (down / across - 1) < 0.01 ? (int) lround (ppi) : 0;
}

/* The resolution of capture counts before that of display. */
static int find_resolution (TamboReader header) {
  TamboReader content, inner;
  guint32 type;
  int capture = 0, display = 0;

  while (next_box (&header, &type, &content)) {
    if (type != BOX_RESOLUTION)
      continue;
    while (next_box (&content, &type, &inner)) {
      if (type == BOX_CAPTURE)
        capture = read_resolution (inner);
      else if (type == BOX_DISPLAY)
        display = read_resolution (inner);
    }
  }
  return capture > 0 ? capture : display;
}

/* A palette of 255 columns would make 255 components of one. */
static gboolean check_palettes (TamboReader header, GError **error) {
  TamboReader content;
  guint32 type;
  guint16 entries;
  guint8 columns;

  while (next_box (&header, &type, &content)) {
    if (type != BOX_PALETTE)
      continue;
    if (!tambo_reader_u16 (&content, &entries) || !tambo_reader_u8 (&content, &columns))
      return malformed (error, "malformed palette");
    if (columns == 0 || columns > MAX_COMPONENTS) {
      g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                   "JPEG 2000 palette of %u components", columns);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean find_layout (TamboReader reader, Layout *out_layout, GError **error) {
  Layout layout = { 0 };
  TamboReader content;
  guint32 type;

  if (reader.size > 0 && reader.data[0] == 0xFF) {
    layout.code_stream = reader;
    layout.found = TRUE;
  }
  while (!layout.found) {
    if (!next_box (&reader, &type, &content))
      return malformed (error, "no code stream, or cut short");
    if (type == BOX_HEADER) {
      if (!check_palettes (content, error))
        return FALSE;
      layout.ppi = find_resolution (content);
    } else if (type == BOX_CODE_STREAM) {
      layout.code_stream = content;
      layout.found = TRUE;
    }
  }
  *out_layout = layout;
  return TRUE;
}

/* Leaves READER at the first tile-part. */
static gboolean skip_main_header (TamboReader *reader) {
  guint16 marker, length;
  const guint8 *skipped;

  for (;;) {
    TamboReader ahead = *reader;
    if (!tambo_reader_u16 (&ahead, &marker))
      return FALSE;
    if (marker == MARKER_SOT)
      return TRUE;
    if (!tambo_reader_u16 (&ahead, &length) || length < 2
        || !tambo_reader_take (&ahead, length - 2, &skipped))
      return FALSE;
    *reader = ahead;
  }
}

/* openjpeg leaves a tile that is missing black and says nothing: each has to be there, and one
 * tile-part has to follow the other up to the end marker. READER is behind the SIZ segment. */
static gboolean check_tiles (TamboReader reader, guint tiles) {
  g_autofree gboolean *seen = g_new0 (gboolean, tiles);
  guint16 marker, length, index;
  guint32 size;
  const guint8 *skipped;

  if (!skip_main_header (&reader))
    return FALSE;
  while (tambo_reader_left (&reader) > 2) {
    gsize begin = reader.position;
    if (!tambo_reader_u16 (&reader, &marker) || marker != MARKER_SOT
        || !tambo_reader_u16 (&reader, &length) || !tambo_reader_u16 (&reader, &index)
        || !tambo_reader_u32 (&reader, &size) || length != 10 || index >= tiles)
      return FALSE;
    seen[index] = TRUE;
    gsize done = reader.position - begin;
    if (size == 0) /* the last one: up to the end marker */
      size = (guint32) (reader.size - 2 - begin);
    if (size < 14 || !tambo_reader_take (&reader, size - done, &skipped))
      return FALSE;
  }
  for (guint i = 0; i < tiles; i++)
    if (!seen[i])
      return FALSE;
  return tambo_reader_left (&reader) == 2;
}

/* openjpeg only warns of a code stream that ends before its end marker, and it trusts the sizes of
 * the SIZ segment when it takes memory: both are looked at before it runs. */
static gboolean check_code_stream (TamboReader reader, GError **error) {
  guint16 soc, siz, length, capabilities, components;
  guint32 xsize, ysize, xoff, yoff, txsize, tysize, txoff, tyoff;
  const guint8 *skipped;

  if (reader.size < 2 || reader.data[reader.size - 2] != MARKER_EOC >> 8
      || reader.data[reader.size - 1] != (MARKER_EOC & 0xFF))
    return malformed (error, "code stream cut short");
  TamboReader after_siz = tambo_reader (reader.data, reader.size);
  after_siz.position = 4;
  if (!tambo_reader_u16 (&reader, &soc) || soc != MARKER_SOC || !tambo_reader_u16 (&reader, &siz)
      || siz != MARKER_SIZ || !tambo_reader_u16 (&reader, &length)
      || !tambo_reader_u16 (&reader, &capabilities) || !tambo_reader_u32 (&reader, &xsize)
      || !tambo_reader_u32 (&reader, &ysize) || !tambo_reader_u32 (&reader, &xoff)
      || !tambo_reader_u32 (&reader, &yoff) || !tambo_reader_u32 (&reader, &txsize)
      || !tambo_reader_u32 (&reader, &tysize) || !tambo_reader_u32 (&reader, &txoff)
      || !tambo_reader_u32 (&reader, &tyoff) || !tambo_reader_u16 (&reader, &components))
    return malformed (error, "malformed SIZ segment");

  if (xsize <= xoff || ysize <= yoff || txsize == 0 || tysize == 0 || txoff > xoff || tyoff > yoff)
    return malformed (error, "image or tiles without pixels");
  if (components == 0 || components > MAX_COMPONENTS) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                 "JPEG 2000 image of %u components", components);
    return FALSE;
  }
  /* The offset counts too: openjpeg computes in the coordinates of the reference grid. */
  guint64 tiles = (((guint64) xsize - txoff + txsize - 1) / txsize)
                  * (((guint64) ysize - tyoff + tysize - 1) / tysize);
  if ((guint64) (xsize - xoff) * (ysize - yoff) > TAMBO_IMAGE_MAX_PIXELS || tiles > MAX_TILES) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_TOO_LARGE,
                 "JPEG 2000 image of %u x %u pixels in %" G_GUINT64_FORMAT " tiles is too large",
                 xsize - xoff, ysize - yoff, tiles);
    return FALSE;
  }
  if (!tambo_reader_take (&after_siz, length, &skipped) || !check_tiles (after_siz, (guint) tiles))
    return malformed (error, "a tile is missing or cut short");
  return TRUE;
}

/* The first complaint of the library is the cause; those after it follow from it. */
static void on_error (const char *message, void *user_data) {
  GError **error = user_data;
  g_autofree char *line = g_strstrip (g_strdup (message));

  if (*error == NULL)
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED, "JPEG 2000: %s", line);
}

static void on_warning (const char *message, void *user_data) {
}

static void set_handlers (opj_codec_t *codec, GError **complaint) {
  opj_set_error_handler (codec, on_error, complaint);
  opj_set_warning_handler (codec, on_warning, NULL);
  opj_set_info_handler (codec, on_warning, NULL);
}

static OPJ_SIZE_T on_read (void *out, OPJ_SIZE_T size, void *user_data) {
  TamboReader *reader = user_data;
  const guint8 *data;
  gsize count = MIN (size, tambo_reader_left (reader));

  if (count == 0 || !tambo_reader_take (reader, count, &data))
    return (OPJ_SIZE_T) -1;
  memcpy (out, data, count);
  return count;
}

static OPJ_OFF_T on_read_skip (OPJ_OFF_T count, void *user_data) {
  TamboReader *reader = user_data;
  if (count < 0)
    return -1;
  gsize step = (gsize) MIN ((guint64) count, tambo_reader_left (reader));
  if (step == 0 && count > 0)
    return -1;
  reader->position += step;
  return (OPJ_OFF_T) step;
}

static OPJ_BOOL on_read_seek (OPJ_OFF_T position, void *user_data) {
  TamboReader *reader = user_data;
  if (position < 0 || (guint64) position > reader->size)
    return OPJ_FALSE;
  reader->position = (gsize) position;
  return OPJ_TRUE;
}

/* The bits of a component as 8 bits. */
static guint8 sample (const opj_image_comp_t *component, int x, int y, int width, int height) {
  gsize cx = (gsize) x * component->w / (gsize) width;
  gsize cy = (gsize) y * component->h / (gsize) height;
  gint64 value = component->data[cy * component->w + cx];
  gint64 white = ((gint64) 1 << component->prec) - 1;

  if (component->sgnd)
    value += (gint64) 1 << (component->prec - 1);
  value = CLAMP (value, 0, white);
  return (guint8) (white == 255 ? value : (value * 255 + white / 2) / white);
}

static void ycc_to_rgb (guint8 pixel[3]) {
  double y = pixel[0], cb = pixel[1] - 128.0, cr = pixel[2] - 128.0;
  double rgb[3] = { y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb };

  for (int c = 0; c < 3; c++)
    pixel[c] = (guint8) CLAMP (rgb[c] + 0.5, 0, 255);
}

static gboolean check_components (const opj_image_t *decoded, GError **error) {
  for (OPJ_UINT32 i = 0; i < decoded->numcomps; i++) {
    const opj_image_comp_t *component = &decoded->comps[i];
    if (component->data == NULL || component->w == 0 || component->h == 0)
      return malformed (error, "a component is missing");
    if (component->prec == 0 || component->prec > 16) {
      g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                   "JPEG 2000 image of %u bits a channel", component->prec);
      return FALSE;
    }
  }
  return TRUE;
}

static TamboImage *convert (const opj_image_t *decoded, GError **error) {
  if (decoded->numcomps == 0 || decoded->numcomps > MAX_COMPONENTS) {
    malformed (error, "wrong number of components");
    return NULL;
  }
  if (!check_components (decoded, error))
    return NULL;

  int colours = decoded->numcomps >= 3 ? 3 : 1;
  gboolean alpha = (int) decoded->numcomps == colours + 1;
  g_autoptr (TamboImage) image = tambo_image_new_checked (
      "JPEG 2000", decoded->x1 - decoded->x0, decoded->y1 - decoded->y0, colours, error);
  if (image == NULL)
    return NULL;

  guint8 *out = image->data;
  for (int y = 0; y < image->height; y++) {
    for (int x = 0; x < image->width; x++, out += colours) {
      for (int c = 0; c < colours; c++)
        out[c] = sample (&decoded->comps[c], x, y, image->width, image->height);
      if (decoded->color_space == OPJ_CLRSPC_SYCC && colours == 3)
        ycc_to_rgb (out);
      if (alpha) {
        int opaque = sample (&decoded->comps[colours], x, y, image->width, image->height);
        for (int c = 0; c < colours; c++)
          out[c] = (guint8) ((out[c] * opaque + 255 * (255 - opaque) + 127) / 255);
      }
    }
  }
  return g_steal_pointer (&image);
}

static opj_image_t *decode (TamboReader *reader, gboolean boxed, GError **complaint) {
  g_autoptr (opj_codec_t) codec = opj_create_decompress (boxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
  g_autoptr (opj_stream_t) stream = opj_stream_default_create (OPJ_TRUE);
  g_autoptr (opj_image_t) decoded = NULL;
  opj_dparameters_t parameters;

  if (codec == NULL || stream == NULL)
    return NULL;
  set_handlers (codec, complaint);
  opj_stream_set_read_function (stream, on_read);
  opj_stream_set_skip_function (stream, on_read_skip);
  opj_stream_set_seek_function (stream, on_read_seek);
  opj_stream_set_user_data (stream, reader, NULL);
  opj_stream_set_user_data_length (stream, reader->size);

  opj_set_default_decoder_parameters (&parameters);
  if (!opj_setup_decoder (codec, &parameters) || !opj_decoder_set_strict_mode (codec, OPJ_TRUE)
      || !opj_read_header (stream, codec, &decoded) || !opj_decode (codec, stream, decoded)
      || !opj_end_decompress (codec, stream))
    return NULL;
  return g_steal_pointer (&decoded);
}

TamboImage *tambo_image_decode_jpeg2000 (GBytes *bytes, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (bytes);
  Layout layout;
  g_autoptr (GError) complaint = NULL;

  if (!find_layout (reader, &layout, error) || !check_code_stream (layout.code_stream, error))
    return NULL;

  g_autoptr (opj_image_t) decoded = decode (&reader, reader.data[0] == 0, &complaint);
  if (complaint != NULL) {
    g_propagate_error (error, g_steal_pointer (&complaint));
    return NULL;
  }
  if (decoded == NULL) {
    malformed (error, "openjpeg refused the image");
    return NULL;
  }
  TamboImage *image = convert (decoded, error);
  if (image != NULL)
    image->ppi = layout.ppi;
  return image;
}

/* The bytes that the encoder has written so far; it seeks back to fill in lengths. */
typedef struct {
  GByteArray *array;
  gsize position;
} Sink;

static gboolean sink_grow (Sink *sink, gsize size) {
  if (size > G_MAXINT32)
    return FALSE;
  if (size > sink->array->len) {
    gsize before = sink->array->len;
    g_byte_array_set_size (sink->array, (guint) size);
    memset (sink->array->data + before, 0, size - before);
  }
  return TRUE;
}

static OPJ_SIZE_T on_write (void *data, OPJ_SIZE_T size, void *user_data) {
  Sink *sink = user_data;
  if (!sink_grow (sink, sink->position + size))
    return (OPJ_SIZE_T) -1;
  memcpy (sink->array->data + sink->position, data, size);
  sink->position += size;
  return size;
}

static OPJ_BOOL on_write_seek (OPJ_OFF_T position, void *user_data) {
  Sink *sink = user_data;
  if (position < 0 || !sink_grow (sink, (gsize) position))
    return OPJ_FALSE;
  sink->position = (gsize) position;
  return OPJ_TRUE;
}

static OPJ_OFF_T on_write_skip (OPJ_OFF_T count, void *user_data) {
  Sink *sink = user_data;
  return on_write_seek ((OPJ_OFF_T) sink->position + count, sink) ? count : -1;
}

/* The encoder changes the samples it is given, so that each attempt needs its own. */
static opj_image_t *source_new (const TamboImage *image) {
  opj_image_cmptparm_t parameters[3] = { 0 };
  for (int c = 0; c < image->channels; c++) {
    parameters[c].dx = parameters[c].dy = 1;
    parameters[c].w = (OPJ_UINT32) image->width;
    parameters[c].h = (OPJ_UINT32) image->height;
    parameters[c].prec = 8;
  }

  opj_image_t *source = opj_image_create ((OPJ_UINT32) image->channels, parameters,
                                          image->channels == 3 ? OPJ_CLRSPC_SRGB : OPJ_CLRSPC_GRAY);
  if (source == NULL)
    return NULL;
  source->x1 = (OPJ_UINT32) image->width;
  source->y1 = (OPJ_UINT32) image->height;
  gsize pixels = (gsize) image->width * (gsize) image->height;
  for (int c = 0; c < image->channels; c++)
    for (gsize i = 0; i < pixels; i++)
      source->comps[c].data[i] = image->data[i * (gsize) image->channels + (gsize) c];
  return source;
}

static void set_parameters (opj_cparameters_t *parameters, const TamboImage *image, double budget) {
  static char comment[] = "Tambo"; /* else the library writes its version: not reproducible */

  opj_set_default_encoder_parameters (parameters);
  parameters->irreversible = 1;
  parameters->tcp_mct = image->channels == 3;
  parameters->tcp_numlayers = 1;
  parameters->tcp_rates[0] = (float) MAX (tambo_image_size (image) / budget, 1);
  parameters->cp_disto_alloc = 1;
  parameters->cp_comment = comment;
  while (parameters->numresolution > 1
         && MIN (image->width, image->height) < 1 << (parameters->numresolution - 1))
    parameters->numresolution--;
}

/* One attempt at about BUDGET bytes. */
static GByteArray *encode (const TamboImage *image, double budget, GError **complaint) {
  g_autoptr (opj_codec_t) codec = opj_create_compress (OPJ_CODEC_JP2);
  g_autoptr (opj_stream_t) stream = opj_stream_default_create (OPJ_FALSE);
  g_autoptr (opj_image_t) source = source_new (image);
  g_autoptr (GByteArray) array = g_byte_array_new ();
  Sink sink = { .array = array };
  opj_cparameters_t parameters;

  if (codec == NULL || stream == NULL || source == NULL)
    return NULL;
  set_handlers (codec, complaint);
  opj_stream_set_write_function (stream, on_write);
  opj_stream_set_skip_function (stream, on_write_skip);
  opj_stream_set_seek_function (stream, on_write_seek);
  opj_stream_set_user_data (stream, &sink, NULL);

  set_parameters (&parameters, image, budget);
  if (!opj_setup_encoder (codec, &parameters, source) || !opj_start_compress (codec, source, stream)
      || !opj_encode (codec, stream) || !opj_end_compress (codec, stream))
    return NULL;
  return g_steal_pointer (&array);
}

/* Boxes, main header and the empty packets of a picture: no budget below this is tried. */
#define OVERHEAD 256
#define MAX_ATTEMPTS 8

GBytes *tambo_image_encode_jpeg2000 (const TamboImage *image, gsize target_size, GError **error) {
  g_autoptr (GByteArray) best = NULL;
  double target = (double) target_size;
  double low = 0, high = INFINITY; /* budgets known to stay under the target and to exceed it */
  double budget = MAX (target - OVERHEAD, 16);

  /* The library's rate control keeps to its rate within some bytes either way, more on tiny
   * pictures: move the rate by what it missed until the result is under and close to the target. */
  for (int i = 0; i < MAX_ATTEMPTS && high - low > 1; i++) {
    g_autoptr (GError) complaint = NULL;
    g_autoptr (GByteArray) array = encode (image, budget, &complaint);
    if (array == NULL) {
      g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_FAILED, "%s",
                   complaint != NULL ? complaint->message : "JPEG 2000 encoder refused the image");
      return NULL;
    }
    double missed = target - array->len;
    if (missed >= 0) {
      low = budget;
      g_clear_pointer (&best, g_byte_array_unref);
      best = g_steal_pointer (&array);
      if (missed < target / 100 || budget >= (double) tambo_image_size (image))
        break;
    } else
      high = budget;
    budget += missed >= 0 ? missed * 0.9 : missed * 1.1 - 8;
    if (budget <= low || budget >= high)
      budget = low + (MIN (high, 2 * low + target) - low) / 2;
  }

  if (best == NULL) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_FAILED,
                 "image of %d x %d pixels does not fit into %" G_GSIZE_FORMAT " bytes of JPEG 2000",
                 image->width, image->height, target_size);
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&best));
}
