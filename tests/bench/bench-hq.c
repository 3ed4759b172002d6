/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Headquarters' receiver against the plainest thing that would do the same (bench-hq-floor.h): each ratio is
 * of two rates measured in turns in this run, on this disk. TAMBO_BENCH_FOLDER says where (the folder of
 * temporary files), TAMBO_BENCH_POSTGRESQL names an empty database to measure with, too.
 */
#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bench-hq-floor.h"
#include "bench-hq-load.h"
#include "bench-hq-place.h"

#define RECORD_SIZE (500 * 1000)
#define RECORDS 240 /* in a round */
#define ROUNDS 7
#define CONNECTIONS 16

typedef struct {
  GSubprocess *process;
  char *url;
} Server;

static gint compare_doubles (gconstpointer a, gconstpointer b) {
  gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

  return (x > y) - (x < y);
}

static gdouble median (gdouble *values, guint n) {
  qsort (values, n, sizeof *values, compare_doubles);
  return values[n / 2];
}

static void say (const char *what, gdouble value, const char *unit, const char *target) {
  printf ("%-58s %10.3f %-6s (target: %s)\n", what, value, unit, target);
  fflush (stdout);
}

/* ---- what runs ---- */

static void die_with_parent (gpointer data) {
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static Server server_start (const char *const *words) {
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;
  Server server = { NULL };

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  server.process = g_subprocess_launcher_spawnv (launcher, words, &error);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server.process));
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (line != NULL && g_str_has_prefix (line, "listening on "));
  server.url = g_strconcat ("https://", line + strlen ("listening on "), NULL);
  return server;
}

static void server_stop (Server *server) {
  g_subprocess_send_signal (server->process, SIGKILL);
  g_subprocess_wait (server->process, NULL, NULL);
  g_clear_object (&server->process);
  g_clear_pointer (&server->url, g_free);
}

/* Processor time of a process so far, in milliseconds. */
static gdouble cpu_of (const Server *server) {
  g_autofree char *path =
      g_strconcat ("/proc/", g_subprocess_get_identifier (server->process), "/stat", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  words = g_strsplit (strrchr (text, ')') + 2, " ", -1); /* from the third field on */
  return (g_ascii_strtod (words[11], NULL) + g_ascii_strtod (words[12], NULL)) * 1000
         / (gdouble) sysconf (_SC_CLK_TCK);
}

/* ---- records a second ---- */

static gdouble measure (Place *place, const Server *server, LoadKind kind) {
  LoadTarget target = place_target (place, server->url);
  g_autoptr (GPtrArray) records = place_records (place, RECORDS, RECORD_SIZE);

  return RECORDS / load_run (&target, records, CONNECTIONS, kind);
}

static void bench_rate (Place *place, const char *own_program) {
  const char *floor_words[] = { own_program, "--floor", place->hq_folder, NULL };
  const char *hq_words[] = {
    g_getenv ("TAMBO_HQ"), "serve", place->hq_folder, "--listen", "127.0.0.1:0", "--no-decide", NULL
  };
  Server floor = server_start (floor_words), hq = server_start (hq_words);
  gdouble ratios[ROUNDS], floors[ROUNDS], rates[ROUNDS];

  for (guint round = 0; round < ROUNDS; round++) {
    floors[round] = measure (place, &floor, LOAD_PLAIN);
    rates[round] = measure (place, &hq, LOAD_PROTOCOL);
    ratios[round] = rates[round] / floors[round];
  }
  printf ("%.0f records/s taken in with a receipt, %.0f by the floor program (medians of %d)\n",
          median (rates, ROUNDS), median (floors, ROUNDS), ROUNDS);
  printf ("processor time for a record: %.2f ms, by the floor program %.2f ms\n",
          cpu_of (&hq) / (ROUNDS * RECORDS), cpu_of (&floor) / (ROUNDS * RECORDS));
  say ("records of 500 KB a second, headquarters / floor", median (ratios, ROUNDS), "",
       "at least 0.8");
  server_stop (&floor);
  server_stop (&hq);
}

int main (int argc, char **argv) {
  Place place = { NULL };

  if (argc == 3 && strcmp (argv[1], "--floor") == 0)
    return floor_serve (argv[2]);
  place_make (&place, NULL);
  bench_rate (&place, argv[0]);
  place_clear (&place);
  return 0;
}
