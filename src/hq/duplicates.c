/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The stage "duplicates": is the applicant known from another case? A person who applies a second time is
 * a candidate, too: who that is, a supervisor sees in the two cases.
 */
#include "hq/pipeline-private.h"

#define MAX_CANDIDATES 5

/* Tracking numbers are no secret of the applicant's person; ids stand in for those who have none. */
static char *name_case (TamboHq *hq, const char *case_id, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error, "SELECT tracking_number FROM cases WHERE id = ?", "s", case_id);
  char *name = NULL;

  if (query == NULL)
    return NULL;
  if (tambo_query_next (query, &cause))
    name = tambo_query_dup_text (query, 0);
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return name != NULL ? name : g_strdup (case_id);
}

/* What says nothing about the case: the disk, the database. A gallery that is full is a reason for a person
 * to look. */
static gboolean is_full (const GError *cause) {
  return g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE);
}

gboolean tambo_stage_duplicates (const TamboPipelineCase *about, TamboPipelineResult *result,
                                 TamboValidationState *out_state, GString *detail, GError **error) {
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) cause = NULL;
  g_autoptr (GString) list = g_string_new (NULL);

  tambo_detail_add (detail, "fingers", "%u", about->fingers->count);
  if (about->fingers->count == 0)
    return TRUE;
  found =
      tambo_gallery_search (about->hq, about->fingers, about->opened->id, MAX_CANDIDATES, &cause);
  if (found == NULL && is_full (cause)) {
    *out_state = TAMBO_VALIDATION_UNAVAILABLE;
    tambo_detail_add (detail, "reason", "gallery-full");
    return TRUE;
  }
  if (found == NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  for (guint i = 0; i < found->len; i++) {
    const TamboGalleryCandidate *candidate = found->pdata[i];
    g_autofree char *name = name_case (about->hq, candidate->case_id, error);

    if (name == NULL)
      return FALSE;
    g_string_append_printf (list, "%s%s:%.1f", i > 0 ? "," : "", name, candidate->evidence);
  }
  if (found->len > 0) {
    *out_state = TAMBO_VALIDATION_OBJECTED;
    tambo_detail_add (detail, "candidates", "%s", list->str);
  }
  return TRUE;
}
