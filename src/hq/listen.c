/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/listen.h"

#include <string.h>

#include "hq/hq-error.h"

GSocketAddress *tambo_listen_parse (const char *text, char **out_host, GError **error) {
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

char *tambo_listen_format (GSocketAddress *address, const char *host, guint port) {
  gboolean is_ipv6 = g_socket_address_get_family (address) == G_SOCKET_FAMILY_IPV6;

  return g_strdup_printf (is_ipv6 ? "[%s]:%u" : "%s:%u", host, port);
}
