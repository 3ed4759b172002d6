/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-hq-floor.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <libpq-fe.h>
#include <microhttpd.h>
#include <openssl/evp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/hash.h"

#define THREADS 64
#define PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:%NO_TICKETS"

typedef struct {
  char *folder;
  sqlite3 *database;
  sqlite3_stmt *insert;
  PGconn *line; /* in the place of the two; NULL */
  GMutex lock;
} Floor;

typedef struct {
  char *part, *path, *sha256;
  int fd;
  EVP_MD_CTX *hash;
} Upload;

static int on_verify (gnutls_session_t session) {
  gnutls_typed_vdata_st wanted = { .type = GNUTLS_DT_KEY_PURPOSE_OID,
                                   .data = (guint8 *) GNUTLS_KP_TLS_WWW_CLIENT };
  guint status = 0;

  return gnutls_certificate_verify_peers (session, &wanted, 1, &status) == GNUTLS_E_SUCCESS
                 && status == 0
             ? 0
             : GNUTLS_E_CERTIFICATE_ERROR;
}

static void on_connection (void *data, struct MHD_Connection *connection, void **socket_context,
                           enum MHD_ConnectionNotificationCode code) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info (connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);

  if (code != MHD_CONNECTION_NOTIFY_STARTED || info == NULL)
    return;
  gnutls_certificate_server_set_request (info->tls_session, GNUTLS_CERT_REQUIRE);
  gnutls_session_set_verify_function (info->tls_session, on_verify);
}

static Upload *upload_new (Floor *floor, const char *url) {
  Upload *upload = g_new0 (Upload, 1);

  upload->sha256 = g_path_get_basename (url);
  upload->part = g_strdup_printf ("%s/floor-%s.part", floor->folder, upload->sha256);
  upload->path = g_strdup_printf ("%s/floor-%s", floor->folder, upload->sha256);
  upload->fd = open (upload->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  upload->hash = EVP_MD_CTX_new ();
  EVP_DigestInit_ex (upload->hash, EVP_sha256 (), NULL);
  g_assert_cmpint (upload->fd, >=, 0);
  return upload;
}

static void insert_over_line (Floor *floor, const Upload *upload) {
  const char *values[] = { upload->sha256 };
  PGresult *result = PQexecPrepared (floor->line, "insert", 1, values, NULL, NULL, 0);

  g_assert_cmpint (PQresultStatus (result), ==, PGRES_COMMAND_OK);
  PQclear (result);
}

static void insert_row (Floor *floor, const Upload *upload) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&floor->lock);

  if (floor->line != NULL) {
    insert_over_line (floor, upload);
    return;
  }
  sqlite3_reset (floor->insert);
  sqlite3_bind_text (floor->insert, 1, upload->sha256, -1, SQLITE_STATIC);
  g_assert_cmpint (sqlite3_step (floor->insert), ==, SQLITE_DONE);
  sqlite3_reset (floor->insert);
}

static void keep (Floor *floor, Upload *upload) {
  guint8 hash[TAMBO_SHA256_SIZE];
  g_autofree char *hex = NULL;

  EVP_DigestFinal_ex (upload->hash, hash, NULL);
  hex = tambo_hex_encode (hash, sizeof hash);
  g_assert_cmpstr (hex, ==, upload->sha256);
  g_assert_cmpint (fsync (upload->fd), ==, 0);
  g_assert_cmpint (rename (upload->part, upload->path), ==, 0);
  insert_row (floor, upload);
}

static enum MHD_Result on_request (void *data, struct MHD_Connection *connection, const char *url,
                                   const char *method, const char *version, const char *body,
                                   size_t *body_size, void **context) {
  Floor *floor = data;
  Upload *upload = *context;
  struct MHD_Response *response;
  enum MHD_Result result;

  if (upload == NULL) {
    *context = upload_new (floor, url);
    return MHD_YES;
  }
  if (*body_size > 0) {
    EVP_DigestUpdate (upload->hash, body, *body_size);
    g_assert_cmpint (write (upload->fd, body, *body_size), ==, (gssize) *body_size);
    *body_size = 0;
    return MHD_YES;
  }
  keep (floor, upload);
  response = MHD_create_response_from_buffer (3, (void *) "ok\n", MHD_RESPMEM_PERSISTENT);
  result = MHD_queue_response (connection, 200, response);
  MHD_destroy_response (response);
  return result;
}

static void on_completed (void *data, struct MHD_Connection *connection, void **context,
                          enum MHD_RequestTerminationCode code) {
  Upload *upload = *context;

  if (upload == NULL)
    return;
  EVP_MD_CTX_free (upload->hash);
  close (upload->fd);
  g_free (upload->sha256);
  g_free (upload->part);
  g_free (upload->path);
  g_free (upload);
}

static void open_database (Floor *floor) {
  g_autofree char *path = g_build_filename (floor->folder, "floor.db", NULL);

  g_assert_cmpint (sqlite3_open (path, &floor->database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (floor->database,
                                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                                 "CREATE TABLE records (sha256 TEXT PRIMARY KEY) STRICT;",
                                 NULL, NULL, NULL),
                   ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (floor->database, "INSERT INTO records VALUES (?)", -1,
                                       &floor->insert, NULL),
                   ==, SQLITE_OK);
}

static void open_line (Floor *floor, const char *uri) {
  PGresult *result;

  floor->line = PQconnectdb (uri);
  g_assert_cmpint (PQstatus (floor->line), ==, CONNECTION_OK);
  result = PQexec (floor->line, "CREATE TABLE floor (sha256 text PRIMARY KEY)");
  g_assert_cmpint (PQresultStatus (result), ==, PGRES_COMMAND_OK);
  PQclear (result);
  result = PQprepare (floor->line, "insert", "INSERT INTO floor VALUES ($1)", 1, NULL);
  g_assert_cmpint (PQresultStatus (result), ==, PGRES_COMMAND_OK);
  PQclear (result);
}

static char *read_pem (const char *folder, const char *name) {
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

int floor_serve (const char *folder, const char *uri) {
  Floor floor = { .folder = g_strdup (folder) };
  g_autofree char *key = read_pem (folder, "private/server.pem");
  g_autofree char *certificate = read_pem (folder, "server.pem");
  g_autofree char *authority = read_pem (folder, "ca.pem");
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  struct MHD_Daemon *daemon;

  if (uri != NULL)
    open_line (&floor, uri);
  else
    open_database (&floor);
  daemon = MHD_start_daemon (MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_USE_TLS, 0, NULL,
                             NULL, on_request, &floor, MHD_OPTION_SOCK_ADDR, &address,
                             MHD_OPTION_THREAD_POOL_SIZE, (guint) THREADS,
                             MHD_OPTION_HTTPS_PRIORITIES, PRIORITIES, MHD_OPTION_HTTPS_MEM_KEY, key,
                             MHD_OPTION_HTTPS_MEM_CERT, certificate, MHD_OPTION_HTTPS_MEM_TRUST,
                             authority, MHD_OPTION_NOTIFY_CONNECTION, on_connection, NULL,
                             MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
  g_assert_nonnull (daemon);
  printf ("listening on 127.0.0.1:%u\n",
          (guint) MHD_get_daemon_info (daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
  fflush (stdout);
  while (getchar () != EOF)
    ;
  MHD_stop_daemon (daemon);
  g_clear_pointer (&floor.line, PQfinish);
  sqlite3_finalize (floor.insert);
  sqlite3_close (floor.database);
  g_free (floor.folder);
  return 0;
}
