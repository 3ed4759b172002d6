/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The store against the plainest thing that would do the same: each ratio is of two rates measured in
 * turns in this run, on this disk. TAMBO_BENCH_FOLDER says where (the folder of temporary files).
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/hash.h"
#include "base/id.h"
#include "desk.h"
#include "store/audit.h"
#include "store/cases.h"
#include "store/outbox.h"
#include "sync/envelope.h"
#include "sync/hpke.h"

#define RECORD_SIZE (500 * 1000)
#define COMMITS 40 /* of each kind in a round */
#define ROUNDS 7
#define SEALS 60
#define CASES 100000
#define QUESTIONS 200
#define ENTRIES 1000000

static gdouble seconds (gint64 since) {
  return (gdouble) (g_get_monotonic_time () - since) / G_USEC_PER_SEC;
}

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
}

/* ---- durable commits ---- */

static void write_plain (const char *folder, guint number, GBytes *record) {
  g_autofree char *path = g_strdup_printf ("%s/plain-%u", folder, number);
  g_autofree char *unnamed = g_strconcat (path, ".new", NULL);
  gsize size;
  gconstpointer data = g_bytes_get_data (record, &size);
  int fd = open (unnamed, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  int dir = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  g_assert_cmpint (write (fd, data, size), ==, (gssize) size);
  g_assert_cmpint (fsync (fd), ==, 0);
  close (fd);
  g_assert_cmpint (rename (unnamed, path), ==, 0);
  g_assert_cmpint (fsync (dir), ==, 0);
  close (dir);
}

/* With the hash that the manifest of a sealed record has anyway. */
static void append_record (TamboStore *store, guint number, GBytes *record, char *sha256) {
  g_autofree char *id = tambo_id_new ();
  g_autoptr (GError) error = NULL;
  TamboOutboxRow row = {
    .id = id, .kind = (char *) "enrolment", .sequence = number, .sha256 = sha256, .priority = 2
  };

  tambo_outbox_append (store, &row, "{}", record, &error);
  g_assert_no_error (error);
}

static void bench_commits (Desk *desk) {
  g_autoptr (GBytes) record = tambo_random_bytes (RECORD_SIZE);
  g_autofree char *sha256 = tambo_sha256_hex (record);
  gdouble ratios[ROUNDS], store_rate = 0, plain_rate = 0;
  guint number = 0;

  /* In turns, one by one: what else is written to this disk meanwhile slows both alike. */
  for (guint round = 0; round < ROUNDS; round++) {
    gdouble plain = 0, store = 0;

    for (guint i = 0; i < COMMITS; i++) {
      gint64 start = g_get_monotonic_time ();
      write_plain (desk->folder, number, record);
      plain += seconds (start);
      start = g_get_monotonic_time ();
      append_record (desk->store, ++number, record, sha256);
      store += seconds (start);
    }
    plain_rate = COMMITS / plain;
    store_rate = COMMITS / store;
    ratios[round] = store_rate / plain_rate;
  }
  printf ("last round: %.0f records/s in the store, %.0f as plain files\n", store_rate, plain_rate);
  say ("durable commits of 500 KB, store / file+fsync+rename+fsync", median (ratios, ROUNDS), "",
       "at least 0.8");
}

/* A draft with its captures; the case that is sealed next. */
static TamboEnrolment *save_draft (Desk *desk) {
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (GError) error = NULL;

  g_free (enrolment->id);
  enrolment->id = tambo_id_new ();
  g_free (enrolment->tracking_number);
  enrolment->tracking_number = tambo_tracking_new ();
  for (guint i = 0; i < 3; i++) {
    g_autoptr (TamboSample) sample = i == 0   ? desk_portrait ()
                                     : i == 1 ? desk_document ("travel-document")
                                              : desk_document ("consent");
    g_autoptr (GBytes) bytes = tambo_random_bytes (RECORD_SIZE / 3);

    tambo_cases_save_sample (desk->store, enrolment, sample, bytes, DESK_OPERATOR, &error);
    g_assert_no_error (error);
  }
  return g_steal_pointer (&enrolment);
}

/* As the station does it: the record comes, the draft goes and is not left in the journal either. */
static void seal_draft (TamboStore *store, const char *id, guint number, GBytes *record,
                        char *sha256) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, &error);
  TamboOutboxRow row = { .id = (char *) id,
                         .kind = (char *) "enrolment",
                         .case_id = (char *) id,
                         .sequence = number,
                         .sha256 = sha256,
                         .priority = 2 };

  tambo_outbox_append (store, &row, "{}", record, &error);
  g_assert_no_error (error);
  tambo_cases_set_state (store, id, TAMBO_CASE_QUEUED, DESK_OPERATOR, &error);
  g_assert_no_error (error);
  g_assert_true (tambo_transaction_commit (transaction, &error));
}

