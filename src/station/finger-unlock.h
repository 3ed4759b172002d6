/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A finger in place of the password, for who has signed in with the password today at this desk and is
 * only back from the copier. docs/decisions says where the keys are meanwhile.
 */
#pragma once

#include "format/image.h"
#include "record/finger.h"
#include "station/station.h"

#define TAMBO_FINGER_UNLOCK_ATTEMPTS 3

/* Enrols IMAGE as the finger of the one who is signed in; it counts from the next sign-in on. QUALITY
 * when there are too few minutiae. */
gboolean tambo_finger_unlock_enrol (TamboStation *station, TamboFinger finger,
                                    const TamboImage *image, GError **error);

/* Wipes the data key; who sat at the desk may come back with a finger, where one was enrolled. */
void tambo_finger_unlock_lock (TamboStation *station);
/* Who may; NULL when it takes a password. */
char *tambo_finger_unlock_dup_operator (TamboStation *station);
/* PASSWORD (store) for another finger; after TAMBO_FINGER_UNLOCK_ATTEMPTS of them, after midnight, and
 * when nobody may: NOT_SIGNED_IN. One in 10,000 strangers' fingers is let through, at most. */
gboolean tambo_finger_unlock_try (TamboStation *station, const TamboImage *image, GError **error);
