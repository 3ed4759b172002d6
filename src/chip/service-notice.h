/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tells when the socket of the card service may have come: pcscd makes it anew at each start, and whoever waits
 * for that need not ask again and again.
 */
#pragma once

#include <gio/gio.h>

/* From now on; -1 where the system cannot tell, with which the others can be called, too. */
int tambo_service_notice_open (void);
void tambo_service_notice_close (int notice);
/* Until something was told, CANCELLABLE is cancelled or the time is over; TRUE for the first. */
gboolean tambo_service_notice_wait (int notice, guint milliseconds, GCancellable *cancellable);
