/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An enrolment that is captured, sealed, sent and acknowledged, and the power that goes at every moment of
 * it: the store opens, holds in itself, has all that was acknowledged and never half of a step. A disk that
 * leaves out a sync is found out, which shows that the test would see a store that does.
 *
 * TAMBO_POWER_STATES: how many states (5,000).
 */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case-steps.h"
#include "desk.h"
#include "power-trace.h"

#define DEFAULT_STATES 5000
#define N_WORKERS 4
#define STATES_OF_A_MUTANT 1200

typedef struct {
  GBytes *base;
  PowerTrace *trace;
  GPtrArray *steps; /* char *: the fingerprint before the first step and after each */
} Recording;

typedef struct {
  guint states, corrupt, lost;
} Counts;

/* Of a journal, of a commit (store/journal-seal.h, store/commit-proof.h). */
#define SEAL "TMBSEA2"
#define PROOF "TMBDON2"

/* ---- recording ---- */

static void on_step (TamboStore *store, gpointer data) {
  Recording *recording = data;

  power_trace_acknowledge (recording->trace);
  g_ptr_array_add (recording->steps, case_steps_fingerprint (store));
}

static void recording_init (Recording *recording, const char *synchronous) {
  g_auto (Desk) desk = { 0 };
  g_autofree char *contents = NULL;
  g_autofree char *journal = NULL;
  gsize size;

  desk_init (&desk);
  g_clear_pointer (&desk.store, tambo_store_close);
  /* So that its making is seen too. */
  journal = g_strconcat (desk.path, "-journal", NULL);
  g_unlink (journal);
  g_assert_true (g_file_get_contents (desk.path, &contents, &size, NULL));
  recording->base = g_bytes_new_take (g_steal_pointer (&contents), size);
  recording->trace = power_trace_new ();
  recording->steps = g_ptr_array_new_with_free_func (g_free);
  power_trace_start (recording->trace);
  desk.store = desk_open_again (&desk);
  if (synchronous != NULL) {
    g_autofree char *sql = g_strconcat ("PRAGMA synchronous = ", synchronous, NULL);
    g_assert_true (tambo_db_execute (desk.store, sql, NULL));
  }
  desk_sign_in (desk.store);
  on_step (desk.store, recording);
  g_assert_true (case_steps_run (desk.store, on_step, recording));
  g_clear_pointer (&desk.store, tambo_store_close);
  power_trace_stop ();
}

static void recording_clear (Recording *recording) {
  for (guint i = 0; i < recording->trace->len; i++) {
    PowerEvent *event = &g_array_index (recording->trace, PowerEvent, i);

    if (event->bytes != NULL)
      g_bytes_unref (event->bytes);
  }
  g_array_unref (recording->trace);
  g_ptr_array_unref (recording->steps);
  g_bytes_unref (recording->base);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Recording, recording_clear)

/* ---- judging ---- */

static gboolean was_seen (const Recording *recording, guint acknowledged, const char *now) {
  /* Before the sign-in was acknowledged the store was what BASE is, or in between. */
  if (acknowledged == 0)
    return TRUE;
  return strcmp (now, recording->steps->pdata[acknowledged - 1]) == 0
         || (acknowledged < recording->steps->len
             && strcmp (now, recording->steps->pdata[acknowledged]) == 0);
}

static void write_file (const char *path, const GByteArray *contents) {
  if (contents == NULL)
    g_unlink (path);
  else
    g_assert_true (g_file_set_contents_full (path, (const char *) contents->data,
                                             (gssize) contents->len, G_FILE_SET_CONTENTS_NONE, 0600,
                                             NULL));
}

/* What the store adds to SQLite's files, so that a mutant can do without. */
static void blot_out (GByteArray *contents, const char *mark) {
  for (guint i = 0; contents != NULL && i + strlen (mark) <= contents->len; i++)
    if (contents->data[i] == (guint8) *mark
        && memcmp (contents->data + i, mark, strlen (mark)) == 0)
      memset (contents->data + i, 0, strlen (mark));
}

