/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was done at this station in a span of time, as the audit log tells it: nothing is counted twice, and
 * nothing that is not in the log is counted.
 */
#pragma once

#include "station/station.h"

#define TAMBO_DAY_HOURS 24

typedef struct {
  guint begun, sealed, discarded, rejected; /* cases */
  guint records, receipts;                  /* sealed for headquarters; acknowledged by it */
  guint issued, delivered;                  /* documents */
  guint blanks_received, blanks_spoiled;
  guint sealed_by_hour[TAMBO_DAY_HOURS]; /* local time */
} TamboDay;

/* Local midnight before NOW, as RFC 3339. */
char *tambo_day_dup_midnight (GDateTime *now);
/* From FROM (RFC 3339) to now. Needs no operator. */
gboolean tambo_day_read (TamboStation *station, const char *from, TamboDay *out_day,
                         GError **error);
/* The entries of the audit log from FROM on; elements are TamboAuditEntry. */
GPtrArray *tambo_day_list_entries (TamboStation *station, const char *from,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds ENTRIES to DAY. */
void tambo_day_count (TamboDay *day, GPtrArray *entries);
/* How many blanks a "stock.receive" of SUBJECT took in. */
guint tambo_day_count_range (const char *subject);
