/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * White paper on which ink runs as the pen's samples arrive.
 */
#pragma once

#include <gtk/gtk.h>

#include "format/iso19794-7.h"

#define TAMBO_TYPE_INK_AREA (tambo_ink_area_get_type ())
G_DECLARE_FINAL_TYPE (TamboInkArea, tambo_ink_area, TAMBO, INK_AREA, GtkWidget)

void tambo_ink_area_clear (TamboInkArea *self);
/* Elements are TamboPenSample. */
void tambo_ink_area_add (TamboInkArea *self, const GArray *samples);
