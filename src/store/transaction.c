/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/db.h"

struct _TamboTransaction {
  TamboStore *store; /* borrowed */
  GThread *thread;   /* borrowed */
  int depth;
  gboolean is_open;
};

/* A transaction inside another one is a savepoint: a call that fails undoes what it did itself, and
 * the caller's transaction is still whole. */
static char *dup_sql (int depth, const char *outermost, const char *inner) {
  return depth == 1 ? g_strdup (outermost) : g_strdup_printf ("%s t%d", inner, depth);
}

TamboTransaction *tambo_transaction_begin (TamboStore *store, GError **error) {
  TamboTransaction *transaction;
  g_autofree char *sql = NULL;

  g_rec_mutex_lock (&store->mutex);
  sql = dup_sql (store->depth + 1, "BEGIN IMMEDIATE", "SAVEPOINT");
  if (!tambo_db_run (store, error, sql, "")) {
    g_rec_mutex_unlock (&store->mutex);
    return NULL;
  }
  transaction = g_new (TamboTransaction, 1);
  transaction->store = store;
  transaction->thread = g_thread_self ();
  transaction->depth = ++store->depth;
  transaction->is_open = TRUE;
  return transaction;
}

static void close_transaction (TamboTransaction *transaction, gboolean is_committed) {
  TamboStore *store = transaction->store;

  transaction->is_open = FALSE;
  store->depth--;
  if (store->depth == 0) {
    /* A key that wraps nothing on the disk would seal what nobody can open again. */
    if (!is_committed && store->is_key_new)
      tambo_store_lock (store);
    store->is_key_new = FALSE;
    if (store->is_journal_kept)
      sqlite3_exec (store->db, "PRAGMA journal_size_limit = 0", NULL, NULL, NULL);
    store->is_journal_kept = FALSE;
  }
  g_rec_mutex_unlock (&store->mutex);
}

static void roll_back (TamboTransaction *transaction) {
  TamboStore *store = transaction->store;

  /* Best effort, past the guards: a connection that cannot roll back leaves its journal behind, and
   * the next one to open the file rolls back. */
  if (!sqlite3_get_autocommit (store->db)) {
    g_autofree char *undo = dup_sql (transaction->depth, "ROLLBACK", "ROLLBACK TO");

    sqlite3_exec (store->db, undo, NULL, NULL, NULL);
    if (transaction->depth > 1) {
      g_autofree char *release = dup_sql (transaction->depth, "", "RELEASE");

      sqlite3_exec (store->db, release, NULL, NULL, NULL);
    }
  }
  close_transaction (transaction, FALSE);
}

static void assert_innermost (TamboTransaction *transaction) {
  g_assert (transaction->thread == g_thread_self ());
  g_assert (transaction->depth == transaction->store->depth);
}

gboolean tambo_transaction_commit (TamboTransaction *transaction, GError **error) {
  g_autofree char *sql = dup_sql (transaction->depth, "COMMIT", "RELEASE");

  g_assert (transaction->is_open);
  assert_innermost (transaction);
  if (!tambo_db_run (transaction->store, error, sql, "")) {
    roll_back (transaction);
    return FALSE;
  }
  close_transaction (transaction, TRUE);
  return TRUE;
}

void tambo_transaction_free (TamboTransaction *transaction) {
  if (transaction == NULL)
    return;
  if (transaction->is_open) {
    assert_innermost (transaction);
    roll_back (transaction);
  }
  g_free (transaction);
}
