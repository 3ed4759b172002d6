/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Captures from the desk's devices into a case: up to three attempts where the applicant can do better,
 * and what was taken is durable on return.
 */
#pragma once

#include "capture/device-manager.h"
#include "station/enrol.h"

/* Told before each attempt, from 1; WHY is NULL at the first, then what was wrong with the last. */
typedef void (*TamboAttemptFunc) (int attempt, const char *why, gpointer data);

typedef struct {
  TamboStation *station;
  TamboDeviceManager *devices;
  TamboEnrolment *enrolment;
  TamboAttemptFunc attempt;            /* may be NULL */
  TamboFingerStatusFunc finger_status; /* may be NULL */
  TamboPenSampleFunc pen_sample;       /* may be NULL */
  gpointer data;
} TamboCaptureDesk;

gboolean tambo_capture_desk_portrait (const TamboCaptureDesk *desk, GCancellable *cancellable,
                                      GError **error);
gboolean tambo_capture_desk_finger (const TamboCaptureDesk *desk, TamboFinger finger,
                                    GCancellable *cancellable, GError **error);
gboolean tambo_capture_desk_signature (const TamboCaptureDesk *desk, GCancellable *cancellable,
                                       GError **error);