static void judge (const Recording *recording, const char *folder, const PowerState *state,
                   guint acknowledged, Counts *counts) {
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  g_autofree char *journal = g_strconcat (path, "-journal", NULL);
  g_autoptr (TamboStore) store = NULL;
  g_autofree char *now = NULL;

  write_file (path, state->store);
  write_file (journal, state->journal);
  counts->states++;
  store = tambo_store_open (path, NULL);
  if (store == NULL || !tambo_store_verify (store, NULL)) {
    counts->corrupt++;
    return;
  }
  now = case_steps_fingerprint (store);
  counts->lost += !was_seen (recording, acknowledged, now);
}

static guint count_acknowledged (const PowerTrace *trace, guint position) {
  guint count = 0;

  for (guint i = 0; i < position; i++)
    count += g_array_index (trace, PowerEvent, i).kind == POWER_ACKNOWLEDGE;
  return count;
}

/* Every N_WORKERSth of N states behind the events FIRST to LAST; ends at the first fault when that is what
 * is looked for. */
static void work (const Recording *recording, const PowerDisk *disk, guint first, guint last,
                  guint n, guint worker, gboolean is_mutant, Counts *counts) {
  g_autofree char *folder = g_strdup ("/dev/shm/tambo-power-XXXXXX");

  g_assert_nonnull (g_mkdtemp_full (folder, 0700));
  for (guint i = worker; i < n; i += N_WORKERS) {
    guint position = first + (guint) ((guint64) i * (last - first + 1) / n);
    GRand *rand = g_rand_new_with_seed (i + 1);
    PowerState state = { NULL };

    power_state_make (disk, position, rand, &state);
    if (disk->blotted != NULL) {
      blot_out (state.store, disk->blotted);
      blot_out (state.journal, disk->blotted);
    }
    judge (recording, folder, &state, count_acknowledged (disk->trace, position), counts);
    power_state_clear (&state);
    g_rand_free (rand);
    if (is_mutant && counts->corrupt + counts->lost > 0)
      break;
  }
  static const char *const names[] = { "store.db", "store.db-journal" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    g_unlink (path);
  }
  g_rmdir (folder);
}

static Counts run (const Recording *recording, const PowerDisk *disk, guint first, guint last,
                   guint n, gboolean is_mutant) {
  Counts total = { 0 };
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  for (guint worker = 0; worker < N_WORKERS; worker++)
    if (fork () == 0) {
      Counts counts = { 0 };

      work (recording, disk, first, last, n, worker, is_mutant, &counts);
      _exit (write (fds[1], &counts, sizeof counts) == sizeof counts ? 0 : 1);
    }
  close (fds[1]);
  for (guint worker = 0; worker < N_WORKERS; worker++) {
    Counts counts;
    int status;

    g_assert_cmpint (read (fds[0], &counts, sizeof counts), ==, sizeof counts);
    g_assert_cmpint (wait (&status), >, 0);
    g_assert_cmpint (status, ==, 0);
    total.states += counts.states;
    total.corrupt += counts.corrupt;
    total.lost += counts.lost;
  }
  close (fds[0]);
  return total;
}

/* ---- tests ---- */

static PowerDisk disk_of (const Recording *recording) {
  return (PowerDisk){ recording->base, recording->trace, 0, -1 };
}

static void test_nothing_is_lost (void) {
  g_auto (Recording) recording = { 0 };
  const char *wanted = g_getenv ("TAMBO_POWER_STATES");
  guint n = wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : DEFAULT_STATES;
  PowerDisk disk;
  Counts counts;

  recording_init (&recording, NULL);
  disk = disk_of (&recording);
  counts = run (&recording, &disk, 0, recording.trace->len, n, FALSE);
  g_test_message ("%u events, %u states: %u corrupt, %u lost", recording.trace->len, counts.states,
                  counts.corrupt, counts.lost);
  g_assert_cmpuint (counts.states, ==, n);
  g_assert_cmpuint (counts.corrupt, ==, 0);
  g_assert_cmpuint (counts.lost, ==, 0);
}

