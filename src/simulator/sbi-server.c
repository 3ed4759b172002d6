/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/sbi-server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <string.h>

#include "simulator/simulator-error.h"

#define MAX_REQUEST (64 * 1024)
#define FRAME_MS 200 /* SBI wants three a second at least */
#define HANG_STEP_MS 50

typedef enum {
  STEP_DEVICE,
  STEP_INFO,
  STEP_CAPTURE,
  STEP_STREAM,
  N_STEPS,
} Step;

static const struct {
  const char *name, *path;
  const char *verbs[2];
} steps[N_STEPS] = {
  [STEP_DEVICE] = { "device", "/device", { "MOSIPDISC", "SBIDISC" } },
  [STEP_INFO] = { "info", "/info", { "MOSIPDINFO", NULL } },
  [STEP_CAPTURE] = { "capture", "/capture", { "RCAPTURE", NULL } },
  [STEP_STREAM] = { "stream", "/stream", { "STREAM", NULL } },
};

static const struct {
  const char *name;
  TamboServiceFault service;
  TamboScannerFault scanner;
} faults[] = {
  { "none", TAMBO_SERVICE_WELL, TAMBO_SCANNER_WELL },
  { "nonsense", TAMBO_SERVICE_NONSENSE, TAMBO_SCANNER_WELL },
  { "endless", TAMBO_SERVICE_ENDLESS, TAMBO_SCANNER_WELL },
  { "hang", TAMBO_SERVICE_HANG, TAMBO_SCANNER_WELL },
  { "error-500", TAMBO_SERVICE_ERROR_500, TAMBO_SCANNER_WELL },
  { "closed", TAMBO_SERVICE_CLOSED, TAMBO_SCANNER_WELL },
  { "cut", TAMBO_SERVICE_CUT, TAMBO_SCANNER_WELL },
  { "wrong-signature", TAMBO_SERVICE_WELL, TAMBO_SCANNER_WRONG_SIGNATURE },
  { "stranger", TAMBO_SERVICE_WELL, TAMBO_SCANNER_STRANGER },
  { "broken-chain", TAMBO_SERVICE_WELL, TAMBO_SCANNER_BROKEN_CHAIN },
  { "fewer-fingers", TAMBO_SERVICE_WELL, TAMBO_SCANNER_FEWER_FINGERS },
  { "wrong-finger", TAMBO_SERVICE_WELL, TAMBO_SCANNER_WRONG_FINGER },
  { "other-scanner", TAMBO_SERVICE_WELL, TAMBO_SCANNER_OTHER_SCANNER },
  { "other-transaction", TAMBO_SERVICE_WELL, TAMBO_SCANNER_OTHER_TRANSACTION },
  { "old", TAMBO_SERVICE_WELL, TAMBO_SCANNER_OLD },
  { "other-version", TAMBO_SERVICE_WELL, TAMBO_SCANNER_OTHER_VERSION },
  { "no-finger", TAMBO_SERVICE_WELL, TAMBO_SCANNER_NO_FINGER },
  { "poor", TAMBO_SERVICE_WELL, TAMBO_SCANNER_POOR },
  { "poor-last", TAMBO_SERVICE_WELL, TAMBO_SCANNER_POOR_LAST },
  { "other-hand", TAMBO_SERVICE_WELL, TAMBO_SCANNER_OTHER_HAND },
};

struct _TamboSbiServer {
  TamboScanner *scanner; /* borrowed */
  struct MHD_Daemon *daemon;
  guint16 port;
  gint faults[N_STEPS]; /* places in the table above; atomic */
  gint is_ending;       /* atomic */
};

/* ---- faults ---- */

static gboolean find_step (const char *name, Step *out_step) {
  for (guint i = 0; i < N_STEPS; i++)
    if (g_str_equal (steps[i].name, name)) {
      *out_step = (Step) i;
      return TRUE;
    }
  return FALSE;
}

gboolean tambo_sbi_server_set_fault (TamboSbiServer *server, const char *words, GError **error) {
  g_auto (GStrv) parts = g_strsplit (words, ":", 2);
  const char *name = parts[0] != NULL && parts[1] != NULL ? parts[1] : words;
  Step step = STEP_CAPTURE;

  if (name == words || find_step (parts[0], &step))
    for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
      if (!g_str_equal (faults[i].name, name))
        continue;
      for (guint j = 0; i == 0 && j < N_STEPS; j++)
        g_atomic_int_set (&server->faults[j], 0);
      g_atomic_int_set (&server->faults[step], (gint) i);
      return TRUE;
    }
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
               "there is no fault %s of a scanner's service", words);
  return FALSE;
}

