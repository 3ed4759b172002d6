/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sync/exchange-private.h"

/* For how long a record may go on while others of its urgency wait. */
#define TURN_SECONDS 30
/* How often the outbox is looked at for something more urgent. */
#define LOOK_SECONDS 2

static gboolean receipt_fits (const TamboReceipt *receipt, const TamboOutboxRow *row,
                              const char *station) {
  return strcmp (receipt->id, row->id) == 0 && strcmp (receipt->sha256, row->sha256) == 0
         && strcmp (receipt->station, station) == 0 && receipt->sequence == row->sequence;
}

TamboReceipt *tambo_exchange_read_receipt (const char *text, const TamboTrust *trust,
                                           const char *station, const TamboOutboxRow *row,
                                           GError **error) {
  g_autoptr (TamboReceipt) receipt = tambo_receipt_verify (text, trust->signing_key, error);

  if (receipt == NULL)
    return NULL;
  if (!receipt_fits (receipt, row, station)) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                 "the receipt for record %s is about another record", row->id);
    return NULL;
  }
  return g_steal_pointer (&receipt);
}

/* The turn of one record: it ends when a more urgent one waits, or, after a while, any other. */
typedef struct {
  TamboExchangeRun *run;
  const TamboOutboxRow *row;
  gint64 begun, looked; /* microseconds */
} Turn;

static gboolean is_turn_over (gpointer data) {
  Turn *turn = data;
  gint64 now = g_get_monotonic_time ();
  g_autoptr (TamboOutboxRow) next = NULL;

  if (now - turn->looked < LOOK_SECONDS * G_USEC_PER_SEC)
    return FALSE;
  turn->looked = now;
  next = tambo_outbox_next (turn->run->store, NULL);
  if (next == NULL || strcmp (next->id, turn->row->id) == 0
      || g_hash_table_contains (turn->run->tried, next->id))
    return FALSE;
  return next->priority < turn->row->priority
         || (next->priority == turn->row->priority
             && now - turn->begun >= TURN_SECONDS * G_USEC_PER_SEC);
}

static char *send_bytes (TamboExchangeRun *run, const TamboOutboxRow *row, GError **error) {
  Turn turn = { .run = run, .row = row };
  g_autofree char *manifest = tambo_outbox_dup_manifest (run->store, row->id, error);
  g_autoptr (GBytes) sealed = NULL;
  char *text;

  if (manifest == NULL)
    return NULL;
  sealed = tambo_outbox_load (run->store, row->id, error);
  if (sealed == NULL)
    return NULL;
  if (!tambo_outbox_note_attempt (run->store, row->id, NULL, error))
    return NULL;
  turn.begun = turn.looked = g_get_monotonic_time ();
  tambo_client_set_turn (run->client, is_turn_over, &turn);
  text = tambo_client_send (run->client, row->sha256, manifest, sealed, run->cancellable, error);
  tambo_client_set_turn (run->client, NULL, NULL);
  return text;
}

/* Sends one record and keeps its receipt. */
static gboolean send_record (TamboExchangeRun *run, const TamboOutboxRow *row, GError **error) {
  g_autofree char *what = g_strdup_printf ("record %s", row->id);
  g_autofree char *text = NULL;
  g_autoptr (TamboReceipt) receipt = NULL;

  tambo_exchange_tell (run, what, 0, row->size);
  text = send_bytes (run, row, error);
  run->state.what = "record"; /* what it pointed to ends with this function */
  if (text == NULL)
    return FALSE;
  receipt = tambo_exchange_read_receipt (text, run->trust, run->station, row, error);
  if (receipt == NULL || !tambo_outbox_acknowledge (run->store, row->id, text, error))
    return FALSE;
  run->state.all_done += row->size;
  return TRUE;
}

