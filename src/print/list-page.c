/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print/list-page.h"

#include "print/page-text.h"
#include "print/sheet.h"

/* A4 in points. */
#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define MARGIN 56.0
#define WIDTH (PAGE_WIDTH - 2 * MARGIN)
#define VALUE_WIDTH 170.0 /* unless the page wants another */
#define FOOT_Y (PAGE_HEIGHT - 40)
#define LAST_Y (PAGE_HEIGHT - 90)
#define SIGNATURE_HEIGHT 90.0
#define SIGNATURE_WIDTH (WIDTH * 0.45)

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
  /* A picture has room for one. */
  if (cairo_surface_get_type (cairo_get_target (pen->cr)) == CAIRO_SURFACE_TYPE_IMAGE) {
    cairo_rectangle (pen->cr, 0, 0, 0, 0);
    cairo_clip (pen->cr);
  }
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
  double width = pen->page->value_width > 0 ? pen->page->value_width : VALUE_WIDTH;
  double below = tambo_page_text (pen->cr, MARGIN + WIDTH - width, pen->y, width, PANGO_ALIGN_RIGHT,
                                  "Sans 10", row->value);
  pen->y = tambo_page_text (pen->cr, MARGIN, pen->y, WIDTH - width - 12, PANGO_ALIGN_LEFT,
                            "Sans 10", row->text);
  pen->y = MAX (pen->y, below) + 3;
}

static void draw_signature (Pen *pen, double x, const char *signer) {
  cairo_set_line_width (pen->cr, 0.7);
  cairo_move_to (pen->cr, x, pen->y);
  cairo_line_to (pen->cr, x + SIGNATURE_WIDTH, pen->y);
  cairo_stroke (pen->cr);
  tambo_page_text (pen->cr, x, pen->y + 4, SIGNATURE_WIDTH, PANGO_ALIGN_LEFT, "Sans 9", signer);
}

static void draw_signatures (Pen *pen) {
  make_room (pen, SIGNATURE_HEIGHT);
  pen->y += SIGNATURE_HEIGHT - 24;
  draw_signature (pen, MARGIN, pen->page->signer);
  if (pen->page->second_signer != NULL)
    draw_signature (pen, MARGIN + WIDTH - SIGNATURE_WIDTH, pen->page->second_signer);
}

static gboolean draw (cairo_t *cr, gconstpointer data, GError **error) {
  const TamboListPage *page = data;
  Pen pen = { .cr = cr, .page = page };

  begin_sheet (&pen);
  pen.y =
      tambo_page_text (cr, MARGIN, pen.y, WIDTH, PANGO_ALIGN_LEFT, "Sans Bold 15", page->title) + 6;
  for (guint i = 0; i < page->rows->len; i++)
    draw_row (&pen, g_ptr_array_index (page->rows, i));
  draw_signatures (&pen);
  end_sheet (&pen);
  return TRUE;
}

static TamboSheet sheet_of (const TamboListPage *page) {
  return (TamboSheet){
    .width = PAGE_WIDTH, .height = PAGE_HEIGHT, .title = page->title, .draw = draw, .data = page
  };
}

GBytes *tambo_list_page_draw (const TamboListPage *page, GError **error) {
  const TamboSheet sheet = sheet_of (page);

  return tambo_sheet_pdf (&sheet, error);
}

TamboImage *tambo_list_page_picture (const TamboListPage *page, int width, GError **error) {
  const TamboSheet sheet = sheet_of (page);

  return tambo_sheet_picture (&sheet, width, error);
}
