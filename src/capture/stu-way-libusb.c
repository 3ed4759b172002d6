/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/stu-way.h"

#include <libusb.h>
#include <string.h>

#include "capture/helper-output.h"
#include "capture/stu-protocol.h"

#define CONTROL_MS 1000
#define FEATURE_REPORT 3
#define GET_REPORT 0x01 /* HID 1.11, 7.2 */
#define SET_REPORT 0x09
/* So many reports wait in the kernel while this process does not run: 0.3 s at 200 a second. hidapi has one
 * request at a time, and drops what comes after 30 reports that nobody has read. */
#define REQUESTS 64
#define MAX_REPORT 64

typedef struct {
  TamboStuPort *port; /* borrowed */
  struct libusb_transfer *transfer;
  guint8 data[MAX_REPORT];
} Request;

struct _TamboStuPort {
  libusb_context *context;
  libusb_device_handle *handle;
  guint8 interface, endpoint;
  Request requests[REQUESTS];
  guint under_way;  /* requests that will still be called back */
  GQueue reports;   /* of GBytes */
  gboolean is_over; /* the pad sends no more */
};

/* The interface through which a pad talks, and the pipe of its reports. */
static gboolean find_interface (libusb_device *device, guint8 *out_interface, guint8 *out_endpoint,
                                guint8 *out_configuration) {
  struct libusb_config_descriptor *configuration;
  gboolean found = FALSE;

  if (libusb_get_active_config_descriptor (device, &configuration) < 0)
    return FALSE;
  for (guint i = 0; i < configuration->bNumInterfaces && !found; i++) {
    const struct libusb_interface *interface = &configuration->interface[i];
    const struct libusb_interface_descriptor *setting = interface->altsetting;

    if (interface->num_altsetting < 1 || setting->bInterfaceClass != LIBUSB_CLASS_HID)
      continue;
    for (guint j = 0; j < setting->bNumEndpoints && !found; j++) {
      guint8 address = setting->endpoint[j].bEndpointAddress;

      found = (address & LIBUSB_ENDPOINT_IN) != 0
              && (setting->endpoint[j].bmAttributes & LIBUSB_TRANSFER_TYPE_MASK)
                     == LIBUSB_TRANSFER_TYPE_INTERRUPT;
      *out_interface = setting->bInterfaceNumber;
      *out_endpoint = address;
      *out_configuration = configuration->bConfigurationValue;
    }
  }
  libusb_free_config_descriptor (configuration);
  return found;
}

/* As the kernel names it: bus-port.port:configuration.interface. */
static char *dup_place (libusb_device *device, guint8 configuration, guint8 interface) {
  guint8 ports[8];
  int n = libusb_get_port_numbers (device, ports, G_N_ELEMENTS (ports));
  GString *place = g_string_new (NULL);

  g_string_append_printf (place, "%u", libusb_get_bus_number (device));
  for (int i = 0; i < n; i++)
    g_string_append_printf (place, "%c%u", i == 0 ? '-' : '.', ports[i]);
  g_string_append_printf (place, ":%u.%u", configuration, interface);
  return g_string_free (place, FALSE);
}

static TamboStuFound *look_at (libusb_device *device) {
  struct libusb_device_descriptor descriptor;
  guint8 interface, endpoint, configuration;
  TamboStuFound *found;

  if (libusb_get_device_descriptor (device, &descriptor) < 0
      || descriptor.idVendor != TAMBO_STU_VENDOR || tambo_stu_model (descriptor.idProduct) == NULL
      || !find_interface (device, &interface, &endpoint, &configuration))
    return NULL;
  found = g_new0 (TamboStuFound, 1);
  found->product = descriptor.idProduct;
  found->place = dup_place (device, configuration, interface);
  found->path = g_strdup (found->place);
  found->node = g_strdup_printf ("/dev/bus/usb/%03u/%03u", libusb_get_bus_number (device),
                                 libusb_get_device_address (device));
  return found;
}

/* Calls FUNC until it gives TRUE. */
static void for_each_device (libusb_context *context,
                             gboolean (*func) (libusb_device *device, gpointer data),
                             gpointer data) {
  libusb_device **devices;
  gssize n = libusb_get_device_list (context, &devices);
  gboolean done = FALSE;

  for (gssize i = 0; i < n && !done; i++)
    done = func (devices[i], data);
  if (n >= 0)
    libusb_free_device_list (devices, 1);
}

static gboolean add_pad (libusb_device *device, gpointer data) {
  TamboStuFound *found = look_at (device);

  if (found != NULL)
    g_ptr_array_add (data, found);
  return FALSE;
}

/* That it is refused is no pad unplugged. */
static libusb_context *begin_usb (GError **error) {
  libusb_context *context = NULL;
  int status = LIBUSB_ERROR_OTHER;

  for (int i = 0; i < TAMBO_USB_TRIES && status < 0; i++) {
    if (i > 0)
      g_usleep (TAMBO_USB_PAUSE_MS * 1000);
    status = libusb_init (&context);
  }
  if (status == 0)
    return context;
  g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED,
               "USB could not be asked for signature pads: %s", libusb_error_name (status));
  return NULL;
}

