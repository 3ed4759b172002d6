/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long the steps of enrolments took: a step's name, a time and a duration, and nothing of who or whom. While a
 * case is open its rows carry its id, so that what was parked and taken up again adds up; then the id goes.
 */
#pragma once

#include "store/store.h"

/* Older ones are dropped. */
#define TAMBO_STEP_TIMES_DAYS 31

typedef struct {
  char *step;
  char *at; /* RFC 3339, when it was last left */
  gint64 ms;
} TamboStepTime;

void tambo_step_time_free (TamboStepTime *time);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboStepTime, tambo_step_time_free)

/* MS more for STEP of the case CASE_ID, which was left AT (RFC 3339). */
gboolean tambo_step_times_add (TamboStore *store, const char *case_id, const char *step, gint64 ms,
                               const char *at, GError **error);
/* Lets go of the cases that are captured, drops what was discarded, and what is old. */
gboolean tambo_step_times_settle (TamboStore *store, GError **error);
/* Those of captured cases from FROM (RFC 3339) on, the oldest first; elements are TamboStepTime. A rotten row is left
 * out. */
GPtrArray *tambo_step_times_list (TamboStore *store, const char *from,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
