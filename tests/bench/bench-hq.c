/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Headquarters' receiver against the plainest thing that would do the same (bench-hq-floor.h): each ratio is
 * of two rates measured in turns in this run, on this disk. TAMBO_BENCH_FOLDER says where (the folder of
 * temporary files). With TAMBO_BENCH_POSTGRESQL, the URI of an empty database, that one is measured instead of
 * a SQLite file.
 */
#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bench-hq-crowd.h"
#include "bench-hq-floor.h"
#include "bench-hq-load.h"
#include "bench-hq-place.h"

#define RECORD_SIZE (500 * 1000)
#define RECORDS 240 /* in a round */
#define ROUNDS 7
#define CONNECTIONS 16
#define SMALL_SIZE 4096
#define SMALL_RECORDS 1500
#define SMALL_CONNECTIONS 64
#define SMALL_ROUNDS 3
#define SLOW_UPLOADS 1500
#define SLOW_SIZE (64 * 1024)
#define SLOW_HEAD (24 * 1024)
#define SLOW_SECONDS 30
#define BURST 1000

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

/* What the database and the processors let through, when the bytes weigh nothing. */
static void bench_small (Place *place, const Server *hq) {
  LoadTarget target = place_target (place, hq->url);
  gdouble rates[SMALL_ROUNDS];

  for (guint round = 0; round < SMALL_ROUNDS; round++) {
    g_autoptr (GPtrArray) records = place_records (place, SMALL_RECORDS, SMALL_SIZE);

    rates[round] = SMALL_RECORDS / load_run (&target, records, SMALL_CONNECTIONS, LOAD_PROTOCOL);
  }
  say ("records of 4 KB a second", median (rates, SMALL_ROUNDS), "/s", "none");
}

/* URI NULL: with SQLite. */
static Server start_floor (const Place *place, const char *own_program, const char *uri) {
  const char *words[] = { own_program, "--floor", place->hq_folder, uri, NULL };

  return server_start (words);
}

/* Rates of both in turns, so that what else happens on this machine slows both alike. */
static void bench_rate (Place *place, const Server *floor, const Server *hq, const char *what,
                        const char *target) {
  gdouble ratios[ROUNDS], floors[ROUNDS], rates[ROUNDS];
  gdouble floor_cpu = cpu_of (floor), hq_cpu = cpu_of (hq);

  measure (place, hq, LOAD_PROTOCOL); /* to warm up */
  for (guint round = 0; round < ROUNDS; round++) {
    floors[round] = measure (place, floor, LOAD_PLAIN);
    rates[round] = measure (place, hq, LOAD_PROTOCOL);
    ratios[round] = rates[round] / floors[round];
  }
  printf ("%s: %.0f records/s with a receipt, %.0f by the floor program (medians of %d)\n", what,
          median (rates, ROUNDS), median (floors, ROUNDS), ROUNDS);
  printf ("processor time for a record: %.2f ms, by the floor program %.2f ms\n",
          (cpu_of (hq) - hq_cpu) / ((ROUNDS + 1) * RECORDS),
          (cpu_of (floor) - floor_cpu) / (ROUNDS * RECORDS));
  say ("records of 500 KB a second, headquarters / floor", median (ratios, ROUNDS), "", target);
}

/* ---- many at once ---- */

/* Proportional set size, in KiB. */
static gdouble memory_of (const Server *server) {
  g_autofree char *path =
      g_strconcat ("/proc/", g_subprocess_get_identifier (server->process), "/smaps_rollup", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return g_ascii_strtod (strstr (text, "\nPss:") + strlen ("\nPss:"), NULL);
}

static void bench_slow_uploads (Place *place, const Server *hq) {
  LoadTarget target = place_target (place, hq->url);
  g_autoptr (GPtrArray) records = place_records (place, SLOW_UPLOADS, SLOW_SIZE);
  gdouble before = memory_of (hq), hanging, later, rate_before, rate_hanging;
  Crowd *crowd;
  guint standing;

  rate_before = measure (place, hq, LOAD_PROTOCOL);
  load_run (&target, records, CONNECTIONS, LOAD_ANNOUNCE);
  crowd = crowd_hang (&target, records, SLOW_HEAD);
  g_usleep (2 * G_USEC_PER_SEC);
  hanging = memory_of (hq);
  rate_hanging = measure (place, hq, LOAD_PROTOCOL);
  g_usleep (SLOW_SECONDS * G_USEC_PER_SEC);
  later = memory_of (hq);
  standing = crowd_leave (crowd);
  printf (
      "%u uploads hang, %u still stand after %d s; %.0f MiB before, %.0f MiB with them, %.0f MiB"
      " then: %.0f KiB for each\n",
      SLOW_UPLOADS, standing, SLOW_SECONDS, before / 1024, hanging / 1024, later / 1024,
      (hanging - before) / SLOW_UPLOADS);
  say ("memory then / memory when all hung", later / hanging, "", "at most 1.1");
  say ("records a second beside them / without them", rate_hanging / rate_before, "", "none");
}

static void bench_burst (Place *place, const Server *hq, const char *what) {
  LoadTarget target = place_target (place, hq->url);
  CrowdResult result = crowd_burst (&target, BURST, 120);

  printf (
      "%u connections at once, %s: %u served, %u answers 503 with Retry-After, %u lost, the last"
      " after %.1f s\n",
      BURST, what, result.served, result.put_off, result.lost, result.slowest);
  say ("served of those that came", (gdouble) result.served / BURST, "", "1");
}

static Server start_hq (const Place *place, const char *connections) {
  const char *words[] = {
    g_getenv ("TAMBO_HQ"), "serve",         place->hq_folder, "--listen", "127.0.0.1:0",
    "--no-decide",         "--connections", connections,      NULL
  };

  return server_start (words);
}

static void bench_sqlite (const char *own_program) {
  Place place = { NULL };
  Server floor, hq;

  place_make (&place, NULL);
  floor = start_floor (&place, own_program, NULL);
  hq = start_hq (&place, "2000");
  bench_rate (&place, &floor, &hq, "SQLite", "at least 0.8");
  bench_small (&place, &hq);
  bench_slow_uploads (&place, &hq);
  bench_burst (&place, &hq, "all admitted");
  server_stop (&floor);
  server_stop (&hq);
  hq = start_hq (&place, "200");
  bench_burst (&place, &hq, "200 admitted");
  server_stop (&hq);
  place_clear (&place);
}

static void bench_postgresql (const char *own_program, const char *uri) {
  Place place = { NULL };
  Server floor, hq;

  place_make (&place, uri);
  floor = start_floor (&place, own_program, NULL);
  hq = start_hq (&place, "2000");
  bench_rate (&place, &floor, &hq, "PostgreSQL", "at least 0.8");
  bench_small (&place, &hq);
  server_stop (&floor);
  floor = start_floor (&place, own_program, uri);
  bench_rate (&place, &floor, &hq, "PostgreSQL, the floor program with it, too", "none");
  server_stop (&floor);
  server_stop (&hq);
  place_clear (&place);
}

int main (int argc, char **argv) {
  const char *uri = g_getenv ("TAMBO_BENCH_POSTGRESQL");

  if (argc >= 3 && strcmp (argv[1], "--floor") == 0)
    return floor_serve (argv[2], argv[3]);
  if (uri != NULL)
    bench_postgresql (argv[0], uri);
  else
    bench_sqlite (argv[0]);
  return 0;
}
