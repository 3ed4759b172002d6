/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/outbox.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/audit.h"
#include "store/cases-private.h"
#include "store/db.h"

static const char *const state_names[] = {
  [TAMBO_OUTBOX_QUEUED] = "queued",
  [TAMBO_OUTBOX_SENDING] = "sending",
  [TAMBO_OUTBOX_ACKNOWLEDGED] = "acknowledged",
  [TAMBO_OUTBOX_REFUSED] = "refused",
  [TAMBO_OUTBOX_QUARANTINED] = "quarantined",
};

const char *tambo_outbox_state_to_string (TamboOutboxState state) {
  return (guint) state < G_N_ELEMENTS (state_names) ? state_names[state] : "unknown";
}

static gboolean state_from_string (const char *text, TamboOutboxState *out_state) {
  for (gsize i = 0; i < G_N_ELEMENTS (state_names); i++)
    if (g_strcmp0 (state_names[i], text) == 0) {
      *out_state = (TamboOutboxState) i;
      return TRUE;
    }
  return FALSE;
}

void tambo_outbox_row_free (TamboOutboxRow *row) {
  if (row == NULL)
    return;
  g_free (row->id);
  g_free (row->kind);
  g_free (row->case_id);
  g_free (row->sha256);
  g_free (row->queued_at);
  g_free (row->last_error);
  g_free (row->receipt);
  g_free (row);
}

#define OUTBOX_COLUMNS                                                                             \
  "id, kind, case_id, sequence, sha256, size, state, priority, queued_at, attempts, last_error,"   \
  " receipt"
/* A sync that was killed leaves its record in "sending": it waits like the others. */
#define IS_WAITING "state IN ('queued', 'sending')"

static TamboOutboxRow *read_row (sqlite3_stmt *statement, GError **error) {
  g_autoptr (TamboOutboxRow) row = g_new0 (TamboOutboxRow, 1);
  g_autofree char *state = tambo_db_dup_text (statement, 6);

  row->id = tambo_db_dup_text (statement, 0);
  row->kind = tambo_db_dup_text (statement, 1);
  row->case_id = tambo_db_dup_text (statement, 2);
  row->sequence = sqlite3_column_int64 (statement, 3);
  row->sha256 = tambo_db_dup_text (statement, 4);
  row->size = sqlite3_column_int64 (statement, 5);
  row->priority = sqlite3_column_int (statement, 7);
  row->queued_at = tambo_db_dup_text (statement, 8);
  row->attempts = sqlite3_column_int (statement, 9);
  row->last_error = tambo_db_dup_text (statement, 10);
  row->receipt = tambo_db_dup_text (statement, 11);
  if (!state_from_string (state, &row->state)) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                 "outbox %s: the state is none", row->id);
    return NULL;
  }
  return g_steal_pointer (&row);
}

GPtrArray *tambo_outbox_list (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error, "SELECT " OUTBOX_COLUMNS " FROM outbox ORDER BY sequence", "");
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_outbox_row_free);
  TamboDbStep step;

  if (statement == NULL)
    return NULL;
  while ((step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW) {
    TamboOutboxRow *row = read_row (statement, NULL);

    /* One rotten row hides no other; tambo_store_verify names it. */
    if (row != NULL)
      g_ptr_array_add (rows, row);
  }
  return step == TAMBO_DB_DONE ? g_steal_pointer (&rows) : NULL;
}

TamboOutboxRow *tambo_outbox_get (TamboStore *store, const char *id, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "record of that id in the outbox", error,
                     "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE id = ?", "s", id);

  return statement != NULL ? read_row (statement, error) : NULL;
}

TamboOutboxRow *tambo_outbox_next (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error,
                        "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE " IS_WAITING
                        " ORDER BY priority, attempts, sequence LIMIT 1",
                        "");

  if (statement == NULL || tambo_db_step (store, statement, error) != TAMBO_DB_ROW)
    return NULL;
  return read_row (statement, error);
}

gboolean tambo_outbox_count_waiting (TamboStore *store, guint *out_count, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "outbox", error, "SELECT count (*) FROM outbox WHERE " IS_WAITING, "");

  if (statement == NULL)
    return FALSE;
  *out_count = (guint) sqlite3_column_int64 (statement, 0);
  return TRUE;
}

