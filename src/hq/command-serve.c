/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include "hq/commands.h"
#include "hq/decider.h"
#include "hq/envelope-keys.h"
#include "hq/server.h"
#include "hq/uploads.h"

static void on_taken (gpointer data) {
  tambo_decider_wake (data);
}

static gboolean on_signal (gpointer data) {
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

void tambo_command_run_until_signal (void) {
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_unix_signal_add (SIGINT, on_signal, loop);
  g_main_loop_run (loop);
}

/* Opened envelopes and keys are in memory. */
void tambo_command_forbid_core_dumps (void) {
  const struct rlimit none = { 0, 0 };

  setrlimit (RLIMIT_CORE, &none);
}

/* Each connection has a socket and perhaps a file. */
static void allow_many_files (void) {
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

static int serve (TamboHq *hq, TamboServerSettings *settings, gboolean is_deciding) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboDecider) decider = NULL;
  TamboServer *server;

  tambo_uploads_sweep (hq->uploads);
  if (is_deciding) {
    decider = tambo_decider_start (hq);
    settings->taken = on_taken;
    settings->data = decider;
  }
  server = tambo_server_start (hq, settings, &error);
  if (server == NULL)
    return tambo_command_fail ("serve", error);
  g_print ("listening on %s\n", tambo_server_get_address (server));
  fflush (stdout);
  tambo_command_run_until_signal ();
  tambo_server_stop (server);
  return TAMBO_EXIT_DONE;
}

int tambo_command_serve (int argc, char **argv) {
  g_autofree char *listen = NULL;
  g_autofree char *database = NULL;
  g_autofree char *blobs = NULL;
  TamboServerSettings settings = { NULL };
  gboolean is_intake_only = FALSE;
  const GOptionEntry entries[] = {
    { "listen", 0, 0, G_OPTION_ARG_STRING, &listen, "Where to listen; port 0 takes a free one",
      "ADDRESS:PORT" },
    { "database", 0, 0, G_OPTION_ARG_STRING, &database, "Another database than DIR's", "URI" },
    { "blobs", 0, 0, G_OPTION_ARG_FILENAME, &blobs, "Where the sealed records are kept", "FOLDER" },
    { "connections", 0, 0, G_OPTION_ARG_INT, &settings.max_connections,
      "More at once are told to come back", "N" },
    { "no-decide", 0, 0, G_OPTION_ARG_NONE, &is_intake_only,
      "Take in only; 'decide' or another receiver judges", NULL },
    { NULL }
  };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 1, "DIR --listen ADDRESS:PORT", &line,
                                 &result))
    return result;
  tambo_command_forbid_core_dumps ();
  allow_many_files ();
  hq = tambo_hq_open_as (TAMBO_HQ_RECEIVER, line.words[0], database, blobs, &error);
  if (hq == NULL)
    return tambo_command_fail ("serve", error);
  if (!is_intake_only && !tambo_hq_may_decide (hq)) {
    g_printerr ("tambo-hq: serve: the keys of who decides are another user's; records are taken in,"
                " and 'tambo-hq decide --watch' of that user judges them\n");
    is_intake_only = TRUE;
  }
  settings.listen = listen != NULL ? listen : "127.0.0.1:8443";
  return serve (hq, &settings, !is_intake_only);
}
