/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What lies on the glass at once: one finger, or as many of a hand as the desk's reader takes.
 */
#pragma once

#include "app/session.h"

/* For FINGER, of those that are WANTED (bits 1 << TamboFinger): a slap where a ready reader takes it and at least
 * two of its fingers are wanted. */
TamboPress tambo_hand_press_choose (TamboSession *session, TamboFinger finger, guint wanted);
/* The fingers of it that are wanted. */
guint tambo_hand_press_fingers (TamboPress press, TamboFinger finger, guint wanted);
/* "Right hand: put four fingers flat on the glass" and the like. */
char *tambo_hand_press_prompt (TamboPress press, TamboFinger finger, guint wanted,
                               gboolean is_present);
