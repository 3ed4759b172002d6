/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The HTTP server of the pages: libmicrohttpd over GnuTLS, TLS 1.2 and 1.3, one for each site.
 */
#pragma once

#include "hq/web.h"

typedef struct _TamboWebServer TamboWebServer;

typedef struct {
  const char *listen; /* "ADDRESS:PORT"; port 0 takes a free one */
  int max_connections; /* at once; more are told when to come back. 0: as many as are good for one machine */
  const char *certificate_pem;
  GBytes *key_pem;
} TamboWebServerSettings;

/* WEB and SITE are borrowed. */
TamboWebServer *tambo_web_server_start (TamboWeb *web, const TamboWebSite *site,
                                        const TamboWebServerSettings *settings,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *tambo_web_server_get_address (TamboWebServer *server);
void tambo_web_server_stop (TamboWebServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboWebServer, tambo_web_server_stop)
