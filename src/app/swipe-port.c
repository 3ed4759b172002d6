/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/swipe-port.h"

#include "base/bytes.h"
#include "capture/mrz-port.h"

#define PATIENCE_MS 2000 /* until a missing reader is looked for again */

/* The window's and each reading's. */
typedef struct {
  char *place;
  GCancellable *cancellable; /* when the window goes; the next two are not touched from then on */
  TamboSwiped swiped;
  gpointer owner;     /* borrowed */
  TamboMrzPort *port; /* of the reading under way; NULL while it is not there */
} Listener;

static void listener_clear (gpointer data) {
  Listener *listener = data;

  tambo_mrz_port_close (listener->port);
  g_object_unref (listener->cancellable);
  g_free (listener->place);
}

static void listener_unref (gpointer listener) {
  g_atomic_rc_box_release_full (listener, listener_clear);
}

static void on_window_gone (gpointer data) {
  Listener *listener = data;

  g_cancellable_cancel (listener->cancellable);
  listener_unref (listener);
}

static void wait_until_due (GCancellable *cancellable) {
  GPollFD poll;

  if (!g_cancellable_make_pollfd (cancellable, &poll))
    return;
  g_poll (&poll, 1, PATIENCE_MS);
  g_cancellable_release_fd (cancellable);
}

static char *read_zone (Listener *listener, GError **error) {
  if (listener->port == NULL)
    listener->port = tambo_mrz_port_open (listener->place, error);
  return listener->port != NULL
             ? tambo_mrz_port_read (listener->port, -1, listener->cancellable, error)
             : NULL;
}

static void read_document (GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Listener *listener = data;
  g_autoptr (GError) error = NULL;
  char *zone = read_zone (listener, &error);

  if (zone != NULL) {
    g_task_return_pointer (task, zone, (GDestroyNotify) tambo_secret_string_free);
    return;
  }
  if (error->domain != TAMBO_CAPTURE_RETRY) {
    g_debug ("%s", error->message);
    g_clear_pointer (&listener->port, tambo_mrz_port_close);
    wait_until_due (cancellable);
  }
  g_task_return_error (task, g_steal_pointer (&error));
}

static void on_read_cb (GObject *source, GAsyncResult *result, gpointer data);

static void read_next (Listener *listener) {
  g_autoptr (GTask) task = g_task_new (NULL, listener->cancellable, on_read_cb, NULL);

  g_task_set_task_data (task, g_atomic_rc_box_acquire (listener), listener_unref);
  g_task_run_in_thread (task, read_document);
}

static void on_read_cb (GObject *source, GAsyncResult *result, gpointer data) {
  Listener *listener = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  char *zone = g_task_propagate_pointer (G_TASK (result), &error);

  if (!g_cancellable_is_cancelled (listener->cancellable)) {
    if (zone != NULL)
      listener->swiped (listener->owner, zone);
    else if (error->domain == TAMBO_CAPTURE_RETRY)
      gdk_display_beep (gdk_display_get_default ());
    read_next (listener);
  }
  tambo_secret_string_free (zone);
}

void tambo_swipe_listen (GtkWindow *window, const char *place, TamboSwiped swiped, gpointer owner) {
  Listener *listener = g_atomic_rc_box_new0 (Listener);

  listener->place = g_strdup (place);
  listener->cancellable = g_cancellable_new ();
  listener->swiped = swiped;
  listener->owner = owner;
  g_object_set_data_full (G_OBJECT (window), "tambo-swipe-port", listener, on_window_gone);
  read_next (listener);
}
