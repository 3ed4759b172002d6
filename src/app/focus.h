/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The focus for whoever is on the screen. GTK gives it to a widget of a page that was left, too, and then what is typed
 * goes where nobody sees it.
 */
#pragma once

#include <gtk/gtk.h>

/* To WIDGET, unless its page was left while an answer was on its way, or a popover asks something meanwhile. */
void tambo_focus_take (GtkWidget *widget);
