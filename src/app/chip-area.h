/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A chip as it is written, drawn: its files fill one by one, then come the keys, the reading back and
 * the lock.
 */
#pragma once

#include <gtk/gtk.h>

#include "station/issue-step.h"

#define TAMBO_TYPE_CHIP_AREA (tambo_chip_area_get_type ())
G_DECLARE_FINAL_TYPE (TamboChipArea, tambo_chip_area, TAMBO, CHIP_AREA, GtkWidget)

/* Nothing is known of a chip. */
void tambo_chip_area_clear (TamboChipArea *self);
/* FRACTION of the step is done. */
void tambo_chip_area_show (TamboChipArea *self, const TamboIssueStep *step, double fraction);
/* It stays as it stands and is marked: the card left, or something is wrong with it. */
void tambo_chip_area_set_broken (TamboChipArea *self, gboolean is_broken);
/* All is done. */
void tambo_chip_area_finish (TamboChipArea *self);

/* Which command goes to the chip and how far it is: "UPDATE BINARY · 8,192 of 21,004 bytes"; for the caller. */
char *tambo_chip_area_describe_command (const TamboIssueStep *step, double fraction);
/* What is done at STEP, in the clerk's language; for the caller. */
char *tambo_chip_area_describe (const TamboIssueStep *step);
