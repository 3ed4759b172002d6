/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bars, one to a value: cases per hour, blanks per day. Role img, and its label says the same in words.
 */
#pragma once

#include <gtk/gtk.h>

#define TAMBO_TYPE_BAR_PLOT (tambo_bar_plot_get_type ())
G_DECLARE_FINAL_TYPE (TamboBarPlot, tambo_bar_plot, TAMBO, BAR_PLOT, GtkWidget)

/* NAMES stand below the bars, "" for none; CURRENT is drawn stronger, -1 for none. WORDS is what the plot says
 * to who does not see it. All are copied. */
void tambo_bar_plot_set (TamboBarPlot *self, const guint *values, const char *const *names,
                         guint n_values, int current, const char *words);
