/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/image-codec-private.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>

#include <jerror.h>

/* A progressive file of few bytes may name thousands of scans, each a pass over all pixels. */
#define MAX_SCANS 200

/* What the library calls back with. The manager is the first field, so that it is found again. */
typedef struct {
  struct jpeg_error_mgr manager;
  jmp_buf jump;
  GError *error;
} Trouble;

static void set_message (j_common_ptr common, TamboFormatError code) {
  Trouble *trouble = (Trouble *) common->err;
  char message[JMSG_LENGTH_MAX];

  if (trouble->error != NULL)
    return;
  common->err->format_message (common, message);
  g_set_error (&trouble->error, TAMBO_FORMAT_ERROR, code, "JPEG: %s", message);
}

static G_NORETURN void on_error_exit (j_common_ptr common) {
  Trouble *trouble = (Trouble *) common->err;
  set_message (common, common->err->msg_code == JERR_OUT_OF_MEMORY ? TAMBO_FORMAT_ERROR_FAILED
                                                                   : TAMBO_FORMAT_ERROR_MALFORMED);
  longjmp (trouble->jump, 1);
}

/* The library mends a picture cut short with grey and only warns. Here damage is an error; what
 * leaves the pixels as they were is not. */
static void on_message (j_common_ptr common, int level) {
  if (level >= 0)
    return;
  switch (common->err->msg_code) {
  case JWRN_ADOBE_XFORM:
  case JWRN_BOGUS_ICC:
  case JWRN_EXTRANEOUS_DATA:
  case JWRN_JFIF_MAJOR:
    return;
  default:
    on_error_exit (common);
  }
}

static void on_output (j_common_ptr common) {
}

static struct jpeg_error_mgr *trouble_init (Trouble *trouble) {
  struct jpeg_error_mgr *manager = jpeg_std_error (&trouble->manager);
  manager->error_exit = on_error_exit;
  manager->emit_message = on_message;
  manager->output_message = on_output;
  return manager;
}

typedef struct {
  Trouble trouble;
  struct jpeg_decompress_struct jpeg;
  struct jpeg_progress_mgr progress;
  const guint8 *data; /* borrowed */
  gsize size;
  TamboImage *image;
  int orientation; /* Exif's; the markers are gone when the picture is complete */
} Decoder;

