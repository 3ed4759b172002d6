/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The node of a USB device as Linux gives it to programs (usbfs), inside a umockdev testbed: an unmodified libusb
 * claims its interface, submits requests (URBs) and reaps them.
 */
#pragma once

#include <glib.h>

typedef struct {
  /* A request on the control pipe: SETUP has its 8 bytes, DATA what follows, to be read or filled. Gives how many
   * bytes went over, a negative errno, or TAMBO_USBFS_NEVER. */
  gssize (*control) (const guint8 *setup, guint8 *data, gsize size, gpointer user);
  /* Another program wants the interface: 0, or a negative errno. */
  int (*claim) (gpointer user);
  /* A transfer on another pipe, either way: how many bytes went over, a negative errno, -EAGAIN when there is nothing
   * to read yet; with -ENODEV the device is gone. NULL for a device that only sends (tambo_usbfs_send). */
  gssize (*transfer) (guint8 endpoint, guint8 *data, gsize size, gpointer user);
  /* Who had claimed it let go, reset it, or lost it. NULL. */
  void (*released) (gpointer user);
  gboolean is_held; /* this process has the node open, too, and is named as who has the device */
} TamboUsbfsDevice;

#define TAMBO_USBFS_NEVER G_MINSSIZE /* the device does not answer: the program must give up */

typedef struct _TamboUsbfs TamboUsbfs;

/* DEVICE and USER are borrowed; its functions are called on the testbed's thread, but for released, which may come on
 * any. */
TamboUsbfs *tambo_usbfs_new (const TamboUsbfsDevice *device, gpointer user);
void tambo_usbfs_free (TamboUsbfs *usbfs); /* pulled, and after its testbed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboUsbfs, tambo_usbfs_free)

/* NODE, "/dev/bus/usb/…", of TESTBED, an UMockdevTestbed whose folder is ROOT, is the device from now on. DRIVER is
 * the kernel's that has the interface, or NULL. */
gboolean tambo_usbfs_plug (TamboUsbfs *usbfs, gpointer testbed, const char *root, const char *node,
                           const char *driver, GError **error);
/* Every request ends as the kernel ends it when the plug is pulled, and the node is gone. */
void tambo_usbfs_pull (TamboUsbfs *usbfs);

/* What the device sends on its interrupt pipe, to who has claimed it; the oldest is lost when nobody asks. Any
 * thread. */
void tambo_usbfs_send (TamboUsbfs *usbfs, const guint8 *data, gsize size);
