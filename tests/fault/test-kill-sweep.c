/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A case from its beginning to the receipt, in a process that is killed, or told of an error, at each of
 * its calls that write: what was acknowledged is there, nothing is there by half, and the store holds.
 *
 * TAMBO_SWEEP_SECONDS: for how long (30; 0 for all of it). What does not fit in is left out evenly.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case-steps.h"
#include "desk.h"

#define DEFAULT_SECONDS 30
#define N_WORKERS 4

static const char *const calls[] = { "pwrite64", "fdatasync", "fsync", "ftruncate",
                                     "openat",   "unlink",    "rename" };
/* The last one is no matter of strace: half of a write is done by short-write.c, in all calls that write. */
static const char *const faults[] = { "signal=KILL", "error=EIO", "error=ENOSPC", "short" };
#define SHORT_WRITE (G_N_ELEMENTS (faults) - 1)
#define WRITING 0 /* of the calls, the one that writes to the store */

static char *own_program;

/* ---- the process ---- */

static void say_done (TamboStore *store, gpointer data) {
  if (write (STDOUT_FILENO, "+", 1) != 1)
    _exit (3);
}

static int be_the_process (const char *path) {
  TamboStore *store = tambo_store_open (path, NULL);
  g_autoptr (GBytes) password = desk_password (DESK_PASSWORD);
  g_autoptr (TamboOperatorRow) row = NULL;
  gboolean is_done;

  if (store == NULL)
    return 2;
  row = tambo_operators_sign_in (store, DESK_OPERATOR, password, NULL, NULL);
  if (row == NULL)
    return 2;
  say_done (store, NULL);
  is_done = case_steps_run (store, say_done, NULL);
  tambo_store_close (store);
  return is_done ? 0 : 1;
}

static void become_half_writer (guint when, const char *path) {
  g_autofree char *number = g_strdup_printf ("%u", when);
  g_autofree char *folder = g_path_get_dirname (own_program);
  g_autofree char *library = g_build_filename (folder, "libshort-write.so", NULL);

  g_setenv ("TAMBO_SHORT_WRITE", number, TRUE);
  g_setenv ("LD_PRELOAD", library, TRUE);
  execl (own_program, own_program, "--process", path, NULL);
}

/* Runs it under strace with these options, or with the write number SHORT_WHEN cut; the number of what it
 * said to be done. */
static guint run_process (const char *path, const char *trace, const char *inject, const char *log,
                          guint short_when) {
  int fds[2], status;
  guint done = 0;
  char word;
  pid_t child;

  g_assert_cmpint (pipe (fds), ==, 0);
  child = fork ();
  if (child == 0) {
    dup2 (fds[1], STDOUT_FILENO);
    close (fds[0]);
    close (fds[1]);
    /* Looking for leaks is tracing, too. */
    g_setenv ("ASAN_OPTIONS", "detect_leaks=0:verify_asan_link_order=0", TRUE);
    if (short_when > 0)
      become_half_writer (short_when, path);
    execlp ("strace", "strace", "-f", "-qq", "-o", log, "-e", trace, "-e",
            inject != NULL ? inject : "signal=none", own_program, "--process", path, NULL);
    _exit (127);
  }
  close (fds[1]);
  while (read (fds[0], &word, 1) == 1)
    done += word == '+';
  close (fds[0]);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return done;
}

/* ---- the sweep ---- */

typedef struct {
  GBytes *base;
  GPtrArray *steps; /* fingerprints: before the first, after each */
  guint n_calls[G_N_ELEMENTS (calls)];
} Sweep;

typedef struct {
  guint runs, bad;
} Counts;

static void remember (TamboStore *store, gpointer data) {
  g_ptr_array_add (data, case_steps_fingerprint (store));
}

static guint count_lines (const char *path) {
  g_autofree char *contents = NULL;
  guint lines = 0;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  for (const char *c = contents; *c != '\0'; c++)
    lines += *c == '\n';
  return lines;
}

