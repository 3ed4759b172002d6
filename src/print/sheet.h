/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: what is drawn becomes a PDF for the printer, or a picture of its first page for the screen.
 */
#pragma once

#include "print/print-cleanup.h"
#include "print/receipt-page.h"

/* In points. It calls cairo_show_page after each page. */
typedef gboolean (*TamboSheetDraw) (cairo_t *cr, gconstpointer data, GError **error);

typedef struct {
  double width, height; /* points */
  const char *title;    /* in the PDF */
  TamboSheetDraw draw;
  gconstpointer data;
} TamboSheet;

GBytes *tambo_sheet_pdf (const TamboSheet *sheet, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* WIDTH pixels wide. */
TamboImage *tambo_sheet_picture (const TamboSheet *sheet, int width,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
