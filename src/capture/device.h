/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A capture device as the desk sees it. The library that drives it (libfprint, libgphoto2, hidapi)
 * runs in a helper process of its own (tambo-capture-helper), so that a device that hangs or dies
 * takes that process with it and nothing else. Every call blocks; the _async forms of the derived
 * types run it on a worker thread. One capture at a time per device: a second one is BUSY.
 */
#pragma once

#include <gio/gio.h>

#include "capture/capture-error.h"

typedef enum {
  TAMBO_DEVICE_FINGERPRINT_READER,
  TAMBO_DEVICE_CAMERA,
  TAMBO_DEVICE_SIGNATURE_PAD,
  TAMBO_DEVICE_PRINTER,
} TamboDeviceKind;

typedef enum {
  TAMBO_DEVICE_READY,
  TAMBO_DEVICE_BUSY,
  TAMBO_DEVICE_NO_PERMISSION,
  TAMBO_DEVICE_UNSUITABLE,     /* there, but not for enrolment; the detail says why */
  TAMBO_DEVICE_NOT_REGISTERED, /* its provider has not given it a key to sign with */
  TAMBO_DEVICE_UNTRUSTED,      /* what it signs does not hold, or its provider is a stranger */
  TAMBO_DEVICE_REMOVED,
  TAMBO_DEVICE_FAILED,
} TamboDeviceState;

const char *tambo_device_kind_to_string (TamboDeviceKind kind);    /* "fingerprint-reader" */
const char *tambo_device_state_to_string (TamboDeviceState state); /* "ready" */

#define TAMBO_TYPE_DEVICE (tambo_device_get_type ())
G_DECLARE_DERIVABLE_TYPE (TamboDevice, tambo_device, TAMBO, DEVICE, GObject)

struct _TamboDeviceClass {
  GObjectClass parent_class;
};

/* Properties "kind", "id", "name", "driver", "state", "detail" (all readable and notified). */
TamboDeviceKind tambo_device_get_kind (TamboDevice *self);
const char *tambo_device_get_id (TamboDevice *self);     /* stable while plugged in */
const char *tambo_device_get_name (TamboDevice *self);   /* "DigitalPersona U.are.U 4000B" */
const char *tambo_device_get_driver (TamboDevice *self); /* "uru4000", "ptpip", "stu-530" */
TamboDeviceState tambo_device_get_state (TamboDevice *self);
const char *tambo_device_get_detail (TamboDevice *self); /* "" when there is nothing to say */
