/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/client.h"

#include <curl/curl.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <string.h>
#include <sys/socket.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"
#include "sync/portal.h"

#define CONNECT_TIMEOUT 15L /* seconds */
/* Slower than this for so long, a link counts as dead: what was sent is kept at the other end. */
#define LOW_SPEED_BYTES 16L
#define PATIENCE 60 /* seconds */
#define UNSENT_BYTES (64 * 1024)
#define MAX_RETRY_AFTER 3600
#define MAX_ANSWER (4 * 1024 * 1024)
#define MAX_TRIES 6
#define MAX_DETAIL 200

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CURL, curl_easy_cleanup)
typedef struct curl_slist HeaderList;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeaderList, curl_slist_free_all)

struct _TamboClient {
  CURL *curl;
  char *url, *ca_file, *certificate, *key;
  guint64 limit_rate;
  guint patience;
  gint64 time_floor;
  TamboClientProgress progress;
  gpointer progress_data;
  TamboClientTurn is_turn_over;
  gpointer turn_data;
  guint retry_after;
  gint64 clock_offset;
  char words[CURL_ERROR_SIZE]; /* of curl, about the last failure */
  int alert;                   /* TLS alert that the other end sent; -1 for none */
  long verification;           /* X509_V_* of the last connection that failed */
  long proxy_status;           /* likewise, of the proxy that it went through; 0 */
  long system_error;           /* likewise, errno of the connection that did not come about; 0 */
};

/* One request and its answer. */
typedef struct {
  TamboClient *client;
  const char *method;
  const char *path;
  const guint8 *body; /* borrowed; NULL for none */
  gsize body_size, body_sent;
  gboolean is_turn_over; /* the body ended before its end */
  gboolean is_broken;    /* the connection broke in the middle of the body */
  gint64 offset;         /* for PATCH: of the body inside its record; -1 otherwise */
  gint64 total;          /* for PATCH: size of the record */
  gsize max_answer;
  GCancellable *cancellable;
  /* the answer */
  long status;
  GByteArray *answer;
  gboolean is_too_long;
  gint64 upload_offset; /* -1 when it was not said */
} Exchange;

