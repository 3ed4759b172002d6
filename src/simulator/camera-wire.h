/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A camera's end of PTP/IP: one station at a time, with a command and an event connection each.
 */
#pragma once

#include "simulator/camera-body.h"

typedef struct _TamboCameraWire TamboCameraWire;

/* Listens on 127.0.0.1 and serves on a thread of its own. BODY and FAULTS are borrowed. PORT 0: a free
 * one. */
TamboCameraWire *tambo_camera_wire_new (TamboCameraBody *body, TamboFaults *faults, guint16 port,
                                        guint16 *out_port, GError **error);
void tambo_camera_wire_free (TamboCameraWire *wire);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCameraWire, tambo_camera_wire_free)

/* Away: the line is dropped, and the port, which stays ours, takes nobody. Any thread; FALSE when it is so
 * already. */
gboolean tambo_camera_wire_set_plugged (TamboCameraWire *wire, gboolean plugged, GError **error);
