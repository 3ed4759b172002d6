/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/chip-journal.h"

#include "base/clock.h"
#include "store/db.h"
#include "store/digest.h"

void tambo_chip_journal_row_free (TamboChipJournalRow *row) {
  if (row == NULL)
    return;
  g_free (row->order_id);
  g_free (row->blank);
  g_free (row->step);
  g_free (row->time);
  g_free (row);
}

static gboolean insert_row (TamboStore *store, const char *order_id, const char *blank,
                            const char *step, GError **error) {
  g_autofree char *now = tambo_clock_now ();

  return tambo_db_run (store, error,
                       "INSERT INTO chip_journal (order_id, blank, step, time)"
                       " VALUES (?, ?, ?, ?)",
                       "ssss", order_id, blank, step, now);
}

gboolean tambo_chip_journal_append (TamboStore *store, const char *order_id, const char *blank,
                                    const char *step, GError **error) {
  g_autoptr (TamboTransaction) transaction = NULL;

  if (tambo_db_in_transaction (store)) {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                         "a step of the chip journal has to be durable on its own");
    return FALSE;
  }
  transaction = tambo_transaction_begin (store, error);
  return transaction != NULL && insert_row (store, order_id, blank, step, error)
         && tambo_transaction_commit (transaction, error);
}

gboolean tambo_chip_journal_close (TamboStore *store, const char *order_id, const char *blank,
                                   const char *outcome, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  return transaction != NULL && insert_row (store, order_id, blank, outcome, error)
         && tambo_transaction_commit (transaction, error);
}

static TamboChipJournalRow *read_row (sqlite3_stmt *statement, GError **error) {
  g_autoptr (TamboChipJournalRow) row = g_new0 (TamboChipJournalRow, 1);
  g_autofree char *number = tambo_db_dup_text (statement, 0);

  row->number = sqlite3_column_int64 (statement, 0);
  row->order_id = tambo_db_dup_text (statement, 1);
  row->blank = tambo_db_dup_text (statement, 2);
  row->step = tambo_db_dup_text (statement, 3);
  row->time = tambo_db_dup_text (statement, 4);
  return tambo_digest_check (statement, 5, "chip_journal", number, error) ? g_steal_pointer (&row)
                                                                          : NULL;
}

/* A row with another order's id may have been this one's before it rotted: its blank tells. */
#define IS_ROTTEN_OF_ORDER                                                                         \
  "NOT coalesce (" TAMBO_IS_SOUND (                                                                \
      TAMBO_DIGESTED_CHIP_JOURNAL) ", 0)"                                                          \
                                   " AND blank IN (SELECT number FROM blanks WHERE order_id = ?1"  \
                                   "  UNION SELECT blank FROM chip_journal WHERE order_id = ?1)"

GPtrArray *tambo_chip_journal_list (TamboStore *store, const char *order_id, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error,
      "SELECT number, order_id, blank, step, time, " TAMBO_IS_SOUND (
          TAMBO_DIGESTED_CHIP_JOURNAL) " FROM chip_journal"
                                       " WHERE ?1 IS NULL OR order_id = ?1"
                                       " OR (" IS_ROTTEN_OF_ORDER ") ORDER BY number",
      "s", order_id);
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_chip_journal_row_free);
  TamboDbStep step;

  if (statement == NULL)
    return NULL;
  while ((step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW) {
    TamboChipJournalRow *row = read_row (statement, order_id != NULL ? error : NULL);

    if (row != NULL)
      g_ptr_array_add (rows, row);
    else if (order_id != NULL)
      return NULL;
  }
  return step == TAMBO_DB_DONE ? g_steal_pointer (&rows) : NULL;
}