static void exchange_clear (Exchange *exchange) {
  g_clear_pointer (&exchange->answer, g_byte_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Exchange, exchange_clear)

static void initialise_curl (void) {
  static gsize once;

  if (g_once_init_enter (&once)) {
    curl_global_init (CURL_GLOBAL_DEFAULT);
    g_once_init_leave (&once, 1);
  }
}

static CURL *open_curl (void) {
  CURL *curl = curl_easy_init ();

  if (curl == NULL)
    g_error ("libcurl cannot start");
  return curl;
}

TamboClient *tambo_client_new (const TamboClientSettings *settings) {
  TamboClient *client = g_new0 (TamboClient, 1);

  initialise_curl ();
  client->curl = open_curl ();
  client->url = g_strdup (settings->url);
  while (g_str_has_suffix (client->url, "/"))
    client->url[strlen (client->url) - 1] = '\0';
  client->ca_file = g_strdup (settings->ca_file);
  client->certificate = g_strdup (settings->certificate);
  client->key = g_strdup (settings->key);
  client->limit_rate = settings->limit_rate;
  client->patience = settings->patience > 0 ? settings->patience : PATIENCE;
  client->time_floor = settings->time_floor;
  return client;
}

void tambo_client_free (TamboClient *client) {
  if (client == NULL)
    return;
  curl_easy_cleanup (client->curl);
  g_free (client->url);
  g_free (client->ca_file);
  g_free (client->certificate);
  g_free (client->key);
  g_free (client);
}

void tambo_client_set_progress (TamboClient *client, TamboClientProgress progress, gpointer data) {
  client->progress = progress;
  client->progress_data = data;
}

void tambo_client_set_turn (TamboClient *client, TamboClientTurn is_over, gpointer data) {
  client->is_turn_over = is_over;
  client->turn_data = data;
}

guint tambo_client_get_retry_after (TamboClient *client) {
  return client->retry_after;
}

gint64 tambo_client_get_clock_offset (TamboClient *client) {
  return client->clock_offset;
}

/* What libcurl calls back */

/* A PATCH has no length before it ends: it may end at any byte, and the connection goes on. */
static gboolean ends_early (Exchange *exchange) {
  TamboClient *client = exchange->client;

  if (exchange->offset >= 0 && exchange->body_sent > 0 && client->is_turn_over != NULL)
    exchange->is_turn_over |= client->is_turn_over (client->turn_data);
  return exchange->is_turn_over;
}

static size_t on_read (char *buffer, size_t size, size_t n, void *data) {
  Exchange *exchange = data;
  gsize chunk = MIN (size * n, exchange->body_size - exchange->body_sent);

  if (chunk > 0 && ends_early (exchange))
    return 0;
  if (chunk > 0)
    memcpy (buffer, exchange->body + exchange->body_sent, chunk);
  exchange->body_sent += chunk;
  return chunk;
}

/* A connection that turns out to be dead is tried again from the start of the body; but not with a part of a
 * record, of which headquarters may have more by now. */
static int on_seek (void *data, curl_off_t offset, int origin) {
  Exchange *exchange = data;

  if (exchange->offset >= 0 && exchange->body_sent > 0) {
    exchange->is_broken = TRUE;
    return CURL_SEEKFUNC_FAIL;
  }
  if (origin != SEEK_SET || offset < 0 || (guint64) offset > exchange->body_size)
    return CURL_SEEKFUNC_FAIL;
  exchange->body_sent = (gsize) offset;
  exchange->is_turn_over = FALSE;
  return CURL_SEEKFUNC_OK;
}

static size_t on_write (char *buffer, size_t size, size_t n, void *data) {
  Exchange *exchange = data;

  if (size * n > exchange->max_answer - exchange->answer->len) {
    exchange->is_too_long = TRUE;
    return 0;
  }
  tambo_put_bytes (exchange->answer, buffer, size * n);
  return size * n;
}

/* The value of the header NAME, which ends in a colon; NULL for another one. */
static char *dup_header (const char *line, gsize length, const char *name) {
  gsize name_length = strlen (name);

  if (length <= name_length || g_ascii_strncasecmp (line, name, name_length) != 0)
    return NULL;
  return g_strstrip (g_strndup (line + name_length, length - name_length));
}

static size_t on_header (char *buffer, size_t size, size_t n, void *data) {
  Exchange *exchange = data;
  gsize length = size * n;
  g_autofree char *offset_text = dup_header (buffer, length, TAMBO_UPLOAD_OFFSET ":");
  g_autofree char *date_text = dup_header (buffer, length, "Date:");
  time_t date = date_text != NULL ? curl_getdate (date_text, NULL) : -1;
  guint64 offset;

  /* A new status line: what came before belonged to a proxy or to an interim answer. */
  if (length >= 5 && strncmp (buffer, "HTTP/", 5) == 0)
    exchange->upload_offset = -1;
  if (offset_text != NULL
      && g_ascii_string_to_unsigned (offset_text, 10, 0, TAMBO_RECORD_MAX_SIZE, &offset, NULL))
    exchange->upload_offset = (gint64) offset;
  if (date > 0)
    exchange->client->clock_offset = tambo_clock_now_unix () - date;
  return length;
}

/* What waits in the system's own buffer can neither be counted as gone nor let anything pass. */
static int on_socket (void *data, curl_socket_t fd, curlsocktype purpose) {
  const int most = UNSENT_BYTES;

  setsockopt (fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most, sizeof most);
  return CURL_SOCKOPT_OK;
}

static int on_progress (void *data, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
                        curl_off_t up) {
  Exchange *exchange = data;
  TamboClient *client = exchange->client;

  if (exchange->offset >= 0 && client->progress != NULL && up > 0)
    client->progress (exchange->offset + up, exchange->total, client->progress_data);
  return g_cancellable_is_cancelled (exchange->cancellable) ? 1 : 0;
}

/* curl's words tell of an alert only sometimes: in TLS 1.3 the server judges our certificate after our
 * side of the handshake is over. */
static void on_tls_event (const SSL *ssl, int where, int value) {
  TamboClient *client = SSL_CTX_get_app_data (SSL_get_SSL_CTX (ssl));

  if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && (value & 0xff) != SSL_AD_CLOSE_NOTIFY)
    client->alert = value & 0xff;
}

