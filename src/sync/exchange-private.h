/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the steps of one exchange share.
 */
#pragma once

#include "sync/exchange.h"

#define TAMBO_EXCHANGE_ACTOR "sync"

/* What one exchange works with. */
typedef struct {
  TamboStore *store;
  TamboClient *client;
  const TamboTrust *trust;
  const char *station;
  TamboKey *station_key;
  TamboExchangeProgress progress;
  gpointer progress_data;
  GCancellable *cancellable;
  TamboExchangeResult *result;
  GHashTable *tried;        /* ids of records that failed in this run */
  TamboExchangeState state; /* for the progress */
  gint64 reference;         /* version that headquarters has */
  gint64 changes;           /* likewise, of what changed; -1: it does not say */
  gint64 begun, sent;       /* when the sending began, microseconds; bytes since then */
} TamboExchangeRun;

void tambo_exchange_tell (TamboExchangeRun *run, const char *what, gint64 done, gint64 total);

/* Which receipts headquarters has forgotten, because it was restored from an older backup: their records
 * wait again. LOST, later told, for those whose bytes are gone. */
gboolean tambo_exchange_check_receipts (TamboExchangeRun *run, GError **out_spoiled,
                                        GError **error);
/* By urgency, each in its turn. FALSE with an error that ends the run. A receipt that does not hold, or a
 * damaged row, lets the others go first and is then told in OUT_SPOILED. */
gboolean tambo_exchange_send_records (TamboExchangeRun *run, GError **out_spoiled, GError **error);
/* Keeps the reference data when headquarters has newer ones. */
gboolean tambo_exchange_fetch_reference (TamboExchangeRun *run, GError **error);
/* Keeps what changed of appointments, alerts and the like. What is missing or does not hold is asked for
 * anew, as a whole; when that does not hold either, it is told in OUT_SPOILED, and what was there stays. */
gboolean tambo_exchange_fetch_changes (TamboExchangeRun *run, GError **out_spoiled, GError **error);
/* One such statement, the answer to "after AFTER". INTEGRITY or PROTOCOL when it does not hold; then nothing
 * has changed. */
gboolean tambo_exchange_keep_changes (TamboExchangeRun *run, const char *text, gint64 after,
                                      gint64 *out_version, gboolean *out_has_more, GError **error);
/* Tells what moved among the blanks since headquarters was told last, and what there is. */
gboolean tambo_exchange_tell_stock (TamboExchangeRun *run, GError **error);
gboolean tambo_exchange_receive_inbox (TamboExchangeRun *run, GError **error);
/* How REQUEST ended: CAUSE, or NULL. TRUE when headquarters is too old to know it (OLDER). That is noted until it is
 * answered, and keeps nothing else from being done. */
gboolean tambo_exchange_note_older (TamboExchangeRun *run, const char *request,
                                    const GError *cause);
