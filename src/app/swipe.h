/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A document swiped through a reader that types, wherever the focus is: its lines come out here, and nothing of
 * them stays in whatever had the focus. Fields of passwords are left alone.
 */
#pragma once

#include <gtk/gtk.h>

/* MRZ has the lines of a machine-readable zone; its check digits may be wrong. */
typedef void (*TamboSwiped) (gpointer owner, const char *mrz);

/* As long as WINDOW lives, and OWNER with it. */
void tambo_swipe_attach (GtkWindow *window, TamboSwiped swiped, gpointer owner);