static void bench_real_sealing (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GBytes) record = tambo_random_bytes (RECORD_SIZE);
  g_autofree char *sha256 = tambo_sha256_hex (record);
  gdouble ratios[ROUNDS], milliseconds[ROUNDS];
  guint number = 0;

  desk_init (&desk);
  for (guint round = 0; round < ROUNDS; round++) {
    gdouble plain = 0, store = 0;

    for (guint i = 0; i < COMMITS / 2; i++) {
      g_autoptr (TamboEnrolment) enrolment = save_draft (&desk);
      gint64 start = g_get_monotonic_time ();

      write_plain (desk.folder, number, record);
      plain += seconds (start);
      start = g_get_monotonic_time ();
      seal_draft (desk.store, enrolment->id, ++number, record, sha256);
      store += seconds (start);
    }
    ratios[round] = plain / store;
    milliseconds[round] = store * 1000 / (COMMITS / 2);
  }
  printf ("a case of 500 KB sealed, its draft dropped, the journal emptied: %.1f ms\n",
          median (milliseconds, ROUNDS));
  say ("the same, store / file+fsync+rename+fsync", median (ratios, ROUNDS), "", "none: it drops");
}

/* ---- sealing ---- */

/* Processor time: whoever else is at work here changes nothing. */
static gdouble processor_seconds (void) {
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (gdouble) now.tv_sec + (gdouble) now.tv_nsec / 1e9;
}

static gdouble time_agreement (TamboKey *key) {
  g_autoptr (GBytes) info = g_bytes_new (NULL, 0);
  gdouble start = processor_seconds ();

  for (guint i = 0; i < SEALS; i++) {
    g_autoptr (GBytes) enc = NULL;
    g_autoptr (TamboHpke) hpke = tambo_hpke_setup_sender (key, info, NULL, &enc, NULL);
    g_assert_nonnull (hpke);
  }
  return (processor_seconds () - start) / SEALS;
}

/* Of SIZE bytes. The agreement of a key is the same work for a small record as for a large one, and
 * padding adds up to an eighth; so the target is one for large records. */
static void bench_sealing (gsize size, const char *what, const char *target) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autoptr (GBytes) aes_key = tambo_random_bytes (TAMBO_AES256_KEY_SIZE);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) plain = tambo_random_bytes (size);
  g_autofree char *id = tambo_id_new ();
  TamboEnvelopeHeader header = { .id = id,
                                 .kind = (char *) "enrolment",
                                 .sender = (char *) "UTO-1",
                                 .sequence = 1,
                                 .created = (char *) "2026-01-01T00:00:00Z" };
  gdouble ratios[ROUNDS], rate = 0;

  for (guint round = 0; round < ROUNDS; round++) {
    gdouble raw = 0, envelope = 0;

    for (guint i = 0; i < SEALS; i++) {
      gdouble start = processor_seconds ();
      g_autoptr (GBytes) sealed = tambo_aead_seal (aes_key, nothing, plain);
      raw += processor_seconds () - start;
      start = processor_seconds ();
      g_autoptr (GBytes) enveloped = tambo_envelope_seal (&header, plain, key, NULL);
      envelope += processor_seconds () - start;
      g_assert_true (sealed != NULL && enveloped != NULL);
    }
    ratios[round] = raw / envelope;
    rate = (gdouble) SEALS * (gdouble) size / 1e6 / envelope;
  }
  printf ("last round: %.0f MB/s sealed; of each record %.3f ms are the agreement of its key\n",
          rate, time_agreement (key) * 1000);
  say (what, median (ratios, ROUNDS), "", target);
}

/* ---- search and start-up ---- */

static char *make_name (guint number, const char *const *syllables, guint n) {
  return g_strconcat (syllables[number % n], syllables[number / n % n],
                      syllables[number / n / n % n], NULL);
}