static void write_base (Sweep *sweep, const char *folder) {
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);

  unlink (journal);
  g_assert_true (g_file_set_contents_full (path, g_bytes_get_data (sweep->base, NULL),
                                           (gssize) g_bytes_get_size (sweep->base),
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void prepare (Sweep *sweep, Desk *desk) {
  g_autofree char *contents = NULL;
  g_autofree char *log = NULL;
  gsize size;

  desk_init (desk);
  g_clear_pointer (&desk->store, tambo_store_close);
  g_assert_true (g_file_get_contents (desk->path, &contents, &size, NULL));
  sweep->base = g_bytes_new_take (g_steal_pointer (&contents), size);
  sweep->steps = g_ptr_array_new_with_free_func (g_free);
  desk_reopen (desk);
  remember (desk->store, sweep->steps);
  g_assert_true (case_steps_run (desk->store, remember, sweep->steps));
  g_clear_pointer (&desk->store, tambo_store_close);
  log = g_build_filename (desk->folder, "calls", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++) {
    g_autofree char *trace = g_strdup_printf ("trace=%s", calls[i]);

    write_base (sweep, desk->folder);
    g_assert_cmpuint (run_process (desk->path, trace, NULL, log, 0), ==, sweep->steps->len);
    sweep->n_calls[i] = count_lines (log);
  }
}

static gboolean holds (Sweep *sweep, const char *path, guint done) {
  g_autoptr (TamboStore) store = tambo_store_open (path, NULL);
  g_autofree char *now = NULL;

  if (store == NULL || !tambo_store_verify (store, NULL))
    return FALSE;
  now = case_steps_fingerprint (store);
  /* The sign-in has steps of its own, of which nobody is told. */
  if (done == 0)
    return TRUE;
  return g_strcmp0 (now, sweep->steps->pdata[done - 1]) == 0
         || (done < sweep->steps->len && g_strcmp0 (now, sweep->steps->pdata[done]) == 0);
}

static guint n_faults (guint call) {
  return call == WRITING ? G_N_ELEMENTS (faults) : SHORT_WRITE;
}

static void try_one (Sweep *sweep, const char *folder, gsize call, guint when, const char *fault,
                     Counts *counts) {
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  g_autofree char *trace = g_strdup_printf ("trace=%s", calls[call]);
  g_autofree char *inject = g_strdup_printf ("inject=%s:%s:when=%u", calls[call], fault, when);
  gboolean is_short = g_str_equal (fault, faults[SHORT_WRITE]);
  guint done;

  write_base (sweep, folder);
  done = run_process (path, trace, inject, "/dev/null", is_short ? when : 0);
  counts->runs++;
  if (holds (sweep, path, done))
    return;
  counts->bad++;
  g_printerr ("# %s after %u steps: the store does not hold\n", inject, done);
}

/* Every third of what is to be done, then the ones between: whenever the time is over, all of the sweep
 * was visited evenly. */
static void work (Sweep *sweep, guint worker, gint64 until, Counts *counts) {
  g_autofree char *folder = g_strdup ("/dev/shm/tambo-sweep-XXXXXX");
  g_autoptr (GArray) jobs = g_array_new (FALSE, FALSE, sizeof (guint));
  GRand *rand = g_rand_new_with_seed (1);

  g_assert_nonnull (g_mkdtemp_full (folder, 0700));
  for (guint call = 0; call < G_N_ELEMENTS (calls); call++)
    for (guint when = 1; when <= sweep->n_calls[call]; when++)
      for (guint fault = 0; fault < n_faults (call); fault++) {
        guint job = (call << 24) | (fault << 16) | when;
        g_array_append_val (jobs, job);
      }
  for (guint i = jobs->len - 1; i > 0; i--) {
    guint other = (guint) g_rand_int_range (rand, 0, (gint) i + 1);
    guint kept = g_array_index (jobs, guint, i);

    g_array_index (jobs, guint, i) = g_array_index (jobs, guint, other);
    g_array_index (jobs, guint, other) = kept;
  }
  for (guint i = worker; i < jobs->len && (until == 0 || g_get_monotonic_time () < until);
       i += N_WORKERS) {
    guint job = g_array_index (jobs, guint, i);

    try_one (sweep, folder, job >> 24, job & 0xffff, faults[(job >> 16) & 0xff], counts);
  }
  g_rand_free (rand);
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", folder);
  g_assert_cmpint (system (command), ==, 0);
}

static void test_sweep (void) {
  const char *wanted = g_getenv ("TAMBO_SWEEP_SECONDS");
  gint64 seconds = wanted != NULL ? g_ascii_strtoll (wanted, NULL, 10) : DEFAULT_SECONDS;
  g_auto (Desk) desk = { 0 };
  Sweep sweep = { 0 };
  Counts total = { 0 };
  guint all = 0;
  int fds[2];

  prepare (&sweep, &desk);
  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    all += sweep.n_calls[i] * n_faults (i);
  g_assert_cmpint (pipe (fds), ==, 0);
  for (guint worker = 0; worker < N_WORKERS; worker++)
    if (fork () == 0) {
      Counts counts = { 0 };

      work (&sweep, worker, seconds > 0 ? g_get_monotonic_time () + seconds * G_USEC_PER_SEC : 0,
            &counts);
      _exit (write (fds[1], &counts, sizeof counts) == sizeof counts ? 0 : 1);
    }
  close (fds[1]);
  for (guint worker = 0; worker < N_WORKERS; worker++) {
    Counts counts;

    g_assert_cmpint (read (fds[0], &counts, sizeof counts), ==, sizeof counts);
    wait (NULL);
    total.runs += counts.runs;
    total.bad += counts.bad;
  }
  close (fds[0]);
  g_test_message ("%u of %u faults tried: %u bad", total.runs, all, total.bad);
  g_assert_cmpuint (total.runs, >, 0);
  g_assert_cmpuint (total.bad, ==, 0);
  g_ptr_array_unref (sweep.steps);
  g_bytes_unref (sweep.base);
}

static gboolean has_strace (void) {
  g_autofree char *strace = g_find_program_in_path ("strace");

  /* Some containers have it and forbid it. */
  return strace != NULL && system ("strace -qq -o /dev/null true 2>/dev/null") == 0;
}

int main (int argc, char **argv) {
  if (argc == 3 && g_str_equal (argv[1], "--process"))
    return be_the_process (argv[2]);
  own_program = argv[0];
  g_test_init (&argc, &argv, NULL);
  if (!has_strace ()) {
    g_print ("1..0 # SKIP there is no strace here\n");
    return 0;
  }
  g_test_add_func ("/kill-sweep", test_sweep);
  return g_test_run ();
}
