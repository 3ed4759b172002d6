/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/pad-umockdev.h"

#include "simulator/simulator-error.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/hidraw.h>
#include <linux/input.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <umockdev.h>
#include <unistd.h>

#define DEVICE_NODE "/dev/hidraw0"
#define MAX_DIR 70   /* umockdev's sockets inside may have 107 bytes */
#define MAX_QUEUE 64 /* as the kernel's hidraw */
#define MAX_FEATURE_SIZE 4096

struct _TamboPadBed {
  UMockdevTestbed *testbed;
  UMockdevIoctlBase *handler;
  TamboPad *pad; /* borrowed */
  char *root;
  GMutex lock;
  GQueue reports;               /* of GBytes */
  UMockdevIoctlClient *waiting; /* its read found no report */
  guint clients;
  /* poll() of the client sees the pseudo terminal behind the node: a byte lies there for each
   * report, put in at MASTER and taken out at SLAVE. */
  int master, slave;
};

static void put_token (TamboPadBed *bed) {
  const char token = 1;
  while (write (bed->master, &token, 1) < 0 && errno == EINTR)
    ;
}

static void take_token (TamboPadBed *bed) {
  char token;
  while (read (bed->slave, &token, 1) < 0 && errno == EINTR)
    ;
}

static void drop_reports (TamboPadBed *bed) {
  g_queue_clear_full (&bed->reports, (GDestroyNotify) g_bytes_unref);
  tcflush (bed->slave, TCIFLUSH);
}

/* Completes a read with REPORT, cut to what the client asked for, as a kernel does. */
static void answer_read (UMockdevIoctlClient *client, GBytes *report) {
  gsize size;
  const guint8 *data = g_bytes_get_data (report, &size);
  UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg (client);
  gsize count = MIN (size, (gsize) MAX (0, argument->data_len));
  umockdev_ioctl_data_update (argument, 0, (guint8 *) data, (gint) count);
  umockdev_ioctl_client_complete (client, (glong) count, 0);
}

static gboolean on_read (UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  TamboPadBed *bed = data;
  g_mutex_lock (&bed->lock);
  g_autoptr (GBytes) report = g_queue_pop_head (&bed->reports);
  if (report != NULL)
    take_token (bed);
  else
    g_set_object (&bed->waiting, client);
  g_mutex_unlock (&bed->lock);
  if (report != NULL)
    answer_read (client, report);
  return TRUE;
}

void tambo_pad_bed_push (TamboPadBed *bed, const guint8 *report, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new (report, size);
  g_mutex_lock (&bed->lock);
  g_autoptr (UMockdevIoctlClient) waiting = g_steal_pointer (&bed->waiting);
  if (waiting == NULL && bed->clients > 0) {
    if (g_queue_get_length (&bed->reports) >= MAX_QUEUE) {
      g_bytes_unref (g_queue_pop_head (&bed->reports));
      take_token (bed);
    }
    g_queue_push_tail (&bed->reports, g_bytes_ref (bytes));
    put_token (bed);
  }
  g_mutex_unlock (&bed->lock);
  if (waiting != NULL)
    answer_read (waiting, bytes);
}

static void on_connected (UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  TamboPadBed *bed = data;
  g_mutex_lock (&bed->lock);
  if (bed->clients++ == 0)
    drop_reports (bed);
  g_mutex_unlock (&bed->lock);
}

static void on_vanished (UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  TamboPadBed *bed = data;
  g_mutex_lock (&bed->lock);
  if (bed->clients > 0 && --bed->clients == 0)
    drop_reports (bed);
  if (bed->waiting == client)
    g_clear_object (&bed->waiting);
  g_mutex_unlock (&bed->lock);
}

/* The result of an ioctl, or a negative errno. TARGET is the memory behind its argument. */
static glong answer_ioctl (TamboPadBed *bed, gulong request, UMockdevIoctlData *target,
                           gsize size) {
  gsize descriptor_size, got;
  const guint8 *descriptor = tambo_pad_descriptor (&descriptor_size);
  static const char name[] = "Wacom Co.,Ltd. STU-530", place[] = "usb-practice-1/input0";
  gint32 count = (gint32) descriptor_size;
  const struct hidraw_devinfo info = { BUS_USB, TAMBO_PAD_VENDOR, (gint16) TAMBO_PAD_PRODUCT };

  switch (_IOC_NR (request)) {
  case 0x01:
    umockdev_ioctl_data_update (target, 0, (guint8 *) &count, sizeof count);
    return 0;
  case 0x02:
    umockdev_ioctl_data_update (target, offsetof (struct hidraw_report_descriptor, value),
                                (guint8 *) descriptor, count);
    return 0;
  case 0x03:
    umockdev_ioctl_data_update (target, 0, (guint8 *) &info, sizeof info);
    return 0;
  case 0x04:
    umockdev_ioctl_data_update (target, 0, (guint8 *) name, (gint) MIN (size, sizeof name));
    return (glong) MIN (size, sizeof name);
  case 0x05:
    umockdev_ioctl_data_update (target, 0, (guint8 *) place, (gint) MIN (size, sizeof place));
    return (glong) MIN (size, sizeof place);
  case 0x06:
    return tambo_pad_set_feature (bed->pad, target->data, size) ? (glong) size : -EPIPE;
  case 0x07: {
    g_autofree guint8 *report = g_memdup2 (target->data, size);
    if (!tambo_pad_get_feature (bed->pad, report, size, &got))
      return -EPIPE;
    umockdev_ioctl_data_update (target, 0, report, (gint) got);
    return (glong) got;
  }
  default:
    return -EINVAL;
  }
}

