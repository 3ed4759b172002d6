/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/exchange.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "store/audit.h"
#include "store/inbox.h"

#define ACTOR "sync"

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
  const char *what; /* under way, for the progress */
} Run;

static void tell (Run *run, const char *what, gint64 done, gint64 total) {
  run->what = what;
  if (run->progress != NULL)
    run->progress (what, done, total, run->progress_data);
}

static void on_client_progress (gint64 done, gint64 total, gpointer data) {
  Run *run = data;

  if (run->progress != NULL)
    run->progress (run->what, done, total, run->progress_data);
}

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

/* Sends one record and keeps its receipt. */
static gboolean send_record (Run *run, const TamboOutboxRow *row, GError **error) {
  g_autofree char *what = g_strdup_printf ("record %s", row->id);
  g_autofree char *manifest = tambo_outbox_dup_manifest (run->store, row->id, error);
  g_autoptr (GBytes) sealed = NULL;
  g_autofree char *text = NULL;
  g_autoptr (TamboReceipt) receipt = NULL;

  if (manifest == NULL)
    return FALSE;
  sealed = tambo_outbox_load (run->store, row->id, error);
  if (sealed == NULL)
    return FALSE;
  if (!tambo_outbox_note_attempt (run->store, row->id, NULL, error))
    return FALSE;
  tell (run, what, 0, row->size);
  text = tambo_client_send (run->client, row->sha256, manifest, sealed, run->cancellable, error);
  run->what = "record"; /* what it pointed to ends with this function */
  if (text == NULL)
    return FALSE;
  receipt = tambo_exchange_read_receipt (text, run->trust, run->station, row, error);
  return receipt != NULL && tambo_outbox_acknowledge (run->store, row->id, text, error);
}

/* Errors that are about this record alone: the others may still go. */
static gboolean concerns_one_record (const GError *error) {
  return g_error_matches (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_REFUSED)
         || g_error_matches (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_CONFLICT)
         || g_error_matches (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY)
         || g_error_matches (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
}

/* Notes what became of a record that was not taken. */
static gboolean set_aside (Run *run, const TamboOutboxRow *row, const GError *cause,
                           GError **error) {
  TamboOutboxState state;

  if (!tambo_outbox_note_attempt (run->store, row->id, cause->message, error))
    return FALSE;
  if (g_error_matches (cause, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_REFUSED))
    state = TAMBO_OUTBOX_REFUSED;
  else if (g_error_matches (cause, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_CONFLICT))
    state = TAMBO_OUTBOX_QUARANTINED;
  else
    return TRUE;
  run->result->set_aside++;
  return tambo_outbox_set_state (run->store, row->id, state, cause->message, ACTOR, error);
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

/* What waits now, in the order of tambo_outbox_next. A list, because a record that fails must not
 * come up again, and must not hide what stands behind it, in the same run. */
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

/* FALSE with an error that ends the run. A receipt that does not hold, or a damaged row, lets the
 * others go first and is then told in OUT_SPOILED. */
static gboolean send_records (Run *run, GError **out_spoiled, GError **error) {
  g_autoptr (GPtrArray) rows = list_waiting (run->store, error);

  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    const TamboOutboxRow *row = rows->pdata[i];
    g_autoptr (GError) cause = NULL;

    if (send_record (run, row, &cause)) {
      run->result->sent++;
    } else if (!concerns_one_record (cause)) {
      if (cause->domain == TAMBO_SYNC_ERROR
          && !tambo_outbox_note_attempt (run->store, row->id, cause->message, error))
        return FALSE;
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    } else {
      if (!set_aside (run, row, cause, error))
        return FALSE;
      if (*out_spoiled == NULL
          && !g_error_matches (cause, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_REFUSED)
          && !g_error_matches (cause, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_CONFLICT))
        *out_spoiled = g_steal_pointer (&cause);
    }
  }
  return TRUE;
}

/* Fetches, verifies and keeps one message. Numbers go up by one: keeping a later one first would hide
 * the gap from the next exchange. */
static gboolean receive_message (Run *run, const TamboInboxItem *item, gint64 expected,
                                 GError **error) {
  g_autoptr (TamboManifest) manifest = NULL;
  g_autoptr (GBytes) sealed = NULL;
  g_autofree char *sha256 = NULL;
  g_autofree char *now = tambo_clock_now ();
  TamboInboxRow row = { 0 };

  manifest = tambo_manifest_verify (item->manifest, run->trust->signing_key, error);
  if (manifest == NULL)
    return FALSE;
  if (item->number != expected || manifest->sequence != expected
      || strcmp (manifest->sender, "headquarters") != 0) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                 "message %" G_GINT64_FORMAT " of the inbox stands where %" G_GINT64_FORMAT
                 " is expected",
                 item->number, expected);
    return FALSE;
  }
  sealed = tambo_client_inbox_load (run->client, item->number, run->cancellable, error);
  if (sealed == NULL)
    return FALSE;
  sha256 = tambo_sha256_hex (sealed);
  if (strcmp (sha256, manifest->sha256) != 0) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                 "message %" G_GINT64_FORMAT " of the inbox is not what headquarters signed",
                 item->number);
    return FALSE;
  }
  row = (TamboInboxRow){ .number = item->number,
                         .id = manifest->id,
                         .kind = manifest->kind,
                         .case_id = *manifest->case_id != '\0' ? manifest->case_id : NULL,
                         .state = (char *) "new",
                         .received_at = now,
                         .manifest = item->manifest };
  return tambo_inbox_add (run->store, &row, sealed, error);
}

