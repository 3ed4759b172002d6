/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Taking back what is no legal act: a capture that was removed or replaced, a reason why a finger is not
 * there. What was there before is durable until it is forgotten, the case is sealed, or something else is
 * removed or replaced.
 */
#pragma once

#include "record/enrolment.h"
#include "station/station.h"

/* NOT_FOUND (store) when the slot is empty. */
gboolean tambo_take_back_remove (TamboStation *station, TamboEnrolment *enrolment, const char *slot,
                                 GError **error);
/* The slot is as it was before the last removal, replacement or reason; once more: as it was after it.
 * NOT_FOUND (store) when there is nothing to take back. */
gboolean tambo_take_back (TamboStation *station, TamboEnrolment *enrolment, GError **error);
gboolean tambo_take_back_forget (TamboStation *station, const TamboEnrolment *enrolment,
                                 GError **error);
