/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/services.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "simulator/process.h"
#include "simulator/simulator-error.h"

#define MAX_BODY (64 * 1024)
#define SLOW (30 * G_TIME_SPAN_SECOND)
#define STEP (50 * G_TIME_SPAN_MILLISECOND)
#define HUGE_SIZE (16 * 1024 * 1024)
#define MAX_CONTROL 4096

static const char *const names[] = { "identity", "voucher", "police" };
static const char *const faults[TAMBO_SERVICE_FAULTS] = {
  "clear", "hit", "unknown", "slow", "error", "nonsense", "huge", "offline",
};

typedef struct {
  TamboServiceFault set[G_N_ELEMENTS (names)]; /* by the command line */
  const char *control;                         /* a file with the same words, or NULL */
  gint is_over;
} Services;

static int find_word (const char *const *words, guint n, const char *text) {
  for (guint i = 0; i < n; i++)
    if (strcmp (words[i], text) == 0)
      return (int) i;
  return -1;
}

/* "police=slow". */
static gboolean set_fault (TamboServiceFault *set, const char *word, GError **error) {
  g_auto (GStrv) parts = g_strsplit (word, "=", 2);
  int name = g_strv_length (parts) == 2 ? find_word (names, G_N_ELEMENTS (names), parts[0]) : -1;
  int fault = name >= 0 ? find_word (faults, G_N_ELEMENTS (faults), parts[1]) : -1;

  if (fault < 0) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
                 "\"%s\" is not SERVICE=FAULT; services are identity, voucher and police, faults"
                 " clear, hit, unknown, slow, error, nonsense, huge and offline",
                 word);
    return FALSE;
  }
  set[name] = (TamboServiceFault) fault;
  return TRUE;
}

/* What the file says now goes before what the command line said. */
static TamboServiceFault fault_of (const Services *services, int name) {
  TamboServiceFault set[G_N_ELEMENTS (names)];
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;
  gsize size;

  memcpy (set, services->set, sizeof set);
  if (services->control != NULL && g_file_get_contents (services->control, &text, &size, NULL)
      && size <= MAX_CONTROL) {
    words = g_strsplit_set (text, " \n", -1);
    for (gsize i = 0; words[i] != NULL; i++)
      if (*words[i] != '\0' && !set_fault (set, words[i], NULL))
        g_printerr ("tambo-simulator services: \"%s\" is no fault\n", words[i]);
  }
  return set[name];
}

/* ---- answers ---- */

static enum MHD_Result answer (struct MHD_Connection *connection, guint status, const char *type,
                               const char *text) {
  struct MHD_Response *response =
      MHD_create_response_from_buffer (strlen (text), (char *) text, MHD_RESPMEM_MUST_COPY);
  enum MHD_Result result;

  MHD_add_response_header (response, "Content-Type", type);
  result = MHD_queue_response (connection, status, response);
  MHD_destroy_response (response);
  return result;
}

static enum MHD_Result answer_huge (struct MHD_Connection *connection) {
  g_autofree char *body = g_strnfill (HUGE_SIZE, ' ');

  return answer (connection, MHD_HTTP_OK, "application/json", body);
}

/* Each connection has a thread, so that one that sleeps holds up none. */
static void sleep_long (Services *services) {
  for (gint64 slept = 0; slept < SLOW && !g_atomic_int_get (&services->is_over); slept += STEP)
    g_usleep (STEP);
}

static enum MHD_Result answer_result (struct MHD_Connection *connection, TamboServiceFault fault) {
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *reference = g_strdup_printf ("SIM-%08x", g_random_int ());
  g_autofree char *text = NULL;

  json_object_set_string_member (object, "result", faults[fault]);
  json_object_set_string_member (object, "reference", reference);
  text = tambo_json_canonical (object);
  return answer (connection, MHD_HTTP_OK, "application/json", text);
}

/* A question is about what the path says, and a bank is told no name. */
static gboolean is_question (const char *name, GByteArray *body) {
  g_autoptr (JsonObject) object =
      tambo_json_parse_object ((const char *) body->data, (gssize) body->len, NULL);
  const char *check = object != NULL ? tambo_json_peek_string (object, "check") : NULL;

  if (g_strcmp0 (check, "probe") == 0)
    return TRUE;
  return g_strcmp0 (check, name) == 0 && json_object_has_member (object, "tracking_number")
         && json_object_has_member (object, "surname") == (strcmp (name, "voucher") != 0);
}

