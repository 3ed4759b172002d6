/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Preloaded: how long the main loop of a GApplication lets things wait, and what it has allocated. A source
 * of high priority is due every few milliseconds; when it runs late, something else kept the loop, or the
 * processor was not to be had.
 *
 * TAMBO_HEARTBEAT names the file that is written on SIGUSR1, after which everything begins anew, and at the
 * end: the number of beats, the bytes that are allocated beside SQLite's, and those; then a line for each late
 * beat: milliseconds, how many of them this thread waited for a processor, and the second.
 *
 * TAMBO_HEARTBEAT_STACKS names one for the stacks of what took longer than TAMBO_HEARTBEAT_LIMIT
 * milliseconds.
 */
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define INTERVAL 4000   /* microseconds */
#define LATE 4000       /* worth a line */
#define MAX_LATE 200000 /* lines */

typedef struct {
  gint64 time, gap, delay;
} Late;

static gint64 due, begin, last_delay;
static guint64 n_beats;
static guint n_late;
static Late late[MAX_LATE];
static int schedule = -1;

static pthread_t main_thread;
static gint64 last_beat; /* atomic */
static int stacks = -1;
static volatile sig_atomic_t must_report;

/* SQLite's pages are as many as it was told to keep, and gone when another process writes. */
static gsize get_kept (void) {
  gint64 (*pages) (void) = (gint64 (*) (void)) dlsym (RTLD_DEFAULT, "sqlite3_memory_used");

  return pages != NULL ? (gsize) pages () : 0;
}

/* What is leaked is still allocated, whatever the allocator keeps for later. */
static gsize get_allocated (void) {
  gsize (*sanitizer) (void) =
      (gsize (*) (void)) dlsym (RTLD_DEFAULT, "__sanitizer_get_current_allocated_bytes");
  struct mallinfo2 (*info) (void) = (struct mallinfo2 (*) (void)) dlsym (RTLD_DEFAULT, "mallinfo2");

  if (sanitizer != NULL)
    return sanitizer ();
  return info != NULL ? info ().uordblks + info ().hblkhd : 0;
}

static void write_report (void) {
  const char *path = g_getenv ("TAMBO_HEARTBEAT");
  if (path == NULL)
    return;
  g_autofree char *unnamed = g_strconcat (path, ".new", NULL);
  FILE *file = fopen (unnamed, "w");
  if (file == NULL)
    return;

  gsize kept = get_kept ();
  fprintf (file, "%" G_GUINT64_FORMAT " %" G_GSIZE_FORMAT " %" G_GSIZE_FORMAT "\n", n_beats,
           get_allocated () - kept, kept);
  for (guint i = 0; i < n_late; i++)
    fprintf (file, "%.2f %.2f %.3f\n", (double) late[i].gap / 1000, (double) late[i].delay / 1000,
             (double) (late[i].time - begin) / 1e6);
  fclose (file);
  g_rename (unnamed, path);
}

static void on_report (int number) {
  must_report = 1;
}

/* Microseconds that the thread was ready and had no processor. */
static gint64 get_delay (void) {
  char text[96];
  gint64 run, wait;
  ssize_t n = pread (schedule, text, sizeof text - 1, 0);

  if (n <= 0)
    return 0;
  text[n] = '\0';
  return sscanf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, &run, &wait) == 2 ? wait / 1000
                                                                                   : 0;
}

/* A long wait stands for all the beats that it swallowed: somebody could have looked at each. */
static void count (gint64 now) {
  gint64 gap = now - due, waited = get_delay (), delay = waited - last_delay;

  last_delay = waited;
  do {
    n_beats++;
    if (gap > LATE && n_late < MAX_LATE)
      late[n_late++] = (Late){ .time = now, .gap = gap, .delay = CLAMP (delay, 0, gap) };
    gap -= INTERVAL;
  } while (gap > INTERVAL);
}

static void start_again (void) {
  n_beats = n_late = 0;
  last_delay = get_delay ();
  begin = g_get_monotonic_time ();
}

static gboolean beat (GSource *source, GSourceFunc function, gpointer data) {
  if (must_report) {
    must_report = 0;
    write_report ();
    start_again ();
  } else {
    count (g_get_monotonic_time ());
  }
  due = g_get_monotonic_time () + INTERVAL;
  __atomic_store_n (&last_beat, due - INTERVAL, __ATOMIC_RELAXED);
  g_source_set_ready_time (source, due);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs beat_functions = { NULL, NULL, beat, NULL, NULL, NULL };

/* ---- where it was ---- */

static void on_look (int number) {
  void *frames[48];
  int n = backtrace (frames, G_N_ELEMENTS (frames));

  backtrace_symbols_fd (frames, n, stacks);
  (void) !write (stacks, "--\n", 3);
}

static void *watch (void *limit) {
  const struct timespec pause = { .tv_nsec = 2000000 };
  gint64 told = 0;

  for (;;) {
    nanosleep (&pause, NULL);
    gint64 last = __atomic_load_n (&last_beat, __ATOMIC_RELAXED);
    if (last != 0 && last != told
        && g_get_monotonic_time () - last > INTERVAL + GPOINTER_TO_INT (limit)) {
      told = last;
      pthread_kill (main_thread, SIGUSR2);
    }
  }
  return NULL;
}

static void start_watch (void) {
  const char *path = g_getenv ("TAMBO_HEARTBEAT_STACKS");
  const char *limit = g_getenv ("TAMBO_HEARTBEAT_LIMIT");
  void *frame;
  pthread_t thread;

  if (path == NULL)
    return;
  stacks = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  backtrace (&frame, 1); /* it allocates the first time */
  signal (SIGUSR2, on_look);
  main_thread = pthread_self ();
  pthread_create (&thread, NULL, watch,
                  GINT_TO_POINTER ((limit != NULL ? atoi (limit) : 16) * 1000));
}

int g_application_run (GApplication *application, int argc, char **argv) {
  int (*real) (GApplication *, int, char **) =
      (int (*) (GApplication *, int, char **)) dlsym (RTLD_NEXT, "g_application_run");
  GSource *source = g_source_new (&beat_functions, sizeof (GSource));

  signal (SIGUSR1, on_report);
  schedule = open ("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  start_again ();
  due = begin + INTERVAL;
  g_source_set_priority (source, G_PRIORITY_HIGH);
  g_source_set_ready_time (source, due);
  g_source_attach (source, NULL);
  start_watch ();
  int status = real (application, argc, argv);
  write_report ();
  return status;
}
