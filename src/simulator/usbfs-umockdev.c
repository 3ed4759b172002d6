/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/usbfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <umockdev.h>
#include <unistd.h>

#include "simulator/handler.h"
#include "simulator/node-terminal.h"

#define MAX_QUEUE 64
#define MAX_BUFFER (16 * 1024 * 1024) /* all that usbfs gives a program */
#define SETUP_SIZE 8

/* A request of a program, and its copies of that program's memory. */
typedef struct {
  UMockdevIoctlClient *client; /* borrowed: gone before it is */
  UMockdevIoctlData *urb, *buffer;
} Urb;

struct _TamboUsbfs {
  const TamboUsbfsDevice *device;
  gpointer user;
  UMockdevTestbed *testbed; /* borrowed */
  TamboHandler handler;
  char *node, *path; /* the node, and where it is below the testbed's folder */
  int master; /* of the terminal in the node's place: it is writable while there is something to reap */
  int slave; /* -1 when it is not held */
  gboolean is_flowing;
  GMutex lock;
  gboolean gone;
  const char *driver;           /* of the kernel, or NULL */
  UMockdevIoctlClient *claimer; /* weak: one that is killed in the middle does not take its leave */
  GQueue input;                 /* of GBytes that nobody has asked for yet */
  GPtrArray *waiting, *done;    /* of Urb: without an answer, and to be reaped */
};

static void urb_free (Urb *urb) {
  g_clear_object (&urb->buffer);
  g_object_unref (urb->urb);
  g_free (urb);
}

static struct usbdevfs_urb *urb_get (const Urb *urb) {
  return (struct usbdevfs_urb *) urb->urb->data;
}

/* With the lock, as all that follow. */
static void show_readiness (TamboUsbfs *usbfs) {
  gboolean flows = usbfs->done->len > 0;

  if (flows != usbfs->is_flowing && usbfs->master >= 0)
    tambo_node_terminal_set_flow (usbfs->master, flows);
  usbfs->is_flowing = flows;
}

/* Takes URB, with the bytes that went over or a negative errno. */
static void finish (TamboUsbfs *usbfs, Urb *urb, gssize result) {
  urb_get (urb)->status = result < 0 ? (int) result : 0;
  urb_get (urb)->actual_length = result < 0 ? 0 : (int) result;
  g_ptr_array_add (usbfs->done, urb);
  show_readiness (usbfs);
}

static void finish_input (TamboUsbfs *usbfs, Urb *urb, GBytes *bytes) {
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  gsize room = urb->buffer != NULL ? (gsize) urb->buffer->data_len : 0;

  if (size > 0 && size <= room)
    umockdev_ioctl_data_update (urb->buffer, 0, (guint8 *) data, (gint) size);
  finish (usbfs, urb, size <= room ? (gssize) size : -EOVERFLOW);
}

static void finish_waiting (TamboUsbfs *usbfs, gssize result) {
  while (usbfs->waiting->len > 0)
    finish (usbfs, g_ptr_array_steal_index (usbfs->waiting, 0), result);
}

static gboolean is_input (const Urb *urb) {
  return urb_get (urb)->type == USBDEVFS_URB_TYPE_INTERRUPT
         && (urb_get (urb)->endpoint & 0x80) != 0;
}

static Urb *steal_waiting (TamboUsbfs *usbfs, gboolean (*wanted) (const Urb *urb)) {
  for (guint i = 0; i < usbfs->waiting->len; i++)
    if (wanted (usbfs->waiting->pdata[i]))
      return g_ptr_array_steal_index (usbfs->waiting, i);
  return NULL;
}

static void forget_client (GPtrArray *urbs, UMockdevIoctlClient *client) {
  for (guint i = urbs->len; i > 0; i--)
    if (((Urb *) urbs->pdata[i - 1])->client == client)
      g_ptr_array_remove_index (urbs, i - 1);
}

static void tell_released (TamboUsbfs *usbfs) {
  if (usbfs->device->released != NULL)
    usbfs->device->released (usbfs->user);
}

static gssize transfer (TamboUsbfs *usbfs, Urb *urb) {
  return usbfs->device->transfer (
      urb_get (urb)->endpoint, urb->buffer != NULL ? urb->buffer->data : NULL,
      urb->buffer != NULL ? (gsize) urb->buffer->data_len : 0, usbfs->user);
}

static void release (TamboUsbfs *usbfs, UMockdevIoctlClient *client) {
  if (usbfs->claimer == client) {
    g_clear_weak_pointer (&usbfs->claimer);
    g_queue_clear_full (&usbfs->input, (GDestroyNotify) g_bytes_unref);
    tell_released (usbfs);
  }
}

