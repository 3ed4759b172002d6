/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/finger-listen.h"

typedef struct {
  TamboDeviceManager *devices;
  TamboFingerHeard heard;
} Listening;

static void listening_free (Listening *listening) {
  g_object_unref (listening->devices);
  g_free (listening);
}

static void listen (GTask *task, gpointer owner, gpointer data, GCancellable *cancellable) {
  Listening *listening = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboFingerprintReader) reader =
      tambo_device_manager_dup_fingerprint_reader (listening->devices, NULL, &error);
  g_autoptr (TamboFingerprintCapture) captured =
      reader != NULL ? tambo_fingerprint_reader_capture (reader, NULL, NULL, cancellable, &error)
                     : NULL;

  if (captured != NULL)
    g_task_return_pointer (task, tambo_image_to_grey (captured->image),
                           (GDestroyNotify) tambo_image_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void on_heard_cb (GObject *owner, GAsyncResult *result, gpointer unused) {
  Listening *listening = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboImage) image = g_task_propagate_pointer (G_TASK (result), &error);

  if (!GTK_IS_WIDGET (owner) || gtk_widget_get_root (GTK_WIDGET (owner)) != NULL)
    listening->heard (owner, image, error);
}

void tambo_finger_listen (TamboSession *session, GCancellable *cancellable, TamboFingerHeard heard,
                          gpointer owner) {
  g_autoptr (GTask) task = g_task_new (owner, cancellable, on_heard_cb, NULL);
  Listening *listening = g_new0 (Listening, 1);

  listening->devices = g_object_ref (tambo_session_get_devices (session));
  listening->heard = heard;
  g_task_set_task_data (task, listening, (GDestroyNotify) listening_free);
  g_task_run_in_thread (task, listen);
}
