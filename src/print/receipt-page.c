/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print/receipt-page.h"

#include "print/page-text.h"
#include "print/sheet.h"

/* A5 in points. */
#define PAGE_WIDTH 419.53
#define PAGE_HEIGHT 595.28
#define MARGIN 36.0
#define QR_SIDE 150.0
#define SEAL_SIDE 160.0 /* its modules are 0.5 mm */
#define QR_QUIET_ZONE 4 /* modules, ISO/IEC 18004 */

G_DEFINE_QUARK (tambo_print_error, tambo_print_error)

/* Across the page. */
static double draw_text (cairo_t *cr, double y, const char *font, const char *text) {
  return tambo_page_text (cr, MARGIN, y, PAGE_WIDTH - 2 * MARGIN, PANGO_ALIGN_LEFT, font, text);
}

/* Beside the seal. */
static double draw_beside (cairo_t *cr, double y, const char *font, const char *text) {
  return tambo_page_text (cr, MARGIN, y, PAGE_WIDTH - 2 * MARGIN - SEAL_SIDE - 12, PANGO_ALIGN_LEFT,
                          font, text);
}

/* With its middle at X. */
static gboolean draw_qr (cairo_t *cr, double x, double y, double size, const char *text,
                         GError **error) {
  int side;
  g_autoptr (GBytes) modules = tambo_qr_encode (text, &side, error);
  if (modules == NULL)
    return FALSE;

  const guint8 *dark = g_bytes_get_data (modules, NULL);
  double module = size / (side + 2 * QR_QUIET_ZONE);
  double left = x - size / 2 + QR_QUIET_ZONE * module;
  for (int i = 0; i < side * side; i++)
    if (dark[i])
      cairo_rectangle (cr, left + (i % side) * module, y + (i / side) * module, module, module);
  cairo_fill (cr);
  return TRUE;
}

/* The code of the case, and beside it that of the document. */
static gboolean draw_codes (cairo_t *cr, double y, const TamboReceiptPage *page, GError **error) {
  if (page->verification_url == NULL)
    return draw_qr (cr, PAGE_WIDTH / 2, y, QR_SIDE, page->tracking_number, error);
  return draw_qr (cr, PAGE_WIDTH * 0.27, y, QR_SIDE, page->tracking_number, error)
         && draw_qr (cr, PAGE_WIDTH * 0.73, y, QR_SIDE, page->verification_url, error);
}

static double draw_verification (cairo_t *cr, double y, const TamboReceiptPage *page) {
  if (page->verification_code == NULL)
    return y;
  y = draw_text (cr, y + 12, "Sans 9",
                 page->verification_url != NULL
                     ? "Constancia de validez: código de la derecha, o en la página de la sede"
                     : "Constancia de validez en la página de la sede");
  return draw_text (cr, y + 2, "Monospace Bold 11", page->verification_code);
}

/* In the corner, with what it is for. */
static gboolean draw_seal (cairo_t *cr, const TamboReceiptPage *page, GError **error) {
  double y = PAGE_HEIGHT - MARGIN - SEAL_SIDE - 14;

  if (page->seal == NULL)
    return TRUE;
  /* Its modules are small: no watermark lies below them. */
  cairo_save (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_rectangle (cr, PAGE_WIDTH - MARGIN - SEAL_SIDE, y - 8, SEAL_SIDE, SEAL_SIDE);
  cairo_fill (cr);
  cairo_restore (cr);
  if (!draw_qr (cr, PAGE_WIDTH - MARGIN - SEAL_SIDE / 2, y, SEAL_SIDE, page->seal, error))
    return FALSE;
  g_autofree char *text = g_strdup_printf ("Sello digital, hasta %s", page->seal_expiry);
  tambo_page_text (cr, PAGE_WIDTH - MARGIN - SEAL_SIDE, y + SEAL_SIDE, SEAL_SIDE,
                   PANGO_ALIGN_CENTER, "Sans 8", text);
  return TRUE;
}

static gboolean draw_page (cairo_t *cr, const TamboReceiptPage *page, GError **error) {
  g_autofree char *when = g_strdup_printf ("%.10s %.5s UTC", page->received, page->received + 11);
  double y = MARGIN;

  if (page->practice)
    tambo_page_practice_mark (cr, PAGE_WIDTH, PAGE_HEIGHT);
  y = draw_text (cr, y, "Sans Bold 15", "Constancia de trámite");
  y = draw_text (cr, y + 6, "Sans 11", page->procedure);
  y = draw_text (cr, y + 22, "Sans 9", "Número de seguimiento");
  y = draw_text (cr, y + 2, "Monospace Bold 24", page->tracking_number);
  if (!draw_codes (cr, y + 24, page, error))
    return FALSE;
  y = draw_verification (cr, y + 24 + QR_SIDE, page);
  y = draw_beside (cr, y + 12, "Sans 11", page->state);
  y = draw_beside (cr, y + 16, "Sans 9", "Oficina");
  y = draw_beside (cr, y + 2, "Sans 11", page->office);
  y = draw_beside (cr, y + 10, "Sans 9", "Fecha de registro");
  y = draw_beside (cr, y + 2, "Sans 11", when);
  draw_beside (cr, y + 20, "Sans 9",
               "Conserve esta hoja. Con el número de seguimiento puede preguntar por su trámite en "
               "cualquier oficina.");
  return draw_seal (cr, page, error);
}

static gboolean draw (cairo_t *cr, gconstpointer page, GError **error) {
  if (!draw_page (cr, page, error))
    return FALSE;
  cairo_show_page (cr);
  return TRUE;
}

static TamboSheet sheet_of (const TamboReceiptPage *page) {
  return (TamboSheet){ .width = PAGE_WIDTH,
                       .height = PAGE_HEIGHT,
                       .title = page->tracking_number,
                       .draw = draw,
                       .data = page };
}

GBytes *tambo_receipt_page_draw (const TamboReceiptPage *page, GError **error) {
  const TamboSheet sheet = sheet_of (page);

  return tambo_sheet_pdf (&sheet, error);
}

TamboImage *tambo_receipt_page_picture (const TamboReceiptPage *page, int width, GError **error) {
  const TamboSheet sheet = sheet_of (page);

  return tambo_sheet_picture (&sheet, width, error);
}
