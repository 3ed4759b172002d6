/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The HTTP server: libmicrohttpd over GnuTLS, TLS 1.3. A client certificate that is not of our authority,
 * not a client's or out of its dates ends the handshake; one that is missing leaves the registration.
 */
#pragma once

#include "hq/headquarters.h"

typedef struct _TamboServer TamboServer;

/* Called, from a server thread, after a record was taken in. */
typedef void (*TamboServerTaken) (gpointer data);

typedef struct {
  const char *listen;     /* "ADDRESS:PORT"; port 0 takes a free one */
  int max_connections;    /* at once; 0: as many as are good for one machine */
  TamboServerTaken taken; /* NULL, or called with DATA */
  gpointer data;
} TamboServerSettings;

TamboServer *tambo_server_start (TamboHq *hq, const TamboServerSettings *settings,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* "ADDRESS:PORT" as it came to be. */
const char *tambo_server_get_address (TamboServer *server);
void tambo_server_stop (TamboServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboServer, tambo_server_stop)
