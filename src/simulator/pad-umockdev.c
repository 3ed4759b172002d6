/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/pad-umockdev.h"

#include "simulator/simulator-error.h"
#include "simulator/testbed-usb.h"
#include "simulator/uevent.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/hidraw.h>
#include <linux/input.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <umockdev.h>
#include <unistd.h>

#define MAX_QUEUE 64 /* as the kernel's hidraw */
#define MAX_FEATURE_SIZE 4096
#define USB_PLACE "/devices/usb1/1-1"
#define INTERFACE_PLACE USB_PLACE "/1-1:1.0"
#define HID_PLACE INTERFACE_PLACE "/0003:056A:00A5.0001"

struct _TamboPadBed {
  UMockdevTestbed *testbed;
  UMockdevIoctlBase *handler;
  TamboPad *pad;       /* borrowed */
  TamboFaults *faults; /* borrowed */
  char *root;
  char *node, *place; /* "/dev/hidraw0", and where it is below /sys */
  GMutex plugging;
  guint plugs; /* how often it was plugged in: its number on the bus */
  GMutex lock;
  GQueue reports;               /* of GBytes */
  UMockdevIoctlClient *waiting; /* its read found no report */
  GPtrArray *hanging;           /* of UMockdevIoctlClient that will never be answered */
  gboolean gone;
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

static gboolean fail_client (UMockdevIoctlClient *client, int code) {
  umockdev_ioctl_client_complete (client, -1, code);
  return TRUE;
}

/* On the main thread: the testbed's own cannot take away what it serves. */
static gboolean unplug_later (gpointer data) {
  tambo_pad_bed_set_plugged (data, FALSE, NULL);
  return G_SOURCE_REMOVE;
}

/* The next step; whether the pad is gone, maybe from this very moment. */
static gboolean take_step (TamboPadBed *bed, guint *out_struck) {
  *out_struck = tambo_faults_step (bed->faults);
  g_mutex_lock (&bed->lock);
  gboolean pulled = !bed->gone && tambo_pad_fault_is_in (*out_struck, TAMBO_PAD_FAULT_UNPLUG);
  gboolean gone = bed->gone || pulled;
  bed->gone = gone;
  g_mutex_unlock (&bed->lock);
  if (pulled)
    g_idle_add (unplug_later, bed);
  return gone;
}

static gboolean on_read (UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  TamboPadBed *bed = data;
  g_mutex_lock (&bed->lock);
  if (bed->gone) {
    g_mutex_unlock (&bed->lock);
    return fail_client (client, ENODEV);
  }
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
  guint8 sent[TAMBO_PAD_MAX_REPORT];
  guint struck;
  memcpy (sent, report, MIN (size, sizeof sent));
  if (take_step (bed, &struck) || (size = tambo_pad_spoil_pen (struck, sent, size)) == 0)
    return;
  g_autoptr (GBytes) bytes = g_bytes_new (sent, size);
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
  g_ptr_array_remove (bed->hanging, client);
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

static void spoil_answer (UMockdevIoctlData *target, gsize size) {
  g_autofree guint8 *noise = g_malloc (size);
  for (gsize i = 0; i < size; i++)
    noise[i] = (guint8) g_random_int_range (0, 256);
  umockdev_ioctl_data_update (target, 0, noise, (gint) size);
}

static gboolean on_ioctl (UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  TamboPadBed *bed = data;
  gulong request = umockdev_ioctl_client_get_request (client);
  gsize size = _IOC_SIZE (request);
  if (_IOC_TYPE (request) != 'H' || size == 0
      || size > MAX (MAX_FEATURE_SIZE, sizeof (struct hidraw_report_descriptor)))
    return FALSE;
  guint struck;
  if (take_step (bed, &struck))
    return fail_client (client, ENODEV);
  if (tambo_pad_fault_is_in (struck, TAMBO_PAD_FAULT_BUSY))
    return fail_client (client, EBUSY);
  if (tambo_pad_fault_is_in (struck, TAMBO_PAD_FAULT_HANG)) {
    g_mutex_lock (&bed->lock);
    g_ptr_array_add (bed->hanging, g_object_ref (client));
    g_mutex_unlock (&bed->lock);
    return TRUE;
  }
  UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg (client);
  UMockdevIoctlData *target = umockdev_ioctl_data_resolve (argument, 0, size, NULL);
  glong result = target != NULL ? answer_ioctl (bed, request, target, size) : -EFAULT;
  if (result > 1 && _IOC_NR (request) == 0x07
      && tambo_pad_fault_is_in (struck, TAMBO_PAD_FAULT_GARBAGE))
    spoil_answer (target, (gsize) result);
  umockdev_ioctl_client_complete (client, result < 0 ? -1 : result, result < 0 ? (int) -result : 0);
  if (target != NULL)
    umockdev_ioctl_data_unref (target);
  return TRUE;
}

/* Its node under /dev/bus/usb is only there to be seen: hidraw is what is played. */
static void put_usb_device (GString *text, guint number) {
  const TamboUsbDevice device = {
    .place = USB_PLACE,
    .number = number,
    .speed = 12,
    .vendor = TAMBO_PAD_VENDOR,
    .product = TAMBO_PAD_PRODUCT,
    .maker = "Wacom Co.,Ltd.",
    .name = "STU-530",
    .interface_class = 3, /* HID */
    .endpoints = { { 0x81, 3, 4, 64 } },
  };
  tambo_usb_put_device (text, &device);
}

static void put_hid (GString *text) {
  gsize size;
  const guint8 *descriptor = tambo_pad_descriptor (&size);
  g_string_append (text, "P: " HID_PLACE "\n"
                         "E: SUBSYSTEM=hid\nE: DRIVER=hid-generic\n"
                         "E: HID_ID=0003:0000056A:000000A5\n"
                         "E: HID_NAME=Wacom Co.,Ltd. STU-530\nE: HID_PHYS=usb-practice-1/input0\n"
                         "E: HID_UNIQ=\nE: MODALIAS=hid:b0003g0001v0000056Ap000000A5\n"
                         "H: report_descriptor=");
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02X", descriptor[i]);
  g_string_append (text, "\n\n");
}

/* The testbed keeps a name for ever: each plug makes another node, as the kernel does while somebody holds the
 * old one. */
static void put_hidraw (GString *text, TamboPadBed *bed) {
  g_free (bed->node);
  g_free (bed->place);
  bed->node = g_strdup_printf ("/dev/hidraw%u", bed->plugs);
  bed->place = g_strdup_printf (HID_PLACE "/hidraw/hidraw%u", bed->plugs);
  g_string_append_printf (text,
                          "P: %s\nN: hidraw%u\nE: SUBSYSTEM=hidraw\nE: DEVNAME=%s\nA: dev=241:%u\n"
                          "L: device=../../../0003:056A:00A5.0001\n\n",
                          bed->place, bed->plugs, bed->node, bed->plugs);
}

/* As a description: umockdev's functions for single devices look for the parent in /sys, which
 * only works inside the testbed. */
static gboolean add_pad (TamboPadBed *bed, GError **error) {
  g_autoptr (GString) text = g_string_new (NULL);
  if (bed->plugs == 0)
    tambo_usb_put_hub (text);
  put_usb_device (text, 2 + bed->plugs % 120);
  put_hid (text);
  put_hidraw (text, bed);
  bed->plugs++;
  return umockdev_testbed_add_from_string (bed->testbed, text->str, error);
}

static gboolean open_node (TamboPadBed *bed, GError **error) {
  struct termios terminal;
  g_autofree char *node = g_strconcat (bed->root, bed->node, NULL);
  bed->master = umockdev_testbed_get_dev_fd (bed->testbed, bed->node);
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

static gboolean plug_in (TamboPadBed *bed, GError **error) {
  return add_pad (bed, error) && open_node (bed, error)
         && umockdev_testbed_attach_ioctl (bed->testbed, bed->node, bed->handler, error);
}

/* Who has the pad open is told so: a read that waits fails, and a byte that nobody takes ends a poll(). */
static void pull_out (TamboPadBed *bed) {
  g_autoptr (UMockdevIoctlClient) waiting = NULL;
  g_autoptr (GPtrArray) hanging = NULL;
  g_mutex_lock (&bed->lock);
  bed->gone = TRUE;
  waiting = g_steal_pointer (&bed->waiting);
  hanging = bed->hanging;
  bed->hanging = g_ptr_array_new_with_free_func (g_object_unref);
  put_token (bed);
  g_mutex_unlock (&bed->lock);
  if (waiting != NULL)
    fail_client (waiting, ENODEV);
  for (guint i = 0; i < hanging->len; i++)
    fail_client (hanging->pdata[i], ENODEV);
}

static void tell_station (TamboPadBed *bed, const char *action) {
  const TamboUevent usb = { action, USB_PLACE, "usb", "usb_device", NULL };
  const TamboUevent hidraw = { action, bed->place, "hidraw", NULL, bed->node };
  tambo_uevent_send (bed->root, &usb);
  tambo_uevent_send (bed->root, &hidraw);
}

static gboolean come (TamboPadBed *bed, GError **error) {
  if (!plug_in (bed, error))
    return FALSE;
  g_mutex_lock (&bed->lock);
  bed->gone = FALSE;
  g_mutex_unlock (&bed->lock);
  tell_station (bed, "add");
  return TRUE;
}

static void go (TamboPadBed *bed) {
  g_autofree char *hidraw = g_strconcat ("/sys", bed->place, NULL);
  /* The testbed leaves the links to what it is not told of by name. */
  const char *const places[] = { hidraw, "/sys" HID_PLACE, "/sys" INTERFACE_PLACE,
                                 "/sys" USB_PLACE };
  pull_out (bed);
  umockdev_testbed_detach_ioctl (bed->testbed, bed->node, NULL);
  close (bed->slave);
  bed->slave = -1;
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    umockdev_testbed_remove_device (bed->testbed, places[i]);
  tell_station (bed, "remove");
}

gboolean tambo_pad_bed_set_plugged (TamboPadBed *bed, gboolean plugged, GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&bed->plugging);
  if (plugged == (bed->slave >= 0)) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "the pad is %s already", plugged ? "plugged in" : "unplugged");
    return FALSE;
  }
  if (plugged)
    return come (bed, error);
  go (bed);
  return TRUE;
}

