/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/outbox.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/audit.h"
#include "store/cases-private.h"
#include "store/db.h"
#include "store/digest.h"
#include "store/search-private.h"

static const char *const state_names[] = {
  [TAMBO_OUTBOX_QUEUED] = "queued",
  [TAMBO_OUTBOX_SENDING] = "sending",
  [TAMBO_OUTBOX_ACKNOWLEDGED] = "acknowledged",
  [TAMBO_OUTBOX_REFUSED] = "refused",
  [TAMBO_OUTBOX_QUARANTINED] = "quarantined",
  [TAMBO_OUTBOX_PURGED] = "purged",
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
  " receipt, receipt_entry, " TAMBO_IS_SOUND (TAMBO_DIGESTED_OUTBOX)
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
  row->receipt_entry = sqlite3_column_type (statement, 12) != SQLITE_NULL
                           ? sqlite3_column_int64 (statement, 12)
                           : -1;
  if (!tambo_digest_check (statement, 13, "outbox", row->id, error))
    return NULL;
  if (!state_from_string (state, &row->state)) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                 "outbox %s: the state is none", row->id);
    return NULL;
  }
  return g_steal_pointer (&row);
}

static GPtrArray *read_rows (TamboStore *store, sqlite3_stmt *statement, GError **error) {
  return tambo_db_list (store, statement, (TamboDbRead) read_row,
                        (GDestroyNotify) tambo_outbox_row_free, error);
}

GPtrArray *tambo_outbox_list (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error, "SELECT " OUTBOX_COLUMNS " FROM outbox ORDER BY sequence", "");

  return read_rows (store, statement, error);
}

GPtrArray *tambo_outbox_list_recent (TamboStore *store, guint count, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error,
                        "SELECT " OUTBOX_COLUMNS " FROM outbox"
                        " WHERE state IN ('queued', 'sending', 'refused', 'quarantined')"
                        " OR sequence > (SELECT max (sequence) FROM outbox) - ?"
                        " ORDER BY sequence DESC",
                        "l", (gint64) count);

  return read_rows (store, statement, error);
}

/* Sequences go with time: what is older lies behind. */
GPtrArray *tambo_outbox_list_since (TamboStore *store, const char *from, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error,
                        "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE sequence >"
                        " coalesce ((SELECT sequence FROM outbox WHERE queued_at < ?"
                        " ORDER BY sequence DESC LIMIT 1), -1) ORDER BY sequence DESC",
                        "s", from);

  return read_rows (store, statement, error);
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
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error,
      "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE " IS_WAITING " AND " TAMBO_IS_SOUND (
          TAMBO_DIGESTED_OUTBOX) " ORDER BY priority, attempts, sequence LIMIT 1",
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

/* The hash of the newest manifest. One of a row that has rotted is not believed: what the next record is
 * chained to would be wrong for ever. */
static char *dup_newest_hash (sqlite3_stmt *newest) {
  g_autoptr (GBytes) manifest = NULL;

  if (sqlite3_column_int (newest, 3) == 1)
    return tambo_db_dup_text (newest, 1);
  manifest = tambo_db_dup_blob (newest, 2);
  return tambo_sha256_hex (manifest);
}

/* 1 unless the station was restored. */
static gboolean load_first_sequence (TamboStore *store, gint64 *out_first, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = tambo_store_dup_setting (store, TAMBO_FIRST_SEQUENCE, &cause);

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  *out_first = text != NULL ? g_ascii_strtoll (text, NULL, 10) : 1;
  return TRUE;
}

gboolean tambo_outbox_head (TamboStore *store, gint64 *out_next_sequence,
                            char **out_previous_manifest, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_auto (TamboDbQuery) newest = { 0 };
  TamboDbStep step =
      tambo_db_ask (store, &newest, error,
                    "SELECT sequence, manifest_sha256, manifest, " TAMBO_IS_SOUND (
                        TAMBO_DIGESTED_OUTBOX) " FROM outbox JOIN outbox_records"
                                               " USING (sequence) ORDER BY sequence DESC LIMIT 1",
                    "");
  gint64 next;

  if (step == TAMBO_DB_FAILED || !load_first_sequence (store, &next, error))
    return FALSE;
  if (step == TAMBO_DB_ROW)
    next = MAX (next, sqlite3_column_int64 (newest.row, 0) + 1);
  *out_next_sequence = next;
  *out_previous_manifest = step == TAMBO_DB_ROW ? dup_newest_hash (newest.row) : g_strdup ("");
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
  g_autofree char *hash = row->sha256 != NULL ? g_strdup (row->sha256) : tambo_sha256_hex (sealed);
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

  return transaction != NULL && tambo_db_keep_journal (store, error)
         && check_sequence (store, row->sequence, error)
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

static gboolean check_not_purged (const char *id, const char *state, GError **error) {
  if (g_strcmp0 (state, state_names[TAMBO_OUTBOX_PURGED]) != 0)
    return TRUE;
  g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
               "the bytes of the record %s were purged", id);
  return FALSE;
}

