/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/sod.h"

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
