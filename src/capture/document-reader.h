/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Supporting documents from files: what a scanner or a telephone left in a folder.
 */
#pragma once

#include <gio/gio.h>

#include "capture/capture-error.h"

typedef struct {
  GBytes *bytes;          /* owned */
  const char *media_type; /* "image/jpeg", "image/png", "application/pdf"; static */
  int width, height;      /* 0 for a PDF */
} TamboScan;

void tambo_scan_clear (TamboScan *scan);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboScan, tambo_scan_clear)

/* Reads PATH, up to 16 MiB, and tells by its content what it is: an image that decodes whole, or a
 * PDF. TAMBO_FORMAT_ERROR otherwise. */
gboolean tambo_document_reader_read (const char *path, TamboScan *out_scan,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
