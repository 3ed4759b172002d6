/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/listen.h"

#include <errno.h>
#include <microhttpd.h>
#include <string.h>

#include "hq/hq-error.h"

static GSocketAddress *parse (const char *text, char **out_host, GError **error) {
  const char *colon = strrchr (text, ':');
  g_autofree char *host = colon != NULL ? g_strndup (text, (gsize) (colon - text)) : NULL;
  g_autoptr (GSocketAddress) address = NULL;
  guint64 port;

  if (host != NULL && g_ascii_string_to_unsigned (colon + 1, 10, 0, 65535, &port, NULL)) {
    gsize length = strlen (host);

    if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
      memmove (host, host + 1, length - 2);
      host[length - 2] = '\0';
    }
    address = g_inet_socket_address_new_from_string (
        strcmp (host, "localhost") == 0 ? "127.0.0.1" : host, (guint) port);
  }
  if (address == NULL) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, "\"%s\" is not ADDRESS:PORT", text);
    return NULL;
  }
  *out_host = g_steal_pointer (&host);
  return g_steal_pointer (&address);
}

static char *format (GSocketAddress *address, const char *host, guint port) {
  gboolean is_ipv6 = g_socket_address_get_family (address) == G_SOCKET_FAMILY_IPV6;

  return g_strdup_printf (is_ipv6 ? "[%s]:%u" : "%s:%u", host, port);
}

struct MHD_Daemon *tambo_listen_start (const char *text, TamboListenStart start, gpointer server,
                                       char **out_address, GError **error) {
  g_autofree char *host = NULL;
  g_autoptr (GSocketAddress) address = parse (text, &host, error);
  struct sockaddr_storage native;
  const union MHD_DaemonInfo *info;
  struct MHD_Daemon *daemon;

  if (address == NULL || !g_socket_address_to_native (address, &native, sizeof native, error))
    return NULL;
  daemon = start (server, (const struct sockaddr *) &native);
  if (daemon == NULL) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED, "nothing can listen on %s: %s", text,
                 g_strerror (errno));
    return NULL;
  }
  info = MHD_get_daemon_info (daemon, MHD_DAEMON_INFO_BIND_PORT);
  *out_address = format (address, host, info != NULL ? (guint) info->port : 0);
  return daemon;
}
