/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print/page-text.h"

#include <math.h>

#define MARK_FONT "Sans Bold 48"
/* Of the page at most, so that it is whole on a label, too. */
#define MARK_SHARE 0.95
#define MARK_ANGLE 0.6

double tambo_page_text (cairo_t *cr, double x, double y, double width, PangoAlignment alignment,
                        const char *font, const char *text) {
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) description = pango_font_description_from_string (font);
  int height;

  pango_layout_set_font_description (layout, description);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_alignment (layout, alignment);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, NULL, &height);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
  return y + height;
}

/* Aslant across the middle, whole. */
void tambo_page_practice_mark (cairo_t *cr, double page_width, double page_height) {
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) description = pango_font_description_from_string (MARK_FONT);
  int width, height;

  pango_layout_set_font_description (layout, description);
  pango_layout_set_text (layout, "PRÁCTICA", -1);
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_save (cr);
  cairo_set_source_rgba (cr, 0.75, 0.1, 0.1, 0.25);
  cairo_translate (cr, page_width / 2, page_height / 2);
  double slope = sin (MARK_ANGLE), level = cos (MARK_ANGLE);
  double scale = MIN (page_width / (width * level + height * slope),
                      page_height / (width * slope + height * level));
  cairo_scale (cr, MIN (1, MARK_SHARE * scale), MIN (1, MARK_SHARE * scale));
  cairo_rotate (cr, -MARK_ANGLE);
  cairo_move_to (cr, -width / 2.0, -height / 2.0);
  pango_cairo_show_layout (cr, layout);
  cairo_restore (cr);
}