static const char *const syllables[] = {
  "ma", "ri", "to", "ne", "ka", "lu", "so", "vi", "be", "da"
};

#define COMMON_NAME "common"

/* A tenth has one family name, the others 1,000; and 1,000 given names: a hundred cases of each. */
static void add_cases (Desk *desk) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();

  for (guint done = 0; done < CASES;) {
    g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (desk->store, &error);

    for (guint i = 0; i < 10000; i++, done++) {
      TamboApplicant *applicant = enrolment->applicant;

      g_free (enrolment->id);
      enrolment->id = tambo_id_new ();
      g_free (enrolment->created_at);
      enrolment->created_at = g_strdup_printf (
          "20%02u-%02u-%02uT%02u:%02u:%02uZ", 10 + done / 10000, 1 + done / 900 % 12,
          1 + done / 60 % 28, 8 + done / 10 % 10, done % 60, done / 7 % 60);
      g_free (enrolment->tracking_number);
      enrolment->tracking_number = tambo_tracking_new ();
      g_free (applicant->surname);
      applicant->surname =
          done % 10 == 0 ? g_strdup (COMMON_NAME) : make_name (done, syllables, 10);
      g_free (applicant->given_names);
      applicant->given_names = make_name (done * 7 + done / 1000, syllables, 10);
      g_free (applicant->document_number);
      applicant->document_number = g_strdup_printf ("L%07u", done);
      tambo_cases_save (desk->store, enrolment, DESK_OPERATOR, &error);
      g_assert_no_error (error);
    }
    g_assert_true (tambo_transaction_commit (transaction, &error));
  }
}

static gdouble ask (Desk *desk, guint number, guint *rows, gdouble *out_processor) {
  g_autofree char *surname = make_name (number * 37, syllables, 10);
  g_autofree char *given = make_name (number * 37 * 7 + number * 37 / 1000, syllables, 10);
  g_autofree char *text = number % 4 == 0   ? g_strdup (surname)
                          : number % 4 == 1 ? g_strdup_printf ("%s %s", surname, given)
                          : number % 4 == 2 ? g_strdup_printf ("l%07u", number * 37)
                                            : g_strdup_printf ("%s draft", surname);
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  gdouble processor_start = processor_seconds ();
  g_autoptr (GPtrArray) found = tambo_cases_search (desk->store, text, &error);

  g_assert_no_error (error);
  *rows += found->len;
  *out_processor = (processor_seconds () - processor_start) * 1000;
  return seconds (start) * 1000;
}

/* The slowest of some, for one question. */
static void ask_again (Desk *desk, const char *text, const char *what) {
  gdouble times[QUESTIONS / 10], processor[QUESTIONS / 10];
  const guint n = G_N_ELEMENTS (times);

  for (guint i = 0; i < n; i++) {
    g_autoptr (GError) error = NULL;
    gint64 start = g_get_monotonic_time ();
    gdouble processor_start = processor_seconds ();
    g_autoptr (GPtrArray) found = tambo_cases_search (desk->store, text, &error);

    times[i] = seconds (start) * 1000;
    processor[i] = (processor_seconds () - processor_start) * 1000;
    g_assert_no_error (error);
  }
  g_autofree char *line = g_strdup_printf ("search for %s, median", what);
  say (line, median (times, n), "ms", "under 5");
  median (processor, n);
  printf ("  the slowest of %u: %.3f ms, of processor time %.3f ms\n", n, times[n - 1],
          processor[n - 1]);
}

static gdouble time_open (Desk *desk) {
  gdouble times[ROUNDS];

  for (guint i = 0; i < ROUNDS; i++) {
    gint64 start = g_get_monotonic_time ();
    TamboStore *store = desk_open_again (desk);

    times[i] = seconds (start) * 1000;
    tambo_store_close (store);
  }
  return median (times, ROUNDS);
}

