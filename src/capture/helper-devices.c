/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/helper-devices.h"

#include "capture/device-private.h"
#include "capture/helper-client.h"

/* A whole listing: libgphoto2 alone needs a second or two to load its drivers from a cold disk. */
#define LIST_DEADLINE_MS 10000
#define MAX_ROWS 64

static const struct {
  const char *argument;
  TamboDevice *(*make) (const TamboDeviceRow *row);
} kinds[] = {
  [TAMBO_DEVICE_FINGERPRINT_READER] = { "fingerprint", tambo_helper_fingerprint_reader_new },
  [TAMBO_DEVICE_CAMERA] = { "camera", tambo_helper_camera_new },
  [TAMBO_DEVICE_SIGNATURE_PAD] = { "pad", tambo_helper_signature_pad_new },
};

TamboDevice *tambo_device_new_from_row (GType type, TamboDeviceKind kind,
                                        const TamboDeviceRow *row) {
  TamboDevice *device = g_object_new (type, "kind", (int) kind, "id", row->id, "name", row->name,
                                      "driver", row->driver, NULL);

  tambo_device_set_state (device, row->state, row->detail);
  return device;
}

TamboDevice *tambo_helper_device_new (TamboDeviceKind kind, const TamboDeviceRow *row) {
  return kinds[kind].make (row);
}

GPtrArray *tambo_helper_list_devices (TamboDeviceKind kind, GCancellable *cancellable,
                                      GError **error) {
  const char *arguments[] = { "list", kinds[kind].argument, NULL };
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_device_row_free);
  g_autoptr (TamboHelper) helper = tambo_helper_spawn (arguments, cancellable, error);

  if (helper == NULL)
    return NULL;
  for (;;) {
    TamboHelperFrame frame;
    TamboDeviceRow *row = NULL;

    if (!tambo_helper_receive (helper, LIST_DEADLINE_MS, cancellable, &frame, error))
      return NULL;
    if (frame.type == TAMBO_HELPER_DONE)
      return g_steal_pointer (&rows);
    row = tambo_helper_parse_device (&frame, error);
    if (row == NULL)
      return NULL;
    g_ptr_array_add (rows, row);
    if (rows->len > MAX_ROWS) {
      g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
                   "the capture helper listed more than %d devices", MAX_ROWS);
      return NULL;
    }
  }
}
