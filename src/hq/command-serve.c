/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "hq/commands.h"
#include "hq/decision.h"
#include "hq/server.h"
#include "hq/uploads.h"

/* A database that several share is looked at even when nothing came here. */
#define LOOK_EVERY (2 * G_TIME_SPAN_SECOND)

/* The thread that decides, apart from those that take in: it alone opens envelopes. */
typedef struct {
  TamboHq *hq;
  GThread *thread;
  GMutex lock;
  GCond wake;
  gboolean has_work, is_over;
} Decider;

/* Of several receivers, one decides. */
static void decide_once (TamboHq *hq) {
  g_autoptr (GError) error = NULL;
  guint decided;

  if (tambo_database_lead (hq->database) && !tambo_hq_decide (hq, &decided, &error))
    g_printerr ("tambo-hq: decide: %s; it is tried again with the next record\n", error->message);
}

/* FALSE when it is over. */
static gboolean wait_for_work (Decider *decider) {
  gint64 until = g_get_monotonic_time () + LOOK_EVERY;
  gboolean is_shared = tambo_database_is_shared (decider->hq->database);
  gboolean is_over;

  g_mutex_lock (&decider->lock);
  while (!decider->has_work && !decider->is_over) {
    if (!is_shared)
      g_cond_wait (&decider->wake, &decider->lock);
    else if (!g_cond_wait_until (&decider->wake, &decider->lock, until))
      break;
  }
  decider->has_work = FALSE;
  is_over = decider->is_over;
  g_mutex_unlock (&decider->lock);
  return !is_over;
}

static gpointer decide_for_ever (gpointer data) {
  Decider *decider = data;

  while (wait_for_work (decider))
    decide_once (decider->hq);
  return NULL;
}

static void decider_start (Decider *decider, TamboHq *hq) {
  decider->hq = hq;
  decider->has_work = TRUE; /* what an earlier run left */
  g_mutex_init (&decider->lock);
  g_cond_init (&decider->wake);
  decider->thread = g_thread_new ("decide", decide_for_ever, decider);
}

static void decider_tell (Decider *decider, gboolean is_over) {
  g_mutex_lock (&decider->lock);
  decider->has_work = TRUE;
  decider->is_over |= is_over;
  g_cond_signal (&decider->wake);
  g_mutex_unlock (&decider->lock);
}

static void decider_stop (Decider *decider) {
  if (decider->thread == NULL)
    return;
  decider_tell (decider, TRUE);
  g_thread_join (decider->thread);
  g_mutex_clear (&decider->lock);
  g_cond_clear (&decider->wake);
}

static void on_taken (gpointer data) {
  decider_tell (data, FALSE);
}

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

/* Opened envelopes and keys are in memory. */
static void forbid_core_dumps (void) {
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
  Decider decider = { NULL };
  TamboServer *server;

  tambo_uploads_sweep (hq->uploads);
  if (is_deciding) {
    decider_start (&decider, hq);
    settings->taken = on_taken;
    settings->data = &decider;
  }
  server = tambo_server_start (hq, settings, &error);
  if (server == NULL) {
    decider_stop (&decider);
    return tambo_command_fail ("serve", error);
  }
  g_print ("listening on %s\n", tambo_server_get_address (server));
  fflush (stdout);
  run_until_signal ();
  tambo_server_stop (server);
  decider_stop (&decider);
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
  forbid_core_dumps ();
  allow_many_files ();
  hq = tambo_hq_open_at (line.words[0], database, blobs, &error);
  if (hq == NULL)
    return tambo_command_fail ("serve", error);
  settings.listen = listen != NULL ? listen : "127.0.0.1:8443";
  return serve (hq, &settings, !is_intake_only);
}

int tambo_command_decide (int argc, char **argv) {
  gboolean is_again = FALSE;
  const GOptionEntry entries[] = { { "again", 0, 0, G_OPTION_ARG_NONE, &is_again,
                                     "Also those that could not be judged before", NULL },
                                   { NULL } };
  g_auto (TamboCommandLine) line = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHq) hq = NULL;
  guint decided;
  int result;

  if (!tambo_command_line_parse (argc, argv, entries, 1, "DIR", &line, &result))
    return result;
  forbid_core_dumps ();
  hq = tambo_hq_open (line.words[0], &error);
  if (hq == NULL || (is_again && !tambo_hq_retry_failed (hq, &error))
      || !tambo_hq_decide (hq, &decided, &error))
    return tambo_command_fail ("decide", error);
  if (line.is_json) {
    JsonObject *object = json_object_new ();

    json_object_set_int_member (object, "decided", decided);
    tambo_command_print (object);
  } else {
    g_print ("%u records judged\n", decided);
  }
  return TAMBO_EXIT_DONE;
}
