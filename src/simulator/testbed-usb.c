/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/testbed-usb.h"

#include "simulator/simulator-error.h"

#include <string.h>

#define MAX_FOLDER 60
#define CLASS_HUB 9
#define MAJOR 189 /* of the nodes under /dev/bus/usb */

static void put_hex (GString *text, const guint8 *data, gsize size) {
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02X", data[i]);
}

static guint count_endpoints (const TamboUsbDevice *device) {
  guint n = 0;
  while (n < G_N_ELEMENTS (device->endpoints) && device->endpoints[n].address != 0)
    n++;
  return n;
}

static void put_device_descriptor (GString *text, const TamboUsbDevice *device) {
  const guint8 class = device->interface_class == CLASS_HUB ? CLASS_HUB : 0;
  const guint8 head[] = { 18, 1, 0x00, 0x02, class, 0, 0, 64 };
  const guint8 identity[] = { (guint8) device->vendor, (guint8) (device->vendor >> 8),
                              (guint8) device->product, (guint8) (device->product >> 8) };
  const guint8 tail[] = { 0x00, 0x01, 1, 2, 0, 1 };
  put_hex (text, head, sizeof head);
  put_hex (text, identity, sizeof identity);
  put_hex (text, tail, sizeof tail);
}

static void put_descriptors (GString *text, const TamboUsbDevice *device) {
  const guint n = count_endpoints (device);
  const guint8 configuration[] = { 9, 2, (guint8) (18 + 7 * n), 0, 1, 1, 0, 0xa0, 50 };
  const guint8 interface[] = { 9,
                               4,
                               0,
                               0,
                               (guint8) n,
                               device->interface_class,
                               device->interface_subclass,
                               device->interface_protocol,
                               0 };
  put_device_descriptor (text, device);
  put_hex (text, configuration, sizeof configuration);
  put_hex (text, interface, sizeof interface);
  for (guint i = 0; i < n; i++) {
    const TamboUsbEndpoint *endpoint = &device->endpoints[i];
    const guint8 descriptor[] = { 7,
                                  5,
                                  endpoint->address,
                                  endpoint->type,
                                  (guint8) endpoint->packet_size,
                                  (guint8) (endpoint->packet_size >> 8),
                                  endpoint->interval };
    put_hex (text, descriptor, sizeof descriptor);
  }
  g_string_append_c (text, '\n');
}

static void put_node (GString *text, const TamboUsbDevice *device) {
  g_string_append_printf (text, "N: bus/usb/001/%03u", device->number);
  if (device->is_played) {
    g_string_append_c (text, '\n');
  } else {
    g_string_append_c (text, '=');
    put_descriptors (text, device);
  }
  g_string_append_printf (text, "E: DEVNAME=/dev/bus/usb/001/%03u\n", device->number);
  if (device->is_played)
    g_string_append_printf (text, "A: dev=%d:%u\n", MAJOR, device->number - 1);
}

static void put_identity (GString *text, const TamboUsbDevice *device) {
  g_string_append_printf (text, "P: %s\n", device->place);
  if (!device->has_no_node)
    put_node (text, device);
  g_string_append_printf (text,
                          "E: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nE: BUSNUM=001\n"
                          "E: DEVNUM=%03u\n"
                          "E: PRODUCT=%x/%x/100\nE: ID_VENDOR_ID=%04x\nE: ID_MODEL_ID=%04x\n",
                          device->number, device->vendor, device->product, device->vendor,
                          device->product);
}

static void put_attributes (GString *text, const TamboUsbDevice *device) {
  g_string_append_printf (
      text,
      "A: idVendor=%04x\nA: idProduct=%04x\nA: busnum=1\nA: devnum=%u\nA: speed=%u\n"
      "A: bConfigurationValue=1\nA: bDeviceClass=%02x\nA: bcdDevice=0100\n"
      "A: manufacturer=%s\nA: product=%s\nH: descriptors=",
      device->vendor, device->product, device->number, device->speed,
      device->interface_class == CLASS_HUB ? CLASS_HUB : 0, device->maker, device->name);
  put_descriptors (text, device);
  g_string_append_c (text, '\n');
}

void tambo_usb_put_hub (GString *text) {
  static const TamboUsbDevice hub = {
    .place = "/devices/usb1",
    .number = 1,
    .speed = 480,
    .vendor = 0x1d6b,
    .product = 0x0002,
    .maker = "Practice",
    .name = "Practice hub",
    .interface_class = CLASS_HUB,
    .endpoints = { { 0x81, 3, 4, 64 } },
  };
  put_identity (text, &hub);
  put_attributes (text, &hub);
}

void tambo_usb_put_device (GString *text, const TamboUsbDevice *device) {
  const char *name = strrchr (device->place, '/') + 1;
  put_identity (text, device);
  put_attributes (text, device);
  g_string_append_printf (text,
                          "P: %s/%s:1.0\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_interface\n"
                          "E: PRODUCT=%x/%x/100\nE: INTERFACE=%u/%u/%u\n"
                          "A: bInterfaceNumber=00\nA: bInterfaceClass=%02x\n"
                          "A: bInterfaceSubClass=%02x\nA: bInterfaceProtocol=%02x\n"
                          "A: bAlternateSetting= 0\n\n",
                          device->place, name, device->vendor, device->product,
                          device->interface_class, device->interface_subclass,
                          device->interface_protocol, device->interface_class,
                          device->interface_subclass, device->interface_protocol);
}

gboolean tambo_testbed_check_folder (const char *dir, GError **error) {
  if (strlen (dir) > MAX_FOLDER) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
                 "the folder's name %s is longer than %d bytes, too long for sockets inside", dir,
                 MAX_FOLDER);
    return FALSE;
  }
  return TRUE;
}

char **tambo_testbed_environment (const char *root) {
  const char *preload = g_getenv ("LD_PRELOAD");
  g_autofree char *libraries =
      g_strconcat ("libumockdev-preload.so.0", preload != NULL && *preload != '\0' ? ":" : "",
                   preload != NULL ? preload : "", NULL);
  char **environment = g_get_environ ();
  environment = g_environ_setenv (environment, "UMOCKDEV_DIR", root, TRUE);
  return g_environ_setenv (environment, "LD_PRELOAD", libraries, TRUE);
}
