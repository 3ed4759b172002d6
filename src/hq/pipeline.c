/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/pipeline.h"

#include <stdarg.h>
#include <string.h>

#include "hq/connector.h"
#include "hq/pipeline-private.h"
#include "record/check.h"

typedef struct {
  const char *name;
  TamboStageRun run;
  /* In practice the same few applicants come again and again, before whatever camera there is: what such
   * a stage says is noted, and holds nothing up. */
  gboolean is_noted_in_practice;
} Stage;

static const Stage stages[] = {
  { "completeness", tambo_stage_completeness, FALSE },
  { "quality", tambo_stage_quality, TRUE },
  { "duplicates", tambo_stage_duplicates, TRUE },
};

void tambo_pipeline_result_clear (TamboPipelineResult *result) {
  g_clear_pointer (&result->validations, g_ptr_array_unref);
  g_clear_pointer (&result->held_by, g_free);
  g_clear_pointer (&result->refusal, g_free);
}

void tambo_detail_add (GString *detail, const char *word, const char *format, ...) {
  va_list arguments;

  if (detail->len > 0)
    g_string_append_c (detail, ' ');
  g_string_append_printf (detail, "%s=", word);
  va_start (arguments, format);
  g_string_append_vprintf (detail, format, arguments);
  va_end (arguments);
}

static void take_row (TamboPipelineResult *result, TamboValidation *row) {
  if (row->state != TAMBO_VALIDATION_PASSED && result->held_by == NULL)
    result->held_by = g_strdup (row->name);
  if (row->state == TAMBO_VALIDATION_WAITING)
    result->is_waiting = TRUE;
  g_ptr_array_add (result->validations, row);
}

static gboolean run_stage (const Stage *stage, const TamboPipelineCase *about,
                           TamboPipelineResult *result, GError **error) {
  g_autoptr (GString) detail = g_string_new (NULL);
  TamboValidationState state = TAMBO_VALIDATION_PASSED;

  if (!stage->run (about, result, &state, detail, error))
    return FALSE;
  if (about->hq->practice && stage->is_noted_in_practice && state != TAMBO_VALIDATION_PASSED) {
    tambo_detail_add (detail, "practice", "%s", tambo_validation_state_to_string (state));
    state = TAMBO_VALIDATION_PASSED;
  }
  take_row (result, tambo_validation_new (stage->name, state, detail->str));
  return TRUE;
}

/* One row for each outside service that is set up. */
static gboolean run_connectors (const TamboPipelineCase *about, TamboPipelineResult *result,
                                GError **error) {
  TamboConnectors *connectors = tambo_hq_get_connectors (about->hq, error);

  if (connectors == NULL)
    return FALSE;
  for (guint i = 0; i < tambo_connectors_count (connectors); i++)
    take_row (result, tambo_connectors_ask (connectors, i, about->enrolment, about->waiting_since));
  return TRUE;
}

gboolean tambo_pipeline_run (const TamboPipelineCase *about, TamboPipelineResult *out_result,
                             GError **error) {
  g_auto (TamboPipelineResult) result = { .validations = g_ptr_array_new_with_free_func (
                                              (GDestroyNotify) tambo_validation_free) };

  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    if (!run_stage (&stages[i], about, &result, error))
      return FALSE;
  if (!run_connectors (about, &result, error))
    return FALSE;
  *out_result = result;
  memset (&result, 0, sizeof result);
  return TRUE;
}

/* ---- is everything there that the procedure wants? ---- */

gboolean tambo_stage_completeness (const TamboPipelineCase *about, TamboPipelineResult *result,
                                   TamboValidationState *out_state, GString *detail,
                                   GError **error) {
  g_autoptr (GPtrArray) checks = tambo_check_enrolment (about->enrolment, about->procedure, NULL);
  const TamboCheck *objection = tambo_check_first_open (checks);

  if (objection == NULL)
    return TRUE;
  *out_state = TAMBO_VALIDATION_OBJECTED;
  tambo_detail_add (detail, "rule", "%s", objection->rule);
  result->held_by = g_strdup (objection->rule);
  result->refusal = g_strdup_printf ("%s: %s", objection->rule, objection->detail);
  return TRUE;
}
