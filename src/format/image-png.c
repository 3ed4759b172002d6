/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/image-codec-private.h"

#include "base/bytes.h"

#include <png.h>
#include <setjmp.h>
#include <string.h>

/* Text and colour profiles of a photograph fit; a decompression bomb does not. */
#define CHUNK_MAX (4 * 1024 * 1024)
#define CHUNK_COUNT_MAX 128

typedef struct {
  TamboReader reader;
  png_structp png;
  png_infop info;
  TamboImage *image;
  guint8 *rows; /* with alpha, as the library gives them */
  gsize rows_size;
  png_bytep *row_pointers;
  GError *error;
} Decoder;

static void decoder_clear (Decoder *self) {
  if (self->png != NULL)
    png_destroy_read_struct (&self->png, &self->info, NULL);
  g_clear_pointer (&self->image, tambo_image_free);
  if (self->rows != NULL)
    tambo_secret_wipe (self->rows, self->rows_size);
  g_clear_pointer (&self->rows, g_free);
  g_clear_pointer (&self->row_pointers, g_free);
  g_clear_error (&self->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Decoder, decoder_clear)

static G_NORETURN void on_error (png_structp png, png_const_charp message) {
  GError **error = png_get_error_ptr (png);
  if (*error == NULL)
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED, "PNG: %s", message);
  png_longjmp (png, 1);
}

/* What the library mends by itself is no reason to refuse a picture, and it may not print. */
static void on_warning (png_structp png, png_const_charp message) {
}

static void on_read (png_structp png, png_bytep out, png_size_t size) {
  Decoder *self = png_get_io_ptr (png);
  const guint8 *data;

  if (!tambo_reader_take (&self->reader, size, &data))
    png_error (png, "image cut short");
  memcpy (out, data, size);
}

static void set_transformations (Decoder *self) {
  png_set_expand (self->png);
  png_set_scale_16 (self->png);
  png_set_packing (self->png);
  png_set_interlace_handling (self->png);
  png_read_update_info (self->png, self->info);
}

/* Takes the pixel buffers for the size of the header. */
static gboolean allocate (Decoder *self) {
  guint32 width = png_get_image_width (self->png, self->info);
  guint32 height = png_get_image_height (self->png, self->info);
  int colour = png_get_color_type (self->png, self->info);

  self->image = tambo_image_new_checked ("PNG", width, height,
                                         colour & PNG_COLOR_MASK_COLOR ? 3 : 1, &self->error);
  if (self->image == NULL)
    return FALSE;

  gsize stride = png_get_rowbytes (self->png, self->info);
  self->rows_size = stride * height;
  self->rows = g_try_malloc0 (self->rows_size);
  self->row_pointers = g_new (png_bytep, height);
  if (self->rows == NULL) {
    g_set_error_literal (&self->error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_FAILED,
                         "no memory for a PNG image");
    return FALSE;
  }
  for (guint32 y = 0; y < height; y++)
    self->row_pointers[y] = self->rows + y * stride;
  return TRUE;
}

/* The only function that the library jumps back into: it keeps nothing in local variables. */
static gboolean read_guarded (Decoder *self) {
  if (setjmp (png_jmpbuf (self->png)))
    return FALSE;

  png_read_info (self->png, self->info);
  if ((guint64) png_get_image_width (self->png, self->info)
          * png_get_image_height (self->png, self->info)
      > TAMBO_IMAGE_MAX_PIXELS)
    return allocate (self); /* which says so */
  set_transformations (self);
  if (!allocate (self))
    return FALSE;
  png_read_image (self->png, self->row_pointers);
  png_read_end (self->png, NULL);
  self->image->ppi = (int) png_get_pixels_per_inch (self->png, self->info);
  return TRUE;
}

/* From the library's rows to ours: alpha is laid on white. */
static void flatten (Decoder *self) {
  TamboImage *image = self->image;
  int given = png_get_channels (self->png, self->info);
  gboolean alpha = given == image->channels + 1;
  gsize pixels = (gsize) image->width * (gsize) image->height;
  const guint8 *in = self->rows;
  guint8 *out = image->data;

  for (gsize i = 0; i < pixels; i++, in += given) {
    int opaque = alpha ? in[given - 1] : 255;
    for (int c = 0; c < image->channels; c++)
      *out++ = (guint8) ((in[c] * opaque + 255 * (255 - opaque) + 127) / 255);
  }
}

TamboImage *tambo_image_decode_png (GBytes *bytes, GError **error) {
  g_auto (Decoder) self = { .reader = tambo_reader_for_bytes (bytes) };

  self.png = png_create_read_struct (PNG_LIBPNG_VER_STRING, &self.error, on_error, on_warning);
  self.info = self.png != NULL ? png_create_info_struct (self.png) : NULL;
  if (self.info == NULL) {
    g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_FAILED,
                         "libpng could not be started");
    return NULL;
  }
  png_set_read_fn (self.png, &self, on_read);
  png_set_user_limits (self.png, TAMBO_IMAGE_MAX_PIXELS, TAMBO_IMAGE_MAX_PIXELS);
  png_set_chunk_malloc_max (self.png, CHUNK_MAX);
  png_set_chunk_cache_max (self.png, CHUNK_COUNT_MAX);

  if (!read_guarded (&self)) {
    g_propagate_error (error, g_steal_pointer (&self.error));
    return NULL;
  }
  flatten (&self);
  return g_steal_pointer (&self.image);
}

typedef struct {
  const TamboImage *image;
  png_structp png;
  png_infop info;
  GByteArray *array;
  GError *error;
} Encoder;

static void encoder_clear (Encoder *self) {
  if (self->png != NULL)
    png_destroy_write_struct (&self->png, &self->info);
  g_clear_pointer (&self->array, g_byte_array_unref);
  g_clear_error (&self->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Encoder, encoder_clear)

static void on_write (png_structp png, png_bytep data, png_size_t size) {
  Encoder *self = png_get_io_ptr (png);
  tambo_put_bytes (self->array, data, size);
}

static void on_flush (png_structp png) {
}

static gboolean write_guarded (Encoder *self) {
  if (setjmp (png_jmpbuf (self->png)))
    return FALSE;

  const TamboImage *image = self->image;
  png_set_IHDR (self->png, self->info, (guint32) image->width, (guint32) image->height, 8,
                image->channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (image->ppi > 0) {
    guint32 per_metre = (guint32) (image->ppi / 0.0254 + 0.5);
    png_set_pHYs (self->png, self->info, per_metre, per_metre, PNG_RESOLUTION_METER);
  }
  png_write_info (self->png, self->info);
  for (int y = 0; y < image->height; y++)
    png_write_row (self->png,
                   image->data + (gsize) y * (gsize) image->width * (gsize) image->channels);
  png_write_end (self->png, NULL);
  return TRUE;
}

GBytes *tambo_image_encode_png (const TamboImage *image, GError **error) {
  g_auto (Encoder) self = { .image = image, .array = g_byte_array_new () };

  self.png = png_create_write_struct (PNG_LIBPNG_VER_STRING, &self.error, on_error, on_warning);
  self.info = self.png != NULL ? png_create_info_struct (self.png) : NULL;
  if (self.info == NULL) {
    g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_FAILED,
                         "libpng could not be started");
    return NULL;
  }
  png_set_user_limits (self.png, TAMBO_IMAGE_MAX_PIXELS, TAMBO_IMAGE_MAX_PIXELS);
  png_set_write_fn (self.png, &self, on_write, on_flush);
  if (!write_guarded (&self)) {
    g_propagate_error (error, g_steal_pointer (&self.error));
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&self.array));
}