static CURLcode on_tls_context (CURL *curl, void *context, void *data) {
  TamboClient *client = data;

  SSL_CTX_set_app_data (context, client);
  SSL_CTX_set_info_callback (context, on_tls_event);
  /* A clock that has fallen back (its battery is flat) shuts nobody out. */
  if (client->time_floor > tambo_clock_now_unix ())
    X509_VERIFY_PARAM_set_time (SSL_CTX_get0_param (context), (time_t) client->time_floor);
  return CURLE_OK;
}

/* Errors */

static gboolean is_certificate_alert (int alert) {
  switch (alert) {
  case SSL_AD_HANDSHAKE_FAILURE:
  case SSL_AD_BAD_CERTIFICATE:
  case SSL_AD_UNSUPPORTED_CERTIFICATE:
  case SSL_AD_CERTIFICATE_REVOKED:
  case SSL_AD_CERTIFICATE_EXPIRED:
  case SSL_AD_CERTIFICATE_UNKNOWN:
  case SSL_AD_UNKNOWN_CA:
  case SSL_AD_ACCESS_DENIED:
  case SSL_AD_CERTIFICATE_REQUIRED:
    return TRUE;
  default:
    return FALSE;
  }
}

static TamboSyncError code_for_verification (const TamboClient *client) {
  if (client->verification == X509_V_ERR_CERT_NOT_YET_VALID)
    return TAMBO_SYNC_ERROR_CLOCK;
  if (client->verification == X509_V_ERR_CERT_HAS_EXPIRED)
    return TAMBO_SYNC_ERROR_EXPIRED;
  return TAMBO_SYNC_ERROR_CERTIFICATE;
}

/* Why there was not even a connection. */
static TamboSyncError code_for_system (long system_error) {
  switch (system_error) {
  case ECONNREFUSED:
    return TAMBO_SYNC_ERROR_CLOSED;
  case ENETUNREACH:
  case EHOSTUNREACH:
  case ENETDOWN:
  case EHOSTDOWN:
    return TAMBO_SYNC_ERROR_NO_ROUTE;
  case ETIMEDOUT:
    return TAMBO_SYNC_ERROR_TIMEOUT;
  default:
    return TAMBO_SYNC_ERROR_OFFLINE;
  }
}

/* What answers does not speak TLS at all. */
static gboolean is_no_tls (TamboClient *client) {
  return strstr (client->words, "wrong version number") != NULL
         || strstr (client->words, "http request") != NULL;
}

static gboolean is_proxy_refusal (TamboClient *client, CURLcode result) {
  return result == CURLE_COULDNT_RESOLVE_PROXY || result == CURLE_PROXY
         || (client->proxy_status != 0 && client->proxy_status != 200);
}

