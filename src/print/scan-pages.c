/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print/scan-pages.h"

#include <cairo-pdf.h>
#include <string.h>

#include "format/image-codec.h"
#include "print/print-cleanup.h"

#define USUAL_PPI 200
#define POINTS 72.0     /* an inch */
#define JPEG_QUALITY 80 /* small print stays sharp */
#define SIDE_MAX 32767  /* pixels that cairo takes */

static gboolean fail (GError **error, const char *cause) {
  g_set_error (error, TAMBO_PRINT_ERROR, TAMBO_PRINT_ERROR_FAILED,
               "the pages cannot be put together: %s", cause);
  return FALSE;
}

static void put_pixels (const TamboImage *page, cairo_surface_t *surface) {
  int stride = cairo_image_surface_get_stride (surface);
  guint8 *to = cairo_image_surface_get_data (surface);
  const guint8 *from = page->data;
  int green = page->channels == 3 ? 1 : 0, blue = page->channels == 3 ? 2 : 0;

  for (int y = 0; y < page->height; y++) {
    for (int x = 0; x < page->width; x++, from += page->channels) {
      guint32 pixel = (guint32) from[0] << 16 | (guint32) from[green] << 8 | from[blue];
      memcpy (to + (gsize) y * (gsize) stride + (gsize) x * 4, &pixel, sizeof pixel);
    }
  }
  cairo_surface_mark_dirty (surface);
}

static void let_bytes_go (void *bytes) {
  g_bytes_unref (bytes);
}

/* A PDF takes the JPEG as it is; the pixels are for whoever asks for them. */
static cairo_surface_t *make_picture (const TamboImage *page, GError **error) {
  GBytes *jpeg = tambo_image_encode_jpeg (page, JPEG_QUALITY, error);
  cairo_surface_t *surface;
  gsize size;
  const guint8 *data;

  if (jpeg == NULL)
    return NULL;
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, page->width, page->height);
  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    put_pixels (page, surface);
  data = g_bytes_get_data (jpeg, &size);
  if (cairo_surface_set_mime_data (surface, CAIRO_MIME_TYPE_JPEG, data, size, let_bytes_go, jpeg)
      != CAIRO_STATUS_SUCCESS)
    g_bytes_unref (jpeg);
  return surface;
}

static gboolean add_page (cairo_surface_t *pdf, const TamboImage *page, GError **error) {
  double ppi = page->ppi > 0 ? page->ppi : USUAL_PPI;
  g_autoptr (cairo_surface_t) picture = NULL;
  g_autoptr (cairo_t) cr = NULL;

  if (page->width > SIDE_MAX || page->height > SIDE_MAX)
    return fail (error, "a page is too large");
  picture = make_picture (page, error);
  if (picture == NULL)
    return FALSE;
  cairo_pdf_surface_set_size (pdf, page->width * POINTS / ppi, page->height * POINTS / ppi);
  cr = cairo_create (pdf);
  cairo_scale (cr, POINTS / ppi, POINTS / ppi);
  cairo_set_source_surface (cr, picture, 0, 0);
  cairo_paint (cr);
  cairo_show_page (cr);
  return cairo_status (cr) == CAIRO_STATUS_SUCCESS
         || fail (error, cairo_status_to_string (cairo_status (cr)));
}

static cairo_status_t append (void *array, const unsigned char *data, unsigned int size) {
  g_byte_array_append (array, data, size);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *tambo_scan_pages_to_pdf (const GPtrArray *pages, GError **error) {
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (cairo_surface_t) pdf = cairo_pdf_surface_create_for_stream (append, bytes, 1, 1);

  g_return_val_if_fail (pages->len > 0, NULL);
  for (guint i = 0; i < pages->len; i++)
    if (!add_page (pdf, g_ptr_array_index (pages, i), error))
      return NULL;
  cairo_surface_finish (pdf);
  if (cairo_surface_status (pdf) != CAIRO_STATUS_SUCCESS) {
    fail (error, cairo_status_to_string (cairo_surface_status (pdf)));
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
