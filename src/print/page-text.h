/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words on a page that is drawn, in points.
 */
#pragma once

#include <pango/pangocairo.h>

#include "print/print-cleanup.h"

/* Draws TEXT at X, Y, no wider than WIDTH, and returns the Y below it. */
double tambo_page_text (cairo_t *cr, double x, double y, double width, PangoAlignment alignment,
                        const char *font, const char *text);
/* Across a page that is none of a real case. */
void tambo_page_practice_mark (cairo_t *cr, double page_width, double page_height);
