/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/step-times.h"

#include "base/clock.h"
#include "store/db.h"
#include "store/digest.h"

#define DAY_SECONDS (24 * 3600)

/* Not yet captured: sent back, or on the way. */
#define OPEN_CASES "(SELECT id FROM cases WHERE state IN ('draft', 'waiting', 'rejected'))"
#define DISCARDED_CASES "(SELECT id FROM cases WHERE state = 'discarded')"

void tambo_step_time_free (TamboStepTime *time) {
  if (time == NULL)
    return;
  g_free (time->step);
  g_free (time->at);
  g_free (time);
}

gboolean tambo_step_times_add (TamboStore *store, const char *case_id, const char *step, gint64 ms,
                               const char *at, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  return transaction != NULL
         && tambo_db_run (store, error,
                          "INSERT INTO step_times (case_id, step, at, ms) VALUES (?, ?, ?, ?)"
                          " ON CONFLICT (case_id, step) DO UPDATE SET at = excluded.at,"
                          " ms = ms + excluded.ms",
                          "sssl", case_id, step, at, ms)
         && tambo_transaction_commit (transaction, error);
}

gboolean tambo_step_times_settle (TamboStore *store, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autofree char *oldest =
      tambo_clock_format (tambo_clock_now_unix () - TAMBO_STEP_TIMES_DAYS * DAY_SECONDS);

  return transaction != NULL
         && tambo_db_run (store, error,
                          "DELETE FROM step_times WHERE at < ? OR case_id IN " DISCARDED_CASES, "s",
                          oldest)
         && tambo_db_run (store, error,
                          "UPDATE step_times SET case_id = NULL"
                          " WHERE case_id IS NOT NULL AND case_id NOT IN " OPEN_CASES,
                          "")
         && tambo_transaction_commit (transaction, error);
}

static TamboStepTime *read_row (sqlite3_stmt *statement) {
  TamboStepTime *time = g_new0 (TamboStepTime, 1);

  time->step = tambo_db_dup_text (statement, 0);
  time->at = tambo_db_dup_text (statement, 1);
  time->ms = sqlite3_column_int64 (statement, 2);
  return time;
}

GPtrArray *tambo_step_times_list (TamboStore *store, const char *from, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (GPtrArray) times =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_step_time_free);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error,
                        "SELECT step, at, ms FROM step_times WHERE at >= ? AND case_id IS NULL"
                        " AND " TAMBO_IS_SOUND (TAMBO_DIGESTED_STEP_TIMES) " ORDER BY at, number",
                        "s", from);
  TamboDbStep step = TAMBO_DB_FAILED;

  while (statement != NULL && (step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW)
    g_ptr_array_add (times, read_row (statement));
  return step == TAMBO_DB_DONE ? g_steal_pointer (&times) : NULL;
}
