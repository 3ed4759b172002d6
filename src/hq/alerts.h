/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Alerts: documents and persons that a clerk has to be warned of. What they are about is kept and told as a
 * hash alone (sync/alert.h); the reason and the next action are for the clerk and name nobody.
 */
#pragma once

#include "hq/headquarters.h"
#include "record/applicant.h"

typedef struct {
  const TamboApplicant
      *whom; /* a document: type, issuing state, number; or a person: names, birth date */
  gboolean is_person;
  const char *reason; /* "reported stolen" */
  const char *action; /* "keep the document and call the supervisor" */
} TamboHqAlert;

/* The alert's id. INVALID when what it is about is not whole. */
char *tambo_hq_alert_add (TamboHq *hq, const TamboHqAlert *alert,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_hq_alert_withdraw (TamboHq *hq, const char *id, GError **error);
