/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All capture devices of the desk: a GListModel of TamboDevice. Cameras that are not on USB are told
 * by the environment: TAMBO_CAMERA_PORT, a libgphoto2 port such as "ptpip:192.168.1.1:15740:15740"
 * (a camera on the network cannot be detected).
 */
#pragma once

#include "capture/camera.h"
#include "capture/fingerprint-reader.h"
#include "capture/signature-pad.h"

#define TAMBO_TYPE_DEVICE_MANAGER (tambo_device_manager_get_type ())
G_DECLARE_FINAL_TYPE (TamboDeviceManager, tambo_device_manager, TAMBO, DEVICE_MANAGER, GObject)

TamboDeviceManager *tambo_device_manager_new (void);

/* Asks every kind's helper what is there and updates the list; rows that stay keep their object. A
 * helper that fails gives no error here but a row in state FAILED. The list changes on the calling
 * thread; a window uses the _async form. */
gboolean tambo_device_manager_scan (TamboDeviceManager *self, GCancellable *cancellable,
                                    GError **error);
void tambo_device_manager_scan_async (TamboDeviceManager *self, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
gboolean tambo_device_manager_scan_finish (TamboDeviceManager *self, GAsyncResult *result,
                                           GError **error);

/* From now on the list follows what is plugged in and pulled out, by itself, with a first look at once. On the
 * default main context. */
void tambo_device_manager_watch (TamboDeviceManager *self);

/* Where several of a kind are ready, the one of that name comes first; NULL for no preference. Names stay the
 * same when a device is plugged in anew, which IDs do not. */
void tambo_device_manager_prefer (TamboDeviceManager *self, TamboDeviceKind kind, const char *name);

/* The first ready device of the kind, or of that ID; NO_DEVICE, or the state's own error. The
 * reference is the caller's. */
TamboFingerprintReader *tambo_device_manager_dup_fingerprint_reader (TamboDeviceManager *self,
                                                                     const char *id,
                                                                     GError **error);
/* The first ready one that takes PRESS. */
TamboFingerprintReader *tambo_device_manager_dup_reader_for (TamboDeviceManager *self,
                                                             TamboPress press, GError **error);
TamboCamera *tambo_device_manager_dup_camera (TamboDeviceManager *self, const char *id,
                                              GError **error);
TamboSignaturePad *tambo_device_manager_dup_signature_pad (TamboDeviceManager *self, const char *id,
                                                           GError **error);