static TamboSyncError code_for_curl (TamboClient *client, CURLcode result) {
  /* An old alert may have come before a connection that curl opened anew; only its failure counts. */
  if (client->certificate != NULL && is_certificate_alert (client->alert))
    return client->alert == SSL_AD_CERTIFICATE_EXPIRED ? TAMBO_SYNC_ERROR_OWN_EXPIRED
                                                       : TAMBO_SYNC_ERROR_REVOKED;
  if (is_proxy_refusal (client, result))
    return TAMBO_SYNC_ERROR_PROXY;
  switch (result) {
  case CURLE_PEER_FAILED_VERIFICATION:
    return code_for_verification (client);
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
    return TAMBO_SYNC_ERROR_CERTIFICATE;
  case CURLE_SSL_CONNECT_ERROR:
    /* A line that breaks in the handshake is no stranger at the other end. */
    return strstr (client->words, "SYSCALL") != NULL || strstr (client->words, "reset") != NULL
               ? TAMBO_SYNC_ERROR_OFFLINE
               : TAMBO_SYNC_ERROR_CERTIFICATE;
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_URL_MALFORMAT:
  case CURLE_WEIRD_SERVER_REPLY:
    return TAMBO_SYNC_ERROR_PROTOCOL;
  case CURLE_COULDNT_RESOLVE_HOST:
    return TAMBO_SYNC_ERROR_NO_NAME;
  case CURLE_COULDNT_CONNECT:
    return code_for_system (client->system_error);
  case CURLE_OPERATION_TIMEDOUT:
    return TAMBO_SYNC_ERROR_TIMEOUT;
  default:
    return TAMBO_SYNC_ERROR_OFFLINE;
  }
}

/* A server that judges our certificate sends its alert and closes at once. Our request then breaks in the
 * sending, with the alert still unread; curl reads it as it closes the connection. */
static void hear_last_words (TamboClient *client) {
  client->verification = X509_V_OK;
  client->proxy_status = client->system_error = 0;
  curl_easy_getinfo (client->curl, CURLINFO_SSL_VERIFYRESULT, &client->verification);
  curl_easy_getinfo (client->curl, CURLINFO_HTTP_CONNECTCODE, &client->proxy_status);
  curl_easy_getinfo (client->curl, CURLINFO_OS_ERRNO, &client->system_error);
  curl_easy_cleanup (client->curl);
  client->curl = open_curl ();
}

static void set_curl_error (Exchange *exchange, CURLcode result, GError **error) {
  TamboClient *client = exchange->client;
  TamboSyncError code;

  if (g_cancellable_set_error_if_cancelled (exchange->cancellable, error))
    return;
  if (exchange->is_too_long) {
    g_set_error_literal (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL,
                         "headquarters' answer is longer than the protocol allows");
    return;
  }
  code = code_for_curl (client, result);
  if (code == TAMBO_SYNC_ERROR_CERTIFICATE && client->alert < 0
      && (is_no_tls (client) || tambo_portal_answers_for (client->url)))
    code = TAMBO_SYNC_ERROR_PORTAL;
  g_set_error (error, TAMBO_SYNC_ERROR, code, "%s: %s", client->url,
               client->words[0] != '\0' ? client->words : curl_easy_strerror (result));
}

/* Foreign words, made fit for one line of a log. */
static char *dup_clean (const char *text) {
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *clean = g_string_new (NULL);

  for (const char *p = valid; *p != '\0' && clean->len < MAX_DETAIL; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    g_string_append_unichar (clean, g_unichar_isprint (c) ? c : ' ');
  }
  return g_string_free (clean, FALSE);
}

static TamboSyncError code_for_status (long status, const char *code, const char *detail) {
  if (status == 407)
    return TAMBO_SYNC_ERROR_PROXY;
  if (status == 511) /* RFC 6585: Network Authentication Required */
    return TAMBO_SYNC_ERROR_PORTAL;
  if (status == 429 || status == 408 || status >= 500)
    return TAMBO_SYNC_ERROR_SERVER;
  /* Whoever answers without our words is not the one who may refuse a record for ever. */
  if (code == NULL || status < 400)
    return TAMBO_SYNC_ERROR_PROTOCOL;
  if (strcmp (code, "token") == 0)
    return TAMBO_SYNC_ERROR_TOKEN;
  if (status == 401 || status == 403)
    return TAMBO_SYNC_ERROR_REVOKED;
  if (strcmp (code, "fork") == 0)
    return TAMBO_SYNC_ERROR_FORK;
  if (status == 409)
    return TAMBO_SYNC_ERROR_CONFLICT;
  if (status == 404 && g_strcmp0 (detail, TAMBO_PROTOCOL_NO_REQUEST) == 0)
    return TAMBO_SYNC_ERROR_OLDER;
  return TAMBO_SYNC_ERROR_REFUSED;
}

