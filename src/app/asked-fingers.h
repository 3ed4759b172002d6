/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fingers that the rules of the open case ask for, and what the case has of each.
 */
#pragma once

#include "app/hand-area.h"
#include "app/session.h"

/* The rules know the procedure and the age. */
gboolean tambo_asked_fingers_have (TamboSession *session, TamboFinger finger);
/* The first that is still wanted; UNKNOWN when all are there. */
TamboFinger tambo_asked_fingers_find_next (TamboSession *session);
/* Bits 1 << TamboFinger of those that are still to do, or weak. */
guint tambo_asked_fingers_get_wanted (TamboSession *session);

/* Of FINGER, asked for or not; borrowed, NULL without one. */
const TamboSample *tambo_asked_fingers_find_print (TamboSession *session, TamboFinger finger);
TamboHandState tambo_asked_fingers_get_state (TamboSession *session, TamboFinger finger);
