/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/handler.h"

#include <gio/gunixsocketaddress.h>
#include <umockdev.h>

#include "simulator/simulator-error.h"

#define PATIENCE (5 * G_TIME_SPAN_SECOND) /* with a program that was stopped in the middle */

static void on_connected (UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer data) {
  TamboHandler *handler = data;

  g_mutex_lock (&handler->lock);
  handler->heard++;
  g_cond_signal (&handler->over);
  g_mutex_unlock (&handler->lock);
}

void tambo_handler_init (TamboHandler *handler) {
  handler->base = umockdev_ioctl_base_new ();
  g_mutex_init (&handler->lock);
  g_cond_init (&handler->over);
  handler->listeners = handler->heard = 0;
  tambo_handler_connect (handler, "client-connected", G_CALLBACK (on_connected), handler);
}

/* GLib keeps a closure for as long as it is invoked, on whatever thread. */
static void on_closure_gone (gpointer data, GClosure *closure) {
  TamboHandler *handler = data;

  g_mutex_lock (&handler->lock);
  handler->listeners--;
  g_cond_signal (&handler->over);
  g_mutex_unlock (&handler->lock);
}

void tambo_handler_connect (TamboHandler *handler, const char *signal, GCallback func,
                            gpointer data) {
  GClosure *closure = g_cclosure_new (func, data, NULL);

  g_closure_add_finalize_notifier (closure, handler, on_closure_gone);
  handler->listeners++;
  g_signal_connect_closure (handler->base, signal, closure, FALSE);
}

/* Comes and goes as a program does that opens the node. */
static gboolean call (const char *path, GError **error) {
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, error);

  return connection != NULL;
}

gboolean tambo_handler_attach (TamboHandler *handler, gpointer testbed, const char *root,
                               const char *node, GError **error) {
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  g_autofree char *path = g_build_filename (root, "ioctl", node, NULL);
  gboolean is_heard = TRUE;
  guint before;

  g_mutex_lock (&handler->lock);
  before = handler->heard;
  g_mutex_unlock (&handler->lock);
  if (!umockdev_testbed_attach_ioctl (testbed, node, handler->base, error) || !call (path, error))
    return FALSE;
  g_mutex_lock (&handler->lock);
  while (handler->heard == before && is_heard)
    is_heard = g_cond_wait_until (&handler->over, &handler->lock, deadline);
  g_mutex_unlock (&handler->lock);
  if (!is_heard)
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "nobody listens at the node %s", node);
  return is_heard;
}

void tambo_handler_clear (TamboHandler *handler, gpointer data) {
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  g_signal_handlers_disconnect_by_data (handler->base, handler);
  g_signal_handlers_disconnect_by_data (handler->base, data);
  g_mutex_lock (&handler->lock);
  while (handler->listeners > 0 && g_cond_wait_until (&handler->over, &handler->lock, deadline))
    ;
  g_mutex_unlock (&handler->lock);
  g_clear_object (&handler->base);
  g_mutex_clear (&handler->lock);
  g_cond_clear (&handler->over);
}