/* Errors that are about this record alone: the others may still go. */
static gboolean concerns_one_record (const GError *error) {
  return g_error_matches (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_REFUSED)
         || g_error_matches (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_CONFLICT)
         || g_error_matches (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY)
         || g_error_matches (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
}

/* Notes what became of a record that was not taken. */
static gboolean set_aside (TamboExchangeRun *run, const TamboOutboxRow *row, const GError *cause,
                           GError **error) {
  g_autofree char *note = tambo_sync_error_to_note (cause);
  TamboOutboxState state;

  if (!tambo_outbox_note_attempt (run->store, row->id, note, error))
    return FALSE;
  if (g_error_matches (cause, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_REFUSED))
    state = TAMBO_OUTBOX_REFUSED;
  else if (g_error_matches (cause, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_CONFLICT))
    state = TAMBO_OUTBOX_QUARANTINED;
  else
    return TRUE;
  run->result->set_aside++;
  return tambo_outbox_set_state (run->store, row->id, state, note, TAMBO_EXCHANGE_ACTOR, error);
}

static int compare_rows (gconstpointer a, gconstpointer b) {
  const TamboOutboxRow *row = *(TamboOutboxRow *const *) a;
  const TamboOutboxRow *other = *(TamboOutboxRow *const *) b;

  if (row->priority != other->priority)
    return row->priority < other->priority ? -1 : 1;
  if (row->attempts != other->attempts)
    return row->attempts < other->attempts ? -1 : 1;
  return row->sequence < other->sequence ? -1 : row->sequence > other->sequence;
}

/* What waits now, in the order of tambo_outbox_next. */
static GPtrArray *list_waiting (TamboStore *store, GError **error) {
  GPtrArray *rows = tambo_outbox_list (store, error);

  if (rows == NULL)
    return NULL;
  for (guint i = rows->len; i > 0; i--) {
    const TamboOutboxRow *row = rows->pdata[i - 1];

    if (row->state != TAMBO_OUTBOX_QUEUED && row->state != TAMBO_OUTBOX_SENDING)
      g_ptr_array_remove_index (rows, i - 1);
  }
  g_ptr_array_sort (rows, compare_rows);
  return rows;
}

/* The next that was not tried in vain in this run; NULL without an error when there is none. What fails
 * must not come up again, and must not hide what stands behind it. */
static TamboOutboxRow *pick (TamboExchangeRun *run, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboOutboxRow) next = tambo_outbox_next (run->store, &cause);
  g_autoptr (GPtrArray) rows = NULL;

  if (next != NULL && !g_hash_table_contains (run->tried, next->id))
    return g_steal_pointer (&next);
  if (next == NULL && cause == NULL)
    return NULL;
  rows = list_waiting (run->store, error);
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const TamboOutboxRow *row = rows->pdata[i];

    if (!g_hash_table_contains (run->tried, row->id))
      return g_ptr_array_steal_index (rows, i);
  }
  return NULL;
}

/* What is to be told of a record that was not taken. FALSE when the run ends with it. */
static gboolean settle (TamboExchangeRun *run, const TamboOutboxRow *row, GError *cause,
                        GError **out_spoiled, GError **error) {
  g_autoptr (GError) own = cause;
  g_autofree char *note = tambo_sync_error_to_note (own);

  if (g_error_matches (own, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_TURN_OVER))
    return TRUE;
  g_hash_table_add (run->tried, g_strdup (row->id));
  if (!concerns_one_record (own)) {
    if (own->domain == TAMBO_SYNC_ERROR
        && !tambo_outbox_note_attempt (run->store, row->id, note, error))
      return FALSE;
    g_propagate_error (error, g_steal_pointer (&own));
    return FALSE;
  }
  if (!set_aside (run, row, own, error))
    return FALSE;
  if (*out_spoiled == NULL && !g_error_matches (own, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_REFUSED)
      && !g_error_matches (own, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_CONFLICT))
    *out_spoiled = g_steal_pointer (&own);
  return TRUE;
}

static gboolean count_bytes (TamboExchangeRun *run, GError **error) {
  g_autoptr (GPtrArray) rows = list_waiting (run->store, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    run->state.all_total += ((const TamboOutboxRow *) rows->pdata[i])->size;
  run->begun = g_get_monotonic_time ();
  return rows != NULL;
}

gboolean tambo_exchange_send_records (TamboExchangeRun *run, GError **out_spoiled, GError **error) {
  if (!count_bytes (run, error))
    return FALSE;
  for (;;) {
    g_autoptr (GError) cause = NULL;
    g_autoptr (TamboOutboxRow) row = pick (run, &cause);

    if (row == NULL && cause == NULL)
      return TRUE;
    if (row == NULL) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
    if (send_record (run, row, &cause))
      run->result->sent++;
    else if (!settle (run, row, g_steal_pointer (&cause), out_spoiled, error))
      return FALSE;
  }
}
