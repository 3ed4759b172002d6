/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/verdict.h"

void tambo_verdict_free (TamboVerdict *verdict) {
  if (!verdict)
    return;
  g_free (verdict->check);
  g_free (verdict->detail);
  g_free (verdict);
}

void tambo_verdict_add (GPtrArray *verdicts, const char *check, TamboVerdictResult result,
                        const char *detail_format, ...) {
  TamboVerdict *verdict = g_new0 (TamboVerdict, 1);
  va_list arguments;

  verdict->check = g_strdup (check);
  verdict->result = result;
  va_start (arguments, detail_format);
  verdict->detail = g_strdup_vprintf (detail_format, arguments);
  va_end (arguments);
  g_ptr_array_add (verdicts, verdict);
}

static gboolean is_verdict (const GError *error) {
  return g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_STATUS)
         || g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED)
         || g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION)
         || g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
}

gboolean tambo_verdict_settle (GPtrArray *verdicts, const char *check, GError *problem,
                               GError **error) {
  if (!is_verdict (problem)) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  tambo_verdict_add (verdicts, check, TAMBO_VERDICT_FAILED, "%s", problem->message);
  g_error_free (problem);
  return TRUE;
}
