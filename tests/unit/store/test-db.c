/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What happens when the disk is full, fails, or takes too long.
 */
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "desk.h"
#include "store/audit.h"
#include "store/cases.h"
#include "store/inbox.h"
#include "store/outbox.h"
#include "store/stock.h"

static gboolean save (TamboStore *store, TamboEnrolment *enrolment, GBytes *bytes, GError **error) {
  g_autoptr (TamboSample) portrait = desk_portrait ();

  return tambo_cases_save_sample (store, enrolment, portrait, bytes, DESK_OPERATOR, error);
}

/* Lets the file grow by no more than PAGES. */
static void limit_growth (TamboStore *store, int pages) {
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3_stmt) count = tambo_db_find (store, "count", &error, "PRAGMA page_count", "");
  g_autofree char *sql =
      g_strdup_printf ("PRAGMA max_page_count = %d", sqlite3_column_int (count, 0) + pages);

  g_clear_pointer (&count, sqlite3_finalize);
  g_assert_true (tambo_db_execute (store, sql, &error));
}

static void assert_portrait (Desk *desk, const TamboEnrolment *enrolment, GBytes *expected) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) loaded = tambo_cases_load (desk->store, enrolment->id, &error);
  g_autoptr (GBytes) bytes = NULL;

  g_assert_no_error (error);
  bytes = tambo_cases_load_sample (desk->store, loaded, "portrait", &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, expected));
}

static void test_full_disk_loses_nothing (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (GBytes) small = desk_bytes (20000);
  g_autoptr (GBytes) large = desk_bytes (3000000);

  desk_init (&desk);
  g_assert_true (save (desk.store, enrolment, small, &error));
  limit_growth (desk.store, 4);
  for (int i = 0; i < 3; i++) {
    g_assert_false (save (desk.store, enrolment, large, &error));
    g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NO_SPACE);
    g_clear_error (&error);
    g_assert_cmpint (tambo_enrolment_find_sample (enrolment, "portrait")->size, ==, 20000);
    assert_portrait (&desk, enrolment, small);
  }
  limit_growth (desk.store, 10000);
  g_assert_true (save (desk.store, enrolment, large, &error));
  desk_reopen (&desk);
  assert_portrait (&desk, enrolment, large);
  g_assert_true (tambo_store_verify (desk.store, &error));
  desk_assert_audit (&desk, "sample.save", 2);
}

/* SQLite rolls the whole transaction back: what comes after must not be committed piece by
 * piece. */