static gboolean receive_inbox (Run *run, GError **error) {
  gint64 last;

  if (!tambo_inbox_last_number (run->store, &last, error))
    return FALSE;
  for (;;) {
    g_autoptr (GPtrArray) items = NULL;

    tell (run, "inbox", run->result->received, 0);
    items = tambo_client_inbox (run->client, last, run->cancellable, error);
    if (items == NULL)
      return FALSE;
    if (items->len == 0)
      return TRUE;
    for (guint i = 0; i < items->len; i++) {
      if (!receive_message (run, items->pdata[i], last + 1, error))
        return FALSE;
      last++;
      run->result->received++;
    }
  }
}

/* The audit head now, with the proof that it continues the first OLD_SIZE entries. */
static TamboCheckpoint *make_checkpoint (Run *run, gint64 old_size, GError **error) {
  g_autoptr (TamboCheckpoint) checkpoint = g_new0 (TamboCheckpoint, 1);
  guint8 root[TAMBO_SHA256_SIZE];

  if (tambo_store_get_incarnation (run->store) == NULL) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                         "settings incarnation: the row is not what its digest says");
    return NULL;
  }
  if (!tambo_audit_head (run->store, &checkpoint->size, root, error))
    return NULL;
  if (old_size > checkpoint->size) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_FORK,
                 "the audit log has %" G_GINT64_FORMAT " entries, but %" G_GINT64_FORMAT
                 " were countersigned",
                 checkpoint->size, old_size);
    return NULL;
  }
  checkpoint->old_size = old_size;
  checkpoint->proof = tambo_audit_consistency (run->store, old_size, checkpoint->size, error);
  if (checkpoint->proof == NULL)
    return NULL;
  checkpoint->station = g_strdup (run->station);
  checkpoint->incarnation = g_strdup (tambo_store_get_incarnation (run->store));
  checkpoint->root = tambo_hex_encode (root, sizeof root);
  checkpoint->time = tambo_clock_now ();
  return g_steal_pointer (&checkpoint);
}

/* Offers the head and reads what headquarters signed. */
static TamboCheckpoint *offer_head (Run *run, gint64 old_size, gint64 *out_size,
                                    char **out_statement, GError **error) {
  g_autoptr (TamboCheckpoint) offered = make_checkpoint (run, old_size, error);
  g_autoptr (TamboCheckpoint) head = NULL;
  g_autofree char *text = NULL;
  g_autofree char *statement = NULL;

  if (offered == NULL)
    return NULL;
  text = tambo_checkpoint_sign (offered, run->station_key);
  statement = tambo_client_checkpoint (run->client, text, run->cancellable, error);
  if (statement == NULL)
    return NULL;
  head = tambo_checkpoint_verify (statement, run->trust->signing_key, error);
  if (head == NULL)
    return NULL;
  if (strcmp (head->station, offered->station) != 0
      || strcmp (head->incarnation, offered->incarnation) != 0 || head->size > offered->size) {
    g_set_error_literal (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                         "the countersigned checkpoint is about another audit log");
    return NULL;
  }
  *out_size = offered->size;
  *out_statement = g_steal_pointer (&statement);
  return g_steal_pointer (&head);
}

