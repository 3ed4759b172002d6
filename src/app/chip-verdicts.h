/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was verified on a chip, row by row, as a border would see it: what failed first, with its reason.
 */
#pragma once

#include <gtk/gtk.h>

#include "station/issue.h"

/* Fills GRID, whose rows of before go; VERDICTS elements are TamboVerdict, NULL for none. */
void tambo_chip_verdicts_fill (GtkGrid *grid, GPtrArray *verdicts);
/* The check in the clerk's language, for the caller. */
char *tambo_chip_verdicts_name (const char *check);
