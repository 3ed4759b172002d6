/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The camera behind the wire: its operations (PTP, and Nikon's for live view and capture to RAM),
 * properties, pictures and events. Used by one thread, but for the scene, which may be changed at
 * any time.
 */
#pragma once

#include "simulator/camera-portrait.h"
#include "simulator/camera-ptp.h"

typedef struct _TamboCameraBody TamboCameraBody;

TamboCameraBody *tambo_camera_body_new (TamboScene *scene); /* takes SCENE */
void tambo_camera_body_free (TamboCameraBody *body);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCameraBody, tambo_camera_body_free)

void tambo_camera_body_set_scene (TamboCameraBody *body, TamboScene *scene); /* takes SCENE */

/* Forgets session, live view and pictures: a station went away. */
void tambo_camera_body_reset (TamboCameraBody *body);

/* Carries out one operation. INPUT is what the station sent with it, or NULL. What the camera sends
 * is appended to OUTPUT, and OUT_HAS_OUTPUT says that there is a data phase. */
TamboPtpResponse tambo_camera_body_operate (TamboCameraBody *body,
                                            const TamboPtpOperation *operation, GBytes *input,
                                            GByteArray *output, gboolean *out_has_output);

/* The next event for the event connection; FALSE when there is none. */
gboolean tambo_camera_body_take_event (TamboCameraBody *body, guint16 *out_code,
                                       guint32 *out_parameter);
