/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The camera's live view on the case's thread: frames are decoded and scaled there, and what the main
 * thread has not painted yet is dropped for the next one.
 */
#pragma once

#include "app/picture-area.h"
#include "app/session.h"

/* Until CANCELLABLE; then DONE with the cancellation, or earlier with the camera's error. */
void tambo_live_view_run (TamboSession *session, TamboPictureArea *area, GCancellable *cancellable,
                          TamboWorkDone done, gpointer owner);
