/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a page does about a device that failed or is not there: it looks for it now and then, and whenever
 * the list of devices changes, until one of the kind is ready. The clerk has nothing to close and nothing
 * to press.
 */
#pragma once

#include "app/session.h"

#define TAMBO_TYPE_DEVICE_WAIT (tambo_device_wait_get_type ())
G_DECLARE_FINAL_TYPE (TamboDeviceWait, tambo_device_wait, TAMBO, DEVICE_WAIT, GObject)

/* One of the kind is ready: once for each wait, on the main thread. */
typedef void (*TamboDeviceBack) (gpointer owner);

/* OWNER is borrowed: it ends the wait and lets it go before itself. */
TamboDeviceWait *tambo_device_wait_new (TamboSession *session, TamboDeviceKind kind,
                                        TamboDeviceBack back, gpointer owner);

/* Whether ERROR is about the device, and not about what was captured with it. */
gboolean tambo_device_wait_is_about (const GError *error);
/* Waits, each time in a row a little longer before the next look; FALSE when ERROR is not about the
 * device. */
gboolean tambo_device_wait_begin (TamboDeviceWait *self, const GError *error);
/* Does not wait any more: the page is left. */
void tambo_device_wait_end (TamboDeviceWait *self);
/* The device works, or the clerk has pressed a button: the next wait is a short one again. */
void tambo_device_wait_reset (TamboDeviceWait *self);

/* Why it failed, what to do, and that the page goes on by itself afterwards. */
char *tambo_device_wait_sentence (const GError *error);
