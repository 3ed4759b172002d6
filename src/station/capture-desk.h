/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Captures from the desk's devices into a case: up to three attempts where the applicant can do better,
 * and what was taken is durable on return. A finger may go elsewhere, such as into a comparison.
 */
#pragma once

#include "capture/device-manager.h"
#include "station/enrol.h"
#include "station/print-desk.h"

/* Told before each attempt, from 1; WHY is NULL at the first, then what was wrong with the last. */
typedef void (*TamboAttemptFunc) (int attempt, const char *why, gpointer data);

/* Takes the picture of a finger; an error of QUALITY or OTHER_FINGER asks for another attempt. */
typedef gboolean (*TamboFingerTaker) (const TamboImage *image, const char *device, gpointer data,
                                      GError **error);

/* Told of every print that was pressed into a case, good or not, before it is saved or refused. REPORT is
 * TAKEN over. */
typedef void (*TamboPrintFunc) (TamboPrintReport *report, gpointer data);

typedef struct {
  TamboStation *station;
  TamboDeviceManager *devices;
  TamboEnrolment *enrolment;
  TamboFingerTaker take_finger; /* NULL: into ENROLMENT */
  gpointer taker;               /* its data */
  gboolean keep_better;         /* a portrait that is worse than that of ENROLMENT is let go */
  TamboAttemptFunc attempt;     /* may be NULL */
  TamboFingerStatusFunc finger_status; /* may be NULL */
  TamboGlassFunc glass;                /* may be NULL; of readers that show their glass */
  TamboPrintFunc print;                /* may be NULL */
  TamboPenSampleFunc pen_sample;       /* may be NULL */
  gpointer data;
} TamboCaptureDesk;

gboolean tambo_capture_desk_portrait (const TamboCaptureDesk *desk, GCancellable *cancellable,
                                      GError **error);
/* OTHER_FINGER when it is a finger that the case has under another name. When no attempt was good enough, the
 * best is kept all the same (tambo_enrol_keep_finger) and the error is QUALITY. */
gboolean tambo_capture_desk_finger (const TamboCaptureDesk *desk, TamboFinger finger,
                                    GCancellable *cancellable, GError **error);
/* All fingers of PRESS at once, but those with an exception and those in MISSING (bits 1 << TamboFinger). Each is
 * treated as tambo_capture_desk_finger does; one that is good is not lost by another that is not. */
gboolean tambo_capture_desk_slap (const TamboCaptureDesk *desk, TamboPress press, guint missing,
                                  GCancellable *cancellable, GError **error);
/* The same with a picture from elsewhere, of which DEVICE says where; there is no second attempt, and nothing is
 * kept of what is not good enough. A slap is cut into its fingers: QUALITY when they are not those. */
gboolean tambo_capture_desk_finger_image (const TamboCaptureDesk *desk, TamboFinger finger,
                                          const TamboImage *image, const char *device,
                                          GError **error);
gboolean tambo_capture_desk_slap_image (const TamboCaptureDesk *desk, TamboPress press,
                                        guint missing, const TamboImage *image, const char *device,
                                        GError **error);
gboolean tambo_capture_desk_signature (const TamboCaptureDesk *desk, GCancellable *cancellable,
                                       GError **error);
