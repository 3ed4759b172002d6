/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print/list-page.h"

#include <cairo-pdf.h>

#include "print/page-text.h"

/* A4 in points. */
#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define MARGIN 56.0
#define WIDTH (PAGE_WIDTH - 2 * MARGIN)
#define VALUE_WIDTH 170.0
#define FOOT_Y (PAGE_HEIGHT - 40)
#define LAST_Y (PAGE_HEIGHT - 90)
#define SIGNATURE_HEIGHT 90.0

static void list_row_free (TamboListRow *row) {
  g_free (row->text);
  g_free (row->value);
  g_free (row);
}

GPtrArray *tambo_list_rows_new (void) {
  return g_ptr_array_new_with_free_func ((GDestroyNotify) list_row_free);
}

void tambo_list_rows_take (GPtrArray *rows, char *text, char *value) {
  TamboListRow *row = g_new (TamboListRow, 1);

  row->text = text;
  row->value = value;
  g_ptr_array_add (rows, row);
}

typedef struct {
  cairo_t *cr;
  const TamboListPage *page;
  guint number;
  double y;
} Pen;

static void begin_sheet (Pen *pen) {
  pen->number++;
  pen->y = MARGIN;
  if (pen->page->practice)
    tambo_page_practice_mark (pen->cr, PAGE_WIDTH, PAGE_HEIGHT);
}

static void end_sheet (Pen *pen) {
  g_autofree char *foot = g_strdup_printf ("%s · %u", pen->page->foot, pen->number);

  tambo_page_text (pen->cr, MARGIN, FOOT_Y, WIDTH, PANGO_ALIGN_LEFT, "Sans 7", foot);
  cairo_show_page (pen->cr);
}

static void make_room (Pen *pen, double height) {
  if (pen->y + height <= LAST_Y)
    return;
  end_sheet (pen);
  begin_sheet (pen);
}

static void draw_row (Pen *pen, const TamboListRow *row) {
  make_room (pen, row->value != NULL ? 28 : 60);
  if (row->value == NULL) {
    pen->y = tambo_page_text (pen->cr, MARGIN, pen->y + 14, WIDTH, PANGO_ALIGN_LEFT, "Sans Bold 11",
                              row->text)
             + 4;
    return;
  }
  tambo_page_text (pen->cr, MARGIN + WIDTH - VALUE_WIDTH, pen->y, VALUE_WIDTH, PANGO_ALIGN_RIGHT,
                   "Sans 10", row->value);
  pen->y = tambo_page_text (pen->cr, MARGIN, pen->y, WIDTH - VALUE_WIDTH - 12, PANGO_ALIGN_LEFT,
                            "Sans 10", row->text)
           + 3;
}

static void draw_signature (Pen *pen) {
  make_room (pen, SIGNATURE_HEIGHT);
  pen->y += SIGNATURE_HEIGHT - 24;
  cairo_set_line_width (pen->cr, 0.7);
  cairo_move_to (pen->cr, MARGIN, pen->y);
  cairo_line_to (pen->cr, MARGIN + WIDTH / 2, pen->y);
  cairo_stroke (pen->cr);
  tambo_page_text (pen->cr, MARGIN, pen->y + 4, WIDTH, PANGO_ALIGN_LEFT, "Sans 9",
                   pen->page->signer);
}

static cairo_status_t append (void *array, const unsigned char *data, unsigned int length) {
  g_byte_array_append (array, data, length);
  return CAIRO_STATUS_SUCCESS;
}

GBytes *tambo_list_page_draw (const TamboListPage *page, GError **error) {
  g_autoptr (GByteArray) pdf = g_byte_array_new ();
  g_autoptr (cairo_surface_t) surface =
      cairo_pdf_surface_create_for_stream (append, pdf, PAGE_WIDTH, PAGE_HEIGHT);
  g_autoptr (cairo_t) cr = cairo_create (surface);
  Pen pen = { .cr = cr, .page = page };

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, page->title);
  begin_sheet (&pen);
  pen.y =
      tambo_page_text (cr, MARGIN, pen.y, WIDTH, PANGO_ALIGN_LEFT, "Sans Bold 15", page->title) + 6;
  for (guint i = 0; i < page->rows->len; i++)
    draw_row (&pen, g_ptr_array_index (page->rows, i));
  draw_signature (&pen);
  end_sheet (&pen);
  cairo_surface_finish (surface);

  cairo_status_t status = cairo_surface_status (surface);
  if (status != CAIRO_STATUS_SUCCESS) {
    g_set_error (error, TAMBO_PRINT_ERROR, TAMBO_PRINT_ERROR_FAILED, "the page cannot be drawn: %s",
                 cairo_status_to_string (status));
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&pdf));
}
