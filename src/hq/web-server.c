/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/web-server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <string.h>

#include "base/bytes.h"
#include "hq/listen.h"

#define THREADS 8
#define CONNECTION_TIMEOUT 30 /* seconds */
#define CONNECTION_LIMIT 1000
#define CONNECTION_MARGIN 500
#define BACKLOG 4096
#define CONNECTION_MEMORY (64 * 1024)
#define MAX_BODY (64 * 1024)
#define PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"
#define COOKIE "__Host-tambo"

struct _TamboWebServer {
  TamboWeb *web;
  const TamboWebSite *site;
  const TamboWebServerSettings *settings; /* borrowed while it starts */
  struct MHD_Daemon *daemon;
  char *address;
  gint n_connections, max_connections;
};

static const char *const headers[][2] = {
  { "Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self';"
                               " base-uri 'none'; frame-ancestors 'none'" },
  { "X-Content-Type-Options", "nosniff" },
  { "X-Frame-Options", "DENY" },
  /* An address may hold a code; and "no-referrer" would hide from us where our own forms come from. */
  { "Referrer-Policy", "same-origin" },
  { "Cross-Origin-Opener-Policy", "same-origin" },
  { "Cross-Origin-Resource-Policy", "same-origin" },
  { "Strict-Transport-Security", "max-age=31536000" },
};

static void add_number (struct MHD_Response *response, const char *name, guint number) {
  char text[16];

  g_snprintf (text, sizeof text, "%u", number);
  MHD_add_response_header (response, name, text);
}

static enum MHD_Result send_answer (struct MHD_Connection *connection, TamboWebAnswer *answer,
                                    gboolean is_last) {
  gsize size = 0;
  gconstpointer data = answer->body != NULL ? g_bytes_get_data (answer->body, &size) : NULL;
  struct MHD_Response *response = MHD_create_response_from_buffer (
      size, (void *) (data != NULL ? data : ""), MHD_RESPMEM_MUST_COPY);
  enum MHD_Result result;

  if (response == NULL)
    return MHD_NO;
  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    MHD_add_response_header (response, headers[i][0], headers[i][1]);
  MHD_add_response_header (response, "Content-Type",
                           answer->type != NULL ? answer->type : "text/html; charset=utf-8");
  MHD_add_response_header (response, "Cache-Control",
                           answer->is_public ? "public, max-age=3600" : "no-store");
  if (answer->location != NULL)
    MHD_add_response_header (response, "Location", answer->location);
  if (answer->cookie != NULL)
    MHD_add_response_header (response, "Set-Cookie", answer->cookie);
  if (answer->challenge != NULL)
    MHD_add_response_header (response, "WWW-Authenticate", answer->challenge);
  if (answer->retry_after > 0)
    add_number (response, "Retry-After", answer->retry_after);
  if (is_last)
    MHD_add_response_header (response, "Connection", "close");
  result = MHD_queue_response (connection, answer->status != 0 ? answer->status : 200, response);
  MHD_destroy_response (response);
  return result;
}

/* ---- reading ---- */

static enum MHD_Result on_argument (void *data, enum MHD_ValueKind kind, const char *name,
                                    const char *value) {
  GString *text = data;
  g_autofree char *escaped_name = g_uri_escape_string (name, NULL, FALSE);
  g_autofree char *escaped_value = g_uri_escape_string (value != NULL ? value : "", NULL, FALSE);

  g_string_append_printf (text, "%s%s=%s", text->len > 0 ? "&" : "", escaped_name, escaped_value);
  return MHD_YES;
}

/* libmicrohttpd has taken the escapes off; the bounds are the form's. */
static TamboForm *read_query (struct MHD_Connection *connection, GError **error) {
  g_autoptr (GString) text = g_string_new (NULL);

  MHD_get_connection_values (connection, MHD_GET_ARGUMENT_KIND, on_argument, text);
  return tambo_form_parse (text->str, text->len, error);
}

static char *dup_header (struct MHD_Connection *connection, const char *name) {
  return g_strdup (MHD_lookup_connection_value (connection, MHD_HEADER_KIND, name));
}

static char *dup_client (struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  char text[INET6_ADDRSTRLEN] = "";

  if (info == NULL || info->client_addr == NULL)
    return g_strdup ("");
  if (info->client_addr->sa_family == AF_INET6)
    inet_ntop (AF_INET6, &((const struct sockaddr_in6 *) info->client_addr)->sin6_addr, text,
               sizeof text);
  else
    inet_ntop (AF_INET, &((const struct sockaddr_in *) info->client_addr)->sin_addr, text,
               sizeof text);
  return g_strdup (text);
}

static TamboWebRequest *read_head (TamboWebServer *server, struct MHD_Connection *connection,
                                   const char *method, const char *path) {
  TamboWebRequest *request = g_new0 (TamboWebRequest, 1);
  g_autofree char *accepted = dup_header (connection, "Accept-Language");

  request->web = server->web;
  request->site = server->site;
  /* A head is answered as its page; libmicrohttpd leaves the body out. */
  request->method = g_strdup (strcmp (method, "HEAD") == 0 ? "GET" : method);
  request->path = g_utf8_make_valid (path, -1);
  request->form = tambo_form_new ();
  request->body = g_byte_array_new ();
  request->cookie = g_strdup (MHD_lookup_connection_value (connection, MHD_COOKIE_KIND, COOKIE));
  request->authorization = dup_header (connection, "Authorization");
  request->origin = dup_header (connection, "Origin");
  request->host = dup_header (connection, "Host");
  request->client = dup_client (connection);
  request->language = tambo_language_pick (accepted);
  return request;
}