static gboolean on_ioctl (UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  gulong request = umockdev_ioctl_client_get_request (client);
  gsize size = _IOC_SIZE (request);
  if (_IOC_TYPE (request) != 'H' || size == 0
      || size > MAX (MAX_FEATURE_SIZE, sizeof (struct hidraw_report_descriptor)))
    return FALSE;
  UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg (client);
  UMockdevIoctlData *target = umockdev_ioctl_data_resolve (argument, 0, size, NULL);
  glong result = target != NULL ? answer_ioctl (data, request, target, size) : -EFAULT;
  umockdev_ioctl_client_complete (client, result < 0 ? -1 : result, result < 0 ? (int) -result : 0);
  if (target != NULL)
    umockdev_ioctl_data_unref (target);
  return TRUE;
}

static void put_hex (GString *text, const guint8 *data, gsize size) {
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02X", data[i]);
}

/* A device with one interface and one interrupt pipe. */
static void put_descriptors (GString *text, guint16 vendor, guint16 product, guint8 class) {
  const guint8 device[] = { 18,
                            1,
                            0x00,
                            0x02,
                            class == 9 ? 9 : 0,
                            0,
                            0,
                            64,
                            (guint8) vendor,
                            (guint8) (vendor >> 8),
                            (guint8) product,
                            (guint8) (product >> 8),
                            0x00,
                            0x01,
                            1,
                            2,
                            0,
                            1 };
  const guint8 configuration[] = { 9, 2, 25, 0, 1, 1, 0, 0xa0, 50 };
  const guint8 interface[] = { 9, 4, 0, 0, 1, class, 0, 0, 0 };
  const guint8 endpoint[] = { 7, 5, 0x81, 3, 64, 0, 4 };
  put_hex (text, device, sizeof device);
  put_hex (text, configuration, sizeof configuration);
  put_hex (text, interface, sizeof interface);
  put_hex (text, endpoint, sizeof endpoint);
  g_string_append_c (text, '\n');
}

/* libusb refuses a device whose root hub it does not know. */
static void put_hub (GString *text) {
  g_string_append (text, "P: /devices/usb1\n"
                         "N: bus/usb/001/001=");
  put_descriptors (text, 0x1d6b, 0x0002, 9);
  g_string_append (text, "E: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nE: BUSNUM=001\n"
                         "E: DEVNUM=001\nE: DEVNAME=/dev/bus/usb/001/001\nE: PRODUCT=1d6b/2/601\n"
                         "A: idVendor=1d6b\nA: idProduct=0002\nA: busnum=1\nA: devnum=1\n"
                         "A: speed=480\nA: bConfigurationValue=1\nA: bDeviceClass=09\n"
                         "A: bcdDevice=0601\nA: product=Practice hub\n"
                         "H: descriptors=");
  put_descriptors (text, 0x1d6b, 0x0002, 9);
  g_string_append_c (text, '\n');
}

static void put_usb_device (GString *text) {
  g_string_append (text, "P: /devices/usb1/1-1\n"
                         "N: bus/usb/001/002=");
  put_descriptors (text, TAMBO_PAD_VENDOR, TAMBO_PAD_PRODUCT, 3);
  g_string_append (text, "E: SUBSYSTEM=usb\nE: DEVTYPE=usb_device\nE: BUSNUM=001\n"
                         "E: DEVNUM=002\nE: DEVNAME=/dev/bus/usb/001/002\nE: "
                         "PRODUCT=56a/a5/100\nE: ID_VENDOR_ID=056a\n"
                         "E: ID_MODEL_ID=00a5\n"
                         "A: idVendor=056a\nA: idProduct=00a5\nA: busnum=1\nA: devnum=2\n"
                         "A: speed=12\nA: bConfigurationValue=1\nA: bDeviceClass=00\n"
                         "A: bcdDevice=0100\nA: manufacturer=Wacom Co.,Ltd.\nA: product=STU-530\n"
                         "H: descriptors=");
  put_descriptors (text, TAMBO_PAD_VENDOR, TAMBO_PAD_PRODUCT, 3);
  g_string_append (text, "\nP: /devices/usb1/1-1/1-1:1.0\n"
                         "E: SUBSYSTEM=usb\nE: DEVTYPE=usb_interface\nE: PRODUCT=56a/a5/100\n"
                         "E: INTERFACE=3/0/0\n"
                         "A: bInterfaceNumber=00\nA: bInterfaceClass=03\n"
                         "A: bInterfaceSubClass=00\nA: bInterfaceProtocol=00\n"
                         "A: bAlternateSetting= 0\n\n");
}

