/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The camera behind the wire: its operations (PTP, and Nikon's for live view and capture to RAM),
 * properties, pictures and events. Used by one thread, but for the scene, which may be changed at
 * any time.
 */
#pragma once

#include "simulator/camera-portrait.h"
#include "simulator/camera-ptp.h"
#include "simulator/fault.h"

typedef struct _TamboCameraBody TamboCameraBody;

TamboCameraBody *tambo_camera_body_new (TamboScene *scene); /* takes SCENE */
void tambo_camera_body_free (TamboCameraBody *body);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCameraBody, tambo_camera_body_free)

void tambo_camera_body_set_scene (TamboCameraBody *body, TamboScene *scene); /* takes SCENE */

/* Forgets session, live view and pictures: a station went away. */
void tambo_camera_body_reset (TamboCameraBody *body);

/* A camera's steps are its operations, and over USB that a station claims it. The line's faults are for whoever
 * plays the line. */
typedef enum {
  TAMBO_CAMERA_FAULT_HANG,    /* the line: no answer any more */
  TAMBO_CAMERA_FAULT_CLOSE,   /* the line: it is closed */
  TAMBO_CAMERA_FAULT_GARBAGE, /* the line: noise in the place of an answer */
  TAMBO_CAMERA_FAULT_UNPLUG,  /* the line: the camera is away until it is plugged in */
  TAMBO_CAMERA_FAULT_BUSY, /* takes no picture and shows none; the line: USB is claimed by another */
  TAMBO_CAMERA_FAULT_STUCK,    /* is never ready again after it was triggered */
  TAMBO_CAMERA_FAULT_NO_FOCUS, /* takes no picture for want of focus */
  TAMBO_CAMERA_FAULT_TRUNCATE, /* half of a picture */
  TAMBO_CAMERA_FAULT_ERROR,    /* answers everything with a general error */
} TamboCameraFault;

TamboFaults *tambo_camera_faults_new (void);
gboolean tambo_camera_fault_is_in (guint struck, TamboCameraFault fault);

/* Carries out one operation; STRUCK are the faults of this step. INPUT is what the station sent with it, or NULL. What the camera sends
 * is appended to OUTPUT, and OUT_HAS_OUTPUT says that there is a data phase. */
TamboPtpResponse tambo_camera_body_operate (TamboCameraBody *body,
                                            const TamboPtpOperation *operation, GBytes *input,
                                            guint struck, GByteArray *output,
                                            gboolean *out_has_output);

/* Whether the station sends data with this operation. */
gboolean tambo_camera_body_takes_data (guint16 code);

/* The next event for the event connection; FALSE when there is none. */
gboolean tambo_camera_body_take_event (TamboCameraBody *body, guint16 *out_code,
                                       guint32 *out_parameter);
