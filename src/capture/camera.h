/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A still camera: live view frames and full pictures, as the JPEG files that the camera makes.
 */
#pragma once

#include "capture/device.h"

#define TAMBO_TYPE_CAMERA (tambo_camera_get_type ())
G_DECLARE_DERIVABLE_TYPE (TamboCamera, tambo_camera, TAMBO, CAMERA, TamboDevice)

struct _TamboCameraClass {
  TamboDeviceClass parent_class;
  GBytes *(*next_frame) (TamboCamera *self, GCancellable *cancellable, GError **error);
  GBytes *(*capture) (TamboCamera *self, GCancellable *cancellable, GError **error);
  void (*stop) (TamboCamera *self);
};

/* The next live view frame, a JPEG; starts the live view. The connection stays open between calls
 * until tambo_camera_stop or an error. Both may be called from one worker thread after another. */
GBytes *tambo_camera_next_frame (TamboCamera *self, GCancellable *cancellable, GError **error);
/* A full-resolution picture. */
GBytes *tambo_camera_capture (TamboCamera *self, GCancellable *cancellable, GError **error);
/* Ends the live view and lets the camera go. */
void tambo_camera_stop (TamboCamera *self);
