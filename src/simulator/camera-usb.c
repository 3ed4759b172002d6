/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera-usb.h"

#include "simulator/camera-container.h"

#include <errno.h>
#include <string.h>

/* The class's requests, with the type in the high byte. */
enum {
  CANCEL_REQUEST = 0x2164,
  DEVICE_RESET_REQUEST = 0x2166,
  GET_DEVICE_STATUS_REQUEST = 0xa167,
};

typedef struct {
  GQueue transfers; /* of GBytes */
  gsize sent;       /* of the first */
  gsize packet_size;
} Pipe;

struct _TamboCameraUsb {
  TamboCameraBody *body; /* borrowed */
  TamboFaults *faults;   /* borrowed */
  GByteArray *input;
  gboolean wants_data; /* OPERATION waits for what the station sends with it */
  TamboPtpOperation operation;
  Pipe pipes[TAMBO_CAMERA_N_PIPES];
};

TamboCameraUsb *tambo_camera_usb_new (TamboCameraBody *body, TamboFaults *faults) {
  static const gsize packet_sizes[TAMBO_CAMERA_N_PIPES] = {
    [TAMBO_CAMERA_PIPE_BULK_IN] = TAMBO_CAMERA_USB_PACKET,
    [TAMBO_CAMERA_PIPE_INTERRUPT] = 64,
  };
  TamboCameraUsb *usb = g_new0 (TamboCameraUsb, 1);
  usb->body = body;
  usb->faults = faults;
  usb->input = g_byte_array_new ();
  for (guint i = 0; i < TAMBO_CAMERA_N_PIPES; i++) {
    g_queue_init (&usb->pipes[i].transfers);
    usb->pipes[i].packet_size = packet_sizes[i];
  }
  return usb;
}

static void drain (TamboCameraUsb *usb) {
  g_byte_array_set_size (usb->input, 0);
  usb->wants_data = FALSE;
  for (guint i = 0; i < TAMBO_CAMERA_N_PIPES; i++) {
    g_queue_clear_full (&usb->pipes[i].transfers, (GDestroyNotify) g_bytes_unref);
    usb->pipes[i].sent = 0;
  }
}

void tambo_camera_usb_reset (TamboCameraUsb *usb) {
  drain (usb);
  tambo_camera_body_reset (usb->body);
}

void tambo_camera_usb_free (TamboCameraUsb *usb) {
  if (usb == NULL)
    return;
  drain (usb);
  g_byte_array_unref (usb->input);
  g_free (usb);
}

/* Takes TRANSFER. */
static void queue (TamboCameraUsb *usb, TamboCameraPipe pipe, GBytes *transfer) {
  g_queue_push_tail (&usb->pipes[pipe].transfers, transfer);
}

static void queue_events (TamboCameraUsb *usb, guint32 transaction) {
  guint16 code;
  guint32 parameter;
  while (tambo_camera_body_take_event (usb->body, &code, &parameter)) {
    guint32 payload = GUINT32_TO_LE (parameter);
    queue (usb, TAMBO_CAMERA_PIPE_INTERRUPT,
           tambo_ptp_container_encode (TAMBO_PTP_CONTAINER_EVENT, code, transaction, &payload,
                                       sizeof payload));
  }
}

static void queue_noise (TamboCameraUsb *usb) {
  guint8 noise[1024];
  for (gsize i = 0; i < sizeof noise; i++)
    noise[i] = (guint8) g_random_int_range (0, 256);
  queue (usb, TAMBO_CAMERA_PIPE_BULK_IN, g_bytes_new (noise, sizeof noise));
}

/* The faults of the line: 0 when the operation is carried out, 1 when nothing more comes of it. */
static int survive (TamboCameraUsb *usb, guint struck) {
  if (tambo_camera_fault_is_in (struck, TAMBO_CAMERA_FAULT_UNPLUG))
    return -ENODEV;
  if (tambo_camera_fault_is_in (struck, TAMBO_CAMERA_FAULT_CLOSE))
    return -EPROTO;
  if (tambo_camera_fault_is_in (struck, TAMBO_CAMERA_FAULT_GARBAGE)) {
    queue_noise (usb);
    return 1;
  }
  return tambo_camera_fault_is_in (struck, TAMBO_CAMERA_FAULT_HANG) ? 1 : 0;
}

