/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a server listens: "ADDRESS:PORT", "[ADDRESS]:PORT" or "localhost:PORT".
 */
#pragma once

#include <gio/gio.h>

/* INVALID (TAMBO_HQ_ERROR) when TEXT is none. OUT_HOST is without brackets. */
GSocketAddress *tambo_listen_parse (const char *text, char **out_host,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* "ADDRESS:PORT" of HOST, with brackets for IPv6. */
char *tambo_listen_format (GSocketAddress *address, const char *host, guint port);