/* What waits on the pipes for a device that is asked gets what there is. */
static void feed (TamboUsbfs *usbfs) {
  for (guint i = 0; usbfs->device->transfer != NULL && i < usbfs->waiting->len;) {
    Urb *urb = usbfs->waiting->pdata[i];
    gssize result =
        urb_get (urb)->type != USBDEVFS_URB_TYPE_CONTROL ? transfer (usbfs, urb) : -EAGAIN;

    if (result == -EAGAIN)
      i++;
    else
      finish (usbfs, g_ptr_array_steal_index (usbfs->waiting, i), result);
  }
}

void tambo_usbfs_send (TamboUsbfs *usbfs, const guint8 *data, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  Urb *urb;

  g_mutex_lock (&usbfs->lock);
  if ((urb = steal_waiting (usbfs, is_input)) != NULL) {
    finish_input (usbfs, urb, bytes);
  } else if (usbfs->claimer != NULL && !usbfs->gone) {
    if (g_queue_get_length (&usbfs->input) >= MAX_QUEUE)
      g_bytes_unref (g_queue_pop_head (&usbfs->input));
    g_queue_push_tail (&usbfs->input, g_bytes_ref (bytes));
  }
  g_mutex_unlock (&usbfs->lock);
}

/* ---- what programs ask; each gives the result of the ioctl, or a negative errno ---- */

static gssize ask_device (TamboUsbfs *usbfs, Urb *urb) {
  gsize size = urb->buffer != NULL ? (gsize) urb->buffer->data_len : 0;

  if (size < SETUP_SIZE)
    return -EINVAL;
  return usbfs->device->control (urb->buffer->data, urb->buffer->data + SETUP_SIZE,
                                 size - SETUP_SIZE, usbfs->user);
}

/* A control request is answered while it is submitted, outside the lock. */
static int submit_control (TamboUsbfs *usbfs, Urb *urb) {
  gssize result = ask_device (usbfs, urb);

  g_mutex_lock (&usbfs->lock);
  if (result == TAMBO_USBFS_NEVER)
    g_ptr_array_add (usbfs->waiting, urb);
  else
    finish (usbfs, urb, result);
  feed (usbfs);
  g_mutex_unlock (&usbfs->lock);
  return 0;
}

static int submit_input (TamboUsbfs *usbfs, Urb *urb) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&usbfs->lock);
  g_autoptr (GBytes) bytes = g_queue_pop_head (&usbfs->input);

  if (bytes != NULL)
    finish_input (usbfs, urb, bytes);
  else
    g_ptr_array_add (usbfs->waiting, urb);
  return 0;
}

static int submit_transfer (TamboUsbfs *usbfs, Urb *urb) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&usbfs->lock);
  gssize result = (urb_get (urb)->endpoint & 0x80) == 0 ? transfer (usbfs, urb) : -EAGAIN;

  if (result == -EAGAIN)
    g_ptr_array_add (usbfs->waiting, urb);
  else
    finish (usbfs, urb, result);
  feed (usbfs);
  if (result == -ENODEV) {
    usbfs->gone = TRUE;
    finish_waiting (usbfs, -ESHUTDOWN);
  }
  return 0;
}

static int submit (TamboUsbfs *usbfs, UMockdevIoctlClient *client, UMockdevIoctlData *argument) {
  Urb *urb = g_new0 (Urb, 1);
  int length;

  urb->client = client;
  urb->urb = g_object_ref (argument);
  length = urb_get (urb)->buffer_length;
  if (length > 0 && length <= MAX_BUFFER)
    urb->buffer = umockdev_ioctl_data_resolve (argument, offsetof (struct usbdevfs_urb, buffer),
                                               (gsize) length, NULL);
  if (urb_get (urb)->type == USBDEVFS_URB_TYPE_CONTROL)
    return submit_control (usbfs, urb);
  if (usbfs->claimer == client && usbfs->device->transfer != NULL)
    return submit_transfer (usbfs, urb);
  if (usbfs->claimer == client && is_input (urb))
    return submit_input (usbfs, urb);
  urb_free (urb);
  return -EINVAL;
}

static int discard (TamboUsbfs *usbfs, gulong address) {
  for (guint i = 0; i < usbfs->waiting->len; i++) {
    if (((Urb *) usbfs->waiting->pdata[i])->urb->client_addr == address) {
      finish (usbfs, g_ptr_array_steal_index (usbfs->waiting, i), -ENOENT);
      return 0;
    }
  }
  return -EINVAL;
}

