/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long a station keeps what headquarters has. A record is purged when its receipt is verified, when
 * headquarters has countersigned the audit log with the receipt in it, and when the retention time is
 * over. Time is headquarters' alone, from what it signed: the station's clock may be wrong.
 */
#pragma once

#include "station/station.h"

#define TAMBO_RETENTION_DAYS 14
#define TAMBO_RETENTION_MAX_DAYS 3650

typedef struct {
  guint records; /* whose bytes go */
  gint64 bytes;
  guint cases; /* that are over: their words for the search and their messages go */
} TamboRetentionResult;

/* DRY_RUN says what would go. A record whose receipt does not hold stays and is told in the end; the
 * others go. Needs no operator, like sending. */
gboolean tambo_retention_purge (TamboStation *station, gboolean dry_run,
                                TamboRetentionResult *out_result, GError **error);

gboolean tambo_retention_get_days (TamboStation *station, guint *out_days,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A supervisor; 0 purges as soon as headquarters has countersigned. */
gboolean tambo_retention_set_days (TamboStation *station, guint days, GError **error);
