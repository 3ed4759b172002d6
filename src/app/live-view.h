/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The camera's live view on the case's thread: frames are decoded and scaled there, and what the main
 * thread has not painted yet is dropped for the next one. What the applicant should do comes beside it.
 */
#pragma once

#include "app/picture-area.h"
#include "app/session.h"
#include "station/portrait-desk.h"

typedef struct {
  /* A frame that was just put into the area. */
  void (*frame) (gpointer owner, cairo_surface_t *frame);
  void (*sight) (gpointer owner, const TamboPortraitSight *sight);
  /* With the cancellation, or earlier with the camera's error. */
  TamboWorkDone done;
} TamboLiveEvents;

/* Until CANCELLABLE. EVENTS are static. */
void tambo_live_view_run (TamboSession *session, TamboPictureArea *area,
                          const TamboLiveEvents *events, GCancellable *cancellable, gpointer owner);
