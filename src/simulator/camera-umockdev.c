/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera-umockdev.h"

#include "simulator/simulator-error.h"
#include "simulator/testbed-usb.h"
#include "simulator/uevent.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <umockdev.h>
#include <unistd.h>

#define USB_PLACE "/devices/usb1/1-2"
#define INTERFACE_PLACE USB_PLACE "/1-2:1.0"
#define FIRST_NUMBER 7
#define MAX_TRANSFER (16 * 1024 * 1024) /* all that usbfs gives a program */
#define BULK_IN 0x81
#define BULK_OUT 0x02
#define INTERRUPT_IN 0x83
#define SETUP_SIZE 8

/* A transfer of a program: its struct usbdevfs_urb, and the memory that this points to. */
typedef struct {
  UMockdevIoctlClient *client; /* borrowed: it is gone before the client is */
  UMockdevIoctlData *head, *buffer;
} Urb;

struct _TamboCameraBed {
  UMockdevTestbed *testbed;
  UMockdevIoctlBase *handler;
  TamboCameraUsb *usb; /* borrowed; with the lock */
  TamboFaults *faults; /* borrowed */
  char *root, *node;
  GMutex plugging;
  gboolean plugged;
  guint plugs; /* how often it was plugged in: its number on the bus */
  GMutex lock;
  GPtrArray *submitted, *done; /* of Urb, in order */
  UMockdevIoctlClient *owner;  /* of interface 0; borrowed, NULL: nobody */
  gboolean gone;
  /* poll() of a program sees the pseudo terminal behind the node. As a file of usbfs it is to be writable only while
   * there is a transfer to reap: the other end stops and starts its flow. */
  int master;
  gboolean is_flowing;
};

static void urb_free (gpointer data) {
  Urb *urb = data;
  g_object_unref (urb->head);
  g_clear_object (&urb->buffer);
  g_free (urb);
}

static struct usbdevfs_urb *urb_head (const Urb *urb) {
  return (struct usbdevfs_urb *) (void *) urb->head->data;
}

static void set_flow (TamboCameraBed *bed) {
  gboolean flows = bed->done->len > 0;
  const char word = flows ? CTRL ('q') : CTRL ('s');
  if (flows == bed->is_flowing || bed->master < 0)
    return;
  while (write (bed->master, &word, 1) < 0 && errno == EINTR)
    ;
  bed->is_flowing = flows;
}

/* RESULT: the bytes that went, or a negative errno. URB must be in neither list. */
static void finish (TamboCameraBed *bed, Urb *urb, gssize result) {
  urb_head (urb)->status = result < 0 ? (int) result : 0;
  urb_head (urb)->actual_length = (int) MAX (result, 0);
  g_ptr_array_add (bed->done, urb);
}

static void finish_all (TamboCameraBed *bed, int status) {
  while (bed->submitted->len > 0)
    finish (bed, g_ptr_array_steal_index (bed->submitted, 0), status);
}

static void drop_of (GPtrArray *urbs, UMockdevIoctlClient *client) {
  for (guint i = urbs->len; i > 0; i--) {
    const Urb *urb = g_ptr_array_index (urbs, i - 1);
    if (urb->client == client)
      g_ptr_array_remove_index (urbs, i - 1);
  }
}

/* What waits on the pipes for the camera gets what there is. */
static void feed (TamboCameraBed *bed) {
  for (guint i = 0; i < bed->submitted->len;) {
    Urb *urb = g_ptr_array_index (bed->submitted, i);
    TamboCameraPipe pipe = urb_head (urb)->endpoint == INTERRUPT_IN ? TAMBO_CAMERA_PIPE_INTERRUPT
                                                                    : TAMBO_CAMERA_PIPE_BULK_IN;
    gssize got =
        tambo_camera_usb_read (bed->usb, pipe, urb->buffer != NULL ? urb->buffer->data : NULL,
                               (gsize) urb_head (urb)->buffer_length);
    if (got == -EAGAIN)
      i++;
    else
      finish (bed, g_ptr_array_steal_index (bed->submitted, i), got);
  }
}

/* On the main thread: the testbed's own cannot take away what it serves. */
static gboolean unplug_later (gpointer data) {
  tambo_camera_bed_set_plugged (data, FALSE, NULL);
  return G_SOURCE_REMOVE;
}

static void fall_silent (TamboCameraBed *bed) {
  bed->gone = TRUE;
  bed->owner = NULL;
  finish_all (bed, -ESHUTDOWN);
  tambo_camera_usb_reset (bed->usb);
}

static gssize control (TamboCameraBed *bed, const Urb *urb) {
  gsize size = (gsize) urb_head (urb)->buffer_length;
  if (size < SETUP_SIZE)
    return -EINVAL;
  guint8 *at = urb->buffer->data;
  return tambo_camera_usb_control (bed->usb, at, at + SETUP_SIZE, size - SETUP_SIZE);
}

