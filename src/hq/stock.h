/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The stations' blanks, as they tell of them (sync/stock-statement.h): every movement once, and what there is.
 */
#pragma once

#include "hq/stations.h"

/* Keeps the statement TEXT when it goes on from what is known, and gives the position after it; otherwise
 * nothing changes, and the position is where the station has to go on. INVALID when it is not the station's. */
gboolean tambo_hq_take_stock (TamboHq *hq, const TamboStationRow *station, const char *text,
                              gint64 *out_position, GError **error);

typedef struct {
  char *station, *kind, *at;
  gint64 received; /* by the movements */
  gint64 in_stock, quarantined, in_work, issued, spoiled, delivered;
  gint64 unaccounted; /* received, and in no state */
} TamboHqStock;

void tambo_hq_stock_free (TamboHqStock *stock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboHqStock, tambo_hq_stock_free)
/* Of the present registrations, by station and kind; elements are TamboHqStock. */
GPtrArray *tambo_hq_stock_list (TamboHq *hq, GError **error) G_GNUC_WARN_UNUSED_RESULT;
