/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The store's VFS beside SQLite's own: each understands what the other one leaves behind. What a power cut
 * leaves is tests/fault/test-power-cut.c.
 */
#include "store/vfs.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "desk.h"

#define BUSY_TIMEOUT_MS 20000

static char *journal_of (const Desk *desk) {
  return g_strconcat (desk->path, "-journal", NULL);
}

static sqlite3 *open_with (const char *path, const char *vfs) {
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, vfs), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, BUSY_TIMEOUT_MS);
  return db;
}

static void run (sqlite3 *db, const char *sql) {
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
}

/* The first byte tells whether a journal is in force. */
static gboolean is_in_force (const Desk *desk) {
  g_autofree char *path = journal_of (desk);
  g_autofree char *contents = NULL;
  gsize size = 0;

  return g_file_get_contents (path, &contents, &size, NULL) && size > 0 && *contents != 0;
}

static void wait_for_child (pid_t child) {
  int status;

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
}

/* Leaves a transaction behind whose pages are in the store already. */
static void die_in_transaction (const Desk *desk, const char *vfs) {
  pid_t child = fork ();

  if (child == 0) {
    sqlite3 *db = open_with (desk->path, vfs);

    run (db, "PRAGMA journal_mode = PERSIST; PRAGMA synchronous = EXTRA; BEGIN IMMEDIATE;"
             "UPDATE settings SET value = 'half' WHERE name = 'word';"
             "CREATE TABLE half (bytes BLOB); INSERT INTO half VALUES (randomblob (400000))");
    g_assert_cmpint (sqlite3_db_cacheflush (db), ==, SQLITE_OK);
    _exit (0);
  }
  wait_for_child (child);
  g_assert_true (is_in_force (desk));
}

