/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of the window between which F6 goes: those that have the style class "pane", in the order of the screen.
 */
#pragma once

#include <gtk/gtk.h>

/* The focus goes to the next part that takes it, where it was there before. */
void tambo_panes_go (GtkWindow *window, gboolean back);
