/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ports of this computer at which services of fingerprint scanners may listen: 4501 to 4600 (MOSIP SBI),
 * or those in TAMBO_SBI_PORTS, "N" or "FIRST-LAST"; none when that is empty.
 */
#pragma once

#include <glib.h>

#define TAMBO_SBI_MAX_PORTS 100

/* FALSE for none. */
gboolean tambo_sbi_ports_get (guint *out_first, guint *out_last);

/* A number for the sockets that listen at the ports, in a table as /proc/net/tcp is: another one when a service
 * was started anew; 0 for none. */
guint64 tambo_sbi_listeners_parse (const char *table, guint first, guint last);
/* TRUE when *LISTENERS was something else; then it is what is now. */
gboolean tambo_sbi_listeners_update (guint64 *listeners);
