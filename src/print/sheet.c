/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print/sheet.h"

#include <cairo-pdf.h>
#include <string.h>

static cairo_status_t append (void *array, const unsigned char *data, unsigned int length) {
  g_byte_array_append (array, data, length);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *tambo_sheet_pdf (const TamboSheet *sheet, GError **error) {
  g_autoptr (GByteArray) pdf = g_byte_array_new ();
  g_autoptr (cairo_surface_t) surface =
      cairo_pdf_surface_create_for_stream (append, pdf, sheet->width, sheet->height);
  g_autoptr (cairo_t) cr = cairo_create (surface);

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, sheet->title);
  if (!sheet->draw (cr, sheet->data, error))
    return NULL;
  cairo_surface_finish (surface);

  cairo_status_t status = cairo_surface_status (surface);
  if (status != CAIRO_STATUS_SUCCESS) {
    g_set_error (error, TAMBO_PRINT_ERROR, TAMBO_PRINT_ERROR_FAILED, "the page cannot be drawn: %s",
                 cairo_status_to_string (status));
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&pdf));
}

static TamboImage *copy_surface (cairo_surface_t *surface) {
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  const guint8 *pixels = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);
  TamboImage *image = tambo_image_new (width, height, 3);

  for (int y = 0; y < height; y++) {
    guint8 *to = image->data + (gsize) y * width * 3;
    for (int x = 0; x < width; x++, to += 3) {
      guint32 pixel;
      memcpy (&pixel, pixels + (gsize) y * stride + (gsize) x * 4, sizeof pixel);
      to[0] = (guint8) (pixel >> 16);
      to[1] = (guint8) (pixel >> 8);
      to[2] = (guint8) pixel;
    }
  }
  return image;
}

TamboImage *tambo_sheet_picture (const TamboSheet *sheet, int width, GError **error) {
  int height = (int) (width * sheet->height / sheet->width);
  g_autoptr (cairo_surface_t) surface = cairo_image_surface_create (
      CAIRO_FORMAT_RGB24, CLAMP (width, 1, 4000), CLAMP (height, 1, 6000));
  g_autoptr (cairo_t) cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  cairo_set_source_rgb (cr, 0, 0, 0);
  cairo_scale (cr, width / sheet->width, width / sheet->width);
  if (!sheet->draw (cr, sheet->data, error))
    return NULL;
  cairo_surface_flush (surface);
  return copy_surface (surface);
}
