/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "hq/commands.h"
#include "hq/document-code.h"
#include "hq/key-folder.h"
#include "hq/osia-api.h"
#include "hq/osia-token.h"
#include "hq/web-server.h"

#define MAX_FILE (256 * 1024)
#define SITES 3
#define DAY (24 * 60 * 60)
#define MAX_DAYS 366

/* What the command line says. */
typedef struct {
  char *listen[SITES]; /* staff, public, osia; NULL: not this one */
  char *certificate, *key, *database, *public_url;
  int max_connections;
} WebOptions;

static void web_options_clear (WebOptions *options) {
  for (int i = 0; i < SITES; i++)
    g_free (options->listen[i]);
  g_free (options->certificate);
  g_free (options->key);
  g_free (options->database);
  g_free (options->public_url);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WebOptions, web_options_clear)

static const struct {
  const TamboWebSite *site;
  const char *name;
} sites[SITES] = {
  { &tambo_web_staff, "pages" },
  { &tambo_web_public, "public pages" },
  { &tambo_osia, "osia" },
};

static gboolean on_signal (gpointer data) {
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static void run_until_signal (void) {
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_unix_signal_add (SIGINT, on_signal, loop);
  g_main_loop_run (loop);
}

/* What people type goes through memory; each connection has a socket. */
static void set_limits (void) {
  const struct rlimit none = { 0, 0 };
  struct rlimit files;

  setrlimit (RLIMIT_CORE, &none);
  if (getrlimit (RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit (RLIMIT_NOFILE, &files);
  }
}

/* ---- what the pages need ---- */

static void web_clear (TamboWeb *web) {
  g_clear_pointer (&web->hq, tambo_hq_close);
  g_clear_pointer (&web->style, g_bytes_unref);
  g_clear_pointer (&web->sessions, tambo_sessions_free);
  g_clear_pointer (&web->throttle, tambo_throttle_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboWeb, web_clear)

static gboolean open_web (TamboWeb *web, const char *folder, const WebOptions *options,
                          GError **error) {
  web->style = tambo_web_load_style (error);
  web->hq = web->style != NULL
                ? tambo_hq_open_as (TAMBO_HQ_VIEWER, folder, options->database, NULL, error)
                : NULL;
  web->sessions = tambo_sessions_new ();
  web->throttle = tambo_throttle_new ();
  return web->hq != NULL
         && (options->public_url == NULL
             || tambo_document_set_public_url (web->hq, options->public_url, error));
}

/* The server's certificate, unless the pages have one that browsers know. */
static gboolean read_identity (const char *folder, const WebOptions *options,
                               char **out_certificate, GBytes **out_key, GError **error) {
  g_autofree char *own_certificate = g_build_filename (folder, "server.pem", NULL);
  g_autofree char *own_key = tambo_key_folder_dup_path (folder, "server.pem");
  g_autoptr (GBytes) certificate = tambo_file_read (
      options->certificate != NULL ? options->certificate : own_certificate, MAX_FILE, error);
  g_autoptr (GBytes) key =
      certificate != NULL
          ? tambo_file_read (options->key != NULL ? options->key : own_key, MAX_FILE, error)
          : NULL;
  gsize size;
  const char *data;

  if (key == NULL)
    return FALSE;
  data = g_bytes_get_data (certificate, &size);
  *out_certificate = g_strndup (data, size);
  data = g_bytes_get_data (key, &size);
  *out_key = tambo_secret_new (data, size);
  return TRUE;
}

/* ---- serving ---- */

static gboolean start (TamboWeb *web, const WebOptions *options, const char *certificate,
                       GBytes *key, TamboWebServer *servers[SITES], GError **error) {
  for (int i = 0; i < SITES; i++) {
    const TamboWebServerSettings settings = { .listen = options->listen[i],
                                              .max_connections = options->max_connections,
                                              .certificate_pem = certificate,
                                              .key_pem = key };

    if (options->listen[i] == NULL)
      continue;
    servers[i] = tambo_web_server_start (web, sites[i].site, &settings, error);
    if (servers[i] == NULL)
      return FALSE;
  }
  return TRUE;
}

static void announce (TamboWebServer *const servers[SITES]) {
  for (int i = 0; i < SITES; i++)
    if (servers[i] != NULL)
      g_print ("%s on https://%s\n", sites[i].name, tambo_web_server_get_address (servers[i]));
  g_print ("ready\n");
  fflush (stdout);
}

static int serve (const char *folder, const WebOptions *options) {
  g_auto (TamboWeb) web = { NULL };
  g_autofree char *certificate = NULL;
  g_autoptr (GBytes) key = NULL;
  g_autoptr (GError) error = NULL;
  TamboWebServer *servers[SITES] = { NULL };
  gboolean is_serving;

  is_serving = open_web (&web, folder, options, &error)
               && read_identity (folder, options, &certificate, &key, &error)
               && start (&web, options, certificate, key, servers, &error);
  if (is_serving) {
    announce (servers);
    run_until_signal ();
  }
  for (int i = 0; i < SITES; i++)
    tambo_web_server_stop (servers[i]);
  return is_serving ? TAMBO_EXIT_DONE : tambo_command_fail ("web", error);
}

int tambo_command_web (int argc, char **argv) {
  g_auto (WebOptions) options = { { NULL } };
  const GOptionEntry entries[] = {
    { "listen", 0, 0, G_OPTION_ARG_STRING, &options.listen[0],
      "Where headquarters' people find their pages; port 0 takes a free one", "ADDRESS:PORT" },
    { "public", 0, 0, G_OPTION_ARG_STRING, &options.listen[1],
      "Where everybody finds appointments and the validity of documents", "ADDRESS:PORT" },
    { "osia", 0, 0, G_OPTION_ARG_STRING, &options.listen[2], "Where other systems ask (OSIA 7.1)",
      "ADDRESS:PORT" },
    { "public-url", 0, 0, G_OPTION_ARG_STRING, &options.public_url,
      "The public pages as the world sees them, for the QR code of documents; it is kept",
      "https://HOST" },
    { "certificate", 0, 0, G_OPTION_ARG_FILENAME, &options.certificate,
      "Another certificate (PEM, its chain behind it) than DIR's", "FILE" },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &options.key, "Its key (PEM)", "FILE" },
    { "database", 0, 0, G_OPTION_ARG_STRING, &options.database, "Another database than DIR's",
      "URI" },
    { "connections", 0, 0, G_OPTION_ARG_INT, &options.max_connections,
      "More at once are told to come back", "N" },
    { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 1, "DIR --listen ADDRESS:PORT", &line,
                                 &result))
    return result;
  if (options.listen[0] == NULL && options.listen[1] == NULL && options.listen[2] == NULL)
    options.listen[0] = g_strdup ("127.0.0.1:8444");
  set_limits ();
  tambo_language_set_up ();
  return serve (line.words[0], &options);
}

/* ---- tokens for other systems ---- */

/* The key that signs them stays with who gives them out; the pages have the public half. */
static TamboKey *open_token_key (const char *folder, GError **error) {
  g_autofree char *path = tambo_key_folder_dup_path (folder, "osia.pem");
  g_autofree char *public_path = g_build_filename (folder, "osia.pem", NULL);
  g_autoptr (TamboKey) key = NULL;
  g_autoptr (GBytes) pem = NULL;
  g_autofree char *public_pem = NULL;
  g_autoptr (GBytes) public_bytes = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS)) {
    gsize size;
    const char *data;

    pem = tambo_file_read (path, MAX_FILE, error);
    data = pem != NULL ? g_bytes_get_data (pem, &size) : NULL;
    return data != NULL ? tambo_key_new_from_pem (data, (gssize) size, error) : NULL;
  }
  key = tambo_key_generate ();
  pem = tambo_key_dup_private_pem (key);
  public_pem = tambo_key_dup_public_pem (key);
  public_bytes = g_bytes_new_static (public_pem, strlen (public_pem));
  if (!tambo_file_write_durable (path, pem, 0600, error)
      || !tambo_file_write_durable (public_path, public_bytes, 0644, error))
    return NULL;
  return g_steal_pointer (&key);
}