/* A disk, or a store, without one kind of sync, or one that does not look at its seals. */
static void test_mutants_are_found (void) {
  static const struct {
    const char *what;
    const char *synchronous;
    guint ignored;
    const char *blotted;
  } mutants[] = {
    { "no sync of the store", NULL, 1u << POWER_SYNC },
    { "no sync of the journal", NULL, POWER_SYNC_OF_JOURNAL },
    { "no sync of the folder", NULL, 1u << POWER_SYNC_FOLDER },
    { "synchronous = OFF", "OFF", 0 },
    { "the seal of a journal is not looked at", NULL, 0, SEAL },
    { "the proof of a commit is not looked at", NULL, 0, PROOF },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (mutants); i++) {
    g_auto (Recording) recording = { 0 };
    PowerDisk disk;
    Counts counts;

    recording_init (&recording, mutants[i].synchronous);
    disk = disk_of (&recording);
    disk.ignored_kinds = mutants[i].ignored;
    disk.blotted = mutants[i].blotted;
    counts = run (&recording, &disk, 0, recording.trace->len, STATES_OF_A_MUTANT, TRUE);
    g_test_message ("%s: %u states, %u corrupt, %u lost", mutants[i].what, counts.states,
                    counts.corrupt, counts.lost);
    g_assert_cmpuint (counts.corrupt + counts.lost, >, 0);
  }
}

/* Where the next sync of the same thing stands; what the one at POSITION should have saved is at risk
 * until then. */
static guint next_sync (const PowerTrace *trace, guint position) {
  const PowerEvent *sync = &g_array_index (trace, PowerEvent, position);

  for (guint i = position + 1; i < trace->len; i++) {
    const PowerEvent *event = &g_array_index (trace, PowerEvent, i);

    if (event->kind == sync->kind && event->file == sync->file)
      return i;
  }
  return trace->len;
}

static const char *describe (const PowerEvent *event) {
  return event->kind == POWER_SYNC_FOLDER ? "folder" : event->file > 0 ? "journal" : "store";
}

/* One single sync left out. */
static void test_each_sync_is_needed (void) {
  g_auto (Recording) recording = { 0 };
  guint n_syncs = 0, n_found = 0;

  recording_init (&recording, NULL);
  for (guint i = 0; i < recording.trace->len; i++) {
    const PowerEvent *event = &g_array_index (recording.trace, PowerEvent, i);
    PowerDisk disk = disk_of (&recording);
    Counts counts;

    /* Nobody was told anything before the sign-in, and nothing is done after the last step. */
    if ((event->kind != POWER_SYNC && event->kind != POWER_SYNC_FOLDER)
        || count_acknowledged (recording.trace, i) == 0
        || count_acknowledged (recording.trace, i) == recording.steps->len)
      continue;
    disk.ignored_event = (gint) i;
    counts = (Counts){ 0 };
    for (guint n = 80; n <= 2560 && counts.corrupt + counts.lost == 0; n *= 4)
      counts = run (&recording, &disk, i + 1, next_sync (recording.trace, i), n, TRUE);
    n_syncs++;
    n_found += counts.corrupt + counts.lost > 0;
    if (counts.corrupt + counts.lost == 0)
      g_test_message ("event %u, sync of the %s: not missed in %u states", i, describe (event),
                      counts.states);
  }
  g_test_message ("%u of %u syncs are missed when they are left out", n_found, n_syncs);
  g_assert_cmpuint (n_found, ==, n_syncs);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/power-cut/states", test_nothing_is_lost);
  g_test_add_func ("/power-cut/mutants", test_mutants_are_found);
  g_test_add_func ("/power-cut/each-sync", test_each_sync_is_needed);
  return g_test_run ();
}
