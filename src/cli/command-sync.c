/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "station/headquarters.h"
#include "station/waiting.h"

/* Headquarters' word is good to a second and the way takes some; more than this is the clock's fault. */
#define CLOCK_SECONDS (2 * 60)
#define CERTIFICATE_DAYS 30
#define PROGRESS_USEC (G_USEC_PER_SEC / 2)

typedef struct {
  TamboCli *cli;
  TamboStation *station;
  TamboLineLimits limits;
  gboolean shows_progress; /* as lines, for other programs */
  gint64 shown;            /* when the last one was, microseconds */
} Sync;

/* ---- what is told ---- */

static void show_progress (const TamboExchangeState *state, gpointer data) {
  Sync *sync = data;
  gint64 now = g_get_monotonic_time ();
  gint64 done = state->all_done + state->done;

  if (state->total == 0 || now - sync->shown < PROGRESS_USEC)
    return;
  sync->shown = now;
  if (sync->shows_progress)
    fprintf (stderr, "progress %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s\n",
             done, state->all_total, state->seconds_left, state->what);
  else if (isatty (STDERR_FILENO))
    fprintf (stderr, "\r\033[K%s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " KB", state->what,
             done / 1000, state->all_total / 1000);
  if (!sync->shows_progress && isatty (STDERR_FILENO) && state->seconds_left >= 0)
    fprintf (stderr, ", %" G_GINT64_FORMAT ":%02" G_GINT64_FORMAT " left", state->seconds_left / 60,
             state->seconds_left % 60);
}

/* The cause with its code, for programs that have words of their own for it. */
static void show_failure (const Sync *sync, const GError *cause) {
  g_autofree char *note = tambo_sync_error_to_note (cause);

  if (sync->shows_progress)
    fprintf (stderr, "failed %s\n", note);
}

static void end_progress (const Sync *sync) {
  if (!sync->shows_progress && sync->shown != 0 && isatty (STDERR_FILENO))
    fputs ("\r\033[K", stderr);
}

static char *dup_span (gint64 seconds) {
  if (seconds >= 2 * 24 * 3600)
    return g_strdup_printf ("%" G_GINT64_FORMAT " days", seconds / (24 * 3600));
  if (seconds >= 2 * 3600)
    return g_strdup_printf ("%" G_GINT64_FORMAT " hours", seconds / 3600);
  return g_strdup_printf ("%" G_GINT64_FORMAT " minutes", seconds / 60);
}

/* What is well today and will not be: one line each, with the next action, and no failure. */
static void warn (const TamboExchangeResult *result) {
  g_autoptr (GError) clock = NULL;
  g_autoptr (GError) older = NULL;
  g_autoptr (GError) certificate = NULL;
  gint64 offset = result->clock_offset;
  g_autofree char *span = dup_span (ABS (offset));

  if (ABS (offset) > CLOCK_SECONDS) {
    clock = g_error_new (TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_CLOCK,
                         "this computer's clock is %s %s headquarters'", span,
                         offset < 0 ? "behind" : "ahead of");
    tambo_cli_fail (clock, "clock");
  }
  if (result->is_older_news) {
    older = g_error_new_literal (TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_OLDER,
                                 "it is older than this station, which waits with what it does not"
                                 " know ('tamboctl doctor' says what)");
    tambo_cli_fail (older, "headquarters");
  }
  if (result->certificate_days >= 0 && result->certificate_days < CERTIFICATE_DAYS
      && !result->is_renewed) {
    certificate = g_error_new (TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_REVOKED,
                               "this station's certificate ends in %d days and was not renewed",
                               result->certificate_days);
    tambo_cli_fail (certificate, "certificate");
  }
}

static void report (TamboCli *cli, const TamboExchangeResult *result) {
  JsonObject *document = json_object_new ();

  json_object_set_int_member (document, "sent", result->sent);
  json_object_set_int_member (document, "waiting", result->waiting);
  json_object_set_int_member (document, "received", result->received);
  json_object_set_int_member (document, "changed", result->changed);
  json_object_set_int_member (document, "set_aside", result->set_aside);
  json_object_set_int_member (document, "requeued", result->requeued);
  json_object_set_int_member (document, "purged", result->purged);
  json_object_set_int_member (document, "countersigned", result->countersigned);
  json_object_set_int_member (document, "clock_offset", result->clock_offset);
  json_object_set_boolean_member (document, "renewed", result->is_renewed);
  if (!cli->json) {
    printf ("%u sent and receipted, %u waiting, %u set aside, %u messages received\n", result->sent,
            result->waiting, result->set_aside, result->received);
    if (result->requeued > 0)
      printf ("%u records were sent again: headquarters was restored and had forgotten them\n",
              result->requeued);
  }
  tambo_cli_end (cli, document);
}

