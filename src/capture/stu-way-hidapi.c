/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/stu-way.h"

#include <hidapi/hidapi.h>
#include <stdlib.h>

#include "capture/stu-protocol.h"

struct _TamboStuPort {
  hid_device *device;
};

static char *dup_place (const char *node) {
  g_autofree char *name = g_path_get_basename (node);
  g_autofree char *link = g_build_filename ("/sys/class/hidraw", name, "device", NULL);
  char *resolved = realpath (link, NULL);
  g_autofree char *interface = resolved != NULL ? g_path_get_dirname (resolved) : NULL;

  free (resolved);
  return interface != NULL ? g_path_get_basename (interface) : g_strdup (node);
}

/* Nothing found and nothing to be asked are one to hidapi. */
static GPtrArray *find (GError **error) {
  GPtrArray *pads = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_stu_found_free);
  struct hid_device_info *list = hid_enumerate (TAMBO_STU_VENDOR, 0);

  for (struct hid_device_info *info = list; info != NULL; info = info->next) {
    TamboStuFound *found;

    if (tambo_stu_model (info->product_id) == NULL)
      continue;
    found = g_new0 (TamboStuFound, 1);
    found->product = info->product_id;
    found->path = g_strdup (info->path);
    found->node = g_strdup (info->path);
    found->place = dup_place (info->path);
    g_ptr_array_add (pads, found);
  }
  hid_free_enumeration (list);
  return pads;
}

static TamboStuPort *open_port (const TamboStuFound *found) {
  hid_device *device = hid_open_path (found->path);
  TamboStuPort *port = device != NULL ? g_new0 (TamboStuPort, 1) : NULL;

  if (port != NULL)
    port->device = device;
  return port;
}

static void close_port (TamboStuPort *port) {
  hid_close (port->device);
  g_free (port);
}

static gboolean set_report (TamboStuPort *port, const guint8 *report, gsize size) {
  return hid_send_feature_report (port->device, report, size) >= 0;
}

static gssize get_report (TamboStuPort *port, guint8 *report, gsize size) {
  return hid_get_feature_report (port->device, report, size);
}

static gssize read_report (TamboStuPort *port, guint8 *report, gsize size, guint milliseconds) {
  return hid_read_timeout (port->device, report, size, (int) milliseconds);
}

const TamboStuWay tambo_stu_way_hidraw = {
  .prefix = "hidraw:",
  .find = find,
  .open = open_port,
  .close = close_port,
  .set = set_report,
  .get = get_report,
  .read = read_report,
};
