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

/* Elements are TamboAlert. Needs no operator: it tells nobody. OUT_GAP as for tambo_alerts_check. */
GPtrArray *tambo_alerts_list (TamboStation *station, GError **out_gap,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether an applicant can be compared with every alert: before anything of one is begun. ALERTS otherwise. */
gboolean tambo_alerts_can_check (TamboStation *station, GError **error);
/* Those about the applicant of ENROLMENT, of whom what is there is compared; an operator of CASE_CAPTURE. A hit is
 * noted in the audit log, of the alert and of the case, once for each case.
 * OUT_GAP is set to ALERTS when the applicant was not compared with every alert: none in the list is no "none" then. It
 * is noted of the case too, and the next exchange brings all of it anew. */
GPtrArray *tambo_alerts_check (TamboStation *station, const TamboEnrolment *enrolment,
                               GError **out_gap, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Compares as tambo_alerts_check does, before a case is sealed: ALERT for a hit, and ALERTS for a gap, that nobody has
 * been told of in this case. They count as told then: the next call goes on. */
gboolean tambo_alerts_check_told (TamboStation *station, const TamboEnrolment *enrolment,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