GBytes *tambo_outbox_load (TamboStore *store, const char *id, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "record of that id in the outbox", error,
                     "SELECT sealed, sha256, state" RECORD_OF_ID, "s", id);
  g_autofree char *place = g_strdup_printf ("outbox_records %s", id);
  g_autofree char *state = statement != NULL ? tambo_db_dup_text (statement, 2) : NULL;

  if (statement == NULL || !check_not_purged (id, state, error))
    return NULL;
  return tambo_db_dup_checked_blob (statement, 0, 1, place, error);
}

gboolean tambo_outbox_check_sealed (TamboStore *store, const TamboOutboxRow *row, GError **error) {
  g_autofree char *place = g_strdup_printf ("outbox_records %s", row->id);

  return check_not_purged (row->id, tambo_outbox_state_to_string (row->state), error)
         && tambo_digest_check_blob (store, "outbox_records", "sealed", row->sequence, row->sha256,
                                     place, error);
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

#define CANNOT_USE "headquarters cannot use the record: "

gboolean tambo_outbox_note_failure (TamboStore *store, const char *id, const char *message,
                                    GError **error) {
  g_autofree char *reason = g_strdup_printf (CANNOT_USE "message %s", message);
  g_autoptr (GBytes) details = g_bytes_new (reason, strlen (reason));

  if (!tambo_db_run (store, error,
                     "UPDATE outbox SET state = 'refused', last_error = ?"
                     " WHERE id = ? AND state = 'acknowledged'",
                     "ss", reason, id))
    return FALSE;
  return sqlite3_changes (store->db) == 0
         || tambo_audit_append (store, "sync", "outbox.refused", id, details, error);
}

gboolean tambo_outbox_explain_failure (TamboStore *store, const char *id, const char *reason,
                                       GError **error) {
  g_autofree char *text = g_strdup_printf (CANNOT_USE "%s", reason);

  return tambo_db_run (store, error,
                       "UPDATE outbox SET last_error = ? WHERE id = ? AND state = 'refused'", "ss",
                       text, id);
}

/* The message may have come before the receipt did. One that was read is about an earlier try. */
static gboolean apply_early_failure (TamboStore *store, const char *id, GError **error) {
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error,
                        "SELECT id FROM inbox WHERE case_id = ? AND kind = 'failure'"
                        " AND state = 'new' ORDER BY number DESC LIMIT 1",
                        "s", id);
  TamboDbStep step = statement != NULL ? tambo_db_step (store, statement, error) : TAMBO_DB_FAILED;
  g_autofree char *message = NULL;

  if (step != TAMBO_DB_ROW)
    return step == TAMBO_DB_DONE;
  message = tambo_db_dup_text (statement, 0);
  return tambo_outbox_note_failure (store, id, message, error);
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
  if (row->state == TAMBO_OUTBOX_ACKNOWLEDGED || row->state == TAMBO_OUTBOX_PURGED)
    return TRUE;
  return tambo_db_run (store, error,
                       "UPDATE outbox SET state = 'acknowledged', receipt = ?, last_error = NULL,"
                       " receipt_entry = (SELECT coalesce (max (number) + 1, 0) FROM audit_entries)"
                       " WHERE sequence = ?",
                       "sl", receipt, row->sequence)
         && tambo_audit_append (store, "sync", "receipt", id, details, error)
         && acknowledge_case (store, row, error) && apply_early_failure (store, id, error)
         && tambo_transaction_commit (transaction, error);
}

