/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One case from its beginning to headquarters' receipt, step by step, through the store as it is.
 */
#pragma once

#include "store/store.h"

/* Told after a step that was acknowledged. */
typedef void (*CaseStepDone) (TamboStore *store, gpointer data);

/* FALSE when a step failed; the ones after it are not tried. */
gboolean case_steps_run (TamboStore *store, CaseStepDone done, gpointer data);
/* What the store says of itself: no two steps agree in it. */
char *case_steps_fingerprint (TamboStore *store);
