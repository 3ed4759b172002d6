/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A child that is turned: for a screen that faces the other way, or stands upright. Touches go where they are seen.
 */
#pragma once

#include <gtk/gtk.h>

#define TAMBO_TYPE_TURN_BIN (tambo_turn_bin_get_type ())
G_DECLARE_FINAL_TYPE (TamboTurnBin, tambo_turn_bin, TAMBO, TURN_BIN, GtkWidget)

/* QUARTERS of a turn, clockwise: 0 to 3. */
void tambo_turn_bin_set_quarters (TamboTurnBin *self, guint quarters);
guint tambo_turn_bin_get_quarters (TamboTurnBin *self);
