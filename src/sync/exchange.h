/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One exchange with headquarters: send what waits, verify and keep receipts, fetch the inbox, have the
 * audit head countersigned. Needs no operator: everything it touches is sealed.
 */
#pragma once

#include "store/outbox.h"
#include "sync/client.h"

typedef struct {
  guint sent;           /* records acknowledged now */
  guint waiting;        /* records that still wait */
  guint received;       /* inbox messages that are new */
  guint set_aside;      /* records refused or quarantined now */
  guint purged;         /* records whose bytes were dropped now; filled in by station/ */
  gint64 countersigned; /* audit entries countersigned; -1 when not asked */
} TamboExchangeResult;

/* Headquarters' receipt, when it is signed by TRUST and about the record of ROW; INTEGRITY. */
TamboReceipt *tambo_exchange_read_receipt (const char *text, const TamboTrust *trust,
                                           const char *station, const TamboOutboxRow *row,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says what is being done: "record ID", DONE of TOTAL bytes; "inbox", "checkpoint". */
typedef void (*TamboExchangeProgress) (const char *what, gint64 done, gint64 total, gpointer data);

/* Fails with the first error that concerns the connection as a whole; a record that is refused is set
 * aside and the rest goes on. OUT_RESULT is set in both cases. */
gboolean tambo_exchange_run (TamboStore *store, TamboClient *client, const TamboTrust *trust,
                             const char *station, TamboKey *station_key,
                             TamboExchangeProgress progress, gpointer data,
                             GCancellable *cancellable, TamboExchangeResult *out_result,
                             GError **error);
