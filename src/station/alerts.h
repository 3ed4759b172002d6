/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Alerts of headquarters about documents and persons. They are hashes here too (sync/alert.h): who is meant
 * shows only when that document or person stands before the clerk.
 */
#pragma once

#include "record/enrolment.h"
#include "station/station.h"

typedef struct {
  char *id;
  char *about;  /* "document", "person" */
  char *reason; /* headquarters' words for the clerk */
  char *action; /* what the clerk does then */
  char *since;
} TamboAlert;

void tambo_alert_free (TamboAlert *alert);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboAlert, tambo_alert_free)

/* Elements are TamboAlert. Needs no operator: it tells nobody. */
GPtrArray *tambo_alerts_list (TamboStation *station, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether tambo_alerts_check can be answered: before anything of an applicant is begun. ALERTS when headquarters' key
 * has rotted, or there are alerts and no key; the next exchange brings it anew. */
gboolean tambo_alerts_can_check (TamboStation *station, GError **error);
/* Those about the applicant of ENROLMENT, of whom what is there is compared; an operator of CASE_CAPTURE. A hit is
 * noted in the audit log, of the alert and of the case. ALERTS as above: nobody was compared with anything. */
GPtrArray *tambo_alerts_check (TamboStation *station, const TamboEnrolment *enrolment,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
