/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print/label-page.h"

#include "print/bar-code.h"
#include "print/page-text.h"
#include "print/sheet.h"

#define MM (72 / 25.4)
#define PAGE_WIDTH (90 * MM)
#define PAGE_HEIGHT (50 * MM)
#define MARGIN (4 * MM)
#define WIDTH (PAGE_WIDTH - 2 * MARGIN)
#define BARS_HEIGHT (13 * MM)
#define QUIET_ZONE 10 /* modules, at each side */

static gboolean draw_bars (cairo_t *cr, double y, const char *text, GError **error) {
  g_autoptr (GByteArray) modules = tambo_bar_code_encode (text);

  if (modules == NULL) {
    g_set_error (error, TAMBO_PRINT_ERROR, TAMBO_PRINT_ERROR_FAILED,
                 "the number %s cannot be a bar code", text);
    return FALSE;
  }
  double module = WIDTH / (modules->len + 2 * QUIET_ZONE);
  for (guint i = 0; i < modules->len; i++)
    if (modules->data[i])
      cairo_rectangle (cr, MARGIN + (i + QUIET_ZONE) * module, y, module, BARS_HEIGHT);
  cairo_fill (cr);
  return TRUE;
}

static double write_line (cairo_t *cr, double y, PangoAlignment alignment, const char *font,
                          const char *text) {
  return tambo_page_text (cr, MARGIN, y, WIDTH, alignment, font, text);
}

static gboolean draw (cairo_t *cr, gconstpointer data, GError **error) {
  const TamboLabelPage *page = data;
  g_autofree char *blank = g_strdup_printf ("%s %s · %s", page->kind, page->blank, page->office);
  double y = MARGIN;

  if (page->practice)
    tambo_page_practice_mark (cr, PAGE_WIDTH, PAGE_HEIGHT);
  y = write_line (cr, y, PANGO_ALIGN_CENTER, "Sans Bold 8", "Documento para entregar") + 4;
  if (!draw_bars (cr, y, page->number, error))
    return FALSE;
  y = write_line (cr, y + BARS_HEIGHT + 2, PANGO_ALIGN_CENTER, "Monospace Bold 17", page->number);
  write_line (cr, y + 4, PANGO_ALIGN_CENTER, "Sans 9", blank);
  cairo_show_page (cr);
  return TRUE;
}

static TamboSheet sheet_of (const TamboLabelPage *page) {
  return (TamboSheet){
    .width = PAGE_WIDTH, .height = PAGE_HEIGHT, .title = page->number, .draw = draw, .data = page
  };
}

GBytes *tambo_label_page_draw (const TamboLabelPage *page, GError **error) {
  const TamboSheet sheet = sheet_of (page);

  return tambo_sheet_pdf (&sheet, error);
}

TamboImage *tambo_label_page_picture (const TamboLabelPage *page, int width, GError **error) {
  const TamboSheet sheet = sheet_of (page);

  return tambo_sheet_picture (&sheet, width, error);
}