static gboolean exchange (Sync *sync, TamboExchangeResult *out_result, GError **error) {
  gboolean is_done = tambo_headquarters_exchange (sync->station, &sync->limits, show_progress, sync,
                                                  sync->cli->cancellable, out_result, error);

  end_progress (sync);
  if (!is_done) {
    show_failure (sync, *error);
    return FALSE;
  }
  warn (out_result);
  report (sync->cli, out_result);
  fflush (stdout);
  return TRUE;
}

/* ---- going on ---- */

/* What may end a wait: time, a signal, the network. */
typedef struct {
  GMainLoop *loop;
  gboolean is_waiting_for_network; /* the last exchange failed */
  guint failures;
} Watch;

static gboolean on_time (gpointer data) {
  g_main_loop_quit (((Watch *) data)->loop);
  return G_SOURCE_REMOVE;
}

/* Somebody at the desk wants it now. */
static gboolean on_request (gpointer data) {
  Watch *watch = data;

  watch->failures = 0;
  g_main_loop_quit (watch->loop);
  return G_SOURCE_CONTINUE;
}

static void on_network (GNetworkMonitor *monitor, gboolean is_available, gpointer data) {
  if (is_available && ((Watch *) data)->is_waiting_for_network)
    on_request (data);
}

static gboolean on_cancelled (GCancellable *cancellable, gpointer data) {
  g_main_loop_quit (((Watch *) data)->loop);
  return G_SOURCE_REMOVE;
}

static void sleep_for (Sync *sync, Watch *watch, guint seconds) {
  g_autoptr (GSource) over = g_cancellable_source_new (sync->cli->cancellable);
  guint timer = g_timeout_add_seconds (seconds, on_time, watch);
  guint changed = g_signal_connect (g_network_monitor_get_default (), "network-changed",
                                    G_CALLBACK (on_network), watch);

  g_source_set_callback (over, G_SOURCE_FUNC (on_cancelled), watch, NULL);
  g_source_attach (over, NULL);
  g_main_loop_run (watch->loop);
  g_source_destroy (over);
  g_signal_handler_disconnect (g_network_monitor_get_default (), changed);
  if (g_main_context_find_source_by_id (NULL, timer) != NULL)
    g_source_remove (timer);
}

static TamboExit watch_for_ever (Sync *sync) {
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Watch watch = { .loop = loop };
  guint request = g_unix_signal_add (SIGUSR1, on_request, &watch);

  while (!g_cancellable_is_cancelled (sync->cli->cancellable)) {
    g_autoptr (GError) error = NULL;
    TamboExchangeResult result = { 0 };

    watch.is_waiting_for_network = !exchange (sync, &result, &error);
    if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      tambo_cli_fail (error, "exchange not finished");
    /* A line that breaks and has carried something is not one that is dead. */
    watch.failures = error == NULL ? 0 : result.sent > 0 ? 1 : watch.failures + 1;
    if (!g_cancellable_is_cancelled (sync->cli->cancellable))
      sleep_for (sync, &watch, tambo_waiting_seconds (watch.failures, result.retry_after));
  }
  g_source_remove (request);
  return TAMBO_EXIT_DONE;
}

static gboolean are_good (gint64 limit_rate, gint64 patience, gboolean once, gboolean keep_on) {
  return limit_rate >= 0 && patience >= 0 && patience <= 3600 && !(once && keep_on);
}

TamboExit tambo_command_sync (TamboCli *cli, int argc, char **argv) {
  gboolean once = FALSE, keep_on = FALSE, shows_progress = FALSE;
  gint64 limit_rate = 0, patience = 0;
  const GOptionEntry options[] = {
    { "once", 0, 0, G_OPTION_ARG_NONE, &once, "One exchange (the default)", NULL },
    { "watch", 0, 0, G_OPTION_ARG_NONE, &keep_on, "Go on until interrupted", NULL },
    { "limit-rate", 0, 0, G_OPTION_ARG_INT64, &limit_rate, "Bytes a second", "BYTES" },
    { "patience", 0, 0, G_OPTION_ARG_INT64, &patience,
      "Give up a line that carries next to nothing for so long", "SECONDS" },
    { "progress", 0, 0, G_OPTION_ARG_NONE, &shows_progress,
      "Say what has gone and what is left, line by line on standard error", NULL },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("sync", "", "Sends what waits and fetches what has come.", options, &argc,
                        &argv, &status))
    return status;
  if (!are_good (limit_rate, patience, once, keep_on))
    return tambo_cli_usage ("--limit-rate is at least 0, --patience 0 to 3600, and --once excludes "
                            "--watch");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  if (station == NULL)
    return tambo_cli_fail (error, "exchange not begun");
  Sync sync = { .cli = cli,
                .station = station,
                .limits = { (guint64) limit_rate, (guint) patience },
                .shows_progress = shows_progress };
  TamboExchangeResult result = { 0 };
  if (keep_on)
    return watch_for_ever (&sync);
  if (!exchange (&sync, &result, &error))
    return tambo_cli_fail (error, "exchange not finished");
  return TAMBO_EXIT_DONE;
}
