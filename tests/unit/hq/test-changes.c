/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What headquarters tells beside messages, over the wire and out of turn.
 */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "bench.h"
#include "hq/feed.h"
#include "store/feed.h"
#include "sync/exchange-private.h"

static Bench bench;

static TamboHq *open_hq (void) {
  g_autoptr (GError) error = NULL;
  TamboHq *hq = tambo_hq_open (bench.hq, &error);

  g_assert_no_error (error);
  return hq;
}

static void put (const char *id, const char *text) {
  g_autoptr (TamboHq) hq = open_hq ();
  g_autoptr (JsonObject) body = json_object_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, &error);

  json_object_set_string_member (body, "text", text);
  tambo_hq_feed_put (hq, NULL, "note", id, body, NULL, &error);
  g_assert_no_error (error);
  tambo_work_commit (work, &error);
  g_assert_no_error (error);
}

static void put_away (const char *id) {
  g_autoptr (TamboHq) hq = open_hq ();
  g_autoptr (GError) error = NULL;

  tambo_hq_feed_remove (hq, NULL, "note", id, &error);
  g_assert_no_error (error);
}

/* Behind headquarters' back. */
static void run_sql (const char *sql) {
  g_autoptr (TamboHq) hq = open_hq ();
  g_autoptr (GError) error = NULL;

  tambo_database_run (hq->database, &error, sql, "");
  g_assert_no_error (error);
}

static guint exchange (void) {
  g_autoptr (TamboClient) client = bench_client (&bench, 0);
  g_autoptr (GError) error = NULL;
  TamboExchangeResult result;

  bench_exchange (&bench, client, &result, &error);
  g_assert_no_error (error);
  return result.changed;
}

static char *text_of (const char *id) {
  g_autoptr (TamboFeedRow) row = tambo_feed_get (bench.store, "note", id, NULL);

  return row != NULL ? g_strdup (row->body) : NULL;
}

static void assert_text (const char *id, const char *text) {
  g_autofree char *body = text_of (id);
  g_autofree char *wanted = text != NULL ? g_strdup_printf ("{\"text\":\"%s\"}", text) : NULL;

  g_assert_cmpstr (body, ==, wanted);
}

static gint64 version_here (void) {
  g_autofree char *time = NULL;
  gint64 version;

  g_assert_true (tambo_feed_get_version (bench.store, &version, &time, NULL));
  return version;
}

static guint count_here (void) {
  g_autoptr (GPtrArray) rows = tambo_feed_list (bench.store, NULL, NULL);

  return rows->len;
}

/* The difference alone comes, and what is taken back goes. */
static void test_delta (void) {
  g_autoptr (GBytes) point = tambo_key_dup_point (bench.reply_key);
  g_autofree char *text = tambo_base64_encode (point);

  put ("one", "first");
  g_assert_cmpuint (exchange (), ==, 1);
  assert_text ("one", "first");
  g_assert_cmpuint (exchange (), ==, 0);

  /* With the first operator there is a key, and what is sealed for it. */
  g_assert_true (tambo_store_set_setting (bench.store, TAMBO_EXCHANGE_INBOX_POINT, text, NULL));
  g_assert_cmpuint (exchange (), ==, 1);
  g_assert_cmpuint (count_here (), ==, 2);
  put ("two", "second");
  put ("one", "changed");
  g_assert_cmpuint (exchange (), ==, 2);
  assert_text ("one", "changed");
  assert_text ("two", "second");
  put_away ("one");
  g_assert_cmpuint (exchange (), ==, 1);
  assert_text ("one", NULL);
  g_assert_cmpuint (exchange (), ==, 0);
}