static void test_full_disk_inside_a_transaction (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (GBytes) large = desk_bytes (3000000);
  g_autofree char *kept = NULL;
  TamboTransaction *transaction;
  gboolean is_set, is_committed;

  desk_init (&desk);
  limit_growth (desk.store, 4);
  transaction = tambo_transaction_begin (desk.store, &error);
  g_assert_true (tambo_store_set_setting (desk.store, "before", "1", &error));
  g_assert_false (save (desk.store, enrolment, large, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NO_SPACE);
  g_clear_error (&error);
  is_set = tambo_store_set_setting (desk.store, "after", "1", NULL);
  is_committed = tambo_transaction_commit (transaction, NULL);
  tambo_transaction_free (transaction);
  g_assert_cmpint (is_set, ==, is_committed);
  desk_reopen (&desk);
  kept = tambo_store_dup_setting (desk.store, "before", &error);
  g_assert_cmpint (kept != NULL, ==, is_committed);
  g_free (g_steal_pointer (&kept));
  kept = tambo_store_dup_setting (desk.store, "after", &error);
  g_assert_cmpint (kept != NULL, ==, is_committed);
}

/* Every kind of change, at every number of pages that are left, is either whole or not there. */
static gboolean change_everything (Desk *desk, int round, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (desk->store, error);
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (GBytes) bytes = desk_bytes (60000);
  g_autofree char *id = g_strdup_printf ("record-%d", round);
  g_autofree char *number = g_strdup_printf ("A%06d", round);
  g_autofree char *previous = NULL;
  TamboOutboxRow out = { .id = id, .kind = (char *) "event" };
  TamboInboxRow in = {
    .id = id, .kind = (char *) "notice", .number = round, .manifest = (char *) "{}"
  };

  return transaction != NULL && save (desk->store, enrolment, bytes, error)
         && tambo_outbox_head (desk->store, &out.sequence, &previous, error)
         && tambo_outbox_append (desk->store, &out, "{}", bytes, error)
         && tambo_inbox_add (desk->store, &in, bytes, error)
         && tambo_stock_receive (desk->store, "passport", "UTO", "UTO", number, number,
                                 DESK_OPERATOR, NULL, error)
         && tambo_transaction_commit (transaction, error);
}

static void test_full_disk_at_every_page (void) {
  g_auto (Desk) desk = { 0 };
  guint refused = 0, done = 0;

  desk_init (&desk);
  for (int pages = 0; pages < 24; pages++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) cases = NULL;
    g_autoptr (GPtrArray) records = NULL;
    g_autoptr (GPtrArray) messages = NULL;
    guint blanks;

    limit_growth (desk.store, pages);
    if (change_everything (&desk, pages + 1, &error))
      done++;
    else {
      g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NO_SPACE);
      g_clear_error (&error);
      refused++;
    }
    cases = tambo_cases_list (desk.store, &error);
    records = tambo_outbox_list (desk.store, &error);
    messages = tambo_inbox_list (desk.store, &error);
    g_assert_true (
        tambo_stock_count (desk.store, "passport", TAMBO_BLANK_IN_STOCK, &blanks, &error));
    g_assert_cmpuint (cases->len, ==, done);
    g_assert_cmpuint (records->len, ==, done);
    g_assert_cmpuint (messages->len, ==, done);
    g_assert_cmpuint (blanks, ==, done);
    desk_assert_audit (&desk, "record.seal", done);
    g_assert_true (tambo_store_verify (desk.store, &error));
  }
  g_assert_cmpuint (refused, >, 5);
  g_assert_cmpuint (done, >, 5);
}

/* In a child, which alone sees a disk of SIZE. */
static gboolean mount_small_disk (const char *folder, const char *size) {
  return unshare (CLONE_NEWNS) == 0 && mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
         && mount ("tmpfs", folder, "tmpfs", 0, size) == 0;
}

static int fill_a_disk (const char *folder) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (GBytes) last = NULL;

  desk_init_in (&desk, folder);
  for (int i = 0;; i++) {
    g_autoptr (GBytes) bytes = desk_bytes ((gsize) 50000 * (gsize) (i + 1));

    if (!save (desk.store, enrolment, bytes, &error))
      break;
    g_clear_pointer (&last, g_bytes_unref);
    last = g_bytes_ref (bytes);
  }
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NO_SPACE);
  g_clear_error (&error);
  assert_portrait (&desk, enrolment, last);
  desk_reopen (&desk);
  assert_portrait (&desk, enrolment, last);
  g_assert_true (tambo_store_verify (desk.store, &error));
  return 0;
}

static int fill_in_child (const char *size) {
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("tambo-disk-XXXXXX", &error);
  pid_t child = fork ();
  int status;

  if (child == 0)
    _exit (mount_small_disk (folder, size) ? fill_a_disk (folder) : 77);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_rmdir (folder);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

/* Where the last byte falls decides which write fails: one of the store's, or one of the journal's. */
static void test_full_disk_for_real (void) {
  static const char *const sizes[] = { "size=1800k", "size=2000k", "size=2032k", "size=2m",
                                       "size=3000k" };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    int result = fill_in_child (sizes[i]);

    g_test_message ("%s", sizes[i]);
    if (result == 77) {
      g_test_skip ("a disk of its own cannot be mounted here");
      return;
    }
    g_assert_cmpint (result, ==, 0);
  }
}

/* In a child: the limit on the size of files makes write() fail, which is an I/O error to
 * SQLite. */