static void bench_many_cases (void) {
  g_auto (Desk) desk = { 0 };
  gdouble times[QUESTIONS], processor[QUESTIONS], empty, full;
  guint rows = 0;
  struct stat status;

  desk_init (&desk);
  empty = time_open (&desk);
  add_cases (&desk);
  full = time_open (&desk);
  for (guint i = 0; i < QUESTIONS; i++)
    times[i] = ask (&desk, i, &rows, &processor[i]);
  g_assert_cmpint (stat (desk.path, &status), ==, 0);
  printf ("%d cases in %.0f MB; %u rows for %d questions\n", CASES, (gdouble) status.st_size / 1e6,
          rows, QUESTIONS);
  say ("search among 100,000 cases, median", median (times, QUESTIONS), "ms", "under 5");
  say ("search among 100,000 cases, 95 of 100", times[QUESTIONS * 95 / 100], "ms", "under 5");
  say ("search among 100,000 cases, 99 of 100", times[QUESTIONS * 99 / 100], "ms", "under 5");
  say ("search among 100,000 cases, slowest of 200", times[QUESTIONS - 1], "ms", "under 5");
  median (processor, QUESTIONS);
  say ("the same, processor time alone", processor[QUESTIONS - 1], "ms", "under 5");
  ask_again (&desk, COMMON_NAME, "a name that 10,000 cases have");
  ask_again (&desk, COMMON_NAME " draft", "that name and the state that all have");
  ask_again (&desk, COMMON_NAME " mama", "that name and a word that few have");
  ask_again (&desk, "a", "one letter");
  ask_again (&desk, "draft", "the state that all have");
  ask_again (&desk, "", "nothing");
  say ("start-up with 100,000 cases, more than empty", full - empty, "ms", "under 100");
}

/* ---- a long audit log ---- */

static void append_entries (Desk *desk, guint n) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (desk->store, &error);

  for (guint i = 0; i < n; i++)
    tambo_audit_append (desk->store, DESK_OPERATOR, "sample.save", "portrait", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tambo_transaction_commit (transaction, &error));
}

/* Milliseconds of processor time for an entry, and for the head that a record's manifest names. */
static void time_log (Desk *desk, gdouble *out_append, gdouble *out_head) {
  guint8 root[TAMBO_SHA256_SIZE];
  gdouble start = processor_seconds ();
  gint64 size;

  append_entries (desk, SEALS);
  *out_append = (processor_seconds () - start) * 1000 / SEALS;
  start = processor_seconds ();
  for (guint i = 0; i < SEALS; i++)
    g_assert_true (tambo_audit_head (desk->store, &size, root, NULL));
  *out_head = (processor_seconds () - start) * 1000 / SEALS;
}

static void bench_long_log (void) {
  g_auto (Desk) desk = { 0 };
  gdouble append, head, open, long_append, long_head, long_open, start;
  gint64 entries, countersigned;

  desk_init (&desk);
  append_entries (&desk, 1000);
  open = time_open (&desk);
  time_log (&desk, &append, &head);
  for (guint i = 0; i < ENTRIES; i += 50000)
    append_entries (&desk, 50000);
  long_open = time_open (&desk);
  time_log (&desk, &long_append, &long_head);
  start = processor_seconds ();
  g_assert_true (tambo_audit_verify (desk.store, &entries, &countersigned, NULL));
  printf (
      "with %" G_GINT64_FORMAT " audit entries (with 1,000): append %.3f ms (%.3f), head %.3f ms"
      " (%.3f), open %.2f ms (%.2f), verify %.1f s\n",
      entries, long_append, append, long_head, head, long_open, open, processor_seconds () - start);
  say ("an audit entry among a million, more than among 1,000", long_append - append, "ms",
       "under 1");
  say ("the audit head of a million, more than of 1,000", long_head - head, "ms", "under 1");
}

int main (int argc, char **argv) {
  const char *folder = g_getenv ("TAMBO_BENCH_FOLDER");
  g_auto (Desk) desk = { 0 };

  setvbuf (stdout, NULL, _IOLBF, 0);
  if (folder != NULL)
    g_setenv ("TMPDIR", folder, TRUE);
  desk_init (&desk);
  bench_commits (&desk);
  bench_real_sealing ();
  bench_sealing (RECORD_SIZE, "sealing 500 KB, envelope / raw AES-256-GCM", "none: see above");
  bench_sealing (4 * RECORD_SIZE, "sealing 2 MB, envelope / raw AES-256-GCM", "none: see above");
  bench_sealing (8 * RECORD_SIZE, "sealing 4 MB, envelope / raw AES-256-GCM", "at least 0.8");
  bench_many_cases ();
  bench_long_log ();
  return 0;
}