static void check_rolled_back (const Desk *desk, const char *vfs) {
  sqlite3 *db = open_with (desk->path, vfs);
  sqlite3_stmt *row;

  g_assert_cmpint (sqlite3_prepare_v2 (db,
                                       "SELECT (SELECT value FROM settings WHERE name = 'word'),"
                                       " (SELECT count (*) FROM sqlite_schema WHERE name = 'half'),"
                                       " (SELECT integrity_check FROM pragma_integrity_check)",
                                       -1, &row, NULL),
                   ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
  g_assert_cmpstr ((const char *) sqlite3_column_text (row, 0), ==, "whole");
  g_assert_cmpint (sqlite3_column_int (row, 1), ==, 0);
  g_assert_cmpstr ((const char *) sqlite3_column_text (row, 2), ==, "ok");
  sqlite3_finalize (row);
  sqlite3_close (db);
}

static void start (Desk *desk) {
  desk_init (desk);
  g_assert_true (tambo_store_set_setting (desk->store, "word", "whole", NULL));
  g_clear_pointer (&desk->store, tambo_store_close);
}

static void test_own_journal_for_others (void) {
  g_auto (Desk) desk = { 0 };

  start (&desk);
  die_in_transaction (&desk, tambo_vfs_name ());
  check_rolled_back (&desk, NULL);
}

static void test_journal_of_others (void) {
  g_auto (Desk) desk = { 0 };

  start (&desk);
  die_in_transaction (&desk, NULL);
  check_rolled_back (&desk, tambo_vfs_name ());
}

static void test_own_journal (void) {
  g_auto (Desk) desk = { 0 };

  start (&desk);
  die_in_transaction (&desk, tambo_vfs_name ());
  check_rolled_back (&desk, tambo_vfs_name ());
}

/* A whole journal in force whose contents are not those of its seal was never synced. */
static void test_torn_journal (void) {
  g_auto (Desk) desk = { 0 };
  g_autofree char *path = NULL;
  g_autofree char *before = NULL;
  g_autofree char *journal = NULL;
  gsize size, journal_size;

  start (&desk);
  path = journal_of (&desk);
  g_assert_true (g_file_get_contents (desk.path, &before, &size, NULL));
  die_in_transaction (&desk, tambo_vfs_name ());
  g_assert_true (g_file_get_contents (path, &journal, &journal_size, NULL));
  for (gsize at = 600; at < journal_size; at += journal_size / 7) {
    journal[at] ^= 1;
    g_assert_true (g_file_set_contents (desk.path, before, (gssize) size, NULL));
    g_assert_true (g_file_set_contents (path, journal, (gssize) journal_size, NULL));
    check_rolled_back (&desk, tambo_vfs_name ());
    journal[at] ^= 1;
  }
}

/* Whoever comes after us finds a journal that is over, and may delete it. */
static void test_journal_goes_away (void) {
  g_auto (Desk) desk = { 0 };
  g_autofree char *path = NULL;
  g_autofree char *value = NULL;

  desk_init (&desk);
  path = journal_of (&desk);
  g_assert_true (tambo_store_set_setting (desk.store, "word", "first", NULL));
  g_assert_false (is_in_force (&desk));
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_true (tambo_store_set_setting (desk.store, "word", "second", NULL));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  desk_sql (&desk, "PRAGMA journal_mode = DELETE; UPDATE settings SET name = name");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (tambo_store_set_setting (desk.store, "word", "third", NULL));
  value = tambo_store_dup_setting (desk.store, "word", NULL);
  g_assert_cmpstr (value, ==, "third");
}

#define N_PROCESSES 4
#define N_WORDS 25

static void write_words (const Desk *desk, int process) {
  /* One of them is an older version. */
  sqlite3 *db = open_with (desk->path, process == 0 ? NULL : tambo_vfs_name ());

  run (db, process == 0 ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = PERSIST");
  for (int i = 0; i < N_WORDS; i++) {
    g_autofree char *sql =
        g_strdup_printf ("BEGIN IMMEDIATE; INSERT INTO words VALUES (%d, randomblob (%d)); COMMIT",
                         process * N_WORDS + i, i % 5 * 30000);

    run (db, sql);
  }
  sqlite3_close (db);
}

static void test_several_processes (void) {
  g_auto (Desk) desk = { 0 };
  pid_t children[N_PROCESSES];
  g_autofree char *verdict = NULL;

  desk_init (&desk);
  g_clear_pointer (&desk.store, tambo_store_close);
  desk_sql (&desk, "CREATE TABLE words (number INTEGER PRIMARY KEY, bytes BLOB)");
  for (int i = 0; i < N_PROCESSES; i++) {
    children[i] = fork ();
    if (children[i] == 0) {
      write_words (&desk, i);
      _exit (0);
    }
  }
  for (int i = 0; i < N_PROCESSES; i++)
    wait_for_child (children[i]);
  g_assert_cmpint (desk_count (&desk, "SELECT count (*) FROM words"), ==, N_PROCESSES * N_WORDS);
  verdict = desk_text (&desk, "PRAGMA integrity_check");
  g_assert_cmpstr (verdict, ==, "ok");
}

static gpointer write_settings (gpointer data) {
  const Desk *desk = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStore) store = tambo_store_open (desk->path, &error);

  g_assert_no_error (error);
  for (int i = 0; i < N_WORDS; i++) {
    g_autofree char *name = g_strdup_printf ("%p-%d", (void *) g_thread_self (), i);

    tambo_store_set_setting (store, name, "x", &error);
    g_assert_no_error (error);
  }
  return NULL;
}

/* One journal is kept for all connections of a process. */
static void test_several_connections (void) {
  g_auto (Desk) desk = { 0 };
  GThread *threads[N_PROCESSES];

  desk_init (&desk);
  for (int i = 0; i < N_PROCESSES; i++)
    threads[i] = g_thread_new ("writer", write_settings, &desk);
  for (int i = 0; i < N_PROCESSES; i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (desk_count (&desk, "SELECT count (*) FROM settings WHERE value = 'x'"), ==,
                   N_PROCESSES * N_WORDS);
  g_assert_true (tambo_store_verify (desk.store, NULL));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vfs/own-journal", test_own_journal);
  g_test_add_func ("/vfs/own-journal-for-others", test_own_journal_for_others);
  g_test_add_func ("/vfs/journal-of-others", test_journal_of_others);
  g_test_add_func ("/vfs/torn-journal", test_torn_journal);
  g_test_add_func ("/vfs/journal-goes-away", test_journal_goes_away);
  g_test_add_func ("/vfs/several-processes", test_several_processes);
  g_test_add_func ("/vfs/several-connections", test_several_connections);
  return g_test_run ();
}
