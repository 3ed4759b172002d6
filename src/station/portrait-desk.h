/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A portrait at the desk: what to tell the applicant while the camera looks, when the picture may be taken by
 * itself, and the verdict on what was taken with the part of it that goes into the document.
 */
#pragma once

#include "biometric/portrait-check.h"
#include "format/image.h"

/* All has to be right for so long before the picture is taken by itself, and in so many frames. */
#define TAMBO_PORTRAIT_HOLD_US (1000 * 1000)
#define TAMBO_PORTRAIT_HOLD_FRAMES 5

/* ---- before ---- */

typedef struct {
  const char *hint; /* the one thing to do next, untranslated and static; NULL when all is right */
  double held; /* how much of the time it has been right, 0..1; at 1 the picture may be taken */
  gboolean has_face; /* of what follows, in shares of the frame */
  double eyes_x, eyes_y;
} TamboPortraitSight;

/* When the picture may be taken: not before all was right for a while without a break. Pure. */
typedef struct {
  gint64 since; /* 0: it is not right */
  gint64 last;
  int n_frames;
} TamboPortraitHold;

double tambo_portrait_hold_feed (TamboPortraitHold *hold, gboolean is_right, gint64 now_us);

/* Not to be made or fed on the main thread; one thread at a time. TAMBO_FACE_ERROR when there is no detector:
 * the clerk looks then. */
typedef struct _TamboPortraitWatch TamboPortraitWatch;

TamboPortraitWatch *tambo_portrait_watch_new (GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_portrait_watch_free (TamboPortraitWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboPortraitWatch, tambo_portrait_watch_free)
void tambo_portrait_watch_feed (TamboPortraitWatch *watch, const TamboImage *frame, gint64 now_us,
                                TamboPortraitSight *out_sight);

/* The detector holds half of the window's memory; a desk at which no portrait was looked at for so long gives
 * it back, on a worker. Whether there is something to give back is told at once. */
gboolean tambo_portrait_may_rest (gint64 unused_us);
void tambo_portrait_rest (gint64 unused_us);

/* ---- after ---- */

typedef struct {
  GArray *measures; /* of TamboPortraitMeasure, what hides others first */
  TamboImage *crop; /* NULL when no face was found, or it is too near to the edge */
} TamboPortraitReport;

/* Never fails: without a detector what needs no face is judged. */
TamboPortraitReport *tambo_portrait_report_new (const TamboImage *image);
void tambo_portrait_report_free (TamboPortraitReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboPortraitReport, tambo_portrait_report_free)

/* How much speaks against a portrait whose verdicts are in one line (tambo_portrait_dup_verdicts): the number
 * of measures that failed. NULL counts as the worst. */
guint tambo_portrait_count_faults (const char *verdicts);
