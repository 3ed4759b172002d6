/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Blanks at the desk: received, listed, given to operators, spoiled, put back. Each change is of two persons
 * (tambo_station_bring_second).
 */
#pragma once

#include "station/station.h"
#include "store/stock.h"

/* INSTITUTION is what the blanks are coded for; another one than the station's goes to
 * quarantine. */
gboolean tambo_stock_desk_receive (TamboStation *station, const char *kind, const char *institution,
                                   const char *first, const char *last, guint *out_count,
                                   GError **error);
/* Gives blanks that are in stock to KEEPER, an operator who may issue documents, or with NULL back into the
 * vault. Once any of a kind was given, each operator issues on what was given to it alone. */
gboolean tambo_stock_desk_assign (TamboStation *station, const char *first, const char *last,
                                  const char *keeper, guint *out_count, GError **error);
GPtrArray *tambo_stock_desk_list (TamboStation *station, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Elements are TamboStockTally. */
GPtrArray *tambo_stock_desk_tally (TamboStation *station, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A blank in work that is spoiled tells headquarters so. */
gboolean tambo_stock_desk_spoil (TamboStation *station, const char *number, const char *reason,
                                 GError **error);
/* Puts a blank back that was taken for an order and never written to; STATE otherwise. */
gboolean tambo_stock_desk_return (TamboStation *station, const char *number, const char *reason,
                                  GError **error);