static void put_hid (GString *text) {
  gsize size;
  const guint8 *descriptor = tambo_pad_descriptor (&size);
  g_string_append (text, "P: /devices/usb1/1-1/1-1:1.0/0003:056A:00A5.0001\n"
                         "E: SUBSYSTEM=hid\nE: DRIVER=hid-generic\n"
                         "E: HID_ID=0003:0000056A:000000A5\n"
                         "E: HID_NAME=Wacom Co.,Ltd. STU-530\nE: HID_PHYS=usb-practice-1/input0\n"
                         "E: HID_UNIQ=\nE: MODALIAS=hid:b0003g0001v0000056Ap000000A5\n"
                         "H: report_descriptor=");
  put_hex (text, descriptor, size);
  g_string_append (text, "\n\nP: /devices/usb1/1-1/1-1:1.0/0003:056A:00A5.0001/hidraw/hidraw0\n"
                         "N: hidraw0\n"
                         "E: SUBSYSTEM=hidraw\nE: DEVNAME=" DEVICE_NODE "\n"
                         "L: device=../../../0003:056A:00A5.0001\n\n");
}

/* As a description: umockdev's functions for single devices look for the parent in /sys, which
 * only works inside the testbed. */
static gboolean add_devices (UMockdevTestbed *testbed, GError **error) {
  g_autoptr (GString) text = g_string_new (NULL);
  put_hub (text);
  put_usb_device (text);
  put_hid (text);
  return umockdev_testbed_add_from_string (testbed, text->str, error);
}

static gboolean open_node (TamboPadBed *bed, GError **error) {
  struct termios terminal;
  g_autofree char *node = g_strconcat (bed->root, DEVICE_NODE, NULL);
  bed->master = umockdev_testbed_get_dev_fd (bed->testbed, DEVICE_NODE);
  bed->slave = open (node, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (bed->master < 0 || bed->slave < 0 || tcgetattr (bed->slave, &terminal) < 0) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "cannot open the pad's terminal %s: %s", node, g_strerror (errno));
    return FALSE;
  }
  cfmakeraw (&terminal);
  tcsetattr (bed->slave, TCSANOW, &terminal);
  return TRUE;
}

TamboPadBed *tambo_pad_bed_new (const char *dir, TamboPad *pad, GError **error) {
  if (strlen (dir) > MAX_DIR) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
                 "the folder's name %s is longer than %d bytes, too long for sockets inside", dir,
                 MAX_DIR);
    return NULL;
  }
  g_autoptr (TamboPadBed) bed = g_new0 (TamboPadBed, 1);
  g_mutex_init (&bed->lock);
  g_queue_init (&bed->reports);
  bed->pad = pad;
  bed->master = bed->slave = -1;
  g_setenv ("TMPDIR", dir, TRUE); /* where umockdev makes its folder */
  bed->testbed = umockdev_testbed_new ();
  bed->root = umockdev_testbed_get_root_dir (bed->testbed);
  if (!add_devices (bed->testbed, error) || !open_node (bed, error))
    return NULL;
  bed->handler = umockdev_ioctl_base_new ();
  g_signal_connect (bed->handler, "handle-ioctl", G_CALLBACK (on_ioctl), bed);
  g_signal_connect (bed->handler, "handle-read", G_CALLBACK (on_read), bed);
  g_signal_connect (bed->handler, "client-connected", G_CALLBACK (on_connected), bed);
  g_signal_connect (bed->handler, "client-vanished", G_CALLBACK (on_vanished), bed);
  if (!umockdev_testbed_attach_ioctl (bed->testbed, DEVICE_NODE, bed->handler, error))
    return NULL;
  return g_steal_pointer (&bed);
}

void tambo_pad_bed_free (TamboPadBed *bed) {
  if (bed == NULL)
    return;
  if (bed->handler != NULL) {
    umockdev_testbed_detach_ioctl (bed->testbed, DEVICE_NODE, NULL);
    g_signal_handlers_disconnect_by_data (bed->handler, bed);
  }
  g_clear_object (&bed->waiting);
  g_clear_object (&bed->handler);
  if (bed->slave >= 0)
    close (bed->slave);
  g_clear_object (&bed->testbed);
  g_queue_clear_full (&bed->reports, (GDestroyNotify) g_bytes_unref);
  g_mutex_clear (&bed->lock);
  g_free (bed->root);
  g_free (bed);
}

const char *tambo_pad_bed_get_root (TamboPadBed *bed) {
  return bed->root;
}