static gboolean check_may_become (const TamboOutboxRow *row, TamboOutboxState state,
                                  GError **error) {
  gboolean is_allowed = row->state != TAMBO_OUTBOX_ACKNOWLEDGED && row->state != TAMBO_OUTBOX_PURGED
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
                       tambo_outbox_state_to_string (state),
                       state != TAMBO_OUTBOX_QUEUED ? reason : NULL, row->sequence)
         && tambo_audit_append (store, actor, action, id, details, error)
         && tambo_transaction_commit (transaction, error);
}

/* ---- the end of a record ---- */

static gboolean check_purgeable (TamboStore *store, const TamboOutboxRow *row, GError **error) {
  g_autofree char *root = NULL;
  g_autofree char *statement = NULL;
  gint64 countersigned;

  if (row->state != TAMBO_OUTBOX_ACKNOWLEDGED || row->receipt == NULL) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                 "the record %s is %s, and only what headquarters has is purged", row->id,
                 tambo_outbox_state_to_string (row->state));
    return FALSE;
  }
  if (!tambo_audit_get_countersigned (store, &countersigned, &root, &statement, error))
    return FALSE;
  if (row->receipt_entry >= 0 && row->receipt_entry < countersigned)
    return TRUE;
  g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
               "headquarters has not countersigned the receipt of the record %s", row->id);
  return FALSE;
}

/* Only the row of the bytes is written anew, and that is short. What was in it is overwritten
 * (secure_delete). */
gboolean tambo_outbox_purge (TamboStore *store, const char *id, const char *actor, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (TamboOutboxRow) row = NULL;
  g_autoptr (GBytes) details = NULL;

  if (transaction == NULL)
    return FALSE;
  row = tambo_outbox_get (store, id, error);
  if (row == NULL || !check_purgeable (store, row, error))
    return FALSE;
  details = g_bytes_new (row->sha256, strlen (row->sha256));
  return tambo_db_run (store, error, "UPDATE outbox_records SET sealed = x'' WHERE sequence = ?",
                       "l", row->sequence)
         && tambo_db_run (store, error, "UPDATE outbox SET state = 'purged' WHERE sequence = ?",
                          "l", row->sequence)
         && tambo_audit_append (store, actor, "record.purge", id, details, error)
         && tambo_transaction_commit (transaction, error);
}

/* Cases of purged enrolments that come to nothing more, and of which something is left. */
#define PURGEABLE_CASES                                                                            \
  " FROM cases c JOIN outbox o ON o.id = c.id WHERE o.state = 'purged'"                            \
  " AND c.state IN ('delivered', 'refused') AND (length (c.tokens) > 0 OR EXISTS"                  \
  " (SELECT 1 FROM inbox i WHERE i.case_id = c.id AND i.state <> 'purged'))"

gboolean tambo_outbox_count_purgeable_cases (TamboStore *store, guint *out_count, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "outbox", error, "SELECT count (*)" PURGEABLE_CASES, "");

  if (statement == NULL)
    return FALSE;
  *out_count = (guint) sqlite3_column_int64 (statement, 0);
  return TRUE;
}

static gboolean purge_case (TamboStore *store, const char *id, const char *actor, GError **error) {
  return tambo_search_forget (store, id, error)
         && tambo_db_run (store, error,
                          "UPDATE inbox_messages SET sealed = x'' WHERE number IN"
                          " (SELECT number FROM inbox WHERE case_id = ?)",
                          "s", id)
         && tambo_db_run (store, error, "UPDATE inbox SET state = 'purged' WHERE case_id = ?", "s",
                          id)
         && tambo_audit_append (store, actor, "case.purge", id, NULL, error);
}

static GPtrArray *list_purgeable_cases (TamboStore *store, GError **error) {
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error, "SELECT c.id" PURGEABLE_CASES, "");
  TamboDbStep step = TAMBO_DB_FAILED;

  while (statement != NULL && (step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW)
    g_ptr_array_add (ids, tambo_db_dup_text (statement, 0));
  return step == TAMBO_DB_DONE ? g_steal_pointer (&ids) : NULL;
}

gboolean tambo_outbox_purge_cases (TamboStore *store, const char *actor, guint *out_count,
                                   GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (GPtrArray) ids = transaction != NULL ? list_purgeable_cases (store, error) : NULL;

  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    if (!purge_case (store, ids->pdata[i], actor, error))
      return FALSE;
  if (!tambo_transaction_commit (transaction, error))
    return FALSE;
  *out_count = ids->len;
  return TRUE;
}