static GPtrArray *find (GError **error) {
  libusb_context *context = begin_usb (error);
  GPtrArray *pads;

  if (context == NULL)
    return NULL;
  pads = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_stu_found_free);
  for_each_device (context, add_pad, pads);
  libusb_exit (context);
  return pads;
}

static void on_report (struct libusb_transfer *transfer) {
  Request *request = transfer->user_data;
  TamboStuPort *port = request->port;

  port->under_way--;
  if (transfer->status == LIBUSB_TRANSFER_COMPLETED)
    g_queue_push_tail (&port->reports,
                       g_bytes_new (request->data, (gsize) transfer->actual_length));
  else
    port->is_over = TRUE;
  if (!port->is_over && libusb_submit_transfer (transfer) == 0)
    port->under_way++;
  else
    port->is_over = TRUE;
}

static gboolean begin_reports (TamboStuPort *port) {
  for (guint i = 0; i < REQUESTS; i++) {
    Request *request = &port->requests[i];

    request->port = port;
    request->transfer = libusb_alloc_transfer (0);
    libusb_fill_interrupt_transfer (request->transfer, port->handle, port->endpoint, request->data,
                                    sizeof request->data, on_report, request, 0);
    if (libusb_submit_transfer (request->transfer) < 0)
      return FALSE;
    port->under_way++;
  }
  return TRUE;
}

typedef struct {
  TamboStuPort *port;
  const TamboStuFound *wanted;
} Opening;

static gboolean open_wanted (libusb_device *device, gpointer data) {
  Opening *opening = data;
  TamboStuPort *port = opening->port;
  g_autoptr (TamboStuFound) found = look_at (device);
  guint8 configuration;

  if (found == NULL || !g_str_equal (found->path, opening->wanted->path))
    return FALSE;
  if (find_interface (device, &port->interface, &port->endpoint, &configuration)
      && libusb_open (device, &port->handle) < 0)
    port->handle = NULL;
  return TRUE;
}

static void close_port (TamboStuPort *port) {
  port->is_over = TRUE;
  for (guint i = 0; i < REQUESTS && port->requests[i].transfer != NULL; i++)
    libusb_cancel_transfer (port->requests[i].transfer);
  while (port->under_way > 0 && libusb_handle_events (port->context) >= 0)
    ;
  for (guint i = 0; i < REQUESTS; i++)
    libusb_free_transfer (port->requests[i].transfer);
  if (port->handle != NULL) {
    libusb_release_interface (port->handle, port->interface);
    libusb_close (port->handle);
  }
  libusb_exit (port->context);
  g_queue_clear_full (&port->reports, (GDestroyNotify) g_bytes_unref);
  g_free (port);
}

static TamboStuPort *open_port (const TamboStuFound *found) {
  TamboStuPort *port = g_new0 (TamboStuPort, 1);
  Opening opening = { port, found };

  g_queue_init (&port->reports);
  port->context = begin_usb (NULL);
  if (port->context == NULL) {
    g_free (port);
    return NULL;
  }
  for_each_device (port->context, open_wanted, &opening);
  if (port->handle != NULL) {
    /* From the kernel's driver, which gets it back. */
    libusb_set_auto_detach_kernel_driver (port->handle, 1);
    if (libusb_claim_interface (port->handle, port->interface) == 0 && begin_reports (port))
      return port;
  }
  close_port (port);
  return NULL;
}

static gboolean set_report (TamboStuPort *port, const guint8 *report, gsize size) {
  return libusb_control_transfer (port->handle,
                                  LIBUSB_REQUEST_TYPE_CLASS | LIBUSB_RECIPIENT_INTERFACE
                                      | LIBUSB_ENDPOINT_OUT,
                                  SET_REPORT, (guint16) (FEATURE_REPORT << 8 | report[0]),
                                  port->interface, (guint8 *) report, (guint16) size, CONTROL_MS)
         == (int) size;
}

static gssize get_report (TamboStuPort *port, guint8 *report, gsize size) {
  int got = libusb_control_transfer (
      port->handle, LIBUSB_REQUEST_TYPE_CLASS | LIBUSB_RECIPIENT_INTERFACE | LIBUSB_ENDPOINT_IN,
      GET_REPORT, (guint16) (FEATURE_REPORT << 8 | report[0]), port->interface, report,
      (guint16) size, CONTROL_MS);

  return got < 0 ? -1 : got;
}

static gssize read_report (TamboStuPort *port, guint8 *report, gsize size, guint milliseconds) {
  struct timeval wait = { milliseconds / 1000, (milliseconds % 1000) * 1000 };
  g_autoptr (GBytes) bytes = NULL;
  gsize got;
  const guint8 *data;

  if (g_queue_is_empty (&port->reports) && !port->is_over)
    libusb_handle_events_timeout_completed (port->context, &wait, NULL);
  bytes = g_queue_pop_head (&port->reports);
  if (bytes == NULL)
    return port->is_over ? -1 : 0;
  data = g_bytes_get_data (bytes, &got);
  memcpy (report, data, MIN (got, size));
  return (gssize) MIN (got, size);
}

const TamboStuWay tambo_stu_way_libusb = {
  .prefix = "libusb:",
  .find = find,
  .open = open_port,
  .close = close_port,
  .set = set_report,
  .get = get_report,
  .read = read_report,
};
