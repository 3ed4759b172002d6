/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The devices whose library runs in tambo-capture-helper. The manager makes them from the rows that
 * `list` tells.
 */
#pragma once

#include "capture/camera.h"
#include "capture/fingerprint-reader.h"
#include "capture/helper-protocol.h"
#include "capture/signature-pad.h"

TamboDevice *tambo_helper_fingerprint_reader_new (const TamboDeviceRow *row);
TamboDevice *tambo_sbi_reader_new (const TamboDeviceRow *row);
TamboDevice *tambo_helper_camera_new (const TamboDeviceRow *row);
TamboDevice *tambo_helper_signature_pad_new (const TamboDeviceRow *row);
/* Any of them. */
TamboDevice *tambo_helper_device_new (TamboDeviceKind kind, const TamboDeviceRow *row);

/* For those above: an object of TYPE with the row's properties and state. */
TamboDevice *tambo_device_new_from_row (GType type, TamboDeviceKind kind,
                                        const TamboDeviceRow *row);

/* For readers that take more than one finger at once. */
void tambo_fingerprint_reader_set_presses (TamboFingerprintReader *self, guint mask);

/* Runs `list` for KIND: of TamboDeviceRow, owned. */
GPtrArray *tambo_helper_list_devices (TamboDeviceKind kind, GCancellable *cancellable,
                                      GError **error);
