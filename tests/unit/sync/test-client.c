/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/client.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"

/* A server of one answer, whatever it is asked: what headquarters never says, but proxies, portals and
 * broken machines do. */
typedef struct {
  int listener;
  guint16 port;
  const char *answer;
  SSL_CTX *context;
  GThread *thread;
} Portal;

static char *folder;
static char *ca_file;
static EVP_PKEY *key;
static X509 *certificate;

static X509 *make_certificate (long from, long to) {
  X509 *made = X509_new ();
  X509V3_CTX context;
  g_autoptr (X509_EXTENSION) extension = NULL;

  X509_set_version (made, X509_VERSION_3);
  ASN1_INTEGER_set (X509_get_serialNumber (made), 7);
  X509_gmtime_adj (X509_getm_notBefore (made), from);
  X509_gmtime_adj (X509_getm_notAfter (made), to);
  X509_NAME_add_entry_by_txt (X509_get_subject_name (made), "CN", MBSTRING_ASC,
                              (const guint8 *) "localhost", -1, -1, 0);
  X509_set_issuer_name (made, X509_get_subject_name (made));
  X509_set_pubkey (made, key);
  X509V3_set_ctx (&context, made, made, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext (made, extension, -1);
  g_assert_cmpint (X509_sign (made, key, EVP_sha256 ()), >, 0);
  return made;
}

static char *write_certificate (const char *name, X509 *made) {
  char *path = g_build_filename (folder, name, NULL);
  g_autoptr (BIO) bio = BIO_new_file (path, "w");

  g_assert_cmpint (PEM_write_bio_X509 (bio, made), ==, 1);
  return path;
}

static gpointer serve_once (gpointer data) {
  Portal *portal = data;
  int fd = accept (portal->listener, NULL, NULL);
  SSL *ssl = SSL_new (portal->context);
  char request[4096];

  SSL_set_fd (ssl, fd);
  if (SSL_accept (ssl) == 1) {
    SSL_read (ssl, request, sizeof request);
    SSL_write (ssl, portal->answer, (int) strlen (portal->answer));
    SSL_shutdown (ssl);
  }
  SSL_free (ssl);
  close (fd);
  return NULL;
}

static void open_portal (Portal *portal, const char *answer, X509 *made) {
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof address;

  portal->answer = answer;
  portal->context = SSL_CTX_new (TLS_server_method ());
  SSL_CTX_use_certificate (portal->context, made);
  SSL_CTX_use_PrivateKey (portal->context, key);
  portal->listener = socket (AF_INET, SOCK_STREAM, 0);
  g_assert_cmpint (bind (portal->listener, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (portal->listener, 5), ==, 0);
  getsockname (portal->listener, (struct sockaddr *) &address, &size);
  portal->port = ntohs (address.sin_port);
}

static void close_portal (Portal *portal) {
  if (portal->thread != NULL)
    g_thread_join (portal->thread);
  close (portal->listener);
  SSL_CTX_free (portal->context);
}

static void assert_error (guint16 port, const char *authority, TamboSyncError code) {
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u/", port);
  TamboClientSettings settings = { .url = url, .ca_file = authority };
  g_autoptr (TamboClient) client = tambo_client_new (&settings);
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_client_inbox (client, 0, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, TAMBO_SYNC_ERROR, (int) code);
}

static void assert_answer (const char *answer, TamboSyncError code) {
  Portal portal = { 0 };

  open_portal (&portal, answer, certificate);
  portal.thread = g_thread_new ("portal", serve_once, &portal);
  assert_error (portal.port, ca_file, code);
  close_portal (&portal);
}

static void test_answers (void) {
  static const struct {
    const char *answer;
    TamboSyncError code;
  } answers[] = {
    { "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>", TAMBO_SYNC_ERROR_PROTOCOL },
    { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", TAMBO_SYNC_ERROR_PROTOCOL },
    { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", TAMBO_SYNC_ERROR_PROTOCOL },
    { "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
      TAMBO_SYNC_ERROR_PROTOCOL },
    { "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope", TAMBO_SYNC_ERROR_PROTOCOL },
    { "HTTP/1.1 404 Not Found\r\nContent-Length: 19\r\n\r\n{\"error\":\"unknown\"}",
      TAMBO_SYNC_ERROR_REFUSED },
    { "HTTP/1.1 403 Forbidden\r\nContent-Length: 19\r\n\r\n{\"error\":\"revoked\"}",
      TAMBO_SYNC_ERROR_REVOKED },
    { "HTTP/1.1 403 Forbidden\r\nContent-Length: 17\r\n\r\n{\"error\":\"token\"}",
      TAMBO_SYNC_ERROR_TOKEN },
    { "HTTP/1.1 409 Conflict\r\nContent-Length: 16\r\n\r\n{\"error\":\"fork\"}",
      TAMBO_SYNC_ERROR_FORK },
    { "HTTP/1.1 409 Conflict\r\nContent-Length: 20\r\n\r\n{\"error\":\"conflict\"}",
      TAMBO_SYNC_ERROR_CONFLICT },
    { "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", TAMBO_SYNC_ERROR_SERVER },
    { "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", TAMBO_SYNC_ERROR_SERVER },
    { "HTTP/1.1 511 Network\r\nContent-Length: 0\r\n\r\n", TAMBO_SYNC_ERROR_PORTAL },
    { "HTTP/1.1 407 Proxy\r\nContent-Length: 0\r\n\r\n", TAMBO_SYNC_ERROR_PROXY },
    { "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"items", TAMBO_SYNC_ERROR_OFFLINE },
    { "HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n", TAMBO_SYNC_ERROR_OFFLINE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    assert_answer (answers[i].answer, answers[i].code);
}

static void test_nobody_there (void) {
  Portal portal = { 0 };

  open_portal (&portal, "", certificate);
  close_portal (&portal);
  assert_error (portal.port, ca_file, TAMBO_SYNC_ERROR_CLOSED);
}

/* Why a connection did not come about is a code, since its words are libcurl's and the system's. */
static void test_no_way (void) {
  static const struct {
    const char *url;
    TamboSyncError code;
  } ways[] = {
    { "https://headquarters.invalid", TAMBO_SYNC_ERROR_NO_NAME },
    { "https://255.255.255.255:443", TAMBO_SYNC_ERROR_NO_ROUTE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
    TamboClientSettings settings = { .url = ways[i].url, .ca_file = ca_file };
    g_autoptr (TamboClient) client = tambo_client_new (&settings);
    g_autoptr (GError) error = NULL, again = NULL;
    g_autofree char *note = NULL;

    g_assert_null (tambo_client_inbox (client, 0, NULL, &error));
    g_assert_error (error, TAMBO_SYNC_ERROR, (int) ways[i].code);
    g_assert_true (tambo_sync_error_is_offline (error));
    note = tambo_sync_error_to_note (error);
    again = tambo_sync_error_from_note (note);
    g_assert_error (again, TAMBO_SYNC_ERROR, error->code);
    g_assert_cmpstr (again->message, ==, error->message);
  }
}

/* Listens, and says nothing. */
static gpointer serve_silence (gpointer data) {
  Portal *portal = data;
  int fd = accept (portal->listener, NULL, NULL);
  SSL *ssl = SSL_new (portal->context);
  char request[4096];

  SSL_set_fd (ssl, fd);
  if (SSL_accept (ssl) == 1)
    while (SSL_read (ssl, request, sizeof request) > 0)
      continue;
  SSL_free (ssl);
  close (fd);
  return NULL;
}

static void test_silence (void) {
  Portal portal = { 0 };
  g_autofree char *url = NULL;
  TamboClientSettings settings = { .ca_file = ca_file, .patience = 1 };
  g_autoptr (TamboClient) client = NULL;
  g_autoptr (GError) error = NULL;

  open_portal (&portal, "", certificate);
  portal.thread = g_thread_new ("silence", serve_silence, &portal);
  settings.url = url = g_strdup_printf ("https://127.0.0.1:%u", portal.port);
  client = tambo_client_new (&settings);
  g_assert_null (tambo_client_inbox (client, 0, NULL, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_TIMEOUT);
  close_portal (&portal);
}

/* Every code keeps its word; what has none is not lost. */
static void test_notes (void) {
  g_autoptr (GError) store = g_error_new (G_FILE_ERROR, G_FILE_ERROR_IO, "rotten");
  g_autofree char *rotten = tambo_sync_error_to_note (store);
  g_autoptr (GError) old = tambo_sync_error_from_note ("an older station: said this");

  for (int code = 0; code <= TAMBO_SYNC_ERROR_OLDER; code++) {
    g_autoptr (GError) error = g_error_new (TAMBO_SYNC_ERROR, code, "why: so");
    g_autofree char *note = tambo_sync_error_to_note (error);
    g_autoptr (GError) again = tambo_sync_error_from_note (note);

    g_assert_cmpstr (note, !=, error->message);
    g_assert_error (again, TAMBO_SYNC_ERROR, code);
    g_assert_cmpstr (again->message, ==, "why: so");
  }
  g_assert_cmpstr (rotten, ==, "rotten");
  g_assert_error (old, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_OFFLINE);
  g_assert_cmpstr (old->message, ==, "an older station: said this");
}

static void test_dates (void) {
  static const struct {
    long from, to;
    TamboSyncError code;
  } dates[] = { { -7200, -3600, TAMBO_SYNC_ERROR_EXPIRED },
                { 3600, 7200, TAMBO_SYNC_ERROR_CLOCK } };

  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++) {
    Portal portal = { 0 };
    g_autoptr (X509) made = make_certificate (dates[i].from, dates[i].to);
    g_autofree char *authority = write_certificate ("dates.pem", made);

    open_portal (&portal, "", made);
    portal.thread = g_thread_new ("portal", serve_once, &portal);
    assert_error (portal.port, authority, dates[i].code);
    close_portal (&portal);
    g_remove (authority);
  }
}

/* Asks once what is answered so, and gives the client for what it noted. */
static TamboClient *ask_once (const char *answer, X509 *made, const char *authority,
                              gint64 time_floor, GError **error) {
  Portal portal = { 0 };
  g_autofree char *url = NULL;
  TamboClientSettings settings = { .ca_file = authority, .time_floor = time_floor };
  TamboClient *client;

  open_portal (&portal, answer, made);
  portal.thread = g_thread_new ("portal", serve_once, &portal);
  settings.url = url = g_strdup_printf ("https://127.0.0.1:%u", portal.port);
  client = tambo_client_new (&settings);
  g_assert_null (tambo_client_inbox (client, 0, NULL, error));
  close_portal (&portal);
  return client;
}

static void test_retry_after (void) {
  static const struct {
    const char *value;
    guint seconds;
  } values[] = { { "7", 7 }, { "0", 0 }, { "-3", 0 }, { "soon", 0 }, { "99999999", 3600 } };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autofree char *answer = g_strdup_printf (
        "HTTP/1.1 503 Busy\r\nRetry-After: %s\r\nContent-Length: 0\r\n\r\n", values[i].value);
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboClient) client = ask_once (answer, certificate, ca_file, 0, &error);

    g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_SERVER);
    g_assert_cmpuint (tambo_client_get_retry_after (client), ==, values[i].seconds);
  }
}

/* The date of an answer tells how wrong this clock is. */
static void test_clock_offset (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboClient) client =
      ask_once ("HTTP/1.1 503 Busy\r\nDate: Thu, 01 Jan 1998 00:00:00 GMT\r\n"
                "Content-Length: 0\r\n\r\n",
                certificate, ca_file, 0, &error);

  g_assert_cmpint (tambo_client_get_clock_offset (client), >, 20 * 365 * 86400L);
}

/* With a clock that fell back, what headquarters said last is the earliest that it can be. */
static void test_time_floor (void) {
  g_autoptr (X509) made = make_certificate (86400, 2 * 86400);
  g_autofree char *authority = write_certificate ("floor.pem", made);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboClient) client =
      ask_once ("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", made, authority,
                g_get_real_time () / G_USEC_PER_SEC + 86400 + 3600, &error);

  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_SERVER);
  g_remove (authority);
}

/* What does not speak TLS where headquarters does is a portal. */
static gpointer serve_page (gpointer data) {
  Portal *portal = data;
  int fd = accept (portal->listener, NULL, NULL);
  char request[4096];
  static const char page[] = "HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n";

  if (recv (fd, request, sizeof request, 0) > 0)
    g_assert_cmpint (send (fd, page, strlen (page), MSG_NOSIGNAL), >, 0);
  close (fd);
  return NULL;
}

static void test_portal (void) {
  Portal portal = { 0 };

  open_portal (&portal, "", certificate);
  portal.thread = g_thread_new ("portal", serve_page, &portal);
  assert_error (portal.port, ca_file, TAMBO_SYNC_ERROR_PORTAL);
  close_portal (&portal);
}

/* A proxy that wants a name answers the CONNECT and lets nothing through. */
static gpointer serve_proxy (gpointer data) {
  Portal *portal = data;
  int fd = accept (portal->listener, NULL, NULL);
  char request[4096];
  static const char refusal[] = "HTTP/1.1 407 Proxy Authentication Required\r\n"
                                "Proxy-Authenticate: Basic realm=\"office\"\r\n"
                                "Content-Length: 0\r\n\r\n";

  if (recv (fd, request, sizeof request, 0) > 0)
    g_assert_cmpint (send (fd, refusal, strlen (refusal), MSG_NOSIGNAL), >, 0);
  close (fd);
  return NULL;
}

static void test_proxy (void) {
  Portal portal = { 0 };
  g_autofree char *proxy = NULL;

  open_portal (&portal, "", certificate);
  portal.thread = g_thread_new ("proxy", serve_proxy, &portal);
  proxy = g_strdup_printf ("http://127.0.0.1:%u", portal.port);
  g_setenv ("https_proxy", proxy, TRUE);
  assert_error (9, ca_file, TAMBO_SYNC_ERROR_PROXY);
  g_unsetenv ("https_proxy");
  close_portal (&portal);
}

static void test_older_tls (void) {
  Portal portal = { 0 };

  open_portal (&portal, "", certificate);
  SSL_CTX_set_max_proto_version (portal.context, TLS1_2_VERSION);
  portal.thread = g_thread_new ("portal", serve_once, &portal);
  assert_error (portal.port, ca_file, TAMBO_SYNC_ERROR_CERTIFICATE);
  close_portal (&portal);
}

int main (int argc, char **argv) {
  int result;

  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);
  folder = g_dir_make_tmp ("tambo-client-XXXXXX", NULL);
  key = EVP_EC_gen ("prime256v1");
  certificate = make_certificate (-3600, 3600);
  ca_file = write_certificate ("ca.pem", certificate);
  g_test_add_func ("/sync/client/answers", test_answers);
  g_test_add_func ("/sync/client/nobody-there", test_nobody_there);
  g_test_add_func ("/sync/client/no-way", test_no_way);
  g_test_add_func ("/sync/client/silence", test_silence);
  g_test_add_func ("/sync/client/notes", test_notes);
  g_test_add_func ("/sync/client/dates", test_dates);
  g_test_add_func ("/sync/client/older-tls", test_older_tls);
  g_test_add_func ("/sync/client/retry-after", test_retry_after);
  g_test_add_func ("/sync/client/clock-offset", test_clock_offset);
  g_test_add_func ("/sync/client/time-floor", test_time_floor);
  g_test_add_func ("/sync/client/portal", test_portal);
  g_test_add_func ("/sync/client/proxy", test_proxy);
  result = g_test_run ();
  g_remove (ca_file);
  g_rmdir (folder);
  g_free (ca_file);
  g_free (folder);
  X509_free (certificate);
  EVP_PKEY_free (key);
  return result;
}