/* More than one statement holds. */
static void test_pages (void) {
  for (int i = 0; i < 2; i++) {
    g_autoptr (TamboHq) hq = open_hq ();
    g_autoptr (TamboWork) work = tambo_work_begin (hq->database, NULL);

    for (int j = 0; j < TAMBO_CHANGES_PAGE + 5; j++) {
      g_autofree char *id = g_strdup_printf ("many-%d", j);
      g_autoptr (JsonObject) body = json_object_new ();

      json_object_set_int_member (body, "round", i);
      g_assert_true (tambo_hq_feed_put (hq, NULL, "note", id, body, NULL, NULL));
    }
    g_assert_true (tambo_work_commit (work, NULL));
    g_clear_pointer (&work, tambo_work_free);
    g_assert_cmpuint (exchange (), ==, TAMBO_CHANGES_PAGE + 5);
    g_assert_cmpuint (count_here (), ==, 2 + TAMBO_CHANGES_PAGE + 5);
  }
}

/* What was passed over shows in the state, and everything comes anew. */
static void test_hole (void) {
  guint all = count_here ();

  put ("new", "newest");
  run_sql ("INSERT INTO feed (audience, kind, id, version, body, digest)"
           " SELECT '', 'note', 'passed-over', 1, '{\"text\":\"hole\"}', ''"
           " WHERE NOT EXISTS (SELECT 1 FROM feed WHERE version = 1)");
  {
    g_autofree char *digest = tambo_change_dup_digest ("{\"text\":\"hole\"}", NULL);
    g_autofree char *sql =
        g_strdup_printf ("UPDATE feed SET digest = '%s' WHERE id = 'passed-over'", digest);
    run_sql (sql);
  }
  g_assert_cmpuint (exchange (), ==, all + 2);
  assert_text ("passed-over", "hole");
  assert_text ("new", "newest");
  g_assert_cmpuint (exchange (), ==, 0);
}

/* A row that rots here is asked for anew. */
static void test_rot_here (void) {
  guint all = count_here ();

  put ("new", "newer");
  g_assert_true (exchange () == 1);
  {
    g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (bench.store, NULL);
    g_autoptr (GPtrArray) rows =
        g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_feed_row_free);
    TamboFeedRow *row = g_new0 (TamboFeedRow, 1);

    /* As if it had never come. */
    row->kind = g_strdup ("note");
    row->id = g_strdup ("two");
    g_ptr_array_add (rows, row);
    g_assert_true (
        tambo_feed_apply (bench.store, FALSE, rows, version_here (), "2026-11-22T10:00:00Z", NULL));
    g_assert_true (tambo_transaction_commit (transaction, NULL));
  }
  put ("new", "newest of all");
  exchange ();
  assert_text ("two", "second");
  g_assert_cmpuint (count_here (), ==, all);
}

static TamboExchangeRun run_here (TamboExchangeResult *result) {
  return (TamboExchangeRun){
    .store = bench.store, .trust = bench.trust, .station = STATION, .result = result
  };
}

static gboolean keep (const char *text, gint64 after, GError **error) {
  TamboExchangeResult result = { 0 };
  TamboExchangeRun run = run_here (&result);
  gboolean has_more;
  gint64 version;

  return tambo_exchange_keep_changes (&run, text, after, &version, &has_more, error);
}

static char *statement (gint64 after, GError **error) {
  g_autoptr (TamboHq) hq = open_hq ();
  g_autoptr (TamboStationRow) station = tambo_stations_get (hq, STATION, error);

  return tambo_hq_feed_sign (hq, station, after, error);
}

static void assert_refused (const char *text, gint64 after) {
  g_autoptr (GError) error = NULL;
  gint64 version = version_here ();
  guint n = count_here ();

  g_assert_false (keep (text, after, &error));
  g_assert_true (g_error_matches (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY)
                 || g_error_matches (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL));
  g_assert_cmpint (version_here (), ==, version);
  g_assert_cmpuint (count_here (), ==, n);
}

/* Not one bit of it may be another one, and nobody else signs. */
static void test_tampered (void) {
  g_autoptr (TamboKey) stranger = tambo_key_generate ();
  gint64 here = version_here ();
  g_autofree char *text = NULL;
  g_autofree char *forged = NULL;
  g_autoptr (TamboChanges) changes = NULL;

  put ("last", "as it was signed");
  text = statement (here, NULL);
  for (gsize i = 0; i < strlen (text); i++) {
    g_autofree char *touched = g_strdup (text);

    touched[i] ^= 1;
    assert_refused (touched, here);
    touched[i] = '\0';
    assert_refused (touched, here);
  }
  changes = tambo_changes_verify (text, bench.trust->signing_key, NULL);
  forged = tambo_changes_sign (changes, stranger);
  assert_refused (forged, here);
  assert_text ("last", NULL);
  exchange ();
  assert_text ("last", "as it was signed");
}