static int operate (TamboCameraUsb *usb, const TamboPtpOperation *operation, GBytes *input) {
  guint struck = tambo_faults_step (usb->faults);
  int fate = survive (usb, struck);
  if (fate != 0)
    return MIN (fate, 0);

  gboolean has_output;
  g_autoptr (GByteArray) output = g_byte_array_new ();
  TamboPtpResponse code =
      tambo_camera_body_operate (usb->body, operation, input, struck, output, &has_output);
  if (has_output)
    queue (usb, TAMBO_CAMERA_PIPE_BULK_IN,
           tambo_ptp_container_encode (TAMBO_PTP_CONTAINER_DATA, operation->code,
                                       operation->transaction, output->data, output->len));
  queue (usb, TAMBO_CAMERA_PIPE_BULK_IN,
         tambo_ptp_container_encode (TAMBO_PTP_CONTAINER_RESPONSE, (guint16) code,
                                     operation->transaction, NULL, 0));
  queue_events (usb, operation->transaction);
  return 0;
}

static int take_container (TamboCameraUsb *usb, const TamboPtpContainer *container) {
  if (container->type == TAMBO_PTP_CONTAINER_DATA) {
    /* Data for an operation that is not known has had its answer. */
    if (!usb->wants_data || container->transaction != usb->operation.transaction)
      return 0;
    usb->wants_data = FALSE;
    return operate (usb, &usb->operation, container->payload);
  }
  if (!tambo_ptp_container_parse_operation (container, &usb->operation))
    return -EPIPE;
  usb->wants_data = tambo_camera_body_takes_data (usb->operation.code);
  return usb->wants_data ? 0 : operate (usb, &usb->operation, NULL);
}

int tambo_camera_usb_write (TamboCameraUsb *usb, gconstpointer data, gsize size) {
  g_autoptr (GError) error = NULL;
  int result = 0;
  g_byte_array_append (usb->input, data, (guint) size);
  while (result == 0) {
    g_auto (TamboPtpContainer) container = { 0 };
    if (!tambo_ptp_take_container (usb->input, &container, &error))
      break;
    result = take_container (usb, &container);
  }
  if (error != NULL)
    result = -EPIPE;
  if (result != 0) {
    g_byte_array_set_size (usb->input, 0);
    usb->wants_data = FALSE;
  }
  return result;
}

/* A packet that is not full ends a transfer, an empty one if need be (USB 2.0, 5.8.3). */
gssize tambo_camera_usb_read (TamboCameraUsb *usb, TamboCameraPipe pipe, gpointer buffer,
                              gsize size) {
  Pipe *from = &usb->pipes[pipe];
  GBytes *transfer = g_queue_peek_head (&from->transfers);
  if (transfer == NULL)
    return -EAGAIN;
  gsize whole;
  const guint8 *data = g_bytes_get_data (transfer, &whole);
  gsize n = MIN (size, whole - from->sent);
  if (n > 0)
    memcpy (buffer, data + from->sent, n);
  from->sent += n;
  if (from->sent == whole && (n < size || whole % from->packet_size != 0)) {
    g_bytes_unref (g_queue_pop_head (&from->transfers));
    from->sent = 0;
  }
  return (gssize) n;
}

gssize tambo_camera_usb_control (TamboCameraUsb *usb, const guint8 setup[8], gpointer data,
                                 gsize size) {
  static const guint8 ready[] = { 4, 0, TAMBO_PTP_OK & 0xff, TAMBO_PTP_OK >> 8 };
  switch (setup[0] << 8 | setup[1]) {
  case CANCEL_REQUEST:
    drain (usb);
    return (gssize) size;
  case DEVICE_RESET_REQUEST:
    tambo_camera_usb_reset (usb);
    return 0;
  case GET_DEVICE_STATUS_REQUEST:
    size = MIN (size, sizeof ready);
    memcpy (data, ready, size);
    return (gssize) size;
  default:
    return -EPIPE;
  }
}
