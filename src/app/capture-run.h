/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One capture for a page: capture-desk on the case's thread, its events on the main thread. After
 * GCancellable was cancelled no event comes but the last, which has the error.
 */
#pragma once

#include "app/session.h"
#include "app/shown-print.h"

typedef struct {
  /* Before each attempt, from 1; WHY is NULL or what was wrong with the last. */
  void (*attempt) (gpointer owner, int attempt, const char *why);
  void (*finger_status) (gpointer owner, TamboFingerStatus status);
  /* Every print that was pressed, good or not; taken over. */
  void (*print) (gpointer owner, TamboShownPrint *print);
  /* Elements are TamboPenSample, those that are new. */
  void (*ink) (gpointer owner, GArray *samples);
  /* PICTURE of what was saved, or NULL with ERROR. */
  void (*done) (gpointer owner, cairo_surface_t *picture, const GError *error);
} TamboCaptureEvents;

typedef struct {
  TamboSampleKind kind;
  TamboFinger finger;
  TamboPress press;     /* of a slap FINGER is one that is shown afterwards */
  guint missing;        /* of a slap, bits 1 << TamboFinger that are not waited for */
  int width, height;    /* the picture of what was saved will fit into it */
  gboolean keep_better; /* as in capture-desk.h */
} TamboCaptureWish;

/* EVENTS are static; members may be NULL but for done. */
void tambo_capture_run (TamboSession *session, const TamboCaptureWish *wish,
                        const TamboCaptureEvents *events, GCancellable *cancellable,
                        gpointer owner);