gboolean tambo_outbox_head (TamboStore *store, gint64 *out_next_sequence,
                            char **out_previous_manifest, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error, "SELECT sequence, manifest_sha256 FROM outbox ORDER BY sequence DESC LIMIT 1",
      "");
  TamboDbStep step = TAMBO_DB_FAILED;

  if (statement != NULL)
    step = tambo_db_step (store, statement, error);
  if (step == TAMBO_DB_FAILED)
    return FALSE;
  *out_next_sequence = step == TAMBO_DB_ROW ? sqlite3_column_int64 (statement, 0) + 1 : 1;
  *out_previous_manifest = step == TAMBO_DB_ROW ? tambo_db_dup_text (statement, 1) : g_strdup ("");
  return TRUE;
}

static gboolean check_sequence (TamboStore *store, gint64 sequence, GError **error) {
  g_autofree char *previous = NULL;
  gint64 next;

  if (!tambo_outbox_head (store, &next, &previous, error))
    return FALSE;
  if (sequence != next)
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                 "the next record has the sequence %" G_GINT64_FORMAT ", not %" G_GINT64_FORMAT,
                 next, sequence);
  return sequence == next;
}

static gboolean insert_record (TamboStore *store, const TamboOutboxRow *row, const char *manifest,
                               GBytes *manifest_bytes, GBytes *sealed, GError **error) {
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *hash = tambo_sha256_hex (sealed);
  g_autofree char *manifest_hash = tambo_sha256_hex (manifest_bytes);

  return tambo_db_run (store, error,
                       "INSERT INTO outbox (sequence, id, kind, case_id, state, priority,"
                       " queued_at, size, sha256, manifest_sha256)"
                       " VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?)",
                       "lsssislss", row->sequence, row->id, row->kind, row->case_id, row->priority,
                       now, (gint64) g_bytes_get_size (sealed), hash, manifest_hash)
         && tambo_db_run (store, error,
                          "INSERT INTO outbox_records (sequence, manifest, sealed)"
                          " VALUES (?, ?, ?)",
                          "lsb", row->sequence, manifest, sealed);
}

gboolean tambo_outbox_append (TamboStore *store, const TamboOutboxRow *row, const char *manifest,
                              GBytes *sealed, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (GBytes) manifest_bytes = g_bytes_new (manifest, strlen (manifest));

  return transaction != NULL && check_sequence (store, row->sequence, error)
         && insert_record (store, row, manifest, manifest_bytes, sealed, error)
         && tambo_audit_append (store, store->operator_id != NULL ? store->operator_id : "station",
                                "record.seal", row->id, manifest_bytes, error)
         && tambo_transaction_commit (transaction, error);
}

#define RECORD_OF_ID " FROM outbox JOIN outbox_records USING (sequence) WHERE id = ?"

char *tambo_outbox_dup_manifest (TamboStore *store, const char *id, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "record of that id in the outbox", error,
                     "SELECT manifest, manifest_sha256" RECORD_OF_ID, "s", id);
  g_autofree char *place = g_strdup_printf ("outbox_records %s: manifest", id);
  g_autoptr (GBytes) bytes = NULL;

  if (statement == NULL)
    return NULL;
  bytes = tambo_db_dup_checked_blob (statement, 0, 1, place, error);
  return bytes != NULL ? tambo_db_dup_text (statement, 0) : NULL;
}

GBytes *tambo_outbox_load (TamboStore *store, const char *id, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "record of that id in the outbox", error,
                     "SELECT sealed, sha256" RECORD_OF_ID, "s", id);
  g_autofree char *place = g_strdup_printf ("outbox_records %s", id);

  return statement != NULL ? tambo_db_dup_checked_blob (statement, 0, 1, place, error) : NULL;
}

