/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What headquarters decided against is captured again. The sealed case cannot be opened here any more, so a new one
 * takes its place; it knows the applicant as long as this desk remembers who was sealed since the sign-in.
 */
#pragma once

#include "record/enrolment.h"
#include "station/headquarters.h"

/* The refusal of a case that nobody has acted upon; NULL without an error when there is none, or whoever is signed
 * in may not read it. For showing: it does not count as a use of the desk. */
TamboNotice *tambo_recapture_find_refusal (TamboStation *station, const char *case_id,
                                           GError **error);

/* A new case of the procedure of CASE_ID, which headquarters refused (STATE otherwise). The refusal is done with. */
TamboEnrolment *tambo_recapture_begin (TamboStation *station, const char *case_id,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
