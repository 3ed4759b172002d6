/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keeps a device manager up to date: looks when something came or went, a burst of events once, and again a
 * little later, because udev tells of a device before it is ready for everybody; and looks anew, at growing
 * intervals, as long as a kind could not be listed at all. Services of scanners, of which udev knows nothing, are
 * noticed by the ports that they listen at.
 */
#pragma once

#include "capture/device-manager.h"

typedef struct _TamboDeviceWatch TamboDeviceWatch;

/* MANAGER is borrowed and owns the watch. The first look follows at once. On the default main context. */
TamboDeviceWatch *tambo_device_watch_new (TamboDeviceManager *manager);
void tambo_device_watch_free (TamboDeviceWatch *self);
