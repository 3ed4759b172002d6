/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rules: is this case complete and acceptable under its procedure? Pure; headquarters and the
 * station run the same ones.
 */
#pragma once

#include "record/enrolment.h"

typedef enum {
  TAMBO_CHECK_PASSED,
  TAMBO_CHECK_MISSING, /* something has still to be done */
  TAMBO_CHECK_FAILED,  /* something is wrong and has to be mended */
  TAMBO_CHECK_APPROVE, /* acceptable if a second person says so */
} TamboCheckVerdict;

typedef struct {
  char *rule; /* "applicant.birth_date", "portrait", "finger-right-index", … */
  TamboCheckVerdict verdict;
  char *detail; /* untranslated; "" when passed */
} TamboCheck;

void tambo_check_free (TamboCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCheck, tambo_check_free)

/* One row per rule of PROCEDURE, in the order of the steps: applicant, guardian, portrait, fingers,
 * signature, documents. TODAY is ISO 8601, NULL for the clock. Elements are TamboCheck, owned. */
GPtrArray *tambo_check_enrolment (const TamboEnrolment *enrolment, const TamboProcedure *procedure,
                                  const char *today);
/* The first row that is not PASSED (borrowed), or NULL. */
const TamboCheck *tambo_check_first_open (GPtrArray *checks);
/* Sets TAMBO_RECORD_ERROR_RULE from the first open row. */
gboolean tambo_check_all_passed (GPtrArray *checks, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whole years on TODAY; an unknown day or month counts as the latest possible. -1 when unknown. */
int tambo_age_on (const char *birth_date, const char *today);