static void carry_out (TamboCameraBed *bed, Urb *urb) {
  const struct usbdevfs_urb *head = urb_head (urb);
  if (head->type == USBDEVFS_URB_TYPE_CONTROL) {
    finish (bed, urb, control (bed, urb));
  } else if (head->endpoint == BULK_OUT) {
    int result = tambo_camera_usb_write (bed->usb, urb->buffer != NULL ? urb->buffer->data : NULL,
                                         (gsize) head->buffer_length);
    finish (bed, urb, result < 0 ? result : head->buffer_length);
    if (result == -ENODEV) {
      fall_silent (bed);
      g_idle_add (unplug_later, bed);
    }
  } else {
    g_ptr_array_add (bed->submitted, urb);
  }
}

static gboolean claim (TamboCameraBed *bed, UMockdevIoctlClient *client) {
  if (bed->owner == NULL)
    bed->owner = client;
  return bed->owner == client;
}

static gboolean release (TamboCameraBed *bed, UMockdevIoctlClient *client) {
  if (bed->owner != client)
    return FALSE;
  bed->owner = NULL;
  tambo_camera_usb_reset (bed->usb);
  return TRUE;
}

/* Whether the kernel would take such a transfer: 0 or a negative errno. */
static int judge (TamboCameraBed *bed, UMockdevIoctlClient *client,
                  const struct usbdevfs_urb *head) {
  if (head->buffer_length < 0 || head->buffer_length > MAX_TRANSFER)
    return -EINVAL;
  if (head->type == USBDEVFS_URB_TYPE_CONTROL)
    return head->buffer_length >= SETUP_SIZE ? 0 : -EINVAL;
  if (head->type != USBDEVFS_URB_TYPE_BULK && head->type != USBDEVFS_URB_TYPE_INTERRUPT)
    return -EINVAL;
  if (head->endpoint != BULK_IN && head->endpoint != BULK_OUT && head->endpoint != INTERRUPT_IN)
    return -ENOENT;
  return claim (bed, client) ? 0 : -EBUSY;
}

/* Takes over the reference to HEAD where it succeeds. */
static int submit (TamboCameraBed *bed, UMockdevIoctlClient *client, UMockdevIoctlData *head) {
  const struct usbdevfs_urb *wanted = (const struct usbdevfs_urb *) (const void *) head->data;
  int verdict = judge (bed, client, wanted);
  if (verdict != 0)
    return verdict;
  Urb *urb = g_new0 (Urb, 1);
  urb->client = client;
  urb->head = g_object_ref (head);
  if (wanted->buffer_length > 0) {
    urb->buffer = umockdev_ioctl_data_resolve (head, offsetof (struct usbdevfs_urb, buffer),
                                               (gsize) wanted->buffer_length, NULL);
    if (urb->buffer == NULL) {
      urb_free (urb);
      return -EFAULT;
    }
  }
  carry_out (bed, urb);
  feed (bed);
  return 0;
}

static int discard (TamboCameraBed *bed, UMockdevIoctlClient *client, gulong address) {
  for (guint i = 0; i < bed->submitted->len; i++) {
    const Urb *urb = g_ptr_array_index (bed->submitted, i);
    if (urb->client == client && urb->head->client_addr == address) {
      finish (bed, g_ptr_array_steal_index (bed->submitted, i), -ENOENT);
      return 0;
    }
  }
  return -EINVAL;
}

static int reap (TamboCameraBed *bed, UMockdevIoctlClient *client, UMockdevIoctlData *target) {
  for (guint i = 0; i < bed->done->len; i++) {
    const Urb *urb = g_ptr_array_index (bed->done, i);
    if (urb->client == client) {
      umockdev_ioctl_data_set_ptr (target, 0, urb->head);
      g_ptr_array_remove_index (bed->done, i);
      return 0;
    }
  }
  return bed->gone ? -ENODEV : -EAGAIN;
}

static int claim_interface (TamboCameraBed *bed, UMockdevIoctlClient *client, guint number) {
  guint struck = tambo_faults_step (bed->faults);
  if (number != 0)
    return -ENOENT;
  if (tambo_camera_fault_is_in (struck, TAMBO_CAMERA_FAULT_BUSY))
    return -EBUSY;
  return claim (bed, client) ? 0 : -EBUSY;
}

static int start_afresh (TamboCameraBed *bed) {
  finish_all (bed, -ESHUTDOWN);
  tambo_camera_usb_reset (bed->usb);
  return 0;
}

/* What an ioctl of usbfs gives: 0 or a negative errno. TARGET is the memory behind its argument, of the size that
 * the request names. */
