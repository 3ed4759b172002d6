/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long the steps of enrolments take at this station: of all that were captured in a span, and of nobody by name.
 */
#pragma once

#include "station/station.h"

/* The span that is told beside today. */
#define TAMBO_DURATION_DAYS 7

typedef struct {
  guint count;
  gint64 median, p90; /* ms; nearest rank; 0 where count is */
} TamboDuration;

typedef struct {
  const char *step; /* static */
  TamboDuration today, week;
} TamboStepDurations;

typedef struct {
  const char *step; /* one of tambo_step_durations_names */
  gint64 ms;
} TamboStepSpan;

/* The steps that are timed, in their order; NULL at the end. */
const char *const *tambo_step_durations_names (void);
/* What was spent on CASE_ID since the last time; spans too short to be a step are left out. Then lets go of what is
 * captured. Needs no operator. */
gboolean tambo_step_durations_note (TamboStation *station, const char *case_id,
                                    const TamboStepSpan *spans, guint n_spans, GError **error);
/* A TamboStepDurations for each name, in that order. Needs no operator. */
GArray *tambo_step_durations_read (TamboStation *station, GError **error) G_GNUC_WARN_UNUSED_RESULT;
