/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was taken out of a case, or replaced in it, last: it lies beside the case, sealed like everything of
 * it, until it is put back or forgotten, and at the latest until the case is sealed or discarded.
 *
 * A slot (tambo_sample_dup_slot) is a sample and, of a finger, why it is not there.
 */
#pragma once

#include "store/cases.h"

/* Empties the slot. NOT_FOUND when there is nothing in it. */
gboolean tambo_aside_remove (TamboStore *store, TamboEnrolment *enrolment, const char *slot,
                             const char *actor, GError **error);
/* Why a finger is not there; what the slot said before lies aside. */
gboolean tambo_aside_except (TamboStore *store, TamboEnrolment *enrolment, TamboFinger finger,
                             const char *reason, const char *actor, GError **error);
/* The slot is as it was before the last of these acts, or before its sample was replaced
 * (tambo_cases_save_sample); once more, and it is as it is now. NOT_FOUND when nothing lies aside. */
gboolean tambo_aside_restore (TamboStore *store, TamboEnrolment *enrolment, const char *actor,
                              GError **error);
gboolean tambo_aside_forget (TamboStore *store, const char *case_id, GError **error);
