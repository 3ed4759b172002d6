/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "store/audit.h"
#include "sync/exchange-private.h"

/* How many seconds what waits will take at the pace so far; -1 while nobody knows. */
static gint64 seconds_left (const TamboExchangeRun *run, gint64 sent) {
  gint64 elapsed = g_get_monotonic_time () - run->begun;
  gint64 left = run->state.all_total - run->state.all_done - run->state.done;

  if (run->begun == 0 || sent < 16 * 1024 || elapsed < G_USEC_PER_SEC)
    return -1;
  return MAX (left, 0) * elapsed / sent / G_USEC_PER_SEC;
}

void tambo_exchange_tell (TamboExchangeRun *run, const char *what, gint64 done, gint64 total) {
  /* What an earlier try brought over says nothing about the pace. */
  if (what == run->state.what && done > run->state.done)
    run->sent += done - run->state.done;
  run->state.what = what;
  run->state.done = done;
  run->state.total = total;
  run->state.seconds_left = seconds_left (run, run->sent);
  if (run->progress != NULL)
    run->progress (&run->state, run->progress_data);
}

static void on_client_progress (gint64 done, gint64 total, gpointer data) {
  TamboExchangeRun *run = data;

  tambo_exchange_tell (run, run->state.what, done, total);
}

/* The audit head now, with the proof that it continues the first OLD_SIZE entries. */
static TamboCheckpoint *make_checkpoint (TamboExchangeRun *run, gint64 old_size, GError **error) {
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
static TamboCheckpoint *offer_head (TamboExchangeRun *run, gint64 old_size, gint64 *out_size,
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
static gboolean check_own_head (TamboExchangeRun *run, const TamboCheckpoint *head,
                                GError **error) {
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
static void report_fork (TamboExchangeRun *run, const TamboCheckpoint *head) {
  g_autofree char *statement = NULL;
  g_autoptr (GError) refusal = NULL;
  gint64 size;
  g_autoptr (TamboCheckpoint) answer = offer_head (run, head->size, &size, &statement, &refusal);

  if (answer == NULL && !g_error_matches (refusal, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_FORK))
    g_info ("headquarters was not told of the fork: %s", refusal->message);
}

/* Where the last proof ended. A row that has rotted is as if there had been none: headquarters answers
 * with its own head, which takes the place of the row. */
static gboolean load_known (TamboExchangeRun *run, gint64 *out_known, GError **error) {
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
static gboolean countersign (TamboExchangeRun *run, GError **error) {
  gint64 known, old_size, size;

  tambo_exchange_tell (run, "checkpoint", 0, 0);
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

/* Without a contact the record whose turn it is has not gone either, and the outbox says why. */
static void note_no_contact (TamboExchangeRun *run, const GError *cause) {
  g_autoptr (TamboOutboxRow) next = tambo_outbox_next (run->store, NULL);
  g_autofree char *note = tambo_sync_error_to_note (cause);
  g_autoptr (GError) error = NULL;

  if (next != NULL && cause->domain == TAMBO_SYNC_ERROR
      && !tambo_outbox_note_attempt (run->store, next->id, note, &error))
    g_info ("the attempt was not noted: %s", error->message);
}

/* What headquarters has forgotten, and its messages. */
static gboolean make_contact (TamboExchangeRun *run, GError **out_spoiled, GError **error) {
  g_autoptr (GError) cause = NULL;

  if (tambo_exchange_check_receipts (run, out_spoiled, &cause)
      && tambo_exchange_fetch_reference (run, &cause)
      && tambo_exchange_fetch_changes (run, out_spoiled, &cause)
      && tambo_exchange_receive_inbox (run, &cause))
    return TRUE;
  note_no_contact (run, cause);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/* What is not taken of blanks keeps nothing else from being done; it is told in the end. An older headquarters is told
 * of them when it is a newer one. */
static void tell_stock (TamboExchangeRun *run, GError **out_spoiled) {
  g_autoptr (GError) cause = NULL;

  if (!tambo_exchange_tell_stock (run, &cause) && *out_spoiled == NULL
      && !g_error_matches (cause, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_OLDER))
    *out_spoiled = g_steal_pointer (&cause);
}

/* What is urgent both ways comes before the mass. */
static gboolean run_all (TamboExchangeRun *run, GError **error) {
  g_autoptr (GError) spoiled = NULL;

  if (!make_contact (run, &spoiled, error) || !tambo_exchange_send_records (run, &spoiled, error)
      || (run->result->sent > 0 && !tambo_exchange_receive_inbox (run, error)))
    return FALSE;
  tell_stock (run, &spoiled);
  if (!countersign (run, error))
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
  g_autoptr (GHashTable) tried = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  TamboExchangeRun run = { .store = store,
                           .client = client,
                           .trust = trust,
                           .station = station,
                           .station_key = station_key,
                           .progress = progress,
                           .progress_data = data,
                           .cancellable = cancellable,
                           .result = out_result,
                           .tried = tried,
                           .changes = -1,
                           .state.what = "record" };
  g_autoptr (GError) count_error = NULL;
  gboolean is_done;

  *out_result = (TamboExchangeResult){ .countersigned = -1 };
  tambo_client_set_progress (client, on_client_progress, &run);
  is_done = run_all (&run, error);
  tambo_client_set_progress (client, NULL, NULL);
  out_result->retry_after = tambo_client_get_retry_after (client);
  out_result->clock_offset = tambo_client_get_clock_offset (client);
  if (!tambo_outbox_count_waiting (store, &out_result->waiting, &count_error) && is_done) {
    g_propagate_error (error, g_steal_pointer (&count_error));
    return FALSE;
  }
  return is_done;
}
