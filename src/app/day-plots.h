/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The office's figures as plots, each with its words.
 */
#pragma once

#include "app/bar-plot.h"
#include "station/office-figures.h"

/* Cases sealed by the hour of today. */
void tambo_day_plots_hours (TamboBarPlot *plot, const TamboDay *day);
/* People whose time has come, by how long they wait. */
void tambo_day_plots_people (TamboBarPlot *plot, const TamboPeopleWaiting *people);
/* Records by day: accepted, waiting, sent back. */
void tambo_day_plots_outbox (TamboBarPlot *plot, const TamboOutboxDays *days);
/* Blanks of KINDS (TamboStockKind) with the days they last. */
void tambo_day_plots_stock (TamboBarPlot *plot, GPtrArray *kinds);
/* STEPS (TamboStepDurations): median, and what nine of ten do not exceed; of TODAY, or of the week. */
void tambo_day_plots_steps (TamboBarPlot *plot, GArray *steps, gboolean today);

/* "3 · longest 25 min", for the caller. */
char *tambo_day_plots_say_people (const TamboPeopleWaiting *people);