static enum MHD_Result play (Services *services, struct MHD_Connection *connection, int name,
                             GByteArray *body) {
  TamboServiceFault fault = fault_of (services, name);

  tambo_simulator_announce ("%s %s", names[name], faults[fault]);
  if (!is_question (names[name], body))
    return answer (connection, MHD_HTTP_BAD_REQUEST, "text/plain", "this is no question\n");
  switch (fault) {
  case TAMBO_SERVICE_SLOW:
    sleep_long (services);
    return answer_result (connection, TAMBO_SERVICE_CLEAR);
  case TAMBO_SERVICE_ERROR:
    return answer (connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "text/plain", "it broke\n");
  case TAMBO_SERVICE_NONSENSE:
    return answer (connection, MHD_HTTP_OK, "text/html", "<!DOCTYPE html><title>Welcome</title>");
  case TAMBO_SERVICE_HUGE:
    return answer_huge (connection);
  case TAMBO_SERVICE_OFFLINE:
    return MHD_NO;
  default:
    return answer_result (connection, fault);
  }
}

/* ---- requests ---- */

static enum MHD_Result on_request (void *data, struct MHD_Connection *connection, const char *url,
                                   const char *method, const char *version, const char *upload,
                                   size_t *upload_size, void **request) {
  Services *services = data;
  GByteArray *body = *request;
  int name = find_word (names, G_N_ELEMENTS (names), *url == '/' ? url + 1 : url);

  if (body == NULL) {
    *request = g_byte_array_new ();
    return MHD_YES;
  }
  if (*upload_size > 0) {
    if (body->len + *upload_size > MAX_BODY)
      return MHD_NO;
    g_byte_array_append (body, (const guint8 *) upload, (guint) *upload_size);
    *upload_size = 0;
    return MHD_YES;
  }
  if (strcmp (method, "POST") != 0 || name < 0)
    return answer (connection, MHD_HTTP_NOT_FOUND, "text/plain", "there is no such service\n");
  return play (services, connection, name, body);
}

static void on_completed (void *data, struct MHD_Connection *connection, void **request,
                          enum MHD_RequestTerminationCode code) {
  g_clear_pointer ((GByteArray **) request, g_byte_array_unref);
}

static int serve (Services *services, int port) {
  g_autoptr (GMainLoop) loop = tambo_simulator_main_loop_new ();
  g_autoptr (GError) error = NULL;
  guint16 bound;
  int fd = tambo_simulator_listen_tcp ((guint16) port, &bound, &error);
  struct MHD_Daemon *daemon;

  if (fd < 0)
    return tambo_simulator_fail ("services", error);
  daemon = MHD_start_daemon (
      MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL, 0, NULL, NULL,
      on_request, services, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
      NULL, MHD_OPTION_CONNECTION_LIMIT, 64u, MHD_OPTION_END);
  if (daemon == NULL) {
    g_set_error_literal (&error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                         "libmicrohttpd cannot start");
    return tambo_simulator_fail ("services", error);
  }
  tambo_simulator_announce ("port %u", (guint) bound);
  g_main_loop_run (loop);
  g_atomic_int_set (&services->is_over, TRUE);
  MHD_stop_daemon (daemon);
  return 0;
}

int tambo_simulator_services_main (int argc, char **argv) {
  int port = 0;
  g_auto (GStrv) words = NULL;
  g_autofree char *control = NULL;
  const GOptionEntry options[] = { { "port", 0, 0, G_OPTION_ARG_INT, &port,
                                     "Listen on this port of 127.0.0.1; a free one", "N" },
                                   { "fault", 0, 0, G_OPTION_ARG_STRING_ARRAY, &words,
                                     "What a service does; may be repeated", "SERVICE=FAULT" },
                                   { "control", 0, 0, G_OPTION_ARG_FILENAME, &control,
                                     "A file with such words, looked at for each request", "FILE" },
                                   { NULL } };
  Services services = { { TAMBO_SERVICE_CLEAR } };
  g_autoptr (GError) error = NULL;

  if (!tambo_simulator_parse_options (&argc, &argv, "", "the services that headquarters asks",
                                      options))
    return 2;
  for (gsize i = 0; words != NULL && words[i] != NULL; i++)
    if (!set_fault (services.set, words[i], &error))
      return tambo_simulator_fail ("services", error);
  if (port < 0 || port > G_MAXUINT16) {
    g_set_error_literal (&error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
                         "a port is 0 to 65535");
    return tambo_simulator_fail ("services", error);
  }
  services.control = control;
  return serve (&services, port);
}
