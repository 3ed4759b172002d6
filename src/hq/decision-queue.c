/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/decision-private.h"

/* One: what was done, what another process did meanwhile, or what can never be done goes out of the way. */
static gboolean work_on (TamboHq *hq, const TamboDecisionQueue *queue, gpointer item,
                         guint *decided, GError **error) {
  g_autoptr (GError) cause = NULL;

  if (queue->decide (hq, item, &cause)) {
    (*decided)++;
    return TRUE;
  }
  if (g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_EXISTS))
    return TRUE;
  if (!tambo_decision_is_about_machine (cause))
    return queue->give_up (hq, item, cause, error);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

gboolean tambo_decision_work_through (TamboHq *hq, const TamboDecisionQueue *queue, gpointer data,
                                      guint *decided, GError **error) {
  for (;;) {
    g_autoptr (GError) cause = NULL;
    gpointer item = queue->next (hq, data, &cause);
    gboolean is_done;

    if (cause != NULL) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
    if (item == NULL)
      return TRUE;
    is_done = work_on (hq, queue, item, decided, error);
    queue->free (item);
    if (!is_done)
      return FALSE;
  }
}
