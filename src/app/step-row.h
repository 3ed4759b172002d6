/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One step in the list at the left: number, name, state as icon and word.
 */
#pragma once

#include "app/session.h"

#define TAMBO_TYPE_STEP_ROW (tambo_step_row_get_type ())
G_DECLARE_FINAL_TYPE (TamboStepRow, tambo_step_row, TAMBO, STEP_ROW, GtkButton)

/* STEP counts from 0. */
TamboStepRow *tambo_step_row_new (int step, const char *title);
void tambo_step_row_show (TamboStepRow *self, TamboStepState state, gboolean is_current);