/* Whether HEAD is one of this log's own. */
static gboolean check_own_head (Run *run, const TamboCheckpoint *head, GError **error) {
  guint8 root[TAMBO_SHA256_SIZE];
  g_autofree char *root_hex = NULL;

  if (!tambo_audit_root_at (run->store, head->size, root, error))
    return FALSE;
  root_hex = tambo_hex_encode (root, sizeof root);
  if (strcmp (root_hex, head->root) == 0)
    return TRUE;
  g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_FORK,
               "headquarters knows another audit log of %" G_GINT64_FORMAT " entries", head->size);
  return FALSE;
}

/* Asks headquarters to judge a log that its own HEAD is not part of: the proof from there cannot hold,
 * and the alarm is raised there too and not at this desk alone. */
static void report_fork (Run *run, const TamboCheckpoint *head) {
  g_autofree char *statement = NULL;
  g_autoptr (GError) refusal = NULL;
  gint64 size;
  g_autoptr (TamboCheckpoint) answer = offer_head (run, head->size, &size, &statement, &refusal);

  if (answer == NULL && !g_error_matches (refusal, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_FORK))
    g_info ("headquarters was not told of the fork: %s", refusal->message);
}

/* Where the last proof ended. A row that has rotted is as if there had been none: headquarters answers
 * with its own head, which takes the place of the row. */
static gboolean load_known (Run *run, gint64 *out_known, GError **error) {
  g_autofree char *root = NULL;
  g_autofree char *statement = NULL;
  g_autoptr (GError) cause = NULL;

  if (tambo_audit_get_countersigned (run->store, out_known, &root, &statement, &cause))
    return TRUE;
  *out_known = 0;
  if (g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/* Headquarters answers with an older head when the proof did not begin at its own last one: when its
 * answer was lost, or it was restored from a backup. One more proof from there settles it. */
static gboolean countersign (Run *run, GError **error) {
  gint64 known, old_size, size;

  tell (run, "checkpoint", 0, 0);
  if (!load_known (run, &known, error))
    return FALSE;
  old_size = known;
  for (int tries = 0; tries < 2; tries++) {
    g_autofree char *statement = NULL;
    g_autoptr (TamboCheckpoint) head = offer_head (run, old_size, &size, &statement, error);

    if (head == NULL)
      return FALSE;
    if (!check_own_head (run, head, error)) {
      report_fork (run, head);
      return FALSE;
    }
    if (head->size >= known
        && !tambo_audit_set_countersigned (run->store, head->size, head->root, statement, error))
      return FALSE;
    run->result->countersigned = head->size;
    if (head->size == size)
      return TRUE;
    old_size = head->size;
  }
  g_set_error_literal (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL,
                       "headquarters does not countersign the audit log");
  return FALSE;
}

static gboolean run_all (Run *run, GError **error) {
  g_autoptr (GError) spoiled = NULL;

  if (!send_records (run, &spoiled, error) || !receive_inbox (run, error)
      || !countersign (run, error))
    return FALSE;
  if (spoiled != NULL) {
    g_propagate_error (error, g_steal_pointer (&spoiled));
    return FALSE;
  }
  return TRUE;
}

gboolean tambo_exchange_run (TamboStore *store, TamboClient *client, const TamboTrust *trust,
                             const char *station, TamboKey *station_key,
                             TamboExchangeProgress progress, gpointer data,
                             GCancellable *cancellable, TamboExchangeResult *out_result,
                             GError **error) {
  Run run = { .store = store,
              .client = client,
              .trust = trust,
              .station = station,
              .station_key = station_key,
              .progress = progress,
              .progress_data = data,
              .cancellable = cancellable,
              .result = out_result,
              .what = "record" };
  g_autoptr (GError) count_error = NULL;
  gboolean is_done;

  *out_result = (TamboExchangeResult){ .countersigned = -1 };
  tambo_client_set_progress (client, on_client_progress, &run);
  is_done = run_all (&run, error);
  tambo_client_set_progress (client, NULL, NULL);
  if (!tambo_outbox_count_waiting (store, &out_result->waiting, &count_error) && is_done) {
    g_propagate_error (error, g_steal_pointer (&count_error));
    return FALSE;
  }
  return is_done;
}