/* What was said before, or is said to somebody else, is no answer. */
static void test_out_of_turn (void) {
  g_autoptr (TamboHq) hq = open_hq ();
  g_autoptr (TamboChanges) old = tambo_changes_new ();
  g_autoptr (TamboChanges) foreign = NULL;
  g_autofree char *other = NULL;
  g_autofree char *before = NULL;
  g_autofree char *replayed = NULL;
  g_autofree char *of_another = NULL;
  gint64 first = version_here ();

  /* An honest statement from long ago. */
  old->station = g_strdup (STATION);
  old->version = 1;
  old->time = g_strdup ("2020-01-01T00:00:00Z");
  old->state = tambo_changes_state_finish (tambo_changes_state_new ());
  replayed = tambo_changes_sign (old, hq->signing_key);
  assert_refused (replayed, first);

  put ("a", "1");
  before = statement (first, NULL);
  put ("b", "2");
  exchange ();
  /* It goes on from an earlier version than what is here by now. */
  assert_refused (before, version_here ());
  other = statement (version_here () - 1, NULL);
  assert_refused (other, version_here ());
  foreign = tambo_changes_verify (before, bench.trust->signing_key, NULL);
  g_free (foreign->station);
  foreign->station = g_strdup ("VAN-8");
  of_another = tambo_changes_sign (foreign, hq->signing_key);
  assert_refused (of_another, first);
}

/* The second page before the first. */
static void test_out_of_order (void) {
  gint64 here = version_here ();
  g_autofree char *second = NULL;

  put ("c", "3");
  put ("d", "4");
  second = statement (here + 1, NULL);
  assert_refused (second, here);
  exchange ();
  assert_text ("c", "3");
  assert_text ("d", "4");
}

/* Headquarters forgets what it said, and says other things under the same versions. */
static void test_restored (void) {
  g_autofree char *path = g_build_filename (bench.hq, "hq.db", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shared = g_strconcat (path, "-shm", NULL);
  g_autoptr (GBytes) backup = NULL;
  gint64 forgotten;

  bench_stop_server (&bench, SIGTERM);
  run_sql ("PRAGMA wal_checkpoint (TRUNCATE)");
  backup = tambo_file_read (path, 1 << 26, NULL);
  bench_start_server (&bench);
  for (int i = 0; i < 3; i++)
    put ("lost", i == 0 ? "x" : i == 1 ? "y" : "z");
  exchange ();
  assert_text ("lost", "z");
  forgotten = version_here ();

  bench_stop_server (&bench, SIGTERM);
  g_unlink (wal);
  g_unlink (shared);
  g_assert_true (tambo_file_write_durable (path, backup, 0600, NULL));
  bench_start_server (&bench);
  put ("found", "again");
  exchange ();
  assert_text ("lost", NULL);
  assert_text ("found", "again");
  g_assert_cmpint (version_here (), <, forgotten);
}

int main (int argc, char **argv) {
  int result;

  g_test_init (&argc, &argv, NULL);
  bench_set_up (&bench);
  g_test_add_func ("/changes/delta", test_delta);
  g_test_add_func ("/changes/pages", test_pages);
  g_test_add_func ("/changes/hole", test_hole);
  g_test_add_func ("/changes/rot-here", test_rot_here);
  g_test_add_func ("/changes/tampered", test_tampered);
  g_test_add_func ("/changes/out-of-turn", test_out_of_turn);
  g_test_add_func ("/changes/out-of-order", test_out_of_order);
  g_test_add_func ("/changes/restored", test_restored);
  result = g_test_run ();
  bench_tear_down (&bench);
  return result;
}
