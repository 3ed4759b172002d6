/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A document swiped through a reader on a serial port, on a thread of its own. A reader that is not there yet,
 * or was disconnected, is waited for.
 */
#pragma once

#include "app/swipe.h"

/* PLACE as in capture/mrz-port.h. As long as WINDOW lives, and OWNER with it. */
void tambo_swipe_listen (GtkWindow *window, const char *place, TamboSwiped swiped, gpointer owner);
