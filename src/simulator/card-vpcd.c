/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-vpcd.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "base/bytes.h"

#define TIMEOUT_SECONDS 5
#define PIECE 4096

GBytes *tambo_vpcd_take_message (GByteArray *input) {
  TamboReader reader = tambo_reader (input->data, input->len);
  const guint8 *body;
  guint16 size;

  if (!tambo_reader_u16 (&reader, &size) || !tambo_reader_take (&reader, size, &body))
    return NULL;
  GBytes *message = g_bytes_new (body, size);
  g_byte_array_remove_range (input, 0, 2u + size);
  return message;
}

GBytes *tambo_vpcd_frame (GBytes *message) {
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  gsize size;
  gconstpointer body = g_bytes_get_data (message, &size);

  g_return_val_if_fail (size <= G_MAXUINT16, NULL);
  tambo_put_u16 (frame, (guint16) size);
  tambo_put_bytes (frame, body, size);
  return g_byte_array_free_to_bytes (g_steal_pointer (&frame));
}

/* vpcd sends length and body apart, and its Nagle algorithm waits for our acknowledgement between
 * the two: 43 ms a command unless each is acknowledged at once. The kernel forgets the wish, so it
 * is repeated after every receive. */
static void acknowledge_quickly (GSocket *socket) {
  g_socket_set_option (socket, IPPROTO_TCP, TCP_QUICKACK, 1, NULL);
}

static void prepare (GSocket *socket) {
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  acknowledge_quickly (socket);
}

static GSocket *connect_to (GSocketAddress *address, GError **error) {
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (address),
                                             G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (!socket)
    return NULL;
  g_socket_set_timeout (socket, TIMEOUT_SECONDS);
  if (!g_socket_connect (socket, address, NULL, error))
    return NULL;
  /* A source on a socket with a time-out would report silence as an error. */
  g_socket_set_timeout (socket, 0);
  prepare (socket);
  return g_steal_pointer (&socket);
}

GSocket *tambo_vpcd_connect (const char *host, guint16 port, GError **error) {
  g_autoptr (GSocketConnectable) target = g_network_address_new (host, port);
  g_autoptr (GSocketAddressEnumerator) addresses = g_socket_connectable_enumerate (target);

  g_autoptr (GError) last = NULL; /* of the newest address that refused */

  for (;;) {
    g_autoptr (GSocketAddress) address =
        g_socket_address_enumerator_next (addresses, NULL, last ? NULL : &last);
    if (!address) {
      g_propagate_error (error, g_steal_pointer (&last));
      return NULL;
    }
    g_clear_error (&last);
    GSocket *socket = connect_to (address, &last);
    if (socket)
      return socket;
  }
}

GSocket *tambo_vpcd_listen (guint16 port, GError **error) {
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (!socket || !g_socket_bind (socket, address, TRUE, error) || !g_socket_listen (socket, error))
    return NULL;
  return g_steal_pointer (&socket);
}

GSocket *tambo_vpcd_accept (GSocket *listener, GError **error) {
  GSocket *socket = g_socket_accept (listener, NULL, error);

  if (socket)
    prepare (socket);
  return socket;
}

gboolean tambo_vpcd_receive (GSocket *socket, GByteArray *input, GError **error) {
  guint8 piece[PIECE];
  gssize got = g_socket_receive (socket, (char *) piece, sizeof piece, NULL, error);

  if (got <= 0)
    return FALSE;
  acknowledge_quickly (socket);
  g_byte_array_append (input, piece, (guint) got);
  return TRUE;
}

gboolean tambo_vpcd_send (GSocket *socket, GBytes *message, gsize limit, GError **error) {
  g_autoptr (GBytes) frame = tambo_vpcd_frame (message);
  gsize size;
  const char *data = g_bytes_get_data (frame, &size);

  size = MIN (size, limit);
  g_socket_set_timeout (socket, TIMEOUT_SECONDS);
  for (gsize sent = 0; sent < size;) {
    gssize n = g_socket_send (socket, data + sent, size - sent, NULL, error);
    if (n < 0)
      return FALSE;
    sent += (gsize) n;
  }
  g_socket_set_timeout (socket, 0);
  return TRUE;
}
