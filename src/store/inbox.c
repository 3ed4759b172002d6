/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/inbox.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/audit.h"
#include "store/cases-private.h"
#include "store/db.h"
#include "store/digest.h"
#include "store/outbox.h"

void tambo_inbox_row_free (TamboInboxRow *row) {
  if (row == NULL)
    return;
  g_free (row->id);
  g_free (row->kind);
  g_free (row->case_id);
  g_free (row->state);
  g_free (row->received_at);
  g_free (row->manifest);
  g_free (row);
}

#define INBOX_COLUMNS "number, id, kind, case_id, state, received_at, manifest"
#define INBOX_READING INBOX_COLUMNS ", manifest_sha256, " TAMBO_IS_SOUND (TAMBO_DIGESTED_INBOX)

static TamboInboxRow *read_row (sqlite3_stmt *statement, GError **error) {
  g_autoptr (TamboInboxRow) row = g_new0 (TamboInboxRow, 1);
  g_autoptr (GBytes) manifest = NULL;
  g_autofree char *place = NULL;

  row->number = sqlite3_column_int64 (statement, 0);
  row->id = tambo_db_dup_text (statement, 1);
  row->kind = tambo_db_dup_text (statement, 2);
  row->case_id = tambo_db_dup_text (statement, 3);
  row->state = tambo_db_dup_text (statement, 4);
  row->received_at = tambo_db_dup_text (statement, 5);
  row->manifest = tambo_db_dup_text (statement, 6);
  place = g_strdup_printf ("inbox manifest %s", row->id);
  manifest = tambo_db_dup_checked_blob (statement, 6, 7, place, error);
  if (manifest == NULL || !tambo_digest_check (statement, 8, "inbox", row->id, error))
    return NULL;
  return g_steal_pointer (&row);
}

static GPtrArray *read_rows (TamboStore *store, sqlite3_stmt *statement, GError **error) {
  return tambo_db_list (store, statement, (TamboDbRead) read_row,
                        (GDestroyNotify) tambo_inbox_row_free, error);
}

GPtrArray *tambo_inbox_list (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error, "SELECT " INBOX_READING " FROM inbox ORDER BY number", "");

  return statement != NULL ? read_rows (store, statement, error) : NULL;
}

GPtrArray *tambo_inbox_list_new (TamboStore *store, const char *kind, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error,
      "SELECT " INBOX_READING " FROM inbox WHERE kind = ? AND state = 'new' ORDER BY number", "s",
      kind);

  return statement != NULL ? read_rows (store, statement, error) : NULL;
}

TamboInboxRow *tambo_inbox_get (TamboStore *store, const char *id, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autofree char *whole_id =
      tambo_db_resolve (store, "message in the inbox",
                        "SELECT id FROM inbox WHERE substr (id, 1, length (?1)) = ?1"
                        " ORDER BY id LIMIT 2",
                        id, error);
  g_autoptr (sqlite3_stmt) statement = NULL;

  if (whole_id == NULL)
    return NULL;
  statement = tambo_db_find (store, "message of that id", error,
                             "SELECT " INBOX_READING " FROM inbox WHERE id = ?", "s", whole_id);
  return statement != NULL ? read_row (statement, error) : NULL;
}

gboolean tambo_inbox_last_number (TamboStore *store, gint64 *out_number, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "inbox", error, "SELECT coalesce (max (number), 0) FROM inbox", "");

  if (statement == NULL)
    return FALSE;
  *out_number = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/* EXISTS when another message has the number or the id. */
static gboolean check_known (TamboStore *store, const TamboInboxRow *row, gboolean *out_is_known,
                             GError **error) {
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error, "SELECT number, id FROM inbox WHERE number = ? OR id = ?",
                        "ls", row->number, row->id);
  g_autofree char *id = NULL;
  TamboDbStep step = TAMBO_DB_FAILED;

  if (statement != NULL)
    step = tambo_db_step (store, statement, error);
  if (step == TAMBO_DB_FAILED)
    return FALSE;
  *out_is_known = step == TAMBO_DB_ROW;
  if (step == TAMBO_DB_DONE)
    return TRUE;
  id = tambo_db_dup_text (statement, 1);
  if (sqlite3_column_int64 (statement, 0) == row->number && g_strcmp0 (id, row->id) == 0)
    return TRUE;
  g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_EXISTS,
               "the message %s has the number or the id of another one", row->id);
  return FALSE;
}

