/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What goes on in the office, in figures for whoever leads it: throughput, who waits, records on their way, blanks,
 * and how long the steps take.
 */
#pragma once

#include "station/day.h"
#include "station/step-durations.h"
#include "station/stock-figures.h"

/* Those awaited whose time has come, by the minutes since: up to 5, 10, 20 and 30. */
#define TAMBO_PEOPLE_CLASSES 4

typedef struct {
  guint count;
  guint by_length[TAMBO_PEOPLE_CLASSES];
  guint longest; /* seconds */
} TamboPeopleWaiting;

/* Records by the day on which they were sealed, the last being today. */
#define TAMBO_OUTBOX_DAYS 7

typedef struct {
  guint waiting[TAMBO_OUTBOX_DAYS], accepted[TAMBO_OUTBOX_DAYS], sent_back[TAMBO_OUTBOX_DAYS];
} TamboOutboxDays;

typedef struct {
  TamboDay day;
  TamboPeopleWaiting people;
  TamboOutboxDays outbox;
  TamboStockFigures *stock;
  GArray *durations; /* of TamboStepDurations */
} TamboOfficeFigures;

void tambo_office_figures_free (TamboOfficeFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboOfficeFigures, tambo_office_figures_free)

/* Of APPOINTMENTS (TamboAppointment) at NOW. */
void tambo_office_figures_count_people (GPtrArray *appointments, gint64 now,
                                        TamboPeopleWaiting *out_people);
/* Needs no operator. */
gboolean tambo_office_figures_read_outbox (TamboStation *station, TamboOutboxDays *out_days,
                                           GError **error);
/* Everything; needs an operator of CASE_CAPTURE. */
TamboOfficeFigures *tambo_office_figures_read (TamboStation *station,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
