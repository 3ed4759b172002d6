/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the derived devices and the manager need of TamboDevice, and nobody else.
 */
#pragma once

#include "capture/device.h"

/* One capture at a time: FALSE with BUSY while another one runs. */
gboolean tambo_device_claim (TamboDevice *self, GError **error);
void tambo_device_release (TamboDevice *self);

/* Any thread. Takes effect, and notifies, on the thread that runs the default main context, or at
 * once when none runs. */
void tambo_device_set_state (TamboDevice *self, TamboDeviceState state, const char *detail);
/* What a finished capture tells of the device: NULL makes it ready; a retry or a cancellation tells
 * nothing. */
void tambo_device_set_state_from_error (TamboDevice *self, const GError *error);