static int reap (TamboUsbfs *usbfs, UMockdevIoctlClient *client, UMockdevIoctlData *argument) {
  for (guint i = 0; i < usbfs->done->len; i++) {
    Urb *urb = usbfs->done->pdata[i];

    if (urb->client == client) {
      umockdev_ioctl_data_set_ptr (argument, 0, urb->urb);
      g_ptr_array_remove_index (usbfs->done, i);
      show_readiness (usbfs);
      return 0;
    }
  }
  return usbfs->gone ? -ENODEV : -EAGAIN;
}

static int claim (TamboUsbfs *usbfs, UMockdevIoctlClient *client, guint interface) {
  if (interface != 0)
    return -ENOENT;
  if (usbfs->driver != NULL || (usbfs->claimer != NULL && usbfs->claimer != client))
    return -EBUSY;
  if (usbfs->claimer == NULL) { /* what a killed program left */
    g_ptr_array_set_size (usbfs->waiting, 0);
    g_ptr_array_set_size (usbfs->done, 0);
    g_queue_clear_full (&usbfs->input, (GDestroyNotify) g_bytes_unref);
    show_readiness (usbfs);
  }
  g_set_weak_pointer (&usbfs->claimer, client);
  return 0;
}

static int tell_driver (TamboUsbfs *usbfs, UMockdevIoctlData *argument) {
  const char *driver = usbfs->claimer != NULL ? "usbfs" : usbfs->driver;

  if (driver == NULL)
    return -ENODATA;
  umockdev_ioctl_data_update (argument, offsetof (struct usbdevfs_getdriver, driver),
                              (guint8 *) driver, (gint) strlen (driver) + 1);
  return 0;
}

/* The kernel's driver comes and goes, as libusb asks for it. */
static int change_driver (TamboUsbfs *usbfs, const UMockdevIoctlData *argument) {
  const struct usbdevfs_ioctl *wanted = (const struct usbdevfs_ioctl *) argument->data;

  if ((unsigned) wanted->ioctl_code == USBDEVFS_DISCONNECT) {
    usbfs->driver = NULL;
    return 0;
  }
  if ((unsigned) wanted->ioctl_code == USBDEVFS_CONNECT) {
    usbfs->driver = "usbhid";
    return 1;
  }
  return -ENOTTY;
}

static int tell_capabilities (UMockdevIoctlData *argument) {
  guint32 capabilities = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_NO_PACKET_SIZE_LIM
                         | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;

  umockdev_ioctl_data_update (argument, 0, (guint8 *) &capabilities, sizeof capabilities);
  return 0;
}

static int answer_locked (TamboUsbfs *usbfs, UMockdevIoctlClient *client,
                          UMockdevIoctlData *argument) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&usbfs->lock);
  gulong request = umockdev_ioctl_client_get_request (client);

  if (request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY)
    return reap (usbfs, client, argument);
  if (request == USBDEVFS_DISCARDURB)
    return discard (usbfs, *(gulong *) argument->data);
  if (usbfs->gone)
    return -ENODEV;
  switch (request) {
  case USBDEVFS_CLAIMINTERFACE:
    return claim (usbfs, client, *(guint *) argument->data);
  case USBDEVFS_RELEASEINTERFACE:
    release (usbfs, client);
    return 0;
  case USBDEVFS_GETDRIVER:
    return tell_driver (usbfs, argument);
  case USBDEVFS_IOCTL:
    return change_driver (usbfs, argument);
  case USBDEVFS_GET_CAPABILITIES:
    return tell_capabilities (argument);
  case USBDEVFS_RESET:
    finish_waiting (usbfs, -ESHUTDOWN);
    tell_released (usbfs);
    return 0;
  case USBDEVFS_SETCONFIGURATION:
  case USBDEVFS_SETINTERFACE:
  case USBDEVFS_CLEAR_HALT:
  case USBDEVFS_RESETEP:
    return 0;
  default:
    return -ENOTTY;
  }
}

static gboolean is_gone (TamboUsbfs *usbfs) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&usbfs->lock);

  return usbfs->gone;
}

static int answer (TamboUsbfs *usbfs, UMockdevIoctlClient *client, UMockdevIoctlData *argument) {
  gulong request = umockdev_ioctl_client_get_request (client);
  int refusal = request == USBDEVFS_CLAIMINTERFACE ? usbfs->device->claim (usbfs->user) : 0;

  if (refusal != 0)
    return refusal;
  if (request != USBDEVFS_SUBMITURB)
    return answer_locked (usbfs, client, argument);
  return is_gone (usbfs) ? -ENODEV : submit (usbfs, client, argument);
}