static void set_status_error (Exchange *exchange, GError **error) {
  g_autoptr (JsonObject) object =
      tambo_json_parse_object ((const char *) exchange->answer->data, exchange->answer->len, NULL);
  const char *code = object != NULL ? tambo_json_peek_string (object, "error") : NULL;
  const char *detail = object != NULL ? tambo_json_peek_string (object, "detail") : NULL;
  g_autofree char *clean_code = dup_clean (code != NULL ? code : "no answer of the protocol");
  g_autofree char *clean_detail = dup_clean (detail != NULL ? detail : "");

  g_set_error (error, TAMBO_SYNC_ERROR, code_for_status (exchange->status, code, detail),
               "headquarters answered %ld, %s%s%s", exchange->status, clean_code,
               *clean_detail != '\0' ? ": " : "", clean_detail);
}

/* The exchange */

#define SET(option, value) curl_easy_setopt (curl, option, value)

static void set_up_connection (TamboClient *client, CURL *curl) {
  SET (CURLOPT_ERRORBUFFER, client->words);
  SET (CURLOPT_PROTOCOLS_STR, "https");
  SET (CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
  SET (CURLOPT_FOLLOWLOCATION, 0L);
  SET (CURLOPT_NOSIGNAL, 1L);
  SET (CURLOPT_TCP_KEEPALIVE, 1L);
  SET (CURLOPT_SOCKOPTFUNCTION, on_socket);
  SET (CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT);
  SET (CURLOPT_LOW_SPEED_LIMIT, LOW_SPEED_BYTES);
  SET (CURLOPT_LOW_SPEED_TIME, (long) client->patience);
  if (client->limit_rate > 0)
    SET (CURLOPT_MAX_SEND_SPEED_LARGE, (curl_off_t) client->limit_rate);

  SET (CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_3);
  SET (CURLOPT_SSL_VERIFYPEER, 1L);
  SET (CURLOPT_SSL_VERIFYHOST, 2L);
  SET (CURLOPT_CAINFO, client->ca_file);
  SET (CURLOPT_CAPATH, NULL); /* the system's authorities have no say */
  SET (CURLOPT_SSL_CTX_FUNCTION, on_tls_context);
  SET (CURLOPT_SSL_CTX_DATA, client);
  if (client->certificate != NULL) {
    SET (CURLOPT_SSLCERT, client->certificate);
    SET (CURLOPT_SSLKEY, client->key);
  }
}

static void set_up_exchange (Exchange *exchange, CURL *curl, const char *url, HeaderList *headers) {
  SET (CURLOPT_URL, url);
  SET (CURLOPT_HTTPHEADER, headers);
  SET (CURLOPT_HEADERFUNCTION, on_header);
  SET (CURLOPT_HEADERDATA, exchange);
  SET (CURLOPT_WRITEFUNCTION, on_write);
  SET (CURLOPT_WRITEDATA, exchange);
  SET (CURLOPT_NOPROGRESS, 0L);
  SET (CURLOPT_XFERINFOFUNCTION, on_progress);
  SET (CURLOPT_XFERINFODATA, exchange);
  if (exchange->body != NULL) {
    SET (CURLOPT_UPLOAD, 1L);
    SET (CURLOPT_READFUNCTION, on_read);
    SET (CURLOPT_READDATA, exchange);
    SET (CURLOPT_SEEKFUNCTION, on_seek);
    SET (CURLOPT_SEEKDATA, exchange);
    /* Of a record that may have to let another one pass, the length is not promised. */
    SET (CURLOPT_INFILESIZE_LARGE, exchange->offset < 0 ? (curl_off_t) exchange->body_size : -1);
    SET (CURLOPT_CUSTOMREQUEST, exchange->method);
  } else if (strcmp (exchange->method, "HEAD") == 0) {
    SET (CURLOPT_NOBODY, 1L);
  }
}

static HeaderList *make_headers (const Exchange *exchange) {
  HeaderList *headers = NULL;

  /* Not to wait a second for "100 Continue" that nobody sends. */
  headers = curl_slist_append (headers, "Expect:");
  if (exchange->offset >= 0) {
    g_autofree char *line =
        g_strdup_printf (TAMBO_UPLOAD_OFFSET ": %" G_GINT64_FORMAT, exchange->offset);

    headers = curl_slist_append (headers, line);
    headers = curl_slist_append (headers, "Content-Type: application/offset+octet-stream");
    headers = curl_slist_append (headers, "Transfer-Encoding: chunked");
  } else if (exchange->body != NULL) {
    headers = curl_slist_append (headers, "Content-Type: application/json");
  }
  return headers;
}

static Exchange exchange_for (TamboClient *client, const char *method, const char *path,
                              GCancellable *cancellable) {
  return (Exchange){ .client = client,
                     .method = method,
                     .path = path,
                     .offset = -1,
                     .max_answer = MAX_ANSWER,
                     .cancellable = cancellable,
                     .upload_offset = -1 };
}

static void set_body (Exchange *exchange, const char *text) {
  exchange->body = (const guint8 *) text;
  exchange->body_size = strlen (text);
}

/* In seconds, whichever of the two forms it came in (RFC 9110, 10.2.3). */
static void note_retry_after (TamboClient *client) {
  curl_off_t seconds = 0;

  curl_easy_getinfo (client->curl, CURLINFO_RETRY_AFTER, &seconds);
  client->retry_after = (guint) CLAMP (seconds, 0, MAX_RETRY_AFTER);
}

/* TRUE when there is an answer at all, whatever its status. */
static gboolean perform (Exchange *exchange, GError **error) {
  TamboClient *client = exchange->client;
  g_autofree char *url = g_strconcat (client->url, exchange->path, NULL);
  g_autoptr (HeaderList) headers = make_headers (exchange);
  CURLcode result;

  if (g_cancellable_set_error_if_cancelled (exchange->cancellable, error))
    return FALSE;
  exchange->answer = g_byte_array_new ();
  curl_easy_reset (client->curl); /* the options; the connection stays */
  client->words[0] = '\0';
  client->alert = -1;
  client->retry_after = 0;
  set_up_connection (client, client->curl);
  set_up_exchange (exchange, client->curl, url, headers);
  result = curl_easy_perform (client->curl);
  g_strchomp (client->words); /* some end in a blank */
  if (result != CURLE_OK) {
    hear_last_words (client);
    set_curl_error (exchange, result, error);
    return FALSE;
  }
  curl_easy_getinfo (client->curl, CURLINFO_RESPONSE_CODE, &exchange->status);
  note_retry_after (client);
  return TRUE;
}

/* The answer as text; PROTOCOL when it is no JSON object: a captive portal also says 200. */
static char *dup_json_answer (Exchange *exchange, GError **error) {
  const char *data = (const char *) exchange->answer->data;
  g_autoptr (JsonObject) object = NULL;

  if (data != NULL)
    object = tambo_json_parse_object (data, exchange->answer->len, NULL);
  if (object == NULL) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL,
                 "the answer of %s is not of the protocol", exchange->client->url);
    return NULL;
  }
  return g_strndup (data, exchange->answer->len);
}

