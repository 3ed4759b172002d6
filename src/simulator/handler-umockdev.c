/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/handler.h"

#include <umockdev.h>

#define PATIENCE (5 * G_TIME_SPAN_SECOND) /* with a program that was stopped in the middle */

void tambo_handler_init (TamboHandler *handler) {
  handler->base = umockdev_ioctl_base_new ();
  g_mutex_init (&handler->lock);
  g_cond_init (&handler->over);
  handler->listeners = 0;
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

void tambo_handler_clear (TamboHandler *handler, gpointer data) {
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  g_signal_handlers_disconnect_by_data (handler->base, data);
  g_mutex_lock (&handler->lock);
  while (handler->listeners > 0 && g_cond_wait_until (&handler->over, &handler->lock, deadline))
    ;
  g_mutex_unlock (&handler->lock);
  g_clear_object (&handler->base);
  g_mutex_clear (&handler->lock);
  g_cond_clear (&handler->over);
}
