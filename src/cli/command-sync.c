/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "station/headquarters.h"

#define WATCH_SECONDS 15
#define WATCH_MAX_SECONDS (15 * 60)

static void show_progress (const TamboExchangeState *state, gpointer data) {
  if (state->total > 0)
    tambo_cli_progress (state->what, state->done, state->total);
}

static void report (TamboCli *cli, const TamboExchangeResult *result) {
  JsonObject *document = json_object_new ();

  json_object_set_int_member (document, "sent", result->sent);
  json_object_set_int_member (document, "waiting", result->waiting);
  json_object_set_int_member (document, "received", result->received);
  json_object_set_int_member (document, "set_aside", result->set_aside);
  json_object_set_int_member (document, "purged", result->purged);
  json_object_set_int_member (document, "countersigned", result->countersigned);
  if (!cli->json)
    printf ("%u sent and receipted, %u waiting, %u set aside, %u messages received\n", result->sent,
            result->waiting, result->set_aside, result->received);
  tambo_cli_end (cli, document);
}

static gboolean exchange (TamboCli *cli, TamboStation *station, gint64 limit_rate, GError **error) {
  TamboExchangeResult result = { 0 };

  if (!tambo_headquarters_exchange (station, limit_rate, show_progress, NULL, cli->cancellable,
                                    &result, error))
    return FALSE;
  report (cli, &result);
  fflush (stdout);
  return TRUE;
}

/* Full jitter: somewhere between nothing and twice the last wait, which doubles after each failure. */
static guint next_wait (guint failures) {
  guint limit = WATCH_SECONDS << MIN (failures, 6);

  return failures == 0 ? WATCH_SECONDS : g_random_int_range (1, MIN (limit, WATCH_MAX_SECONDS) + 1);
}

static TamboExit watch (TamboCli *cli, TamboStation *station, gint64 limit_rate) {
  guint failures = 0;

  while (!g_cancellable_is_cancelled (cli->cancellable)) {
    g_autoptr (GError) error = NULL;
    if (exchange (cli, station, limit_rate, &error)) {
      failures = 0;
    } else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
      failures++;
      tambo_cli_fail (error, "exchange not finished");
    }
    GPollFD poll_fd;
    if (g_cancellable_make_pollfd (cli->cancellable, &poll_fd)) {
      g_poll (&poll_fd, 1, next_wait (failures) * 1000);
      g_cancellable_release_fd (cli->cancellable);
    }
  }
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_sync (TamboCli *cli, int argc, char **argv) {
  gboolean once = FALSE, keep_on = FALSE;
  gint64 limit_rate = 0;
  const GOptionEntry options[] = {
    { "once", 0, 0, G_OPTION_ARG_NONE, &once, "One exchange (the default)", NULL },
    { "watch", 0, 0, G_OPTION_ARG_NONE, &keep_on, "Go on until interrupted", NULL },
    { "limit-rate", 0, 0, G_OPTION_ARG_INT64, &limit_rate, "Bytes a second", "BYTES" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("sync", "", "Sends what waits and fetches what has come.", options, &argc,
                        &argv, &status))
    return status;
  if (limit_rate < 0 || (once && keep_on))
    return tambo_cli_usage ("--limit-rate is at least 0, and --once excludes --watch");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  if (station == NULL)
    return tambo_cli_fail (error, "exchange not begun");
  if (keep_on)
    return watch (cli, station, limit_rate);
  if (!exchange (cli, station, limit_rate, &error))
    return tambo_cli_fail (error, "exchange not finished");
  return TAMBO_EXIT_DONE;
}
