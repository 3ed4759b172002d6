/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A document reader on a serial port, USB (CDC) or RS-232: 8 bits, no parity, one stop bit. Which port it
 * is has to be told (TAMBO_MRZ_PORT): a port does not say what hangs on it.
 */
#pragma once

#include <gio/gio.h>

#include "capture/capture-error.h"

typedef struct _TamboMrzPort TamboMrzPort;

/* PLACE is a node, "/dev/ttyACM0", or one with its speed, "/dev/ttyUSB0:9600"; 9600 bit/s when it is not
 * told. Held for this program alone. NO_DEVICE, NO_PERMISSION, BUSY, UNSUITABLE for what is no serial
 * port or has no such speed. */
TamboMrzPort *tambo_mrz_port_open (const char *place, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_mrz_port_close (TamboMrzPort *port);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboMrzPort, tambo_mrz_port_close)

/* Waits for the next document: the lines of its zone, where check digits may be wrong. A secret of the caller's.
 * TAMBO_CAPTURE_RETRY_NO_ZONE for something else; REMOVED when the port went away. TIMEOUT_MS -1 waits
 * for ever; TIMEOUT after it. */
char *tambo_mrz_port_read (TamboMrzPort *port, int timeout_ms, GCancellable *cancellable,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
