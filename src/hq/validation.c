/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/validation.h"

#include <string.h>

#include "base/clock.h"

static const char *const states[] = { "passed", "objected", "unavailable", "waiting" };

const char *tambo_validation_state_to_string (TamboValidationState state) {
  return states[state];
}

gboolean tambo_validation_state_from_string (const char *text, TamboValidationState *out_state) {
  for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
    if (strcmp (text, states[i]) != 0)
      continue;
    *out_state = (TamboValidationState) i;
    return TRUE;
  }
  return FALSE;
}

TamboValidation *tambo_validation_new (const char *name, TamboValidationState state,
                                       const char *detail) {
  TamboValidation *validation = g_new0 (TamboValidation, 1);

  validation->name = g_strdup (name);
  validation->state = state;
  validation->detail = g_strdup (detail);
  validation->at = tambo_clock_now ();
  return validation;
}

void tambo_validation_free (TamboValidation *validation) {
  if (validation == NULL)
    return;
  g_free (validation->name);
  g_free (validation->detail);
  g_free (validation->at);
  g_free (validation);
}

static TamboValidation *read_row (TamboQuery *query, GError **error) {
  g_autoptr (TamboValidation) validation = g_new0 (TamboValidation, 1);

  validation->name = tambo_query_dup_text (query, 0);
  validation->detail = g_strdup (tambo_query_text (query, 2));
  validation->at = tambo_query_dup_text (query, 3);
  if (tambo_validation_state_from_string (tambo_query_text (query, 1), &validation->state))
    return g_steal_pointer (&validation);
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED,
                       "a validation has a state that is none");
  return NULL;
}

GPtrArray *tambo_hq_validation_list (TamboHq *hq, const char *case_id, GError **error) {
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_validation_free);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT name, state, detail, at FROM validations WHERE case_id = ? ORDER BY position", "s",
      case_id);

  if (query == NULL)
    return NULL;
  while (tambo_query_next (query, &cause)) {
    TamboValidation *row = read_row (query, error);

    if (row == NULL)
      return NULL;
    g_ptr_array_add (rows, row);
  }
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_steal_pointer (&rows);
}

gboolean tambo_hq_validation_save (TamboHq *hq, const char *case_id, GPtrArray *validations,
                                   GError **error) {
  if (!tambo_database_run (hq->database, error, "DELETE FROM validations WHERE case_id = ?", "s",
                           case_id))
    return FALSE;
  for (guint i = 0; i < validations->len; i++) {
    const TamboValidation *row = validations->pdata[i];

    if (!tambo_database_run (hq->database, error,
                             "INSERT INTO validations (case_id, position, name, state, detail, at)"
                             " VALUES (?, ?, ?, ?, ?, ?)",
                             "sissss", case_id, (gint64) i, row->name, states[row->state],
                             row->detail, row->at))
      return FALSE;
  }
  return TRUE;
}