static TamboServiceFault service_fault (TamboSbiServer *server, Step step) {
  return faults[g_atomic_int_get (&server->faults[step])].service;
}

static TamboScannerFault scanner_fault (TamboSbiServer *server, Step step) {
  return faults[g_atomic_int_get (&server->faults[step])].scanner;
}

/* Until the fault is over. */
static void hang (TamboSbiServer *server, Step step) {
  while (!g_atomic_int_get (&server->is_ending)
         && service_fault (server, step) == TAMBO_SERVICE_HANG)
    g_usleep (HANG_STEP_MS * 1000);
}

/* ---- answers ---- */

static enum MHD_Result queue (struct MHD_Connection *connection, guint status,
                              struct MHD_Response *response, const char *type) {
  enum MHD_Result result;

  if (response == NULL)
    return MHD_NO;
  MHD_add_response_header (response, "Content-Type", type);
  MHD_add_response_header (response, "Cache-Control", "no-store");
  result = MHD_queue_response (connection, status, response);
  MHD_destroy_response (response);
  return result;
}

static enum MHD_Result send_text (struct MHD_Connection *connection, guint status,
                                  const char *text) {
  return queue (
      connection, status,
      MHD_create_response_from_buffer (strlen (text), (void *) text, MHD_RESPMEM_MUST_COPY),
      "application/json");
}

static ssize_t on_endless (void *data, guint64 position, char *buffer, size_t size) {
  TamboSbiServer *server = data;

  if (g_atomic_int_get (&server->is_ending))
    return MHD_CONTENT_READER_END_OF_STREAM;
  memset (buffer, position == 0 ? '[' : ' ', size);
  return (ssize_t) size;
}

static ssize_t on_cut (void *data, guint64 position, char *buffer, size_t size) {
  const char *start = data;
  gsize length = strlen (start) / 2;

  if (position >= length)
    return MHD_CONTENT_READER_END_WITH_ERROR;
  size = MIN (size, length - position);
  memcpy (buffer, start + position, size);
  return (ssize_t) size;
}

static enum MHD_Result send_cut (struct MHD_Connection *connection, const char *text) {
  return queue (
      connection, MHD_HTTP_OK,
      MHD_create_response_from_callback (strlen (text), 4096, on_cut, g_strdup (text), g_free),
      "application/json");
}

/* ---- the live picture ---- */

typedef struct {
  TamboSbiServer *server; /* borrowed */
  GByteArray *part;       /* being sent */
  gsize sent;             /* of it */
} Live;

static void live_free (void *data) {
  Live *live = data;

  g_byte_array_unref (live->part);
  g_free (live);
}

static void next_part (Live *live) {
  g_autoptr (GBytes) jpeg = tambo_scanner_frame (live->server->scanner);
  gsize size = g_bytes_get_size (jpeg);
  g_autofree char *header =
      g_strdup_printf ("--BoundaryString\r\nAccess-Control-Allow-Origin:*\r\n"
                       "Content-Type:image/jpeg\r\nContent-Length:%" G_GSIZE_FORMAT "\r\n\r\n",
                       size);

  g_byte_array_set_size (live->part, 0);
  g_byte_array_append (live->part, (const guint8 *) header, (guint) strlen (header));
  g_byte_array_append (live->part, g_bytes_get_data (jpeg, NULL), (guint) size);
  g_byte_array_append (live->part, (const guint8 *) "\r\n", 2);
  live->sent = 0;
}

static ssize_t on_live (void *data, guint64 position, char *buffer, size_t size) {
  Live *live = data;

  if (g_atomic_int_get (&live->server->is_ending))
    return MHD_CONTENT_READER_END_OF_STREAM;
  if (live->sent == live->part->len) {
    if (position > 0)
      g_usleep (FRAME_MS * 1000);
    next_part (live);
  }
  size = MIN (size, live->part->len - live->sent);
  memcpy (buffer, live->part->data + live->sent, size);
  live->sent += size;
  return (ssize_t) size;
}

static enum MHD_Result send_live (TamboSbiServer *server, struct MHD_Connection *connection) {
  Live *live = g_new0 (Live, 1);

  live->server = server;
  live->part = g_byte_array_new ();
  return queue (
      connection, MHD_HTTP_OK,
      MHD_create_response_from_callback (MHD_SIZE_UNKNOWN, 64 * 1024, on_live, live, live_free),
      "multipart/x-mixed-replace; boundary=--BoundaryString");
}

