/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A finger of the one at the desk, not of an applicant: one picture from the reader, off the main thread.
 */
#pragma once

#include "app/session.h"

/* IMAGE is grey and NULL with ERROR. Not called for a widget that left its window. */
typedef void (*TamboFingerHeard) (gpointer owner, const TamboImage *image, const GError *error);

/* Has a thread of its own until it ends: a finger may be long in coming. */
void tambo_finger_listen (TamboSession *session, GCancellable *cancellable, TamboFingerHeard heard,
                          gpointer owner);
