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

static gboolean check_again (TamboHq *hq, const Recheck *recheck, GError **error) {
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
static gboolean give_up (TamboHq *hq, const Recheck *recheck, const GError *cause, GError **error) {
  return tambo_database_run (hq->database, error, "DELETE FROM rechecks WHERE case_id = ?", "s",
                             recheck->case_id)
         && tambo_hq_raise (hq, NULL, "recheck", error, "case %s: %s", recheck->case_id,
                            tambo_decision_words_of (cause));
}

gboolean tambo_decision_run_rechecks (TamboHq *hq, guint *decided, GError **error) {
  g_autoptr (GPtrArray) due = find_due (hq, error);

  for (guint i = 0; due != NULL && i < due->len; i++) {
    g_autoptr (GError) cause = NULL;

    if (check_again (hq, due->pdata[i], &cause)) {
      (*decided)++;
      continue;
    }
    if (g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_EXISTS))
      continue;
    if (tambo_decision_is_about_machine (cause)) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
    if (!give_up (hq, due->pdata[i], cause, error))
      return FALSE;
  }
  return due != NULL;
}