/* ---- requests ---- */

static char *ask_scanner (TamboSbiServer *server, Step step, const GString *body) {
  switch (step) {
  case STEP_DEVICE:
    return tambo_scanner_discovery (server->scanner);
  case STEP_INFO:
    return tambo_scanner_info (server->scanner, scanner_fault (server, step));
  default:
    return tambo_scanner_capture (server->scanner, body->str, body->len,
                                  scanner_fault (server, step));
  }
}

static enum MHD_Result answer (TamboSbiServer *server, struct MHD_Connection *connection, Step step,
                               const GString *body) {
  TamboServiceFault fault = service_fault (server, step);
  g_autofree char *text = NULL;

  switch (fault) {
  case TAMBO_SERVICE_HANG:
    hang (server, step);
    return MHD_NO;
  case TAMBO_SERVICE_CLOSED:
    return MHD_NO;
  case TAMBO_SERVICE_ERROR_500:
    return send_text (connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "out of paper");
  case TAMBO_SERVICE_NONSENSE:
    return send_text (connection, MHD_HTTP_OK, "{\"biometrics\": <b>soon</b>");
  case TAMBO_SERVICE_ENDLESS:
    return queue (
        connection, MHD_HTTP_OK,
        MHD_create_response_from_callback (MHD_SIZE_UNKNOWN, 64 * 1024, on_endless, server, NULL),
        "application/json");
  default:
    break;
  }
  if (step == STEP_STREAM)
    return send_live (server, connection);
  text = ask_scanner (server, step, body);
  return fault == TAMBO_SERVICE_CUT ? send_cut (connection, text)
                                    : send_text (connection, MHD_HTTP_OK, text);
}

static gboolean find_request (const char *verb, const char *path, Step *out_step) {
  for (guint i = 0; i < N_STEPS; i++)
    for (guint j = 0; j < G_N_ELEMENTS (steps[i].verbs); j++)
      if (g_strcmp0 (steps[i].verbs[j], verb) == 0 && g_str_equal (steps[i].path, path)) {
        *out_step = (Step) i;
        return TRUE;
      }
  return FALSE;
}

static enum MHD_Result on_request (void *data, struct MHD_Connection *connection, const char *path,
                                   const char *verb, const char *http, const char *upload,
                                   size_t *size, void **context) {
  GString *body = *context;
  Step step;

  if (body == NULL) {
    *context = g_string_new (NULL);
    return MHD_YES;
  }
  if (*size > 0) {
    if (body->len + *size > MAX_REQUEST)
      return MHD_NO;
    g_string_append_len (body, upload, (gssize) *size);
    *size = 0;
    return MHD_YES;
  }
  if (!find_request (verb, path, &step))
    return send_text (connection, MHD_HTTP_METHOD_NOT_ALLOWED, "{}");
  return answer (data, connection, step, body);
}

static void on_completed (void *data, struct MHD_Connection *connection, void **context,
                          enum MHD_RequestTerminationCode code) {
  if (*context != NULL)
    g_string_free (*context, TRUE);
  *context = NULL;
}

TamboSbiServer *tambo_sbi_server_new (TamboScanner *scanner, guint16 port, GError **error) {
  g_autoptr (TamboSbiServer) server = g_new0 (TamboSbiServer, 1);
  struct sockaddr_in address = {
    .sin_family = AF_INET,
    .sin_port = htons (port),
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK),
  };
  const union MHD_DaemonInfo *info;

  server->scanner = scanner;
  server->daemon =
      MHD_start_daemon (MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, port, NULL,
                        NULL, on_request, server, MHD_OPTION_SOCK_ADDR, &address,
                        MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
  if (server->daemon == NULL) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "port %u of 127.0.0.1 cannot be listened at", port);
    return NULL;
  }
  info = MHD_get_daemon_info (server->daemon, MHD_DAEMON_INFO_BIND_PORT);
  server->port = info != NULL ? info->port : port;
  tambo_scanner_set_port (scanner, server->port);
  return g_steal_pointer (&server);
}

void tambo_sbi_server_free (TamboSbiServer *server) {
  if (server == NULL)
    return;
  g_atomic_int_set (&server->is_ending, TRUE);
  if (server->daemon != NULL)
    MHD_stop_daemon (server->daemon);
  g_free (server);
}

guint16 tambo_sbi_server_get_port (TamboSbiServer *server) {
  return server->port;
}