TamboPadBed *tambo_pad_bed_new (const char *dir, TamboPad *pad, TamboFaults *faults,
                                GError **error) {
  if (!tambo_testbed_check_folder (dir, error))
    return NULL;
  g_autoptr (TamboPadBed) bed = g_new0 (TamboPadBed, 1);
  g_mutex_init (&bed->lock);
  g_mutex_init (&bed->plugging);
  g_queue_init (&bed->reports);
  bed->pad = pad;
  bed->faults = faults;
  bed->hanging = g_ptr_array_new_with_free_func (g_object_unref);
  bed->master = bed->slave = -1;
  g_setenv ("TMPDIR", dir, TRUE); /* where umockdev makes its folder */
  bed->testbed = umockdev_testbed_new ();
  bed->root = umockdev_testbed_get_root_dir (bed->testbed);
  bed->handler = umockdev_ioctl_base_new ();
  g_signal_connect (bed->handler, "handle-ioctl", G_CALLBACK (on_ioctl), bed);
  g_signal_connect (bed->handler, "handle-read", G_CALLBACK (on_read), bed);
  g_signal_connect (bed->handler, "client-connected", G_CALLBACK (on_connected), bed);
  g_signal_connect (bed->handler, "client-vanished", G_CALLBACK (on_vanished), bed);
  if (!plug_in (bed, error))
    return NULL;
  return g_steal_pointer (&bed);
}

void tambo_pad_bed_free (TamboPadBed *bed) {
  if (bed == NULL)
    return;
  if (bed->handler != NULL) {
    if (bed->slave >= 0)
      umockdev_testbed_detach_ioctl (bed->testbed, bed->node, NULL);
    g_signal_handlers_disconnect_by_data (bed->handler, bed);
  }
  g_clear_object (&bed->waiting);
  g_clear_object (&bed->handler);
  if (bed->slave >= 0)
    close (bed->slave);
  g_clear_object (&bed->testbed);
  g_queue_clear_full (&bed->reports, (GDestroyNotify) g_bytes_unref);
  g_ptr_array_unref (bed->hanging);
  g_mutex_clear (&bed->lock);
  g_mutex_clear (&bed->plugging);
  g_free (bed->node);
  g_free (bed->place);
  g_free (bed->root);
  g_free (bed);
}

const char *tambo_pad_bed_get_root (TamboPadBed *bed) {
  return bed->root;
}
