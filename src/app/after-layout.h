/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What has to wait until the rows and fields that came have their places: no frame is counted and no animation runs for
 * it.
 */
#pragma once

#include <gtk/gtk.h>

typedef void (*TamboAfterLayout) (GtkWidget *widget);

/* Calls FUNC once, after the next layout of WIDGET's window and before anything is painted; one at a time for each
 * WIDGET. Not when its window was never shown. */
void tambo_after_layout (GtkWidget *widget, TamboAfterLayout func);
