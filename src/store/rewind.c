/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/rewind.h"

#include <string.h>

#include "store/audit.h"
#include "store/db.h"

static GPtrArray *list_ids (TamboStore *store, sqlite3_stmt *statement, GError **error) {
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  TamboDbStep step;

  while ((step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW)
    g_ptr_array_add (ids, tambo_db_dup_text (statement, 0));
  return step == TAMBO_DB_DONE ? g_steal_pointer (&ids) : NULL;
}

/* A row that has rotted hides no other: it is left out, and tambo_store_verify names it. */
static GPtrArray *rows_of (TamboStore *store, GPtrArray *ids, GError **error) {
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_outbox_row_free);

  for (guint i = 0; i < ids->len; i++) {
    g_autoptr (GError) cause = NULL;
    TamboOutboxRow *row = tambo_outbox_get (store, ids->pdata[i], &cause);

    if (row != NULL) {
      g_ptr_array_add (rows, row);
    } else if (!g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT)) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  }
  return g_steal_pointer (&rows);
}

GPtrArray *tambo_rewind_list_receipted (TamboStore *store, gint64 after, guint limit,
                                        GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error,
                        "SELECT id FROM outbox WHERE receipt IS NOT NULL AND receipt_entry >= ?"
                        " ORDER BY receipt_entry LIMIT ?",
                        "ll", after, (gint64) limit);
  g_autoptr (GPtrArray) ids = statement != NULL ? list_ids (store, statement, error) : NULL;

  return ids != NULL ? rows_of (store, ids, error) : NULL;
}

TamboOutboxRow *tambo_rewind_get_receipted (TamboStore *store, gint64 sequence, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error, "SELECT id FROM outbox WHERE sequence = ? AND receipt IS NOT NULL", "l",
      sequence);
  g_autoptr (GPtrArray) ids = statement != NULL ? list_ids (store, statement, error) : NULL;
  g_autoptr (GPtrArray) rows = ids != NULL ? rows_of (store, ids, error) : NULL;

  return rows != NULL && rows->len > 0 ? g_ptr_array_steal_index (rows, 0) : NULL;
}

gboolean tambo_rewind_requeue (TamboStore *store, const TamboOutboxRow *row, const char *actor,
                               GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (GBytes) details = g_bytes_new (row->receipt, strlen (row->receipt));

  if (transaction == NULL)
    return FALSE;
  if (row->state == TAMBO_OUTBOX_PURGED) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                 "the bytes of the record %s were purged", row->id);
    return FALSE;
  }
  return tambo_db_run (store, error,
                       "UPDATE outbox SET state = 'queued', receipt = NULL, receipt_entry = NULL,"
                       " last_error = 'headquarters was restored and does not know it any more'"
                       " WHERE sequence = ? AND receipt IS NOT NULL AND state <> 'purged'",
                       "l", row->sequence)
         && tambo_audit_append (store, actor, "outbox.rewound", row->id, details, error)
         && tambo_transaction_commit (transaction, error);
}

gboolean tambo_rewind_note_lost (TamboStore *store, const TamboOutboxRow *row, const char *actor,
                                 GError **error) {
  g_autoptr (GBytes) details = g_bytes_new (row->receipt, strlen (row->receipt));

  return tambo_audit_append (store, actor, "outbox.lost", row->id, details, error);
}

void tambo_inbox_mark_free (TamboInboxMark *mark) {
  if (mark == NULL)
    return;
  g_free (mark->manifest_sha256);
  g_free (mark);
}

GPtrArray *tambo_rewind_list_inbox (TamboStore *store, guint limit, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error, "SELECT number, manifest_sha256 FROM inbox ORDER BY number DESC LIMIT ?", "l",
      (gint64) limit);
  g_autoptr (GPtrArray) marks =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_inbox_mark_free);
  TamboDbStep step = TAMBO_DB_FAILED;

  while (statement != NULL && (step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW) {
    TamboInboxMark *mark = g_new0 (TamboInboxMark, 1);

    mark->number = sqlite3_column_int64 (statement, 0);
    mark->manifest_sha256 = tambo_db_dup_text (statement, 1);
    g_ptr_array_add (marks, mark);
  }
  return step == TAMBO_DB_DONE ? g_steal_pointer (&marks) : NULL;
}
