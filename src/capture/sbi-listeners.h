/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asks the kernel for the sockets that listen, by sock_diag(7): it looks at those alone, in microseconds, where
 * /proc/net/tcp goes through all places for connections, too.
 */
#pragma once

#include <glib.h>

/* What a socket adds to the number of tambo_sbi_listeners_parse. */
guint64 tambo_sbi_listener_number (guint port, guint64 inode);

/* The same number for the sockets of now; FALSE where the kernel does not answer that. */
gboolean tambo_sbi_listeners_ask (guint first, guint last, guint64 *out_listeners);