int tambo_command_osia_token (int argc, char **argv) {
  g_autofree char *client = NULL;
  g_autofree char *scope = NULL;
  int days = 30;
  const GOptionEntry entries[] = {
    { "client", 0, 0, G_OPTION_ARG_STRING, &client, "Whose token it is", "NAME" },
    { "scope", 0, 0, G_OPTION_ARG_STRING, &scope,
      "What it allows: enroll.read, cms.request.read; blanks between", "SCOPES" },
    { "days", 0, 0, G_OPTION_ARG_INT, &days, "How long; without it 30", "N" },
    { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (TamboKey) key = NULL;
  g_autofree char *token = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 1, "DIR --client NAME --scope SCOPES", &line,
                                 &result))
    return result;
  if (client == NULL || scope == NULL || days < 1 || days > MAX_DAYS) {
    g_printerr ("tambo-hq: osia token: a client, a scope or the days (1 to 366) are missing; see"
                " 'tambo-hq osia token --help'\n");
    return TAMBO_EXIT_USAGE;
  }
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, line.words[0], NULL, NULL, &error);
  key = hq != NULL ? open_token_key (line.words[0], &error) : NULL;
  if (key == NULL)
    return tambo_command_fail ("osia token", error);
  token = tambo_osia_token_sign (key, hq->name, client, scope, tambo_clock_now_unix (),
                                 (gint64) days * DAY);
  if (line.is_json) {
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "token", token);
    tambo_command_print (object);
  } else {
    g_print ("%s\n", token);
  }
  return TAMBO_EXIT_DONE;
}