/* ---- answering ---- */

static void answer_error (TamboWebRequest *request, TamboHqError code, const char *message,
                          TamboWebAnswer *answer) {
  g_autoptr (GError) error = g_error_new_literal (TAMBO_HQ_ERROR, (int) code, message);

  if (request->query == NULL)
    request->query = tambo_form_new ();
  tambo_web_fail (request, error, answer);
}

static enum MHD_Result send_away (struct MHD_Connection *connection, TamboWebRequest *request) {
  g_auto (TamboWebAnswer) answer = { 0 };

  answer_error (request, TAMBO_HQ_ERROR_UNAVAILABLE, "too many connections are open", &answer);
  return send_answer (connection, &answer, TRUE);
}

static enum MHD_Result begin (TamboWebServer *server, struct MHD_Connection *connection,
                              const char *method, const char *path, void **request_context) {
  g_autoptr (TamboWebRequest) request = read_head (server, connection, method, path);

  if (g_atomic_int_get (&server->n_connections) > server->max_connections)
    return send_away (connection, request);
  *request_context = g_steal_pointer (&request);
  return MHD_YES;
}

static void take_body (TamboWebRequest *request, const char *body, gsize size) {
  if (request->body->len + size > MAX_BODY)
    request->is_too_long = TRUE;
  else
    g_byte_array_append (request->body, (const guint8 *) body, (guint) size);
}

static void answer_request (struct MHD_Connection *connection, TamboWebRequest *request,
                            TamboWebAnswer *answer) {
  gboolean is_known;

  request->query = read_query (connection, NULL);
  request->route = tambo_web_find_route (request->site, request->method, request->path,
                                         &request->tail, &is_known);
  if (request->query != NULL)
    tambo_web_dispatch (request, answer);
  else
    answer_error (request, TAMBO_HQ_ERROR_INVALID, "the address is malformed", answer);
  if (request->route == NULL && is_known)
    answer->status = MHD_HTTP_METHOD_NOT_ALLOWED;
}

static enum MHD_Result on_request (void *data, struct MHD_Connection *connection, const char *path,
                                   const char *method, const char *version, const char *body,
                                   size_t *body_size, void **request_context) {
  TamboWebRequest *request = *request_context;
  g_auto (TamboWebAnswer) answer = { 0 };

  if (request == NULL)
    return begin (data, connection, method, path, request_context);
  if (*body_size > 0) {
    take_body (request, body, *body_size);
    *body_size = 0;
    return MHD_YES;
  }
  answer_request (connection, request, &answer);
  return send_answer (connection, &answer, FALSE);
}

static void on_completed (void *data, struct MHD_Connection *connection, void **request_context,
                          enum MHD_RequestTerminationCode code) {
  g_clear_pointer ((TamboWebRequest **) request_context, tambo_web_request_free);
}

static void on_connection (void *data, struct MHD_Connection *connection, void **socket_context,
                           enum MHD_ConnectionNotificationCode code) {
  TamboWebServer *server = data;

  g_atomic_int_add (&server->n_connections, code == MHD_CONNECTION_NOTIFY_STARTED ? 1 : -1);
}

static void on_log (void *data, const char *format, va_list arguments) {
}

/* ---- start and stop ---- */

static struct MHD_Daemon *start_daemon (gpointer data, const struct sockaddr *address) {
  TamboWebServer *server = data;
  gsize key_size;
  const char *key_data = g_bytes_get_data (server->settings->key_pem, &key_size);
  char *key = g_strndup (key_data, key_size); /* libmicrohttpd wants a string */
  struct MHD_Daemon *daemon = MHD_start_daemon (
      MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_TLS | MHD_USE_ERROR_LOG
          | (address->sa_family == AF_INET6 ? MHD_USE_IPv6 : 0),
      0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
      MHD_OPTION_SOCK_ADDR, address, MHD_OPTION_THREAD_POOL_SIZE, (guint) THREADS,
      MHD_OPTION_CONNECTION_TIMEOUT, (guint) CONNECTION_TIMEOUT, MHD_OPTION_CONNECTION_LIMIT,
      (guint) (server->max_connections + CONNECTION_MARGIN), MHD_OPTION_LISTEN_BACKLOG_SIZE,
      (guint) BACKLOG, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) CONNECTION_MEMORY,
      MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_HTTPS_PRIORITIES, PRIORITIES,
      MHD_OPTION_HTTPS_MEM_KEY, key, MHD_OPTION_HTTPS_MEM_CERT, server->settings->certificate_pem,
      MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_NOTIFY_COMPLETED,
      on_completed, server, MHD_OPTION_END);

  tambo_secret_string_free (key);
  return daemon;
}

TamboWebServer *tambo_web_server_start (TamboWeb *web, const TamboWebSite *site,
                                        const TamboWebServerSettings *settings, GError **error) {
  g_autoptr (TamboWebServer) server = g_new0 (TamboWebServer, 1);

  server->web = web;
  server->site = site;
  server->settings = settings;
  server->max_connections =
      settings->max_connections > 0 ? settings->max_connections : CONNECTION_LIMIT;
  server->daemon =
      tambo_listen_start (settings->listen, start_daemon, server, &server->address, error);
  server->settings = NULL;
  return server->daemon != NULL ? g_steal_pointer (&server) : NULL;
}

const char *tambo_web_server_get_address (TamboWebServer *server) {
  return server->address;
}

void tambo_web_server_stop (TamboWebServer *server) {
  if (server == NULL)
    return;
  if (server->daemon != NULL)
    MHD_stop_daemon (server->daemon);
  g_free (server->address);
  g_free (server);
}