static char *ask (Exchange *exchange, GError **error) {
  if (!perform (exchange, error))
    return NULL;
  if (exchange->status != 200) {
    set_status_error (exchange, error);
    return NULL;
  }
  return dup_json_answer (exchange, error);
}

static char *post (TamboClient *client, const char *path, const char *text,
                   GCancellable *cancellable, GError **error) {
  g_auto (Exchange) exchange = exchange_for (client, "POST", path, cancellable);

  set_body (&exchange, text);
  return ask (&exchange, error);
}

char *tambo_client_register (TamboClient *client, const char *registration,
                             GCancellable *cancellable, GError **error) {
  return post (client, "/v1/stations", registration, cancellable, error);
}

char *tambo_client_renew (TamboClient *client, const char *request, GCancellable *cancellable,
                          GError **error) {
  return post (client, "/v1/renewals", request, cancellable, error);
}

char *tambo_client_checkpoint (TamboClient *client, const char *checkpoint,
                               GCancellable *cancellable, GError **error) {
  return post (client, "/v1/checkpoint", checkpoint, cancellable, error);
}

char *tambo_client_stock (TamboClient *client, const char *statement, GCancellable *cancellable,
                          GError **error) {
  return post (client, "/v1/stock", statement, cancellable, error);
}

char *tambo_client_reference (TamboClient *client, GCancellable *cancellable, GError **error) {
  g_auto (Exchange) exchange = exchange_for (client, "GET", "/v1/reference", cancellable);

  return ask (&exchange, error);
}

