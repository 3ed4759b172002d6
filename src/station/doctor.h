/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A check of everything that a day's work stands on: the store, the audit log, the keys, the disk, the
 * clock, headquarters, people, blanks, devices. Each finding that is not good says what to do.
 */
#pragma once

#include "station/station.h"

typedef enum {
  TAMBO_HEALTH_GOOD,
  TAMBO_HEALTH_NOTICE, /* work goes on, somebody should see to it */
  TAMBO_HEALTH_BAD,    /* something does not work */
  TAMBO_HEALTH_BROKEN, /* what must never change has changed */
} TamboHealth;

const char *tambo_health_to_string (TamboHealth health); /* "good", … */

typedef struct {
  const char *subject; /* "audit-log" */
  TamboHealth health;
  char *finding;
  const char *action; /* the next action; NULL when all is good. Static */
} TamboDiagnosis;

void tambo_diagnosis_free (TamboDiagnosis *diagnosis);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboDiagnosis, tambo_diagnosis_free)

/* DONE of TOTAL examinations are over. */
typedef void (*TamboDoctorProgress) (guint done, guint total, gpointer data);

/* Elements are TamboDiagnosis, at least one for each subject. Needs no operator and changes nothing. Fails
 * only when it is cancelled. */
GPtrArray *tambo_doctor_examine (TamboStation *station, TamboDoctorProgress progress, gpointer data,
                                 GCancellable *cancellable,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
