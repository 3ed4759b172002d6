/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What udev tells of the buses that capture devices are on. Where no udev runs, it tells nothing.
 */
#pragma once

#include <glib.h>

typedef struct _TamboDeviceEvents TamboDeviceEvents;

/* Called on the thread-default main context of the maker when a device came or went. What only changes, or
 * is opened and let go, is not told: whoever looks would hear of its own looking. */
typedef void (*TamboDeviceEventFunc) (gpointer data);

TamboDeviceEvents *tambo_device_events_new (TamboDeviceEventFunc func, gpointer data);
void tambo_device_events_free (TamboDeviceEvents *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboDeviceEvents, tambo_device_events_free)
