/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who holds a device that is busy. The desk finds it out: the helper's process may not look at others.
 */
#pragma once

#include "capture/device.h"

/* How a helper says that it does not know. */
#define TAMBO_HELD_BY_ANOTHER "another program"

/* Puts the program that has the device open into CAUSE, which may be NULL, when it is a BUSY that names none, and
 * as far as this user may see it. */
void tambo_device_name_holder (TamboDevice *device, GError **cause);
