/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the kernel and udev say of a device that comes or goes, to whoever listens inside a umockdev testbed.
 * (umockdev's own function for it works only in a process that runs inside.)
 */
#pragma once

#include <glib.h>

/* ROOT is the testbed's folder, ACTION "add" or "remove". DEVPATH begins behind /sys; NODE may be NULL. */
typedef struct {
  const char *action, *devpath, *subsystem, *devtype, *node;
} TamboUevent;

void tambo_uevent_send (const char *root, const TamboUevent *event);
