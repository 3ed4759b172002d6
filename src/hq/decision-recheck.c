/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases of which a service could not be asked: the checks are made again when it is time.
 */
#include "base/clock.h"
#include "hq/decision-private.h"

typedef struct {
  char *case_id;
  gint64 since;
} Recheck;

static void recheck_free (Recheck *recheck) {
  g_free (recheck->case_id);
  g_free (recheck);
}

/* Some that are due now: records that came meanwhile do not wait for all of them. */
static GPtrArray *find_due (TamboHq *hq, GError **error) {
  g_autoptr (GPtrArray) due = g_ptr_array_new_with_free_func ((GDestroyNotify) recheck_free);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT case_id, since FROM rechecks WHERE due <= ? ORDER BY due LIMIT 20", "i",
      tambo_clock_now_unix ());

  if (query == NULL)
    return NULL;
  while (tambo_query_next (query, &cause)) {
    Recheck *recheck = g_new0 (Recheck, 1);

    recheck->case_id = tambo_query_dup_text (query, 0);
    recheck->since = tambo_query_int (query, 1);
    g_ptr_array_add (due, recheck);
  }
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_steal_pointer (&due);
}

static gboolean check_again (TamboHq *hq, gpointer item, GError **error) {
  const Recheck *recheck = item;
  g_autoptr (TamboOpened) opened = tambo_opened_find (hq, recheck->case_id, error);

  if (opened == NULL) {
    if (error != NULL && *error == NULL)
      g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND,
                           "the case has no record");
    return FALSE;
  }
  return tambo_opened_open (hq, opened, error)
         && tambo_decision_judge (hq, opened, recheck->since, error);
}

/* It stays with the people, to whom it is pending already. */
static gboolean give_up (TamboHq *hq, gpointer item, const GError *cause, GError **error) {
  const Recheck *recheck = item;

  return tambo_database_run (hq->database, error, "DELETE FROM rechecks WHERE case_id = ?", "s",
                             recheck->case_id)
         && tambo_hq_raise (hq, NULL, "recheck", error, "case %s: %s", recheck->case_id,
                            tambo_decision_words_of (cause));
}

static gpointer next_due (TamboHq *hq, gpointer data, GError **error) {
  GPtrArray *due = data;

  return due->len > 0 ? g_ptr_array_steal_index (due, 0) : NULL;
}

gboolean tambo_decision_run_rechecks (TamboHq *hq, guint *decided, GError **error) {
  static const TamboDecisionQueue rechecks = {
    .next = next_due,
    .decide = check_again,
    .give_up = give_up,
    .free = (GDestroyNotify) recheck_free,
  };
  g_autoptr (GPtrArray) due = find_due (hq, error);

  return due != NULL && tambo_decision_work_through (hq, &rechecks, due, decided, error);
}