char *tambo_client_changes (TamboClient *client, const char *request, GCancellable *cancellable,
                            GError **error) {
  return post (client, "/v1/changes", request, cancellable, error);
}

TamboClaimsAnswer *tambo_client_claim (TamboClient *client, const char *claims,
                                       GCancellable *cancellable, GError **error) {
  g_autofree char *text = post (client, "/v1/receipts", claims, cancellable, error);

  return text != NULL ? tambo_claims_answer_from_json (text, -1, error) : NULL;
}

GPtrArray *tambo_client_inbox (TamboClient *client, gint64 after, GCancellable *cancellable,
                               GError **error) {
  g_autofree char *path = g_strdup_printf ("/v1/inbox?after=%" G_GINT64_FORMAT, after);
  g_auto (Exchange) exchange = exchange_for (client, "GET", path, cancellable);
  g_autofree char *text = ask (&exchange, error);

  return text != NULL ? tambo_inbox_items_from_json (text, -1, error) : NULL;
}

GBytes *tambo_client_inbox_load (TamboClient *client, gint64 number, GCancellable *cancellable,
                                 GError **error) {
  g_autofree char *path = g_strdup_printf ("/v1/inbox/%" G_GINT64_FORMAT, number);
  g_auto (Exchange) exchange = exchange_for (client, "GET", path, cancellable);

  exchange.max_answer = TAMBO_RECORD_MAX_SIZE;
  if (!perform (&exchange, error))
    return NULL;
  if (exchange.status != 200) {
    set_status_error (&exchange, error);
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&exchange.answer));
}

/* Sending one record */

/* A step of sending: the receipt, or the offset to go on from. */
typedef struct {
  char *receipt;
  gint64 offset; /* -1: not said */
  gboolean is_turn_over;
} Step;

/* What PUT and PATCH have in common. FALSE for an answer that ends the try. */
static gboolean read_step (Exchange *exchange, Step *out_step, GError **error) {
  *out_step = (Step){ .offset = exchange->upload_offset, .is_turn_over = exchange->is_turn_over };
  if (exchange->status == 200) {
    out_step->receipt = dup_json_answer (exchange, error);
    return out_step->receipt != NULL;
  }
  if (exchange->status == 201 || exchange->status == 204)
    return TRUE;
  /* Another offset is not a conflict about the record. */
  if (exchange->status == 409 && exchange->upload_offset >= 0)
    return TRUE;
  set_status_error (exchange, error);
  return FALSE;
}

