/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera-wire.h"

#include "simulator/process.h"
#include "simulator/simulator-error.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_SECONDS 3
#define MAX_DATA (1024 * 1024) /* of the data phase from the station */

typedef struct {
  int fd; /* -1: not connected */
  GByteArray *input;
} Connection;

struct _TamboCameraWire {
  TamboCameraBody *body; /* borrowed */
  TamboFaults *faults;   /* borrowed */
  int listener;
  int wake;             /* eventfd: something below has changed */
  gint stop, unplugged; /* atomic */
  guint32 number;       /* of the session */
  Connection command, event;
  GThread *thread;
};

static const guint8 camera_guid[16] = "Tambo practice 1";

static void connection_close (Connection *connection) {
  if (connection->fd >= 0)
    close (connection->fd);
  connection->fd = -1;
  g_byte_array_set_size (connection->input, 0);
}

static gboolean is_away (TamboCameraWire *wire) {
  return g_atomic_int_get (&wire->unplugged) != 0;
}

static void end_session (TamboCameraWire *wire) {
  connection_close (&wire->command);
  connection_close (&wire->event);
  tambo_camera_body_reset (wire->body);
}

static gboolean send_all (int fd, gconstpointer data, gsize size) {
  const guint8 *at = data;
  while (size > 0) {
    gssize sent = send (fd, at, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR)
      continue;
    if (sent <= 0)
      return FALSE;
    at += sent;
    size -= (gsize) sent;
  }
  return TRUE;
}

static gboolean send_packet (int fd, GByteArray *packet) {
  tambo_ptp_packet_finish (packet);
  gboolean sent = send_all (fd, packet->data, packet->len);
  g_byte_array_unref (packet);
  return sent;
}

/* Waits for a whole packet; FALSE when the peer is gone, slow or does not speak PTP/IP. */
static gboolean receive_packet (Connection *connection, guint32 *out_type, GBytes **out_body) {
  g_autoptr (GError) error = NULL;
  for (;;) {
    if (tambo_ptp_take_packet (connection->input, out_type, out_body, &error))
      return TRUE;
    if (error != NULL)
      return FALSE;
    guint8 chunk[4096];
    gssize got = recv (connection->fd, chunk, sizeof chunk, 0);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return FALSE;
    g_byte_array_append (connection->input, chunk, (guint) got);
  }
}

static void acknowledge_command (TamboCameraWire *wire, int fd) {
  static const char name[] = "Practice camera";
  GByteArray *packet = tambo_ptp_packet_new (TAMBO_PTP_INIT_COMMAND_ACK);
  tambo_ptp_put_u32 (packet, wire->number);
  g_byte_array_append (packet, camera_guid, sizeof camera_guid);
  for (gsize i = 0; i < sizeof name; i++)
    tambo_ptp_put_u16 (packet, (guint8) name[i]);
  tambo_ptp_put_u32 (packet, 0x00010000);
  send_packet (fd, packet);
}

static void refuse (int fd) {
  GByteArray *packet = tambo_ptp_packet_new (TAMBO_PTP_INIT_FAIL);
  tambo_ptp_put_u32 (packet, 2); /* busy */
  send_packet (fd, packet);
}

/* The first packet says what the new connection is for. Takes FRESH's descriptor when it is kept. */
static void introduce (TamboCameraWire *wire, Connection *fresh) {
  guint32 type;
  g_autoptr (GBytes) body = NULL;
  if (!receive_packet (fresh, &type, &body))
    return;
  Connection *place = NULL;
  if (type == TAMBO_PTP_INIT_COMMAND_REQUEST && wire->command.fd < 0) {
    wire->number++;
    acknowledge_command (wire, fresh->fd);
    place = &wire->command;
  } else if (type == TAMBO_PTP_INIT_EVENT_REQUEST && wire->command.fd >= 0 && wire->event.fd < 0
             && g_bytes_get_size (body) == 4) {
    send_packet (fresh->fd, tambo_ptp_packet_new (TAMBO_PTP_INIT_EVENT_ACK));
    place = &wire->event;
  } else {
    refuse (fresh->fd);
    return;
  }
  place->fd = fresh->fd;
  fresh->fd = -1;
}