static gboolean on_ioctl (UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  gulong request = umockdev_ioctl_client_get_request (client);
  UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg (client);
  gsize size = _IOC_SIZE (request);
  g_autoptr (GObject) target = NULL;
  int result;

  if (_IOC_TYPE (request) != 'U')
    return FALSE;
  if (size > 0)
    target = (GObject *) umockdev_ioctl_data_resolve (argument, 0, size, NULL);
  result = size > 0 && target == NULL
               ? -EFAULT
               : answer (data, client, target != NULL ? (UMockdevIoctlData *) target : argument);
  umockdev_ioctl_client_complete (client, result < 0 ? -1 : result, result < 0 ? -result : 0);
  return TRUE;
}

static void on_vanished (UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  TamboUsbfs *usbfs = data;

  g_mutex_lock (&usbfs->lock);
  forget_client (usbfs->waiting, client);
  forget_client (usbfs->done, client);
  release (usbfs, client);
  show_readiness (usbfs);
  g_mutex_unlock (&usbfs->lock);
}

/* ---- the node ---- */

TamboUsbfs *tambo_usbfs_new (const TamboUsbfsDevice *device, gpointer user) {
  TamboUsbfs *usbfs = g_new0 (TamboUsbfs, 1);

  g_mutex_init (&usbfs->lock);
  g_queue_init (&usbfs->input);
  usbfs->device = device;
  usbfs->user = user;
  usbfs->gone = TRUE;
  usbfs->master = usbfs->slave = -1;
  usbfs->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) urb_free);
  usbfs->done = g_ptr_array_new_with_free_func ((GDestroyNotify) urb_free);
  tambo_handler_init (&usbfs->handler);
  tambo_handler_connect (&usbfs->handler, "handle-ioctl", G_CALLBACK (on_ioctl), usbfs);
  tambo_handler_connect (&usbfs->handler, "client-vanished", G_CALLBACK (on_vanished), usbfs);
  return usbfs;
}

static void close_terminal (TamboUsbfs *usbfs) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&usbfs->lock);

  if (usbfs->slave >= 0)
    close (usbfs->slave);
  if (usbfs->master >= 0)
    close (usbfs->master);
  usbfs->master = usbfs->slave = -1;
}

gboolean tambo_usbfs_plug (TamboUsbfs *usbfs, gpointer testbed, const char *root, const char *node,
                           const char *driver, GError **error) {
  g_free (usbfs->node);
  g_free (usbfs->path);
  usbfs->node = g_strdup (node);
  usbfs->path = g_strconcat (root, node, NULL);
  usbfs->master = tambo_node_terminal_put (usbfs->path, error);
  if (usbfs->master < 0 || !tambo_handler_attach (&usbfs->handler, testbed, root, node, error))
    return FALSE;
  if (usbfs->device->is_held)
    usbfs->slave = open (usbfs->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  g_mutex_lock (&usbfs->lock);
  /* Who still holds what was pulled has nothing of the new one. */
  g_clear_weak_pointer (&usbfs->claimer);
  g_queue_clear_full (&usbfs->input, (GDestroyNotify) g_bytes_unref);
  g_ptr_array_set_size (usbfs->waiting, 0);
  g_ptr_array_set_size (usbfs->done, 0);
  usbfs->is_flowing = TRUE;
  show_readiness (usbfs);
  usbfs->testbed = testbed;
  usbfs->driver = driver;
  usbfs->gone = FALSE;
  g_mutex_unlock (&usbfs->lock);
  return TRUE;
}

void tambo_usbfs_pull (TamboUsbfs *usbfs) {
  g_mutex_lock (&usbfs->lock);
  usbfs->gone = TRUE;
  finish_waiting (usbfs, -ESHUTDOWN);
  tell_released (usbfs);
  g_mutex_unlock (&usbfs->lock);
  unlink (usbfs->path);
  umockdev_testbed_detach_ioctl (usbfs->testbed, usbfs->node, NULL);
  close_terminal (usbfs); /* a hang-up, which poll() tells the program */
}

void tambo_usbfs_free (TamboUsbfs *usbfs) {
  if (usbfs == NULL)
    return;
  tambo_handler_clear (&usbfs->handler, usbfs);
  g_clear_weak_pointer (&usbfs->claimer);
  close_terminal (usbfs);
  g_queue_clear_full (&usbfs->input, (GDestroyNotify) g_bytes_unref);
  g_ptr_array_unref (usbfs->waiting);
  g_ptr_array_unref (usbfs->done);
  g_mutex_clear (&usbfs->lock);
  g_free (usbfs->node);
  g_free (usbfs->path);
  g_free (usbfs);
}
