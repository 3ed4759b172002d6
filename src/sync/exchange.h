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
  guint changed;        /* items of appointments, alerts and the like */
  guint set_aside;      /* records refused or quarantined now */
  guint requeued;       /* records that headquarters has forgotten and that wait again */
  guint lost;           /* the same, but their bytes are gone here, too */
  guint purged;         /* records whose bytes were dropped now; filled in by station/ */
  gint64 countersigned; /* audit entries countersigned; -1 when not asked */
  guint retry_after;    /* seconds for which headquarters wants to be left alone; 0 */
  gint64 clock_offset;  /* seconds by which this computer's clock is ahead of headquarters' */
  int certificate_days; /* until the station's certificate ends; filled in by station/ */
  gboolean is_renewed;  /* it was renewed now; likewise */
  /* Headquarters has turned out to be older than this station, and had not before. */
  gboolean is_older_news;
} TamboExchangeResult;

/* Headquarters' receipt, when it is signed by TRUST and about the record of ROW; INTEGRITY. */
TamboReceipt *tambo_exchange_read_receipt (const char *text, const TamboTrust *trust,
                                           const char *station, const TamboOutboxRow *row,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  const char *what;           /* "record ID", "inbox", "receipts", "checkpoint" */
  gint64 done, total;         /* bytes of the record */
  gint64 all_done, all_total; /* bytes of all records: of those that went, and of all that waited */
  gint64 seconds_left;        /* at the pace so far; -1: unknown */
} TamboExchangeState;

typedef void (*TamboExchangeProgress) (const TamboExchangeState *state, gpointer data);

/* The setting with this station's inbox key, a P-256 point in base64; not there before its first operator. */
#define TAMBO_EXCHANGE_INBOX_POINT "inbox-point"
/* The item that headquarters sends to whoever told it that key. */
#define TAMBO_EXCHANGE_ALERT_KEY "alert-key"

/* The setting that keeps headquarters' reference data, as it was signed. */
#define TAMBO_EXCHANGE_REFERENCE "reference"

/* The setting with the requests that headquarters is too old to know, such as "/v1/changes /v1/stock". */
#define TAMBO_EXCHANGE_OLDER "older-headquarters"

/* Fails with the first error that concerns the connection as a whole; a record that is refused is set
 * aside and the rest goes on. OUT_RESULT is set in both cases. */
gboolean tambo_exchange_run (TamboStore *store, TamboClient *client, const TamboTrust *trust,
                             const char *station, TamboKey *station_key,
                             TamboExchangeProgress progress, gpointer data,
                             GCancellable *cancellable, TamboExchangeResult *out_result,
                             GError **error);