static int answer_ioctl (TamboCameraBed *bed, UMockdevIoctlClient *client, gulong request,
                         UMockdevIoctlData *target) {
  const guint32 abilities = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_NO_PACKET_SIZE_LIM
                            | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
  if (request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY)
    return reap (bed, client, target);
  if (bed->gone)
    return -ENODEV;
  switch (request) {
  case USBDEVFS_GET_CAPABILITIES:
    memcpy (target->data, &abilities, sizeof abilities);
    return 0;
  case USBDEVFS_CLAIMINTERFACE:
    return claim_interface (bed, client, *(guint *) (void *) target->data);
  case USBDEVFS_RELEASEINTERFACE:
    return release (bed, client) ? 0 : -EINVAL;
  case USBDEVFS_SUBMITURB:
    return submit (bed, client, target);
  case USBDEVFS_SETCONFIGURATION:
  case USBDEVFS_SETINTERFACE:
  case USBDEVFS_CLEAR_HALT:
  case USBDEVFS_RESETEP:
    return 0;
  case USBDEVFS_GETDRIVER: /* no driver of the kernel has it */
  case USBDEVFS_IOCTL:
    return -ENODATA;
  default:
    return -ENOTTY;
  }
}

/* Two have no memory of a size behind their argument. */
static int answer (TamboCameraBed *bed, UMockdevIoctlClient *client) {
  gulong request = umockdev_ioctl_client_get_request (client);
  UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg (client);
  if (request == USBDEVFS_DISCARDURB)
    return bed->gone ? -ENODEV : discard (bed, client, *(gulong *) (void *) argument->data);
  if (request == USBDEVFS_RESET)
    return bed->gone ? -ENODEV : start_afresh (bed);
  g_autoptr (UMockdevIoctlData) target =
      umockdev_ioctl_data_resolve (argument, 0, _IOC_SIZE (request), NULL);
  return target != NULL ? answer_ioctl (bed, client, request, target) : -EFAULT;
}

static gboolean on_ioctl (UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  TamboCameraBed *bed = data;
  if (_IOC_TYPE (umockdev_ioctl_client_get_request (client)) != 'U')
    return FALSE;
  g_mutex_lock (&bed->lock);
  int result = answer (bed, client);
  set_flow (bed);
  g_mutex_unlock (&bed->lock);
  umockdev_ioctl_client_complete (client, result < 0 ? -1 : 0, -result);
  return TRUE;
}

static void on_vanished (UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer data) {
  TamboCameraBed *bed = data;
  g_mutex_lock (&bed->lock);
  drop_of (bed->submitted, client);
  drop_of (bed->done, client);
  release (bed, client);
  set_flow (bed);
  g_mutex_unlock (&bed->lock);
}

/* The testbed keeps a name for ever: each plug makes another node, as the kernel does. */
static gboolean add_camera (TamboCameraBed *bed, GError **error) {
  g_autoptr (GString) text = g_string_new (NULL);
  const TamboUsbDevice device = {
    .place = USB_PLACE,
    .number = FIRST_NUMBER + bed->plugs % 120,
    .speed = 480,
    .vendor = 0x04b0,
    .product = 0x0437,
    .maker = "NIKON",
    .name = "NIKON DSC D750",
    .interface_class = 6, /* Still Image … */
    .interface_subclass = 1,
    .interface_protocol = 1, /* … with PTP */
    .endpoints = { { BULK_IN, 2, 0, TAMBO_CAMERA_USB_PACKET },
                   { BULK_OUT, 2, 0, TAMBO_CAMERA_USB_PACKET },
                   { INTERRUPT_IN, 3, 8, 64 } },
    .is_played = TRUE,
  };
  if (bed->plugs++ == 0)
    tambo_usb_put_hub (text);
  tambo_usb_put_device (text, &device);
  g_free (bed->node);
  bed->node = g_strdup_printf ("/dev/bus/usb/001/%03u", device.number);
  return umockdev_testbed_add_from_string (bed->testbed, text->str, error);
}

/* The testbed makes a file of every node of USB; a terminal takes its place. Nobody here holds the other end open: whoever
 * does, has the camera. */
static int make_terminal (TamboCameraBed *bed) {
  g_autofree char *node = g_strconcat (bed->root, bed->node, NULL);
  const char *name;
  struct termios terminal;
  int master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master >= 0 && grantpt (master) == 0 && unlockpt (master) == 0
      && tcgetattr (master, &terminal) == 0 && (name = ptsname (master)) != NULL
      && unlink (node) == 0 && symlink (name, node) == 0) {
    cfmakeraw (&terminal);
    terminal.c_iflag |= IXON;
    terminal.c_cc[VSTART] = CTRL ('q');
    terminal.c_cc[VSTOP] = CTRL ('s');
    if (tcsetattr (master, TCSANOW, &terminal) == 0)
      return master;
  }
  if (master >= 0)
    close (master);
  return -1;
}

