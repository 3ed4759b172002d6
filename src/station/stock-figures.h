/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How many blanks there are, how fast they go, and for how long they last.
 */
#pragma once

#include "station/station.h"
#include "store/audit.h"
#include "store/stock.h"

#define TAMBO_STOCK_DAYS 14
/* So few days of work are too little to wait for the next delivery. */
#define TAMBO_STOCK_LOW_DAYS 5

typedef struct {
  char *kind;
  guint count[TAMBO_N_BLANK_STATES];
  guint used[TAMBO_STOCK_DAYS]; /* issued or spoiled, by day; the last is today */
  double per_day;               /* of the days on which any was used */
  int days_left;                /* -1 while nothing says how fast they go */
} TamboStockKind;

typedef struct {
  GPtrArray *kinds;     /* of TamboStockKind */
  GPtrArray *movements; /* of TamboAuditEntry, newest first: "stock.…" */
} TamboStockFigures;

void tambo_stock_figures_free (TamboStockFigures *figures);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboStockFigures, tambo_stock_figures_free)

/* Needs no operator. */
TamboStockFigures *tambo_stock_figures_read (TamboStation *station,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Few enough to be told. */
gboolean tambo_stock_kind_is_low (const TamboStockKind *kind);
