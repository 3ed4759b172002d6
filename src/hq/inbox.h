/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What waits for the stations: packets sealed for the reply key of the record that they answer, numbered
 * for each station from 1, each signed by headquarters.
 */
#pragma once

#include "hq/stations.h"

typedef struct {
  const char *station;
  gint64 epoch;
  const char *id, *kind, *case_id;
  GBytes *reply_key; /* P-256 point */
} TamboInboxAddress;

/* Seals and appends, inside the caller's transaction. */
gboolean tambo_hq_inbox_append (TamboHq *hq, const TamboInboxAddress *address, TamboPacket *packet,
                                GError **error);
/* The next messages after a number, as TamboInboxItem; a bounded page. */
GPtrArray *tambo_hq_inbox_list (TamboHq *hq, const TamboStationRow *station, gint64 after,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *tambo_hq_inbox_load (TamboHq *hq, const TamboStationRow *station, gint64 number,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
