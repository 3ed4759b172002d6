/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/camera-rival.h"

typedef struct {
  GVolumeMonitor *monitor;
  guint n_waiting;
  TamboCameraRivalDone done;
  GObject *owner;
} Unmounting;

static void end_one (Unmounting *unmounting) {
  if (--unmounting->n_waiting > 0)
    return;
  if (!GTK_IS_WIDGET (unmounting->owner)
      || gtk_widget_get_root (GTK_WIDGET (unmounting->owner)) != NULL)
    unmounting->done (unmounting->owner);
  g_object_unref (unmounting->monitor);
  g_object_unref (unmounting->owner);
  g_free (unmounting);
}

static void on_unmounted_cb (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GError) error = NULL;

  /* One that stays mounted is told by the camera's own state, after this. */
  if (!g_mount_unmount_with_operation_finish (G_MOUNT (source), result, &error))
    g_debug ("a camera stays mounted: %s", error->message);
  end_one (data);
}

static gboolean is_camera (GMount *mount) {
  g_autoptr (GFile) root = g_mount_get_root (mount);

  return g_file_has_uri_scheme (root, "gphoto2");
}

void tambo_camera_rival_unmount (TamboCameraRivalDone done, gpointer owner) {
  Unmounting *unmounting = g_new0 (Unmounting, 1);
  GList *mounts;

  unmounting->monitor = g_volume_monitor_get ();
  unmounting->done = done;
  unmounting->owner = g_object_ref (owner);
  unmounting->n_waiting = 1;
  mounts = g_volume_monitor_get_mounts (unmounting->monitor);
  for (GList *l = mounts; l != NULL; l = l->next) {
    if (!is_camera (l->data))
      continue;
    unmounting->n_waiting++;
    g_mount_unmount_with_operation (l->data, G_MOUNT_UNMOUNT_FORCE, NULL, NULL, on_unmounted_cb,
                                    unmounting);
  }
  g_list_free_full (mounts, g_object_unref);
  end_one (unmounting);
}
