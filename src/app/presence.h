/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether somebody sits at the window: keys, pointer, wheel and touch are told to the station, which locks itself
 * without.
 */
#pragma once

#include <gtk/gtk.h>

#include "station/station.h"

void tambo_presence_watch (GtkWidget *window, TamboStation *station);