static gboolean insert_message (TamboStore *store, const TamboInboxRow *row, GBytes *sealed,
                                GError **error) {
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *hash = tambo_sha256_hex (sealed);
  g_autoptr (GBytes) manifest = g_bytes_new (row->manifest, strlen (row->manifest));
  g_autofree char *manifest_hash = tambo_sha256_hex (manifest);

  return tambo_db_run (store, error,
                       "INSERT INTO inbox (" INBOX_COLUMNS ", manifest_sha256, sha256)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                       "lssssssss", row->number, row->id, row->kind, row->case_id,
                       row->state != NULL ? row->state : "new",
                       row->received_at != NULL ? row->received_at : now, row->manifest,
                       manifest_hash, hash)
         && tambo_db_run (store, error, "INSERT INTO inbox_messages (number, sealed) VALUES (?, ?)",
                          "lb", row->number, sealed)
         && tambo_audit_append (store, "sync", "inbox.receive", row->id, manifest, error);
}

static gboolean advance_case (TamboStore *store, const TamboInboxRow *row, GError **error) {
  if (row->case_id == NULL)
    return TRUE;
  if (g_str_equal (row->kind, "order"))
    return tambo_cases_advance (store, row->case_id, TAMBO_CASE_ORDERED, error);
  if (g_str_equal (row->kind, "refusal"))
    return tambo_cases_advance (store, row->case_id, TAMBO_CASE_REFUSED, error);
  if (g_str_equal (row->kind, "failure"))
    return tambo_outbox_note_failure (store, row->case_id, row->id, error);
  return TRUE;
}

gboolean tambo_inbox_add (TamboStore *store, const TamboInboxRow *row, GBytes *sealed,
                          GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  gboolean is_known;

  if (transaction == NULL || !check_known (store, row, &is_known, error))
    return FALSE;
  return is_known
         || (insert_message (store, row, sealed, error) && advance_case (store, row, error)
             && tambo_transaction_commit (transaction, error));
}

static gboolean check_kept (const char *id, const char *state, GError **error) {
  if (g_strcmp0 (state, "purged") == 0)
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                 "the message %s was purged; its case is over", id);
  else if (g_strcmp0 (state, "delivered") == 0)
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                         "the document of this order was delivered already");
  else
    return TRUE;
  return FALSE;
}

GBytes *tambo_inbox_load (TamboStore *store, const char *id, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "message of that id in the inbox", error,
                     "SELECT sealed, sha256, state FROM inbox JOIN inbox_messages USING (number)"
                     " WHERE id = ?",
                     "s", id);
  g_autofree char *place = g_strdup_printf ("inbox_messages %s", id);
  g_autofree char *state = statement != NULL ? tambo_db_dup_text (statement, 2) : NULL;

  if (statement == NULL)
    return NULL;
  if (!check_kept (id, state, error))
    return NULL;
  return tambo_db_dup_checked_blob (statement, 0, 1, place, error);
}

gboolean tambo_inbox_set_state (TamboStore *store, const char *id, const char *state,
                                GError **error) {
  g_autoptr (TamboTransaction) transaction = NULL;
  g_autofree char *action = g_strconcat ("inbox.", state, NULL);

  if (!g_str_equal (state, "new") && !g_str_equal (state, "done")) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                 "a message is new or done, not %s", state);
    return FALSE;
  }
  transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL
      || !tambo_db_run (store, error, "UPDATE inbox SET state = ? WHERE id = ?", "ss", state, id))
    return FALSE;
  if (sqlite3_changes (store->db) == 0) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND,
                         "there is no message of that id in the inbox");
    return FALSE;
  }
  return tambo_audit_append (store, store->operator_id != NULL ? store->operator_id : "station",
                             action, id, NULL, error)
         && tambo_transaction_commit (transaction, error);
}

gboolean tambo_inbox_deliver (TamboStore *store, const char *id, const char *actor,
                              GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  if (transaction == NULL
      || !tambo_db_run (store, error,
                        "UPDATE inbox SET state = 'delivered'"
                        " WHERE id = ? AND kind = 'order' AND state = 'done'",
                        "s", id))
    return FALSE;
  if (sqlite3_changes (store->db) == 0) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                         "the order is not done");
    return FALSE;
  }
  return tambo_db_run (store, error,
                       "UPDATE inbox_messages SET sealed = x'' WHERE number ="
                       " (SELECT number FROM inbox WHERE id = ?)",
                       "s", id)
         && tambo_audit_append (store, actor, "inbox.delivered", id, NULL, error)
         && tambo_transaction_commit (transaction, error);
}
