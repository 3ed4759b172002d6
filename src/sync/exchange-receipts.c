/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "store/rewind.h"
#include "sync/exchange-private.h"

/* Headquarters that is restored from a backup loses the end of its log and nothing before. So it is enough
 * to ask about the receipt that stood farthest in the log when all was well last (the anchor), and about
 * each that came since. The setting keeps the audit entry of the newest receipt that was asked about, and
 * the anchor's sequence. */
#define SETTING "receipts-known"
#define REQUEST "/v1/receipts"

typedef struct {
  gint64 entry;  /* -1: none was asked about */
  gint64 anchor; /* sequence; 0: none */
} Known;

static gboolean load_known (TamboExchangeRun *run, Known *out_known, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = tambo_store_dup_setting (run->store, SETTING, &cause);

  *out_known = (Known){ .entry = -1 };
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (text != NULL
      && sscanf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, &out_known->entry,
                 &out_known->anchor)
             != 2)
    *out_known = (Known){ .entry = -1 };
  return TRUE;
}

static gboolean save_known (TamboExchangeRun *run, const Known *known, GError **error) {
  g_autofree char *text =
      g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, known->entry, known->anchor);

  return tambo_store_set_setting (run->store, SETTING, text, error);
}

/* The rows to ask about: the anchor, then those that came since. */
static GPtrArray *list_rows (TamboExchangeRun *run, Known *known, GError **error) {
  g_autoptr (GError) cause = NULL;
  TamboOutboxRow *anchor = tambo_rewind_get_receipted (run->store, known->anchor, &cause);
  GPtrArray *rows;

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  /* The anchor waits again itself: nothing is known. */
  if (anchor == NULL && known->anchor != 0)
    *known = (Known){ .entry = -1 };
  rows = tambo_rewind_list_receipted (run->store, known->entry + 1, TAMBO_MAX_CLAIMS - 1, error);
  if (rows != NULL && anchor != NULL)
    g_ptr_array_insert (rows, 0, anchor);
  else
    g_clear_pointer (&anchor, tambo_outbox_row_free);
  return rows;
}

static gboolean add_inbox (TamboExchangeRun *run, TamboClaims *claims, guint n, GError **error) {
  g_autoptr (GPtrArray) marks = tambo_rewind_list_inbox (run->store, n, error);

  for (guint i = 0; marks != NULL && i < marks->len; i++) {
    const TamboInboxMark *mark = marks->pdata[i];

    tambo_claims_add_message (claims, mark->number, mark->manifest_sha256);
  }
  claims->is_whole = n == TAMBO_MAX_CLAIMS;
  return marks != NULL;
}

/* A receipt that does not hold is for `outbox verify`; here it is left out. */
static void add_receipts (TamboExchangeRun *run, TamboClaims *claims, GPtrArray *rows) {
  for (guint i = 0; i < rows->len; i++) {
    const TamboOutboxRow *row = rows->pdata[i];
    g_autoptr (TamboReceipt) receipt =
        tambo_exchange_read_receipt (row->receipt, run->trust, run->station, row, NULL);

    if (receipt != NULL)
      tambo_claims_add (claims, row->sequence, receipt->log_index, row->sha256,
                        row->state != TAMBO_OUTBOX_PURGED);
  }
}

static TamboClaimsAnswer *ask (TamboExchangeRun *run, const TamboClaims *claims, GError **error) {
  g_autofree char *text = tambo_claims_to_json (claims);

  return tambo_client_claim (run->client, text, run->cancellable, error);
}

static gboolean is_unknown (const TamboClaimsAnswer *answer, gint64 sequence) {
  for (guint i = 0; i < answer->unknown->len; i++)
    if (g_array_index (answer->unknown, gint64, i) == sequence)
      return TRUE;
  return FALSE;
}

/* Queues again what is unknown at headquarters, and notes what cannot be. */
static gboolean take_back (TamboExchangeRun *run, GPtrArray *rows, const TamboClaimsAnswer *answer,
                           GError **error) {
  for (guint i = 0; i < rows->len; i++) {
    const TamboOutboxRow *row = rows->pdata[i];

    if (!is_unknown (answer, row->sequence))
      continue;
    if (row->state == TAMBO_OUTBOX_PURGED) {
      if (!tambo_rewind_note_lost (run->store, row, TAMBO_EXCHANGE_ACTOR, error))
        return FALSE;
      run->result->lost++;
    } else {
      if (!tambo_rewind_requeue (run->store, row, TAMBO_EXCHANGE_ACTOR, error))
        return FALSE;
      run->result->requeued++;
    }
  }
  return TRUE;
}

