/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bars, one to a value, or of several layers one above the other: cases per hour, records per day, durations. Role
 * img, and its label says the same in words. A layer is told from the others by its pattern as well as its colour.
 */
#pragma once

#include <gtk/gtk.h>

#define TAMBO_TYPE_BAR_PLOT (tambo_bar_plot_get_type ())
G_DECLARE_FINAL_TYPE (TamboBarPlot, tambo_bar_plot, TAMBO, BAR_PLOT, GtkWidget)

typedef enum {
  TAMBO_BAR_MAIN,
  TAMBO_BAR_REST, /* of the same thing, striped */
  TAMBO_BAR_GOOD,
  TAMBO_BAR_BAD, /* striped the other way */
} TamboBarLook;

typedef struct {
  const char *name; /* in the legend; NULL for none */
  TamboBarLook look;
  const guint *values; /* one for each bar */
} TamboBarLayer;

typedef struct {
  const TamboBarLayer *layers; /* the lowest first */
  guint n_layers;
  const char *const *names; /* stand below the bars, "" for none */
  const char *const *texts; /* stand on them; NULL: their sums */
  guint n_bars;
  int current;       /* is drawn stronger; -1: all are */
  const char *words; /* what the plot says to who does not see it */
} TamboBarData;

/* All is copied. */
void tambo_bar_plot_set_layers (TamboBarPlot *self, const TamboBarData *data);
/* Of one layer. */
void tambo_bar_plot_set (TamboBarPlot *self, const guint *values, const char *const *names,
                         guint n_values, int current, const char *words);
