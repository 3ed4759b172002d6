/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/server.h"

#include <gio/gio.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <microhttpd.h>
#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "hq/listen.h"
#include "hq/routes.h"

/* Most of them wait for the disk or the database, and with them whoever else libmicrohttpd has given to the same
 * thread: far more than processors. */
#define THREADS 64
#define CONNECTION_TIMEOUT 75 /* seconds; the client gives a dead line up after 60 */
/* Where more are open, a request is told when to come back; what is above the margin waits in the queue
 * of the socket. */
#define CONNECTION_LIMIT 2000
#define CONNECTION_MARGIN 500
#define BACKLOG 4096
/* Seconds; between them by chance, so that not all come back at once. */
#define RETRY_AFTER_LEAST 2
#define RETRY_AFTER_MOST 6
#define CONNECTION_MEMORY                                                                          \
  (128 * 1024) /* of which half is for what was received; touched as it is used */
#define JUDGED_FOR (60 * G_TIME_SPAN_SECOND)
#define PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:%NO_TICKETS"

struct _TamboServer {
  TamboHq *hq;
  struct MHD_Daemon *daemon;
  char *address;
  TamboServerTaken taken;
  gpointer data;
  gint n_connections, max_connections;
};

/* TLS */

/* 0 for a certificate of ours, for a client, within its dates, and for none at all; otherwise the bits of
 * gnutls_certificate_status_t. */
static guint judge_peer (gnutls_session_t session) {
  gnutls_typed_vdata_st wanted = { .type = GNUTLS_DT_KEY_PURPOSE_OID,
                                   .data = (guint8 *) GNUTLS_KP_TLS_WWW_CLIENT };
  guint count = 0, status = 0;

  if (gnutls_certificate_get_peers (session, &count) == NULL || count == 0)
    return 0;
  if (gnutls_certificate_verify_peers (session, &wanted, 1, &status) != GNUTLS_E_SUCCESS)
    return GNUTLS_CERT_INVALID;
  return status;
}

/* A missing certificate is let through here and judged by the gate, route by route. The alert is sent
 * by hand: libmicrohttpd only closes the connection, and the station would take that for a bad line. */
static int on_verify (gnutls_session_t session) {
  guint status = judge_peer (session);
  gnutls_alert_description_t alert = GNUTLS_A_BAD_CERTIFICATE;

  if (status == 0)
    return 0;
  if (status & GNUTLS_CERT_SIGNER_NOT_FOUND)
    alert = GNUTLS_A_UNKNOWN_CA;
  else if (status & (GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED))
    alert = GNUTLS_A_CERTIFICATE_EXPIRED;
  gnutls_alert_send (session, GNUTLS_AL_FATAL, alert);
  return GNUTLS_E_CERTIFICATE_ERROR;
}

/* Who is at the other end of a connection, once that is known. */
typedef struct {
  char *code, *fingerprint; /* NULL without a certificate */
  gint64 judged_at;         /* 0: not yet */
} Peer;

static void peer_free (Peer *peer) {
  g_free (peer->code);
  g_free (peer->fingerprint);
  g_free (peer);
}

