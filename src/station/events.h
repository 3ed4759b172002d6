/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the station reports about a document: issued, spoiled, delivered.
 */
#pragma once

#include "record/enrolment.h"
#include "station/station.h"

typedef struct {
  const char *kind;
  const char *order_id;
  const char *case_id;         /* NULL when unknown */
  const char *document_number; /* NULL when unknown */
  const char *blank;
  const char *profile;    /* NULL when no chip was written */
  const char *sod_sha256; /* likewise */
  const char *operator_id;
  JsonObject *delivery; /* how the holder was known; NULL when nothing was delivered */
} TamboIssueEvent;

/* Seals and queues; inside the transaction of what it reports. */
gboolean tambo_events_queue (TamboStation *station, const TamboIssueEvent *event, GError **error);

/* Moves the case on when it was made at this station; another office's case is not known here. */
gboolean tambo_events_close_case (TamboStation *station, const char *case_id, TamboCaseState state,
                                  const char *actor, GError **error);