static void decoder_clear (Decoder *self) {
  jpeg_destroy_decompress (&self->jpeg);
  g_clear_pointer (&self->image, tambo_image_free);
  g_clear_error (&self->trouble.error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Decoder, decoder_clear)

static void on_progress (j_common_ptr common) {
  if (((j_decompress_ptr) common)->input_scan_number > MAX_SCANS)
    ERREXIT (common, JERR_BAD_PROGRESSION);
}

static int file_ppi (const struct jpeg_decompress_struct *jpeg) {
  if (!jpeg->saw_JFIF_marker || jpeg->X_density != jpeg->Y_density)
    return 0;
  switch (jpeg->density_unit) {
  case 1:
    return jpeg->X_density;
  case 2:
    return (int) lround (jpeg->X_density * 2.54);
  default:
    return 0;
  }
}

static int file_orientation (const struct jpeg_decompress_struct *jpeg) {
  int orientation = 1;
  for (jpeg_saved_marker_ptr marker = jpeg->marker_list; marker != NULL && orientation == 1;
       marker = marker->next)
    orientation = tambo_exif_orientation (marker->data, marker->data_length);
  return orientation;
}

/* Takes the pixels once the header is read and before the library takes anything for them. */
static gboolean prepare (Decoder *self) {
  int channels = self->jpeg.jpeg_color_space == JCS_GRAYSCALE ? 1 : 3;

  if (self->jpeg.jpeg_color_space == JCS_CMYK || self->jpeg.jpeg_color_space == JCS_YCCK
      || (channels == 3 && self->jpeg.num_components != 3)) {
    g_set_error_literal (&self->trouble.error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                         "JPEG image that is neither grey nor RGB");
    return FALSE;
  }
  self->image = tambo_image_new_checked ("JPEG", self->jpeg.image_width, self->jpeg.image_height,
                                         channels, &self->trouble.error);
  if (self->image == NULL)
    return FALSE;

  self->image->ppi = file_ppi (&self->jpeg);
  self->orientation = file_orientation (&self->jpeg);
  self->jpeg.out_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  self->jpeg.dct_method = JDCT_ISLOW;
  return TRUE;
}

/* The only function that the library jumps back into: it keeps nothing in local variables. */
static gboolean read_guarded (Decoder *self) {
  if (setjmp (self->trouble.jump))
    return FALSE;

  jpeg_create_decompress (&self->jpeg);
  self->progress.progress_monitor = on_progress;
  self->jpeg.progress = &self->progress;
  jpeg_mem_src (&self->jpeg, self->data, self->size);
  jpeg_save_markers (&self->jpeg, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header (&self->jpeg, TRUE);
  if (!prepare (self))
    return FALSE;

  jpeg_start_decompress (&self->jpeg);
  while (self->jpeg.output_scanline < self->jpeg.output_height) {
    JSAMPROW row = self->image->data
                   + (gsize) self->jpeg.output_scanline * (gsize) self->image->width
                         * (gsize) self->image->channels;
    jpeg_read_scanlines (&self->jpeg, &row, 1);
  }
  jpeg_finish_decompress (&self->jpeg);
  return TRUE;
}

TamboImage *tambo_image_decode_jpeg (GBytes *bytes, GError **error) {
  g_auto (Decoder) self = { 0 };

  self.data = g_bytes_get_data (bytes, &self.size);
  self.jpeg.err = trouble_init (&self.trouble);
  if (!read_guarded (&self)) {
    g_propagate_error (error, g_steal_pointer (&self.trouble.error));
    return NULL;
  }
  if (self.orientation == 1)
    return g_steal_pointer (&self.image);

  TamboImage *upright = tambo_image_orient (self.image, self.orientation);
  if (upright == NULL)
    g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_FAILED,
                         "no memory to turn a JPEG image upright");
  return upright;
}

typedef struct {
  Trouble trouble;
  struct jpeg_compress_struct jpeg;
  const TamboImage *image;
  int quality;
  unsigned char *out; /* malloc, by the library */
  unsigned long size;
} Encoder;

static void encoder_clear (Encoder *self) {
  jpeg_destroy_compress (&self->jpeg);
  free (self->out);
  g_clear_error (&self->trouble.error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Encoder, encoder_clear)

/* Colour at full resolution where the caller asks for quality: the print of a portrait needs it. */
static void set_sampling (Encoder *self) {
  if (self->image->channels == 3 && self->quality >= 90) {
    self->jpeg.comp_info[0].h_samp_factor = 1;
    self->jpeg.comp_info[0].v_samp_factor = 1;
  }
}

static gboolean write_guarded (Encoder *self) {
  if (setjmp (self->trouble.jump))
    return FALSE;

  const TamboImage *image = self->image;
  jpeg_create_compress (&self->jpeg);
  jpeg_mem_dest (&self->jpeg, &self->out, &self->size);
  self->jpeg.image_width = (JDIMENSION) image->width;
  self->jpeg.image_height = (JDIMENSION) image->height;
  self->jpeg.input_components = image->channels;
  self->jpeg.in_color_space = image->channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
  jpeg_set_defaults (&self->jpeg);
  jpeg_set_quality (&self->jpeg, self->quality, TRUE);
  set_sampling (self);
  self->jpeg.optimize_coding = TRUE;
  if (image->ppi > 0 && image->ppi <= G_MAXUINT16) {
    self->jpeg.density_unit = 1;
    self->jpeg.X_density = self->jpeg.Y_density = (UINT16) image->ppi;
  }
  jpeg_start_compress (&self->jpeg, TRUE);
  while (self->jpeg.next_scanline < self->jpeg.image_height) {
    JSAMPROW row =
        image->data
        + (gsize) self->jpeg.next_scanline * (gsize) image->width * (gsize) image->channels;
    jpeg_write_scanlines (&self->jpeg, &row, 1);
  }
  jpeg_finish_compress (&self->jpeg);
  return TRUE;
}

GBytes *tambo_image_encode_jpeg (const TamboImage *image, int quality, GError **error) {
  g_auto (Encoder) self = { .image = image, .quality = CLAMP (quality, 1, 100) };

  self.jpeg.err = trouble_init (&self.trouble);
  if (!write_guarded (&self)) {
    g_propagate_error (error, g_steal_pointer (&self.trouble.error));
    return NULL;
  }
  return g_bytes_new (self.out, self.size);
}
