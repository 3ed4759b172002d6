/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long the clerk is at each step of a case. It is kept here, and written to the store when the case is sealed or
 * put aside, so that going from step to step waits for no disk. Ticks nowhere.
 */
#pragma once

#include "app/session.h"

typedef struct {
  char *case_id;               /* NULL: no case */
  TamboStep step;              /* where the clerk is */
  gint64 since;                /* monotonic; 0: nowhere */
  gint64 spent[TAMBO_N_STEPS]; /* us, not handed in yet */
} TamboStepClock;

/* The clerk comes to STEP of SESSION's open case. */
void tambo_step_clock_enter (TamboStepClock *self, TamboSession *session, TamboStep step);
/* The clerk is somewhere else for a while. */
void tambo_step_clock_pause (TamboStepClock *self);
/* The case is left or sealed: what was spent goes to the store. */
void tambo_step_clock_hand_in (TamboStepClock *self, TamboSession *session);
void tambo_step_clock_clear (TamboStepClock *self);
