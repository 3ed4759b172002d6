/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The station's dealings with headquarters: one exchange, and what the outbox and the inbox hold.
 */
#pragma once

#include "station/station.h"
#include "store/inbox.h"
#include "store/outbox.h"
#include "sync/exchange.h"

typedef struct {
  guint64 rate;   /* bytes a second; 0: no limit */
  guint patience; /* seconds of a line that carries next to nothing; 0: as it is usual */
} TamboLineLimits;

/* Needs no operator. LIMITS may be NULL. Before it the station's certificate is renewed when half of its
 * life is over; after it, what is old enough is purged. */
gboolean tambo_headquarters_exchange (TamboStation *station, const TamboLineLimits *limits,
                                      TamboExchangeProgress progress, gpointer data,
                                      GCancellable *cancellable, TamboExchangeResult *out_result,
                                      GError **error);

/* Headquarters' own time at the last exchange, in seconds: it is later than that now. 0: there was none. */
gint64 tambo_headquarters_get_last_contact (TamboStation *station);

/* What headquarters is too old to know, "/v1/changes /v1/stock"; NULL where it knew all that it was asked. */
char *tambo_headquarters_dup_unknown (TamboStation *station);

GPtrArray *tambo_headquarters_list_outbox (TamboStation *station,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As tambo_outbox_list_recent. */
GPtrArray *tambo_headquarters_list_recent (TamboStation *station, guint count,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboOutboxRow *tambo_headquarters_get_record (TamboStation *station, const char *id,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The cause that `tamboctl sync --progress` tells as "CODE: MESSAGE". */
GError *tambo_headquarters_read_cause (const char *text);
/* Why RECORD has not arrived; NULL where nothing went wrong. */
GError *tambo_headquarters_dup_cause (const TamboOutboxRow *record);
/* Every sealed record against its hash, its manifest against the station's key, its receipt against
 * headquarters', and the chain of manifests. Purged records have no bytes any more. */
gboolean tambo_headquarters_verify_outbox (TamboStation *station, guint *out_records,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Puts a refused or quarantined record back into the queue; a supervisor. */
gboolean tambo_headquarters_retry (TamboStation *station, const char *id, GError **error);

GPtrArray *tambo_headquarters_list_inbox (TamboStation *station,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An issuance order as a clerk may see it. */
typedef struct {
  char *id, *case_id, *tracking_number;
  char *document_number, *document_type, *procedure_id;
  char *holder; /* surname, given names */
  char *mrz;
  char *expiry_date;  /* NULL when it never expires */
  char *chip_profile; /* that the files were made for; NULL: for any */
  /* By which anybody may ask whether the document is good; NULL when headquarters told none. */
  char *verification_code, *verification_url;
  char *state; /* "new", "done" */
} TamboOrder;

void tambo_order_free (TamboOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboOrder, tambo_order_free)
/* The kind of blank that its document is made on; static. */
const char *tambo_order_blank_kind (const TamboOrder *order);
/* Needs a signed-in operator. */
TamboOrder *tambo_headquarters_open_order (TamboStation *station, const char *id,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Why headquarters decided against a case, or could make nothing of a record. */
typedef struct {
  char *id;
  char *kind;  /* "refusal", "failure" */
  char *about; /* id of the case; of the record */
  char *reason;
  char **recapture; /* slots of the samples that headquarters wants anew; empty for none */
} TamboNotice;

void tambo_notice_free (TamboNotice *notice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboNotice, tambo_notice_free)
TamboInboxRow *tambo_headquarters_get_message (TamboStation *station, const char *id,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Needs a signed-in operator. Reasons of failures are noted in the outbox at each sign-in. */
TamboNotice *tambo_headquarters_open_notice (TamboStation *station, const char *id,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