static gboolean open_node (TamboCameraBed *bed, GError **error) {
  int master = make_terminal (bed);
  if (master < 0) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "cannot make a terminal of the camera's node %s: %s", bed->node,
                 g_strerror (errno));
    return FALSE;
  }
  g_mutex_lock (&bed->lock);
  bed->master = master;
  bed->is_flowing = TRUE;
  bed->gone = FALSE;
  set_flow (bed);
  g_mutex_unlock (&bed->lock);
  return TRUE;
}

static void tell_station (TamboCameraBed *bed, const char *action) {
  const TamboUevent usb = { action, USB_PLACE, "usb", "usb_device", bed->node };
  const TamboUevent interface = { action, INTERFACE_PLACE, "usb", "usb_interface", NULL };
  tambo_uevent_send (bed->root, &usb);
  tambo_uevent_send (bed->root, &interface);
}

static gboolean come (TamboCameraBed *bed, GError **error) {
  if (!add_camera (bed, error) || !open_node (bed, error)
      || !umockdev_testbed_attach_ioctl (bed->testbed, bed->node, bed->handler, error))
    return FALSE;
  bed->plugged = TRUE;
  tell_station (bed, "add");
  return TRUE;
}

/* Its end tells a poll() that the device is gone, as the kernel's usbfs does. */
static void close_node (TamboCameraBed *bed) {
  g_mutex_lock (&bed->lock);
  if (bed->master >= 0)
    close (bed->master);
  bed->master = -1;
  g_mutex_unlock (&bed->lock);
}

static void go (TamboCameraBed *bed) {
  g_mutex_lock (&bed->lock);
  fall_silent (bed);
  set_flow (bed);
  g_mutex_unlock (&bed->lock);
  umockdev_testbed_detach_ioctl (bed->testbed, bed->node, NULL);
  close_node (bed);
  umockdev_testbed_remove_device (bed->testbed, "/sys" INTERFACE_PLACE);
  umockdev_testbed_remove_device (bed->testbed, "/sys" USB_PLACE);
  bed->plugged = FALSE;
  tell_station (bed, "remove");
}

gboolean tambo_camera_bed_set_plugged (TamboCameraBed *bed, gboolean plugged, GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&bed->plugging);
  if (plugged == bed->plugged) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "the camera is %s already", plugged ? "plugged in" : "unplugged");
    return FALSE;
  }
  if (plugged)
    return come (bed, error);
  go (bed);
  return TRUE;
}

TamboCameraBed *tambo_camera_bed_new (const char *dir, TamboCameraUsb *usb, TamboFaults *faults,
                                      GError **error) {
  if (!tambo_testbed_check_folder (dir, error))
    return NULL;
  g_autoptr (TamboCameraBed) bed = g_new0 (TamboCameraBed, 1);
  g_mutex_init (&bed->lock);
  g_mutex_init (&bed->plugging);
  bed->usb = usb;
  bed->faults = faults;
  bed->submitted = g_ptr_array_new_with_free_func (urb_free);
  bed->done = g_ptr_array_new_with_free_func (urb_free);
  bed->master = -1;
  g_setenv ("TMPDIR", dir, TRUE); /* where umockdev makes its folder */
  bed->testbed = umockdev_testbed_new ();
  bed->root = umockdev_testbed_get_root_dir (bed->testbed);
  bed->handler = umockdev_ioctl_base_new ();
  g_signal_connect (bed->handler, "handle-ioctl", G_CALLBACK (on_ioctl), bed);
  g_signal_connect (bed->handler, "client-vanished", G_CALLBACK (on_vanished), bed);
  if (!come (bed, error))
    return NULL;
  return g_steal_pointer (&bed);
}

void tambo_camera_bed_free (TamboCameraBed *bed) {
  if (bed == NULL)
    return;
  if (bed->plugged)
    umockdev_testbed_detach_ioctl (bed->testbed, bed->node, NULL);
  g_signal_handlers_disconnect_by_data (bed->handler, bed);
  close_node (bed);
  g_clear_object (&bed->handler);
  g_clear_object (&bed->testbed);
  g_ptr_array_unref (bed->submitted);
  g_ptr_array_unref (bed->done);
  g_mutex_clear (&bed->lock);
  g_mutex_clear (&bed->plugging);
  g_free (bed->node);
  g_free (bed->root);
  g_free (bed);
}

const char *tambo_camera_bed_get_root (TamboCameraBed *bed) {
  return bed->root;
}
