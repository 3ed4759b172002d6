/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/key-copies.h"

#include "base/hash.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/digest.h"

static const char *const tables[TAMBO_KEY_COPIES] = { "data_key", "data_key_copy" };

static const char *const questions[TAMBO_KEY_COPIES] = {
  "SELECT token, wrapping, sha256, " TAMBO_IS_SOUND (TAMBO_DIGESTED_DATA_KEY) " FROM data_key",
  "SELECT token, wrapping, sha256, " TAMBO_IS_SOUND (TAMBO_DIGESTED_DATA_KEY) " FROM data_key_copy",
};

void tambo_key_row_clear (TamboKeyRow *row) {
  g_clear_pointer (&row->uri, g_free);
  g_clear_pointer (&row->wrapping, g_bytes_unref);
  g_clear_pointer (&row->sha256, g_free);
}

gboolean tambo_key_copies_load (TamboStore *store, guint number, TamboKeyRow *row, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_auto (TamboDbQuery) query = { 0 };
  TamboDbStep step = tambo_db_ask (store, &query, error, questions[number], "");

  if (step != TAMBO_DB_ROW)
    return step == TAMBO_DB_DONE;
  if (!tambo_digest_check (query.row, 3, tables[number], "1", error))
    return FALSE;
  row->wrapping = tambo_db_dup_checked_blob (query.row, 1, 2, tables[number], error);
  if (row->wrapping == NULL)
    return FALSE;
  row->uri = tambo_db_dup_text (query.row, 0);
  row->sha256 = tambo_db_dup_text (query.row, 2);
  return TRUE;
}

gboolean tambo_key_copies_load_any (TamboStore *store, TamboKeyRow *row, GError **error) {
  g_autoptr (GError) first = NULL;

  for (guint i = 0; i < TAMBO_KEY_COPIES; i++) {
    g_autoptr (GError) reason = NULL;

    if (tambo_key_copies_load (store, i, row, &reason) && row->wrapping != NULL)
      return TRUE;
    if (first == NULL)
      first = g_steal_pointer (&reason);
  }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

/* Not written over: what has rotted may stand under another number. */
static gboolean write_copy (TamboStore *store, const char *table, const char *uri, GBytes *wrapping,
                            GError **error) {
  g_autofree char *hash = tambo_sha256_hex (wrapping);
  g_autofree char *empty = g_strconcat ("DELETE FROM ", table, NULL);
  g_autofree char *insert = g_strconcat (
      "INSERT INTO ", table, " (one, token, wrapping, sha256) VALUES (1, ?, ?, ?)", NULL);

  return tambo_db_run (store, error, empty, "")
         && tambo_db_run (store, error, insert, "sbs", uri, wrapping, hash);
}

gboolean tambo_key_copies_save (TamboStore *store, const char *uri, GBytes *wrapping,
                                GError **error) {
  for (guint i = 0; i < TAMBO_KEY_COPIES; i++)
    if (!write_copy (store, tables[i], uri, wrapping, error))
      return FALSE;
  return TRUE;
}

static gboolean is_same (TamboStore *store, guint number, const TamboKeyRow *row) {
  g_auto (TamboKeyRow) copy = { 0 };

  return tambo_key_copies_load (store, number, &copy, NULL)
         && g_strcmp0 (copy.sha256, row->sha256) == 0 && g_strcmp0 (copy.uri, row->uri) == 0;
}

static guint count_same (TamboStore *store, const TamboKeyRow *row) {
  guint count = 0;

  for (guint i = 0; i < TAMBO_KEY_COPIES; i++)
    count += is_same (store, i, row);
  return count;
}

static gboolean heal (TamboStore *store, const TamboKeyRow *row, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  if (transaction == NULL)
    return FALSE;
  /* None: somebody has turned the key meanwhile, and written all of them. */
  if (count_same (store, row) == 0)
    return TRUE;
  for (guint i = 0; i < TAMBO_KEY_COPIES; i++)
    if (!is_same (store, i, row)
        && (!write_copy (store, tables[i], row->uri, row->wrapping, error)
            || !tambo_audit_append (store, "station", "key.heal", tables[i], row->wrapping, error)))
      return FALSE;
  return tambo_transaction_commit (transaction, error);
}

void tambo_key_copies_heal (TamboStore *store, const TamboKeyRow *row) {
  g_autoptr (GError) error = NULL;

  if (count_same (store, row) < TAMBO_KEY_COPIES && !heal (store, row, &error))
    g_info ("the copies of the data key cannot be made alike: %s", error->message);
}