/* The port stays ours while the camera is away: who calls is cut off at once. */
static void turn_away (int fd) {
  const struct linger at_once = { .l_onoff = 1 };
  setsockopt (fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close (fd);
}

static void accept_connection (TamboCameraWire *wire) {
  struct timeval patience = { .tv_sec = PATIENCE_SECONDS };
  int yes = 1;
  Connection fresh = { .fd = accept4 (wire->listener, NULL, NULL, SOCK_CLOEXEC) };
  if (fresh.fd < 0)
    return;
  if (is_away (wire)) {
    turn_away (fresh.fd);
    return;
  }
  setsockopt (fresh.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt (fresh.fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  setsockopt (fresh.fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  fresh.input = g_byte_array_new ();
  introduce (wire, &fresh);
  connection_close (&fresh);
  g_byte_array_unref (fresh.input);
}

/* The data phase from the station: START, any number of DATA, END; each begins with the number of
 * the transaction. */
static GBytes *receive_data (TamboCameraWire *wire) {
  g_autoptr (GByteArray) data = g_byte_array_new ();
  for (;;) {
    guint32 type;
    g_autoptr (GBytes) body = NULL;
    if (!receive_packet (&wire->command, &type, &body) || g_bytes_get_size (body) < 4)
      return NULL;
    if (type == TAMBO_PTP_START_DATA)
      continue;
    if (type != TAMBO_PTP_DATA && type != TAMBO_PTP_END_DATA)
      return NULL;
    gsize size = g_bytes_get_size (body) - 4;
    if (data->len + size > MAX_DATA)
      return NULL;
    g_byte_array_append (data, (const guint8 *) g_bytes_get_data (body, NULL) + 4, (guint) size);
    if (type == TAMBO_PTP_END_DATA)
      return g_byte_array_free_to_bytes (g_steal_pointer (&data));
  }
}

static gboolean send_data (int fd, guint32 transaction, GByteArray *data) {
  GByteArray *start = tambo_ptp_packet_new (TAMBO_PTP_START_DATA);
  tambo_ptp_put_u32 (start, transaction);
  tambo_ptp_put_u64 (start, data->len);
  if (!send_packet (fd, start))
    return FALSE;
  GByteArray *end = tambo_ptp_packet_new (TAMBO_PTP_END_DATA);
  tambo_ptp_put_u32 (end, transaction);
  g_byte_array_append (end, data->data, data->len);
  return send_packet (fd, end);
}

static gboolean send_events (TamboCameraWire *wire, guint32 transaction) {
  guint16 code;
  guint32 parameter;
  while (tambo_camera_body_take_event (wire->body, &code, &parameter)) {
    GByteArray *packet = tambo_ptp_packet_new (TAMBO_PTP_EVENT);
    tambo_ptp_put_u16 (packet, code);
    tambo_ptp_put_u32 (packet, transaction);
    tambo_ptp_put_u32 (packet, parameter);
    if (wire->event.fd < 0 || !send_packet (wire->event.fd, packet))
      return FALSE;
  }
  return TRUE;
}

static gboolean send_noise (int fd) {
  guint8 noise[1024];
  for (gsize i = 0; i < sizeof noise; i++)
    noise[i] = (guint8) g_random_int_range (0, 256);
  return send_all (fd, noise, sizeof noise);
}

/* The faults of the line. FALSE when it is to be closed; OUT_SILENT: the operation is not carried out. */
static gboolean survive (TamboCameraWire *wire, guint struck, gboolean *out_silent) {
  *out_silent = FALSE;
  if (tambo_camera_fault_is_in (struck, TAMBO_CAMERA_FAULT_UNPLUG))
    g_atomic_int_set (&wire->unplugged, 1);
  if (is_away (wire) || tambo_camera_fault_is_in (struck, TAMBO_CAMERA_FAULT_CLOSE))
    return FALSE;
  gboolean noise = tambo_camera_fault_is_in (struck, TAMBO_CAMERA_FAULT_GARBAGE);
  *out_silent = noise || tambo_camera_fault_is_in (struck, TAMBO_CAMERA_FAULT_HANG);
  return !noise || send_noise (wire->command.fd);
}

static gboolean operate (TamboCameraWire *wire, GBytes *body) {
  TamboPtpOperation operation;
  if (!tambo_ptp_parse_operation (body, &operation))
    return FALSE;
  g_autoptr (GBytes) input = operation.sends_data ? receive_data (wire) : NULL;
  if (operation.sends_data && input == NULL)
    return FALSE;
  guint struck = tambo_faults_step (wire->faults);
  gboolean silent;
  if (!survive (wire, struck, &silent))
    return FALSE;
  if (silent)
    return TRUE;

  gboolean has_output;
  g_autoptr (GByteArray) output = g_byte_array_new ();
  TamboPtpResponse code =
      tambo_camera_body_operate (wire->body, &operation, input, struck, output, &has_output);
  if (has_output && !send_data (wire->command.fd, operation.transaction, output))
    return FALSE;
  GByteArray *response = tambo_ptp_packet_new (TAMBO_PTP_OPERATION_RESPONSE);
  tambo_ptp_put_u16 (response, (guint16) code);
  tambo_ptp_put_u32 (response, operation.transaction);
  return send_packet (wire->command.fd, response) && send_events (wire, operation.transaction);
}

static gboolean serve_command (TamboCameraWire *wire) {
  do {
    guint32 type;
    g_autoptr (GBytes) body = NULL;
    if (!receive_packet (&wire->command, &type, &body))
      return FALSE;
    if (type == TAMBO_PTP_OPERATION_REQUEST && !operate (wire, body))
      return FALSE;
  } while (wire->command.input->len > 0);
  return TRUE;
}

static gboolean serve_event (TamboCameraWire *wire) {
  guint32 type;
  g_autoptr (GBytes) body = NULL;
  if (!receive_packet (&wire->event, &type, &body))
    return FALSE;
  return type != TAMBO_PTP_PROBE_REQUEST
         || send_packet (wire->event.fd, tambo_ptp_packet_new (TAMBO_PTP_PROBE_RESPONSE));
}

static void take_wake (TamboCameraWire *wire) {
  eventfd_t value;
  eventfd_read (wire->wake, &value);
}

static gpointer serve_thread (gpointer data) {
  TamboCameraWire *wire = data;
  while (g_atomic_int_get (&wire->stop) == 0) {
    if (is_away (wire))
      end_session (wire);
    struct pollfd fds[] = {
      { wire->wake, POLLIN, 0 },
      { wire->command.fd, POLLIN, 0 },
      { wire->event.fd, POLLIN, 0 },
      { wire->listener, POLLIN, 0 },
    };
    if (poll (fds, G_N_ELEMENTS (fds), -1) < 0 && errno != EINTR)
      break;
    if (fds[0].revents != 0)
      take_wake (wire);
    /* The old session first: a station that comes back at once must find it ended. */
    if ((fds[1].revents != 0 && !serve_command (wire))
        || (fds[2].revents != 0 && wire->event.fd >= 0 && !serve_event (wire)))
      end_session (wire);
    if (fds[3].revents != 0)
      accept_connection (wire);
  }
  end_session (wire);
  return NULL;
}

TamboCameraWire *tambo_camera_wire_new (TamboCameraBody *body, TamboFaults *faults, guint16 port,
                                        guint16 *out_port, GError **error) {
  int listener = tambo_simulator_listen_tcp (port, out_port, error);
  if (listener < 0)
    return NULL;
  TamboCameraWire *wire = g_new0 (TamboCameraWire, 1);
  wire->body = body;
  wire->faults = faults;
  wire->listener = listener;
  wire->wake = eventfd (0, EFD_CLOEXEC);
  wire->command = (Connection){ -1, g_byte_array_new () };
  wire->event = (Connection){ -1, g_byte_array_new () };
  wire->thread = g_thread_new ("camera", serve_thread, wire);
  return wire;
}

gboolean tambo_camera_wire_set_plugged (TamboCameraWire *wire, gboolean plugged, GError **error) {
  if (g_atomic_int_compare_and_exchange (&wire->unplugged, plugged, !plugged)) {
    eventfd_write (wire->wake, 1);
    return TRUE;
  }
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
               "the camera is %s already", plugged ? "plugged in" : "unplugged");
  return FALSE;
}

void tambo_camera_wire_free (TamboCameraWire *wire) {
  if (wire == NULL)
    return;
  g_atomic_int_set (&wire->stop, 1);
  eventfd_write (wire->wake, 1);
  g_thread_join (wire->thread);
  close (wire->listener);
  close (wire->wake);
  g_byte_array_unref (wire->command.input);
  g_byte_array_unref (wire->event.input);
  g_free (wire);
}
