/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A camera's end of PTP/IP: one station at a time, with a command and an event connection each.
 */
#pragma once

#include "simulator/camera-body.h"

typedef struct _TamboCameraWire TamboCameraWire;

/* Listens on 127.0.0.1 and serves on a thread of its own. BODY is borrowed. PORT 0: a free one. */
TamboCameraWire *tambo_camera_wire_new (TamboCameraBody *body, guint16 port, guint16 *out_port,
                                        GError **error);
void tambo_camera_wire_free (TamboCameraWire *wire);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCameraWire, tambo_camera_wire_free)
