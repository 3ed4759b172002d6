/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/document-reader.h"

#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "format/format-error.h"
#include "format/image-codec.h"

#define MAX_SIZE (16 * 1024 * 1024)
/* Readers of PDF look for its first and last line within so many bytes of either end. */
#define PDF_SEARCH 1024

void tambo_scan_clear (TamboScan *scan) {
  g_clear_pointer (&scan->bytes, g_bytes_unref);
  scan->media_type = NULL;
  scan->width = scan->height = 0;
}

static gboolean contains (const guint8 *data, gsize size, const char *text) {
  return memmem (data, size, text, strlen (text)) != NULL;
}

/* ISO 32000-1, 7.5.2 and 7.5.5. */
static gboolean read_pdf (const guint8 *data, gsize size, TamboScan *out_scan, GError **error) {
  gsize tail = MIN (size, PDF_SEARCH);

  if (!contains (data + size - tail, tail, "%%EOF")) {
    g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED,
                         "the PDF file is cut short: its end mark is missing");
    return FALSE;
  }
  out_scan->media_type = "application/pdf";
  return TRUE;
}

static gboolean read_image (GBytes *bytes, TamboImageType type, TamboScan *out_scan,
                            GError **error) {
  g_autoptr (TamboImage) image = tambo_image_decode (bytes, error);

  if (image == NULL)
    return FALSE;
  out_scan->media_type = tambo_image_media_type (type);
  out_scan->width = image->width;
  out_scan->height = image->height;
  return TRUE;
}

static gboolean recognise (GBytes *bytes, TamboScan *out_scan, GError **error) {
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  TamboImageType type = tambo_image_sniff (bytes);

  if (type == TAMBO_IMAGE_JPEG || type == TAMBO_IMAGE_PNG)
    return read_image (bytes, type, out_scan, error);
  if (data != NULL && contains (data, MIN (size, PDF_SEARCH), "%PDF-"))
    return read_pdf (data, size, out_scan, error);
  g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                       size == 0 ? "the file is empty"
                                 : "the file is no JPEG, PNG or PDF document");
  return FALSE;
}

gboolean tambo_document_reader_read (const char *path, TamboScan *out_scan, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) bytes = tambo_file_read (path, MAX_SIZE, &cause);
  TamboScan scan = { 0 };

  if (g_error_matches (cause, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED)) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_TOO_LARGE,
                 "the file is larger than %d MiB", MAX_SIZE / (1024 * 1024));
    return FALSE;
  }
  if (bytes == NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (!recognise (bytes, &scan, error))
    return FALSE;
  scan.bytes = g_steal_pointer (&bytes);
  *out_scan = scan;
  return TRUE;
}