static gboolean put_manifest (TamboClient *client, const char *path, const char *manifest,
                              GCancellable *cancellable, Step *out_step, GError **error) {
  g_auto (Exchange) exchange = exchange_for (client, "PUT", path, cancellable);

  set_body (&exchange, manifest);
  return perform (&exchange, error) && read_step (&exchange, out_step, error);
}

static gboolean head_offset (TamboClient *client, const char *path, GCancellable *cancellable,
                             gint64 *out_offset, GError **error) {
  g_auto (Exchange) exchange = exchange_for (client, "HEAD", path, cancellable);

  if (!perform (&exchange, error))
    return FALSE;
  if (exchange.status != 200 || exchange.upload_offset < 0) {
    g_set_error (error, TAMBO_SYNC_ERROR,
                 exchange.status >= 500 ? TAMBO_SYNC_ERROR_SERVER : TAMBO_SYNC_ERROR_PROTOCOL,
                 "headquarters answered %ld when it was asked how much it has", exchange.status);
    return FALSE;
  }
  *out_offset = exchange.upload_offset;
  return TRUE;
}

static gboolean patch_from (TamboClient *client, const char *path, GBytes *sealed, gint64 offset,
                            GCancellable *cancellable, Step *out_step, GError **error) {
  g_auto (Exchange) exchange = exchange_for (client, "PATCH", path, cancellable);
  g_autoptr (GError) cause = NULL;
  gsize size;
  const guint8 *data = g_bytes_get_data (sealed, &size);

  exchange.body = data + offset;
  exchange.body_size = size - (gsize) offset;
  exchange.offset = offset;
  exchange.total = (gint64) size;
  if (perform (&exchange, &cause))
    return read_step (&exchange, out_step, error);
  *out_step = (Step){ .offset = -1 }; /* to be asked for anew */
  if (!exchange.is_broken)
    g_propagate_error (error, g_steal_pointer (&cause));
  return exchange.is_broken;
}

/* One step further from where STEP says; what came of it is in STEP. */
static gboolean advance (TamboClient *client, const char *path, const char *manifest,
                         GBytes *sealed, GCancellable *cancellable, Step *step, GError **error) {
  gint64 size = (gint64) g_bytes_get_size (sealed);
  gint64 offset = step->offset;

  if (offset < 0 && !head_offset (client, path, cancellable, &offset, error))
    return FALSE;
  if (offset > size) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL,
                 "headquarters claims %" G_GINT64_FORMAT " bytes of a record of %" G_GINT64_FORMAT,
                 offset, size);
    return FALSE;
  }
  if (client->progress != NULL)
    client->progress (offset, size, client->progress_data);
  /* All is there, but the receipt was lost on the way: the manifest brings it again. */
  if (offset == size)
    return put_manifest (client, path, manifest, cancellable, step, error);
  return patch_from (client, path, sealed, offset, cancellable, step, error);
}

char *tambo_client_send (TamboClient *client, const char *sha256, const char *manifest,
                         GBytes *sealed, GCancellable *cancellable, GError **error) {
  g_autofree char *path = g_strconcat ("/v1/records/", sha256, NULL);
  Step step;

  g_return_val_if_fail (tambo_is_sha256_hex (sha256), NULL);
  if (!put_manifest (client, path, manifest, cancellable, &step, error))
    return NULL;
  for (int tries = 0; step.receipt == NULL; tries++) {
    if (step.is_turn_over) {
      g_set_error_literal (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_TURN_OVER,
                           "a more urgent record goes first");
      return NULL;
    }
    if (tries == MAX_TRIES) {
      g_set_error_literal (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_SERVER,
                           "headquarters does not come to an end with the record");
      return NULL;
    }
    if (!advance (client, path, manifest, sealed, cancellable, &step, error))
      return NULL;
  }
  return step.receipt;
}
