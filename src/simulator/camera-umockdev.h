/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The camera as a USB device in a umockdev testbed, a Nikon D750: programs that run with UMOCKDEV_DIR and
 * libumockdev-preload find it under /sys and talk to it through usbfs, as libusb does.
 */
#pragma once

#include "simulator/camera-usb.h"

typedef struct _TamboCameraBed TamboCameraBed;

/* Makes the testbed inside DIR. USB and FAULTS are borrowed. One per process: umockdev keeps its folder in the
 * environment. */
TamboCameraBed *tambo_camera_bed_new (const char *dir, TamboCameraUsb *usb, TamboFaults *faults,
                                      GError **error);
void tambo_camera_bed_free (TamboCameraBed *bed); /* removes the testbed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCameraBed, tambo_camera_bed_free)

const char *tambo_camera_bed_get_root (TamboCameraBed *bed); /* for UMOCKDEV_DIR */
/* The camera comes or goes, with the kernel's uevents, each time as a new device. Any thread but the
 * testbed's own. Fails when it is so already. */
gboolean tambo_camera_bed_set_plugged (TamboCameraBed *bed, gboolean plugged, GError **error);
