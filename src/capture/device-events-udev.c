/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/device-events-udev.h"

#include <gudev/gudev.h>

struct _TamboDeviceEvents {
  GUdevClient *client;
  TamboDeviceEventFunc func;
  gpointer data; /* borrowed */
};

static void on_uevent_cb (GUdevClient *client, const char *action, GUdevDevice *device,
                          gpointer data) {
  const TamboDeviceEvents *self = data;

  if (g_str_equal (action, "add") || g_str_equal (action, "remove"))
    self->func (self->data);
}

TamboDeviceEvents *tambo_device_events_new (TamboDeviceEventFunc func, gpointer data) {
  /* Readers and cameras are USB devices, pads as well; webcams and serial readers have their nodes. */
  static const char *const subsystems[] = { "usb/usb_device", "hidraw", "video4linux", "tty",
                                            NULL };
  TamboDeviceEvents *self = g_new0 (TamboDeviceEvents, 1);

  self->func = func;
  self->data = data;
  self->client = g_udev_client_new (subsystems);
  g_signal_connect (self->client, "uevent", G_CALLBACK (on_uevent_cb), self);
  return self;
}

void tambo_device_events_free (TamboDeviceEvents *self) {
  if (self == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->client, self);
  g_object_unref (self->client);
  g_free (self);
}
