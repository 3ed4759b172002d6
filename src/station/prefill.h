/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The same person's second document asks nothing twice: what an earlier case of the same person says, and the new one
 * does not say yet. Earlier cases are the open ones of this store, and those that were sealed since the sign-in, of
 * which the applicant's data stays in memory until somebody else signs in or the station is locked.
 */
#pragma once

#include "record/enrolment.h"
#include "station/station.h"

typedef struct {
  char *tracking_number; /* of the earlier case */
  GPtrArray *
      keys; /* of char *: the fields of the applicant that were taken over, in the order of a form */
} TamboPrefill;

void tambo_prefill_free (TamboPrefill *prefill);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboPrefill, tambo_prefill_free)

/* Fills what is empty in ENROLMENT, durable on return; *OUT_PREFILL is NULL when there was nothing to take over. An
 * operator of CASE_CAPTURE. */
gboolean tambo_prefill_take (TamboStation *station, TamboEnrolment *enrolment,
                             TamboPrefill **out_prefill, GError **error);

/* The applicant of a case that was sealed since the sign-in, a copy; NULL when it is not remembered. */
TamboApplicant *tambo_prefill_dup_applicant (TamboStation *station, const char *case_id);

/* Two applicants are one person when a document or a personal number says so, or the names, the birth and the
 * nationality are the same. Pure. */
gboolean tambo_prefill_is_same_person (const TamboApplicant *a, const TamboApplicant *b);

/* ---- for this room ---- */

/* The case is sealed, and its data may be needed again. */
void tambo_prefill_remember (TamboStation *station, const TamboEnrolment *enrolment);
/* Wipes what was remembered. */
void tambo_prefill_forget (TamboStation *station);
