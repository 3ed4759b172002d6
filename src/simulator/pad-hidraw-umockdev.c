/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/hidraw.h>
#include <linux/input.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <umockdev.h>
#include <unistd.h>

#include "simulator/handler.h"
#include "simulator/node-terminal.h"
#include "simulator/pad-private.h"
#include "simulator/simulator-error.h"

#define MAX_QUEUE 64 /* as the kernel's hidraw */
#define MAX_FEATURE_SIZE 4096
#define NO_PROGRAM "tambo-no-program"

struct _TamboPadHidraw {
  UMockdevTestbed *testbed; /* borrowed */
  TamboHandler handler;
  TamboPadBed *bed; /* borrowed */
  TamboPad *pad;    /* borrowed */
  char *node;       /* "/dev/hidraw0" */
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

static void put_token (TamboPadHidraw *hidraw) {
  const char token = 1;
  while (write (hidraw->master, &token, 1) < 0 && errno == EINTR)
    ;
}

static void take_token (TamboPadHidraw *hidraw) {
  char token;
  while (read (hidraw->slave, &token, 1) < 0 && errno == EINTR)
    ;
}

static void drop_reports (TamboPadHidraw *hidraw) {
  g_queue_clear_full (&hidraw->reports, (GDestroyNotify) g_bytes_unref);
  tcflush (hidraw->slave, TCIFLUSH);
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

static gboolean on_read (UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  TamboPadHidraw *hidraw = data;
  g_mutex_lock (&hidraw->lock);
  if (hidraw->gone) {
    g_mutex_unlock (&hidraw->lock);
    return fail_client (client, ENODEV);
  }
  g_autoptr (GBytes) report = g_queue_pop_head (&hidraw->reports);
  if (report != NULL)
    take_token (hidraw);
  else
    g_set_object (&hidraw->waiting, client);
  g_mutex_unlock (&hidraw->lock);
  if (report != NULL)
    answer_read (client, report);
  return TRUE;
}

void tambo_pad_hidraw_send (TamboPadHidraw *hidraw, const guint8 *report, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new (report, size);
  g_mutex_lock (&hidraw->lock);
  g_autoptr (UMockdevIoctlClient) waiting = g_steal_pointer (&hidraw->waiting);
  if (waiting == NULL && hidraw->clients > 0) {
    if (g_queue_get_length (&hidraw->reports) >= MAX_QUEUE) {
      g_bytes_unref (g_queue_pop_head (&hidraw->reports));
      take_token (hidraw);
    }
    g_queue_push_tail (&hidraw->reports, g_bytes_ref (bytes));
    put_token (hidraw);
  }
  g_mutex_unlock (&hidraw->lock);
  if (waiting != NULL)
    answer_read (waiting, bytes);
}

static void on_connected (UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  TamboPadHidraw *hidraw = data;
  g_mutex_lock (&hidraw->lock);
  if (hidraw->gone) /* the one of tambo_handler_attach */
    g_object_set_data (G_OBJECT (client), NO_PROGRAM, hidraw);
  else if (hidraw->clients++ == 0)
    drop_reports (hidraw);
  g_mutex_unlock (&hidraw->lock);
}

static void on_vanished (UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  TamboPadHidraw *hidraw = data;
  g_mutex_lock (&hidraw->lock);
  if (g_object_get_data (G_OBJECT (client), NO_PROGRAM) == NULL && hidraw->clients > 0
      && --hidraw->clients == 0)
    drop_reports (hidraw);
  if (hidraw->waiting == client)
    g_clear_object (&hidraw->waiting);
  g_ptr_array_remove (hidraw->hanging, client);
  g_mutex_unlock (&hidraw->lock);
}

/* The result of an ioctl, or a negative errno. TARGET is the memory behind its argument. */
static glong answer_ioctl (TamboPadHidraw *hidraw, gulong request, UMockdevIoctlData *target,
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
    return tambo_pad_set_feature (hidraw->pad, target->data, size) ? (glong) size : -EPIPE;
  case 0x07: {
    g_autofree guint8 *report = g_memdup2 (target->data, size);
    if (!tambo_pad_get_feature (hidraw->pad, report, size, &got))
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
  TamboPadHidraw *hidraw = data;
  gulong request = umockdev_ioctl_client_get_request (client);
  gsize size = _IOC_SIZE (request);
  if (_IOC_TYPE (request) != 'H' || size == 0
      || size > MAX (MAX_FEATURE_SIZE, sizeof (struct hidraw_report_descriptor)))
    return FALSE;
  guint struck;
  if (tambo_pad_bed_step (hidraw->bed, &struck))
    return fail_client (client, ENODEV);
  if (tambo_pad_fault_is_in (struck, TAMBO_PAD_FAULT_BUSY))
    return fail_client (client, EBUSY);
  if (tambo_pad_fault_is_in (struck, TAMBO_PAD_FAULT_HANG)) {
    g_mutex_lock (&hidraw->lock);
    g_ptr_array_add (hidraw->hanging, g_object_ref (client));
    g_mutex_unlock (&hidraw->lock);
    return TRUE;
  }
  UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg (client);
  UMockdevIoctlData *target = umockdev_ioctl_data_resolve (argument, 0, size, NULL);
  glong result = target != NULL ? answer_ioctl (hidraw, request, target, size) : -EFAULT;
  if (result > 1 && _IOC_NR (request) == 0x07
      && tambo_pad_fault_is_in (struck, TAMBO_PAD_FAULT_GARBAGE))
    spoil_answer (target, (gsize) result);
  umockdev_ioctl_client_complete (client, result < 0 ? -1 : result, result < 0 ? (int) -result : 0);
  if (target != NULL)
    umockdev_ioctl_data_unref (target);
  return TRUE;
}

static gboolean open_node (TamboPadHidraw *hidraw, const char *root, GError **error) {
  g_autofree char *node = g_strconcat (root, hidraw->node, NULL);
  int slave;

  hidraw->master = tambo_node_terminal_put (node, error);
  if (hidraw->master < 0)
    return FALSE;
  slave = open (node, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (slave < 0) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "cannot open the pad's terminal %s: %s", node, g_strerror (errno));
    return FALSE;
  }
  hidraw->slave = slave;
  return TRUE;
}

static void close_node (TamboPadHidraw *hidraw) {
  g_mutex_lock (&hidraw->lock);
  if (hidraw->slave >= 0)
    close (hidraw->slave);
  if (hidraw->master >= 0)
    close (hidraw->master);
  hidraw->master = hidraw->slave = -1;
  g_mutex_unlock (&hidraw->lock);
}

gboolean tambo_pad_hidraw_plug (TamboPadHidraw *hidraw, const char *root, const char *node,
                                GError **error) {
  g_free (hidraw->node);
  hidraw->node = g_strdup (node);
  if (!open_node (hidraw, root, error)
      || !tambo_handler_attach (&hidraw->handler, hidraw->testbed, root, node, error))
    return FALSE;
  g_mutex_lock (&hidraw->lock);
  hidraw->gone = FALSE;
  g_mutex_unlock (&hidraw->lock);
  return TRUE;
}

/* Who has the pad open is told so: a read that waits fails, and a byte that nobody takes ends a poll(). */
void tambo_pad_hidraw_pull (TamboPadHidraw *hidraw) {
  g_autoptr (UMockdevIoctlClient) waiting = NULL;
  g_autoptr (GPtrArray) hanging = NULL;
  g_mutex_lock (&hidraw->lock);
  hidraw->gone = TRUE;
  waiting = g_steal_pointer (&hidraw->waiting);
  hanging = hidraw->hanging;
  hidraw->hanging = g_ptr_array_new_with_free_func (g_object_unref);
  put_token (hidraw);
  g_mutex_unlock (&hidraw->lock);
  if (waiting != NULL)
    fail_client (waiting, ENODEV);
  for (guint i = 0; i < hanging->len; i++)
    fail_client (hanging->pdata[i], ENODEV);
  umockdev_testbed_detach_ioctl (hidraw->testbed, hidraw->node, NULL);
  close_node (hidraw); /* a hang-up, which poll() tells as well */
}

TamboPadHidraw *tambo_pad_hidraw_new (gpointer testbed, TamboPadBed *bed, TamboPad *pad) {
  TamboPadHidraw *hidraw = g_new0 (TamboPadHidraw, 1);
  g_mutex_init (&hidraw->lock);
  g_queue_init (&hidraw->reports);
  hidraw->testbed = testbed;
  hidraw->bed = bed;
  hidraw->pad = pad;
  hidraw->hanging = g_ptr_array_new_with_free_func (g_object_unref);
  hidraw->master = hidraw->slave = -1;
  hidraw->gone = TRUE;
  tambo_handler_init (&hidraw->handler);
  tambo_handler_connect (&hidraw->handler, "handle-ioctl", G_CALLBACK (on_ioctl), hidraw);
  tambo_handler_connect (&hidraw->handler, "handle-read", G_CALLBACK (on_read), hidraw);
  tambo_handler_connect (&hidraw->handler, "client-connected", G_CALLBACK (on_connected), hidraw);
  tambo_handler_connect (&hidraw->handler, "client-vanished", G_CALLBACK (on_vanished), hidraw);
  return hidraw;
}

void tambo_pad_hidraw_free (TamboPadHidraw *hidraw) {
  if (hidraw == NULL)
    return;
  tambo_handler_clear (&hidraw->handler, hidraw);
  close_node (hidraw);
  g_clear_object (&hidraw->waiting);
  g_queue_clear_full (&hidraw->reports, (GDestroyNotify) g_bytes_unref);
  g_ptr_array_unref (hidraw->hanging);
  g_mutex_clear (&hidraw->lock);
  g_free (hidraw->node);
  g_free (hidraw);
}