gboolean tambo_outbox_note_attempt (TamboStore *store, const char *id, const char *error_text,
                                    GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (TamboOutboxRow) row = NULL;

  if (transaction == NULL)
    return FALSE;
  row = tambo_outbox_get (store, id, error);
  if (row == NULL)
    return FALSE;
  /* An attempt that was announced is counted once, whether it fails or never comes back. What is
   * not waiting any more was settled by another process meanwhile. */
  return tambo_db_run (store, error,
                       "UPDATE outbox SET last_error = ?1,"
                       " attempts = attempts + (?1 IS NULL OR state = 'queued'),"
                       " state = CASE WHEN ?1 IS NULL THEN 'sending' ELSE 'queued' END"
                       " WHERE sequence = ?2 AND " IS_WAITING,
                       "sl", error_text, row->sequence)
         && tambo_transaction_commit (transaction, error);
}

/* What headquarters decided may have come before its receipt did. */
static gboolean apply_early_message (TamboStore *store, const char *case_id, GError **error) {
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error,
                        "SELECT kind FROM inbox WHERE case_id = ? AND kind IN ('order', 'refusal')"
                        " ORDER BY number DESC LIMIT 1",
                        "s", case_id);
  g_autofree char *kind = NULL;
  TamboDbStep step = TAMBO_DB_FAILED;

  if (statement != NULL)
    step = tambo_db_step (store, statement, error);
  if (step != TAMBO_DB_ROW)
    return step == TAMBO_DB_DONE;
  kind = tambo_db_dup_text (statement, 0);
  return tambo_cases_advance (
      store, case_id, g_str_equal (kind, "order") ? TAMBO_CASE_ORDERED : TAMBO_CASE_REFUSED, error);
}

static gboolean acknowledge_case (TamboStore *store, const TamboOutboxRow *row, GError **error) {
  if (row->case_id == NULL || g_strcmp0 (row->kind, "enrolment") != 0)
    return TRUE;
  return tambo_cases_advance (store, row->case_id, TAMBO_CASE_ACKNOWLEDGED, error)
         && apply_early_message (store, row->case_id, error);
}

gboolean tambo_outbox_acknowledge (TamboStore *store, const char *id, const char *receipt,
                                   GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (GBytes) details = g_bytes_new (receipt, strlen (receipt));
  g_autoptr (TamboOutboxRow) row = NULL;

  if (transaction == NULL)
    return FALSE;
  row = tambo_outbox_get (store, id, error);
  if (row == NULL)
    return FALSE;
  if (row->state == TAMBO_OUTBOX_ACKNOWLEDGED)
    return TRUE;
  return tambo_db_run (store, error,
                       "UPDATE outbox SET state = 'acknowledged', receipt = ?, last_error = NULL"
                       " WHERE sequence = ?",
                       "sl", receipt, row->sequence)
         && tambo_audit_append (store, "sync", "receipt", id, details, error)
         && acknowledge_case (store, row, error) && tambo_transaction_commit (transaction, error);
}

static gboolean check_may_become (const TamboOutboxRow *row, TamboOutboxState state,
                                  GError **error) {
  gboolean is_allowed = row->state != TAMBO_OUTBOX_ACKNOWLEDGED
                        && (state == TAMBO_OUTBOX_QUEUED || state == TAMBO_OUTBOX_REFUSED
                            || state == TAMBO_OUTBOX_QUARANTINED);

  if (!is_allowed)
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                 "the record %s is %s and cannot become %s", row->id,
                 tambo_outbox_state_to_string (row->state), tambo_outbox_state_to_string (state));
  return is_allowed;
}

gboolean tambo_outbox_set_state (TamboStore *store, const char *id, TamboOutboxState state,
                                 const char *reason, const char *actor, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autofree char *action = g_strconcat ("outbox.", tambo_outbox_state_to_string (state), NULL);
  g_autoptr (GBytes) details = reason != NULL ? g_bytes_new (reason, strlen (reason)) : NULL;
  g_autoptr (TamboOutboxRow) row = NULL;

  if (transaction == NULL)
    return FALSE;
  row = tambo_outbox_get (store, id, error);
  if (row == NULL || !check_may_become (row, state, error))
    return FALSE;
  return tambo_db_run (store, error,
                       "UPDATE outbox SET state = ?, last_error = ? WHERE sequence = ?", "ssl",
                       tambo_outbox_state_to_string (state), reason, row->sequence)
         && tambo_audit_append (store, actor, action, id, details, error)
         && tambo_transaction_commit (transaction, error);
}
