/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/operators.h"

static char *finger_place (const char *id, const char *position) {
  return g_strdup_printf ("operator_fingers/%s/%s", id, position);
}

gboolean tambo_operators_set_finger (TamboStore *store, const char *id, const char *position,
                                     GBytes *record, const char *actor, GError **error) {
  g_autofree char *place = finger_place (id, position);
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (GBytes) sealed =
      transaction != NULL ? tambo_store_seal (store, place, record, error) : NULL;
  g_autofree char *hash = sealed != NULL ? tambo_sha256_hex (sealed) : NULL;

  return sealed != NULL
         && tambo_db_run (store, error,
                          "INSERT INTO operator_fingers (operator_id, position, sha256, sealed)"
                          " VALUES (?, ?, ?, ?) ON CONFLICT (operator_id, position) DO UPDATE"
                          " SET sha256 = excluded.sha256, sealed = excluded.sealed",
                          "sssb", id, position, hash, sealed)
         && tambo_audit_append (store, actor, "operator.finger", id, sealed, error)
         && tambo_transaction_commit (transaction, error);
}

GPtrArray *tambo_operators_load_fingers (TamboStore *store, const char *id, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error,
      "SELECT position, sealed, sha256 FROM operator_fingers WHERE operator_id = ?"
      " ORDER BY position",
      "s", id);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  TamboDbStep step = TAMBO_DB_FAILED;

  while (statement != NULL && (step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW) {
    g_autofree char *position = tambo_db_dup_text (statement, 0);
    g_autofree char *place = finger_place (id, position);
    g_autoptr (GBytes) sealed = tambo_db_dup_checked_blob (statement, 1, 2, place, error);
    GBytes *record = sealed != NULL ? tambo_store_unseal (store, place, sealed, error) : NULL;

    if (record == NULL)
      return NULL;
    g_ptr_array_add (records, record);
  }
  return step == TAMBO_DB_DONE ? g_steal_pointer (&records) : NULL;
}
