/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/device-holder.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/helper-protocol.h"

/* Who takes such a device first, on desks as they are: for the holders whose files only root may see. */
static const char *const suspects[][6] = {
  [TAMBO_DEVICE_FINGERPRINT_READER] = { "fprintd" },
  [TAMBO_DEVICE_CAMERA] = { "gvfs-gphoto2-volume-monitor", "gvfsd-gphoto2", "gphoto2", "entangle",
                            "darktable" },
  [TAMBO_DEVICE_SIGNATURE_PAD] = { NULL },
};

static char *read_number (const char *place, const char *name) {
  g_autofree char *path = g_build_filename ("/sys/bus/usb/devices", place, name, NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

/* The node behind a device's ID, which its helper made; NULL where the ID does not tell. */
static char *dup_node (const char *id) {
  static const char *const named[] = { "hidraw:", TAMBO_WEBCAM_PREFIX "node:" };
  guint bus, address;
  g_autofree char *place = NULL;
  g_autofree char *busnum = NULL;
  g_autofree char *devnum = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (named); i++)
    if (g_str_has_prefix (id, named[i]))
      return g_strdup (id + strlen (named[i]));
  if (sscanf (id, "usb:%3u,%3u", &bus, &address) == 2)
    return g_strdup_printf ("/dev/bus/usb/%03u/%03u", bus, address);
  if (!g_str_has_prefix (id, "libusb:"))
    return NULL;
  place = g_strndup (id + strlen ("libusb:"), strcspn (id + strlen ("libusb:"), ":"));
  busnum = read_number (place, "busnum");
  devnum = read_number (place, "devnum");
  if (busnum == NULL || devnum == NULL)
    return NULL;
  return g_strdup_printf ("/dev/bus/usb/%03d/%03d", atoi (busnum) % 1000, atoi (devnum) % 1000);
}

static char *dup_comm (const char *pid) {
  g_autofree char *path = g_build_filename ("/proc", pid, "comm", NULL);
  char *name = NULL;

  if (g_file_get_contents (path, &name, NULL, NULL))
    g_strchomp (name);
  return name;
}

/* The device behind a node: two names may lead there, and a path in /proc is none of them. */
static gboolean find_device (const char *node, dev_t *out_device) {
  struct stat info;
  int fd = open (node, O_PATH | O_CLOEXEC);
  gboolean found = fd >= 0 && fstat (fd, &info) == 0 && S_ISCHR (info.st_mode);

  if (fd >= 0)
    close (fd);
  if (found)
    *out_device = info.st_rdev;
  return found;
}

static gboolean has_open (const char *pid, dev_t device) {
  g_autofree char *folder = g_build_filename ("/proc", pid, "fd", NULL);
  g_autoptr (GDir) fds = g_dir_open (folder, 0, NULL);
  const char *entry;

  while (fds != NULL && (entry = g_dir_read_name (fds)) != NULL) {
    g_autofree char *path = g_build_filename (folder, entry, NULL);
    struct stat info;

    if (stat (path, &info) == 0 && S_ISCHR (info.st_mode) && info.st_rdev == device)
      return TRUE;
  }
  return FALSE;
}

static gboolean is_suspect (TamboDeviceKind kind, const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS (suspects[kind]) && suspects[kind][i] != NULL; i++) {
    /* The kernel keeps 15 characters of a name. */
    if (strncmp (name, suspects[kind][i], 15) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Our own helper had the device open already when it learnt that it was held. The fourth word of stat is the parent;
 * the second, a name, may have blanks in it. */
static gboolean is_our_helper (const char *pid) {
  g_autofree char *path = g_build_filename ("/proc", pid, "stat", NULL);
  g_autofree char *text = NULL;
  const char *end;
  int parent;

  return g_file_get_contents (path, &text, NULL, NULL) && (end = strrchr (text, ')')) != NULL
         && sscanf (end, ") %*c %d", &parent) == 1 && parent == getpid ();
}

/* "NAME (process N)" of who has NODE, which may be NULL, open; else the name of a suspect that runs. */
static char *dup_holder (TamboDeviceKind kind, const char *node) {
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  g_autofree char *suspect = NULL;
  const char *pid;
  dev_t device = 0;
  gboolean known = node != NULL && find_device (node, &device);

  while (proc != NULL && (pid = g_dir_read_name (proc)) != NULL) {
    g_autofree char *name = g_ascii_isdigit (pid[0]) ? dup_comm (pid) : NULL;

    if (name == NULL || *name == '\0' || atoi (pid) == getpid () || is_our_helper (pid))
      continue;
    if (known && has_open (pid, device))
      return g_strdup_printf ("%s (process %s)", name, pid);
    if (suspect == NULL && is_suspect (kind, name))
      suspect = g_strdup (name);
  }
  return g_steal_pointer (&suspect);
}

void tambo_device_name_holder (TamboDevice *device, GError **cause) {
  static const char unnamed[] = "held by " TAMBO_HELD_BY_ANOTHER;
  g_autofree char *node = NULL;
  g_autofree char *holder = NULL;
  char *place;

  if (!g_error_matches (*cause, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_BUSY)
      || (place = strstr ((*cause)->message, unnamed)) == NULL)
    return;
  node = dup_node (tambo_device_get_id (device));
  holder = dup_holder (tambo_device_get_kind (device), node);
  if (holder != NULL) {
    char *message = g_strdup_printf ("%.*sheld by %s%s", (int) (place - (*cause)->message),
                                     (*cause)->message, holder, place + strlen (unnamed));

    g_free ((*cause)->message);
    (*cause)->message = message;
  }
}
