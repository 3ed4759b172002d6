/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pad as a USB device and as a hidraw device in a umockdev testbed: programs that run with UMOCKDEV_DIR and
 * libumockdev-preload find it under /sys and /dev.
 */
#pragma once

#include "simulator/pad-protocol.h"

typedef struct _TamboPadBed TamboPadBed;

typedef enum {
  TAMBO_PAD_USB = 1 << 0,    /* usbfs, alone as where the kernel's wacom driver refuses the pad */
  TAMBO_PAD_HIDRAW = 1 << 1, /* alone as where udev gives nothing but that */
} TamboPadWays;

/* Makes the testbed inside DIR. PAD and FAULTS are borrowed. One per process: umockdev keeps its folder in
 * the environment. */
TamboPadBed *tambo_pad_bed_new (const char *dir, TamboPadWays ways, TamboPad *pad,
                                TamboFaults *faults, GError **error);
void tambo_pad_bed_free (TamboPadBed *bed); /* removes the testbed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboPadBed, tambo_pad_bed_free)

const char *tambo_pad_bed_get_root (TamboPadBed *bed); /* for UMOCKDEV_DIR */
/* Gives an input report to who has the device open; the oldest is lost when nobody reads. */
void tambo_pad_bed_push (TamboPadBed *bed, const guint8 *report, gsize size);
/* The pad comes or goes, with the kernel's uevents, each time as a new device. Any thread but the
 * testbed's own. Fails when it is so already. */
gboolean tambo_pad_bed_set_plugged (TamboPadBed *bed, gboolean plugged, GError **error);