static void on_connection (void *data, struct MHD_Connection *connection, void **socket_context,
                           enum MHD_ConnectionNotificationCode code) {
  TamboServer *server = data;
  const union MHD_ConnectionInfo *info;

  if (code != MHD_CONNECTION_NOTIFY_STARTED) {
    g_clear_pointer ((Peer **) socket_context, peer_free);
    g_atomic_int_add (&server->n_connections, -1);
    return;
  }
  g_atomic_int_inc (&server->n_connections);
  *socket_context = g_new0 (Peer, 1);
  info = MHD_get_connection_info (connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  if (info == NULL || info->tls_session == NULL)
    return; /* no session, no certificate: the gate shuts */
  /* libmicrohttpd's trust list alone admits anybody: it asks for a certificate and judges none. */
  gnutls_certificate_server_set_request (info->tls_session, GNUTLS_CERT_REQUEST);
  gnutls_session_set_verify_function (info->tls_session, on_verify);
}

/* Name and fingerprint of the certificate of this connection; NULLs when there is none. The chain is
 * judged once more, so that no path of the TLS library leads past it. */
static void identify (gnutls_session_t session, Peer *peer) {
  const gnutls_datum_t *chain;
  gnutls_x509_crt_t certificate;
  guint8 hash[TAMBO_SHA256_SIZE];
  char name[64];
  gsize name_size = sizeof name;
  guint count = 0;

  g_clear_pointer (&peer->code, g_free);
  g_clear_pointer (&peer->fingerprint, g_free);
  chain = gnutls_certificate_get_peers (session, &count);
  if (chain == NULL || count == 0 || judge_peer (session) != 0
      || gnutls_x509_crt_init (&certificate) != GNUTLS_E_SUCCESS)
    return;
  if (gnutls_x509_crt_import (certificate, &chain[0], GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS
      && gnutls_x509_crt_get_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name,
                                        &name_size)
             == GNUTLS_E_SUCCESS
      && strlen (name) == name_size) {
    tambo_sha256 (chain[0].data, chain[0].size, hash);
    peer->code = g_strdup (name);
    peer->fingerprint = tambo_hex_encode (hash, sizeof hash);
  }
  gnutls_x509_crt_deinit (certificate);
}

/* A certificate of a connection stays the same; its dates pass. NULL without TLS. */
static const Peer *get_peer (struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *tls =
      MHD_get_connection_info (connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  const union MHD_ConnectionInfo *context =
      MHD_get_connection_info (connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  gint64 now = g_get_monotonic_time ();
  Peer *peer;

  if (tls == NULL || tls->tls_session == NULL || context == NULL || context->socket_context == NULL)
    return NULL;
  peer = context->socket_context;
  if (peer->judged_at == 0 || now - peer->judged_at > JUDGED_FOR) {
    identify (tls->tls_session, peer);
    peer->judged_at = now;
  }
  return peer;
}

/* HTTP */

static enum MHD_Result send_answer (struct MHD_Connection *connection, TamboAnswer *answer,
                                    gboolean is_last) {
  gsize size = 0;
  gconstpointer data = answer->bytes != NULL ? g_bytes_get_data (answer->bytes, &size)
                                             : (gconstpointer) answer->json;
  struct MHD_Response *response;
  enum MHD_Result result;

  if (answer->bytes == NULL && answer->json != NULL)
    size = strlen (answer->json);
  response = MHD_create_response_from_buffer (size, (void *) (data != NULL ? data : ""),
                                              MHD_RESPMEM_MUST_COPY);
  if (response == NULL)
    return MHD_NO;
  MHD_add_response_header (response, "Content-Type",
                           answer->bytes != NULL ? "application/octet-stream" : "application/json");
  MHD_add_response_header (response, "Cache-Control", "no-store");
  if (answer->upload_offset >= 0) {
    g_autofree char *offset = g_strdup_printf ("%" G_GINT64_FORMAT, answer->upload_offset);

    MHD_add_response_header (response, TAMBO_UPLOAD_OFFSET, offset);
  }
  if (answer->status == MHD_HTTP_SERVICE_UNAVAILABLE) {
    g_autofree char *seconds =
        g_strdup_printf ("%d", g_random_int_range (RETRY_AFTER_LEAST, RETRY_AFTER_MOST + 1));

    MHD_add_response_header (response, "Retry-After", seconds);
  }
  if (is_last)
    MHD_add_response_header (response, "Connection", "close");
  result = MHD_queue_response (connection, (guint) answer->status, response);
  MHD_destroy_response (response);
  return result;
}

static enum MHD_Result send_error (struct MHD_Connection *connection, const GError *error) {
  g_auto (TamboAnswer) answer = { 0 };

  tambo_answer_for_error (error, &answer);
  return send_answer (connection, &answer, FALSE);
}

/* Before anything of it is looked at. */
static enum MHD_Result send_away (struct MHD_Connection *connection) {
  g_autoptr (GError) error = g_error_new_literal (TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_UNAVAILABLE,
                                                  "too many connections are open");
  g_auto (TamboAnswer) answer = { 0 };

  tambo_answer_for_error (error, &answer);
  return send_answer (connection, &answer, TRUE);
}

static void read_request_line (TamboRequest *request, struct MHD_Connection *connection) {
  const char *after = MHD_lookup_connection_value (connection, MHD_GET_ARGUMENT_KIND, "after");
  const char *offset =
      MHD_lookup_connection_value (connection, MHD_HEADER_KIND, TAMBO_UPLOAD_OFFSET);
  guint64 value;

  request->after = g_strdup (after);
  if (offset != NULL
      && g_ascii_string_to_unsigned (offset, 10, 0, TAMBO_RECORD_MAX_SIZE, &value, NULL))
    request->upload_offset = (gint64) value;
}

/* An offset that is not ours is answered with the right one. */
static enum MHD_Result send_refusal (struct MHD_Connection *connection, TamboRequest *request,
                                     const GError *error) {
  if (request->station != NULL && strcmp (request->route->method, "PATCH") == 0
      && g_error_matches (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE)) {
    g_auto (TamboAnswer) answer = { 0 };

    tambo_request_finish (request, &answer);
    return send_answer (connection, &answer, FALSE);
  }
  return send_error (connection, error);
}

/* The head of a request: route, gate, what the route wants to know before the body. */
static enum MHD_Result begin (TamboServer *server, struct MHD_Connection *connection,
                              const char *method, const char *path, void **request_context) {
  char *tail = NULL;
  const TamboRoute *route = tambo_routes_find (method, path, &tail);
  g_autoptr (TamboRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  const Peer *peer;

  if (g_atomic_int_get (&server->n_connections) > server->max_connections) {
    g_free (tail);
    return send_away (connection);
  }
  if (route == NULL) {
    g_set_error_literal (&error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND,
                         TAMBO_PROTOCOL_NO_REQUEST);
    return send_error (connection, error);
  }
  request = tambo_request_new (server->hq, route, tail);
  peer = get_peer (connection);
  if (!tambo_request_admit (request, peer != NULL ? peer->code : NULL,
                            peer != NULL ? peer->fingerprint : NULL, &error))
    return send_error (connection, error);
  read_request_line (request, connection);
  if (!tambo_request_begin (request, &error))
    return send_refusal (connection, request, error);
  *request_context = g_steal_pointer (&request);
  return MHD_YES;
}

static enum MHD_Result on_request (void *data, struct MHD_Connection *connection, const char *path,
                                   const char *method, const char *version, const char *body,
                                   size_t *body_size, void **request_context) {
  TamboServer *server = data;
  TamboRequest *request = *request_context;
  g_auto (TamboAnswer) answer = { 0 };

  if (request == NULL)
    return begin (server, connection, method, path, request_context);
  if (*body_size > 0) {
    tambo_request_take_body (request, body, *body_size);
    *body_size = 0;
    return MHD_YES;
  }
  tambo_request_finish (request, &answer);
  /* A PUT also ends in a receipt, when all bytes were there. */
  if (answer.status == 200 && *method == 'P' && server->taken != NULL)
    server->taken (server->data);
  return send_answer (connection, &answer, FALSE);
}

static void on_completed (void *data, struct MHD_Connection *connection, void **request_context,
                          enum MHD_RequestTerminationCode code) {
  g_clear_pointer ((TamboRequest **) request_context, tambo_request_free);
}

/* libmicrohttpd and GnuTLS speak of every scanner that comes by. */
static void on_log (void *data, const char *format, va_list arguments) {
}

/* Start and stop */

static struct MHD_Daemon *start_daemon (gpointer data, const struct sockaddr *address) {
  TamboServer *server = data;
  gsize key_size;
  g_autofree char *key = NULL;
  const char *key_data = g_bytes_get_data (server->hq->server_key_pem, &key_size);
  struct MHD_Daemon *daemon;

  key = g_strndup (key_data, key_size); /* libmicrohttpd wants a string */
  daemon = MHD_start_daemon (
      MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_TLS | MHD_USE_ERROR_LOG
          | (address->sa_family == AF_INET6 ? MHD_USE_IPv6 : 0),
      0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
      MHD_OPTION_SOCK_ADDR, address, MHD_OPTION_THREAD_POOL_SIZE, (guint) THREADS,
      MHD_OPTION_CONNECTION_TIMEOUT, (guint) CONNECTION_TIMEOUT, MHD_OPTION_CONNECTION_LIMIT,
      (guint) (server->max_connections + CONNECTION_MARGIN), MHD_OPTION_LISTEN_BACKLOG_SIZE,
      (guint) BACKLOG, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) CONNECTION_MEMORY,
      MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_HTTPS_PRIORITIES, PRIORITIES,
      MHD_OPTION_HTTPS_MEM_KEY, key, MHD_OPTION_HTTPS_MEM_CERT, server->hq->server_pem,
      MHD_OPTION_HTTPS_MEM_TRUST, server->hq->authority_pem, MHD_OPTION_NOTIFY_CONNECTION,
      on_connection, server, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_END);
  tambo_secret_wipe (key, key_size);
  return daemon;
}

TamboServer *tambo_server_start (TamboHq *hq, const TamboServerSettings *settings, GError **error) {
  g_autoptr (TamboServer) server = g_new0 (TamboServer, 1);

  server->hq = hq;
  server->taken = settings->taken;
  server->data = settings->data;
  server->max_connections =
      settings->max_connections > 0 ? settings->max_connections : CONNECTION_LIMIT;
  server->daemon =
      tambo_listen_start (settings->listen, start_daemon, server, &server->address, error);
  return server->daemon != NULL ? g_steal_pointer (&server) : NULL;
}

const char *tambo_server_get_address (TamboServer *server) {
  return server->address;
}

void tambo_server_stop (TamboServer *server) {
  if (server == NULL)
    return;
  if (server->daemon != NULL)
    MHD_stop_daemon (server->daemon);
  g_free (server->address);
  g_free (server);
}