static int fail_to_write (const char *path) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStore) store = tambo_store_open (path, &error);
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (GBytes) large = desk_bytes (3000000);
  g_autofree char *value = NULL;
  struct rlimit limit = { 600000, 600000 };

  desk_sign_in (store);
  signal (SIGXFSZ, SIG_IGN);
  if (setrlimit (RLIMIT_FSIZE, &limit) != 0)
    return 10;
  if (save (store, enrolment, large, &error)
      || !g_error_matches (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_IO))
    return 11;
  g_clear_error (&error);
  /* Nothing is believed any more: neither a change nor what lies in the cache. */
  if (tambo_store_set_setting (store, "a", "1", &error)
      || !g_error_matches (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_IO))
    return 12;
  g_clear_error (&error);
  value = tambo_store_dup_setting (store, "scrypt-log2-n", &error);
  if (value != NULL || !g_error_matches (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_IO))
    return 13;
  return 0;
}

static void test_failed_disk_stops_the_connection (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (GBytes) small = desk_bytes (20000);
  int status;
  pid_t child;

  desk_init (&desk);
  g_assert_true (save (desk.store, enrolment, small, &error));
  g_clear_pointer (&desk.store, tambo_store_close);
  child = fork ();
  if (child == 0)
    _exit (fail_to_write (desk.path));
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  desk.store = desk_open_again (&desk);
  desk_sign_in (desk.store);
  assert_portrait (&desk, enrolment, small);
  g_assert_true (tambo_store_verify (desk.store, &error));
}

static void test_resolve_wants_something (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  g_assert_null (
      tambo_db_resolve (desk.store, "thing", "SELECT id FROM cases WHERE id = ?1", "", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
}

/* What rotted on the disk is still text that a window can show. */
static void test_texts_are_utf8 (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *value = NULL;

  desk_init (&desk);
  desk_write (&desk,
              "INSERT INTO settings (name, value) VALUES ('rotten', CAST (x'61ff62' AS TEXT))");
  value = tambo_store_dup_setting (desk.store, "rotten", &error);
  g_assert_true (g_utf8_validate (value, -1, NULL));
  g_assert_cmpint (value[0], ==, 'a');
}

#define QUESTION "SELECT ? + 1 UNION ALL SELECT 7"

static int ask (TamboStore *store, TamboDbQuery *query, int number) {
  g_assert_cmpint (tambo_db_ask (store, query, NULL, QUESTION, "i", number), ==, TAMBO_DB_ROW);
  return sqlite3_column_int (query->row, 0);
}

/* One statement each while they are asked at once, and the kept one afterwards; none is left half read,
 * which would stand in the way of a commit. */
static void test_question (void) {
  g_auto (Desk) desk = { 0 };
  sqlite3_stmt *kept = NULL;

  desk_init (&desk);
  for (int i = 0; i < 3; i++) {
    g_auto (TamboDbQuery) one = { 0 };
    g_auto (TamboDbQuery) other = { 0 };

    g_assert_cmpint (ask (desk.store, &one, i), ==, i + 1);
    g_assert_cmpint (ask (desk.store, &other, i + 10), ==, i + 11);
    g_assert_true (one.row != other.row);
    g_assert_cmpint (sqlite3_column_int (one.row, 0), ==, i + 1);
    g_assert_true (i == 0 || one.row == kept);
    /* The last one to be given back. */
    tambo_db_query_clear (&other);
    kept = one.row;
  }
  g_assert_false (sqlite3_stmt_busy (kept));
  g_assert_true (tambo_store_set_setting (desk.store, "word", "value", NULL));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/db/full/nothing-lost", test_full_disk_loses_nothing);
  g_test_add_func ("/db/full/transaction", test_full_disk_inside_a_transaction);
  g_test_add_func ("/db/full/every-page", test_full_disk_at_every_page);
  g_test_add_func ("/db/full/for-real", test_full_disk_for_real);
  g_test_add_func ("/db/io-error", test_failed_disk_stops_the_connection);
  g_test_add_func ("/db/resolve", test_resolve_wants_something);
  g_test_add_func ("/db/utf8", test_texts_are_utf8);
  g_test_add_func ("/db/question", test_question);
  return g_test_run ();
}
