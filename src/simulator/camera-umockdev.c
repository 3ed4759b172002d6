/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera-umockdev.h"

#include <errno.h>
#include <umockdev.h>

#include "simulator/simulator-error.h"
#include "simulator/testbed-usb.h"
#include "simulator/uevent.h"
#include "simulator/usbfs.h"

#define USB_PLACE "/devices/usb1/1-2"
#define INTERFACE_PLACE USB_PLACE "/1-2:1.0"
#define FIRST_NUMBER 7
#define BULK_IN 0x81
#define BULK_OUT 0x02
#define INTERRUPT_IN 0x83

struct _TamboCameraBed {
  UMockdevTestbed *testbed;
  TamboUsbfs *usbfs;
  TamboFaults *faults; /* borrowed */
  char *root, *node;
  GMutex plugging;
  gboolean plugged;
  guint plugs; /* how often it was plugged in: its number on the bus */
  GMutex lock;
  TamboCameraUsb *usb; /* borrowed; with the lock */
};

/* On the main thread: the testbed's own cannot take away what it serves. */
static gboolean unplug_later (gpointer data) {
  tambo_camera_bed_set_plugged (data, FALSE, NULL);
  return G_SOURCE_REMOVE;
}

/* ---- the device that usbfs asks ---- */

static gssize on_control (const guint8 *setup, guint8 *data, gsize size, gpointer user) {
  TamboCameraBed *bed = user;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&bed->lock);

  return tambo_camera_usb_control (bed->usb, setup, data, size);
}

static int on_claim (gpointer user) {
  TamboCameraBed *bed = user;
  guint struck = tambo_faults_step (bed->faults);

  return tambo_camera_fault_is_in (struck, TAMBO_CAMERA_FAULT_BUSY) ? -EBUSY : 0;
}

static gssize on_transfer (guint8 endpoint, guint8 *data, gsize size, gpointer user) {
  TamboCameraBed *bed = user;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&bed->lock);

  if (endpoint == BULK_IN)
    return tambo_camera_usb_read (bed->usb, TAMBO_CAMERA_PIPE_BULK_IN, data, size);
  if (endpoint == INTERRUPT_IN)
    return tambo_camera_usb_read (bed->usb, TAMBO_CAMERA_PIPE_INTERRUPT, data, size);
  if (endpoint != BULK_OUT)
    return -EPIPE;
  int result = tambo_camera_usb_write (bed->usb, data, size);
  if (result == -ENODEV)
    g_idle_add (unplug_later, bed);
  return result < 0 ? result : (gssize) size;
}

static void on_released (gpointer user) {
  TamboCameraBed *bed = user;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&bed->lock);

  tambo_camera_usb_reset (bed->usb);
}

/* ---- plugging ---- */

/* The testbed keeps a name for ever: each plug makes another node, as the kernel does. */
static gboolean add_camera (TamboCameraBed *bed, GError **error) {
  g_autoptr (GString) text = g_string_new (NULL);
  const TamboUsbDevice device = {
    .place = USB_PLACE,
    .number = FIRST_NUMBER + bed->plugs % 120,
    .speed = 480,
    .vendor = 0x04b0,
    .product = 0x0437,
    .maker = "NIKON",
    .name = "NIKON DSC D750",
    .interface_class = 6, /* Still Image … */
    .interface_subclass = 1,
    .interface_protocol = 1, /* … with PTP */
    .endpoints = { { BULK_IN, 2, 0, TAMBO_CAMERA_USB_PACKET },
                   { BULK_OUT, 2, 0, TAMBO_CAMERA_USB_PACKET },
                   { INTERRUPT_IN, 3, 8, 64 } },
    .is_played = TRUE,
  };
  if (bed->plugs++ == 0)
    tambo_usb_put_hub (text);
  tambo_usb_put_device (text, &device);
  g_free (bed->node);
  bed->node = g_strdup_printf ("/dev/bus/usb/001/%03u", device.number);
  return umockdev_testbed_add_from_string (bed->testbed, text->str, error);
}

static void tell_station (TamboCameraBed *bed, const char *action) {
  const TamboUevent usb = { action, USB_PLACE, "usb", "usb_device", bed->node };
  const TamboUevent interface = { action, INTERFACE_PLACE, "usb", "usb_interface", NULL };
  tambo_uevent_send (bed->root, &usb);
  tambo_uevent_send (bed->root, &interface);
}

static gboolean come (TamboCameraBed *bed, GError **error) {
  if (!add_camera (bed, error)
      || !tambo_usbfs_plug (bed->usbfs, bed->testbed, bed->root, bed->node, NULL, error))
    return FALSE;
  bed->plugged = TRUE;
  tell_station (bed, "add");
  return TRUE;
}

static void go (TamboCameraBed *bed) {
  tambo_usbfs_pull (bed->usbfs);
  umockdev_testbed_remove_device (bed->testbed, "/sys" INTERFACE_PLACE);
  umockdev_testbed_remove_device (bed->testbed, "/sys" USB_PLACE);
  bed->plugged = FALSE;
  tell_station (bed, "remove");
}

gboolean tambo_camera_bed_set_plugged (TamboCameraBed *bed, gboolean plugged, GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&bed->plugging);
  if (plugged == bed->plugged) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "the camera is %s already", plugged ? "plugged in" : "unplugged");
    return FALSE;
  }
  if (plugged)
    return come (bed, error);
  go (bed);
  return TRUE;
}

TamboCameraBed *tambo_camera_bed_new (const char *dir, TamboCameraUsb *usb, TamboFaults *faults,
                                      GError **error) {
  static const TamboUsbfsDevice device = {
    .control = on_control, .claim = on_claim, .transfer = on_transfer, .released = on_released
  };
  if (!tambo_testbed_check_folder (dir, error))
    return NULL;
  g_autoptr (TamboCameraBed) bed = g_new0 (TamboCameraBed, 1);
  g_mutex_init (&bed->lock);
  g_mutex_init (&bed->plugging);
  bed->usb = usb;
  bed->faults = faults;
  g_setenv ("TMPDIR", dir, TRUE); /* where umockdev makes its folder */
  bed->testbed = umockdev_testbed_new ();
  bed->root = umockdev_testbed_get_root_dir (bed->testbed);
  bed->usbfs = tambo_usbfs_new (&device, bed);
  if (!come (bed, error))
    return NULL;
  return g_steal_pointer (&bed);
}

void tambo_camera_bed_free (TamboCameraBed *bed) {
  if (bed == NULL)
    return;
  if (bed->plugged)
    tambo_usbfs_pull (bed->usbfs);
  /* Its thread answers programs until here. */
  g_clear_object (&bed->testbed);
  tambo_usbfs_free (bed->usbfs);
  g_mutex_clear (&bed->lock);
  g_mutex_clear (&bed->plugging);
  g_free (bed->node);
  g_free (bed->root);
  g_free (bed);
}

const char *tambo_camera_bed_get_root (TamboCameraBed *bed) {
  return bed->root;
}