/* Headquarters has other messages under the last numbers than came here: it gives its own new numbers, once
 * it knows from where on. */
static gboolean settle_inbox (TamboExchangeRun *run, gint64 last, const TamboClaimsAnswer *answer,
                              GError **error) {
  g_autoptr (TamboClaims) claims = NULL;
  g_autoptr (TamboClaimsAnswer) settled = NULL;

  if (last == 0 || answer->inbox == last)
    return TRUE;
  claims = tambo_claims_new ();
  if (!add_inbox (run, claims, TAMBO_MAX_CLAIMS, error))
    return FALSE;
  settled = ask (run, claims, error);
  return settled != NULL;
}

/* The receipt that stands farthest in headquarters' log, of those that it knows; 0 for none. */
static gint64 find_farthest (const TamboClaims *claims, const TamboClaimsAnswer *answer) {
  gint64 index = -1, sequence = 0;

  for (guint i = 0; i < claims->receipts->len; i++) {
    const TamboClaim *claim = claims->receipts->pdata[i];

    if (claim->log_index > index && !is_unknown (answer, claim->sequence)) {
      index = claim->log_index;
      sequence = claim->sequence;
    }
  }
  return sequence;
}

/* What is known after ANSWER. When the anchor has gone, so has what stood before it, perhaps: all is asked
 * about, from the beginning. */
static Known known_after (const Known *known, GPtrArray *rows, const TamboClaims *claims,
                          const TamboClaimsAnswer *answer) {
  Known after = { .entry = known->entry, .anchor = find_farthest (claims, answer) };

  if (known->anchor != 0 && is_unknown (answer, known->anchor))
    return (Known){ .entry = -1 };
  for (guint i = 0; i < rows->len; i++)
    after.entry = MAX (after.entry, ((TamboOutboxRow *) rows->pdata[i])->receipt_entry);
  return after;
}

static gboolean check_page (TamboExchangeRun *run, Known *known, gboolean *out_goes_on,
                            GError **error) {
  g_autoptr (GPtrArray) rows = list_rows (run, known, error);
  g_autoptr (TamboClaims) claims = tambo_claims_new ();
  g_autoptr (TamboClaimsAnswer) answer = NULL;
  g_autoptr (TamboTransaction) transaction = NULL;
  gint64 last;
  Known after;

  if (rows == NULL || !add_inbox (run, claims, 1, error))
    return FALSE;
  add_receipts (run, claims, rows);
  last = claims->inbox->len > 0 ? ((TamboInboxClaim *) claims->inbox->pdata[0])->number : 0;
  *out_goes_on = rows->len >= TAMBO_MAX_CLAIMS - 1;
  answer = ask (run, claims, error);
  if (answer == NULL || !settle_inbox (run, last, answer, error))
    return FALSE;
  run->reference = answer->reference;
  run->changes = answer->changes;
  after = known_after (known, rows, claims, answer);
  if (after.entry == known->entry && after.anchor == known->anchor)
    return TRUE;
  *out_goes_on |= after.entry < known->entry;
  *known = after;
  transaction = tambo_transaction_begin (run->store, error);
  return transaction != NULL
         && (after.entry < 0 || take_back (run, rows, answer, error)) /* all comes up again */
         && save_known (run, known, error) && tambo_transaction_commit (transaction, error);
}

gboolean tambo_exchange_check_receipts (TamboExchangeRun *run, GError **out_spoiled,
                                        GError **error) {
  gboolean goes_on = TRUE;
  Known known;
  g_autoptr (GError) cause = NULL;

  tambo_exchange_tell (run, "receipts", 0, 0);
  if (!load_known (run, &known, error))
    return FALSE;
  while (goes_on)
    if (!check_page (run, &known, &goes_on, &cause)) {
      if (tambo_exchange_note_older (run, REQUEST, cause))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  tambo_exchange_note_older (run, REQUEST, NULL);
  if (run->result->lost > 0)
    g_set_error (out_spoiled, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_LOST,
                 "headquarters was restored from a backup and has lost %u records whose bytes are "
                 "not kept here any more",
                 run->result->lost);
  return TRUE;
}
