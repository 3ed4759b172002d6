/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the page of the day shows, read on a queue: cases that wait for somebody, what was searched, and the
 * figures.
 */
#pragma once

#include "app/session.h"
#include "station/day.h"
#include "station/desk-status.h"

typedef struct {
  TamboStation *station;
  guint role;
  char *wanted; /* what is searched; "" for nothing */

  GPtrArray *procedures;         /* of TamboProcedure */
  GPtrArray *appointments;       /* of TamboAppointment, today's; NULL for who may not see them */
  char *told_at;                 /* when headquarters told them (RFC 3339); NULL */
  GPtrArray *sent_back, *drafts; /* of TamboParked */
  GPtrArray *found;              /* of TamboCaseRow: what was searched, or the newest */
  TamboDay day;
  TamboDeskStatus status;
  GPtrArray *stock; /* of TamboStockTally */
} TamboToday;

TamboToday *tambo_today_new (TamboStation *station, const char *wanted);
void tambo_today_free (TamboToday *today);
/* A TamboWorkFunc. */
gboolean tambo_today_load (gpointer today, GCancellable *cancellable, GError **error);
/* The procedure in the clerk's language. */
const char *tambo_today_find_title (const TamboToday *today, const char *procedure_id);
/* A state in the clerk's own word becomes the one that the station searches for. */
char *tambo_today_translate (const char *wanted);
