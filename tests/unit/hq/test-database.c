/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/database.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "hq/hq-error.h"
#include "hq/schema.h"
#include "new-database.h"

typedef struct {
  char *folder, *location;
  TamboDatabase *database;
} Fixture;

static void set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("tambo-database-XXXXXX", NULL);
  fixture->location = new_database ();
  if (fixture->location == NULL)
    fixture->location = g_build_filename (fixture->folder, "hq.db", NULL);
  fixture->database = tambo_database_create (fixture->location, &error);
  g_assert_no_error (error);
}

static void tear_down (Fixture *fixture, gconstpointer data) {
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  g_clear_pointer (&fixture->database, tambo_database_close);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

    g_remove (path);
  }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->location);
}

static gint64 count (TamboDatabase *database, const char *sql) {
  gint64 value;
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_database_get_int (database, -1, &value, &error, sql, ""));
  g_assert_no_error (error);
  return value;
}

static void put_alarm (TamboDatabase *database, const char *station, const char *detail) {
  g_autoptr (GError) error = NULL;

  tambo_database_run (database, &error,
                      "INSERT INTO alarms (at, station, kind, detail) VALUES (?, ?, 'test', ?)",
                      "sss", "now", station, detail);
  g_assert_no_error (error);
}

/* Text, null, numbers and bytes come back as they went. */
static void test_values (Fixture *fixture, gconstpointer data) {
  static const guint8 raw[] = { 0, 1, 0x5c, 0x27, 0xff, 0 };
  g_autoptr (GBytes) bytes = g_bytes_new (raw, sizeof raw);
  g_autoptr (GBytes) again = NULL;
  g_autoptr (TamboQuery) query = NULL;
  g_autofree char *null = NULL;
  g_autoptr (GError) error = NULL;

  put_alarm (fixture->database, NULL, "Ñusta ' \\ \" ? %");
  g_assert_true (tambo_database_run (fixture->database, &error,
                                     "INSERT INTO intake_frontier (level, hash) VALUES (?, ?)",
                                     "ib", G_MAXINT64, bytes));
  query = tambo_database_query (
      fixture->database, &error,
      "SELECT a.station, a.detail, f.level, f.hash FROM alarms a, intake_frontier f"
      " WHERE f.level = ?1 AND f.level >= ?1",
      "i", G_MAXINT64);
  g_assert_no_error (error);
  g_assert_true (tambo_query_next (query, &error));
  null = tambo_query_dup_text (query, 0);
  g_assert_null (null);
  g_assert_cmpstr (tambo_query_text (query, 0), ==, "");
  g_assert_cmpstr (tambo_query_text (query, 1), ==, "Ñusta ' \\ \" ? %");
  g_assert_cmpint (tambo_query_int (query, 2), ==, G_MAXINT64);
  again = tambo_query_dup_blob (query, 3);
  g_assert_true (g_bytes_equal (again, bytes));
  g_assert_false (tambo_query_next (query, &error));
  g_assert_no_error (error);
}

static void test_changes (Fixture *fixture, gconstpointer data) {
  put_alarm (fixture->database, "A", "1");
  put_alarm (fixture->database, "A", "2");
  g_assert_true (tambo_database_run (fixture->database, NULL,
                                     "UPDATE alarms SET detail = '3' WHERE station = ?", "s", "A"));
  g_assert_cmpint (tambo_database_changes (fixture->database), ==, 2);
  g_assert_true (tambo_database_run (fixture->database, NULL,
                                     "UPDATE alarms SET detail = '3' WHERE station = ?", "s", "B"));
  g_assert_cmpint (tambo_database_changes (fixture->database), ==, 0);
}

static void test_rollback (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  TamboWork *work = tambo_work_begin (fixture->database, &error);

  g_assert_no_error (error);
  put_alarm (fixture->database, NULL, "not kept");
  g_assert_true (tambo_work_post (work, &error, "DELETE FROM settings", ""));
  tambo_work_free (work);
  g_assert_cmpint (count (fixture->database, "SELECT count(*) FROM alarms"), ==, 0);
  work = tambo_work_begin (fixture->database, &error);
  put_alarm (fixture->database, NULL, "kept");
  g_assert_true (tambo_work_commit (work, &error));
  tambo_work_free (work);
  g_assert_cmpint (count (fixture->database, "SELECT count(*) FROM alarms"), ==, 1);
}

/* What was posted and failed makes the commit fail at the latest, and nothing of it stays. */
static void test_failed_post (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboWork) work = tambo_work_begin (fixture->database, &error);
  gboolean is_done;

  put_alarm (fixture->database, NULL, "not kept");
  is_done = tambo_work_post (work, &error,
                             "INSERT INTO cases (id, station, epoch, state, created_at, updated_at)"
                             " VALUES ('x', 'y', 1, 'no such state', '', '')",
                             "")
            && tambo_work_commit (work, &error);
  g_assert_false (is_done);
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED);
  g_clear_pointer (&work, tambo_work_free);
  g_assert_cmpint (count (fixture->database, "SELECT count(*) FROM alarms"), ==, 0);
}

typedef struct {
  TamboDatabase *database;
  int number;
  gboolean is_bad, was_refused;
} Step;

static gboolean insert_number (TamboWork *work, gpointer data, GError **error) {
  Step *step = data;

  if (step->is_bad) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE, "no");
    return FALSE;
  }
  return tambo_work_post (work, error,
                          "INSERT INTO alarms (at, kind, detail) VALUES ('now', 'step', ?)", "i",
                          (gint64) step->number);
}

static gpointer share (gpointer data) {
  Step *step = data;
  g_autoptr (GError) error = NULL;

  if (!tambo_database_share (step->database, insert_number, step, &error)) {
    g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE);
    step->was_refused = TRUE;
  }
  return NULL;
}

/* A step that fails takes no other with it, and none is done twice. */
static void test_share (Fixture *fixture, gconstpointer data) {
  Step steps[40];
  GThread *threads[G_N_ELEMENTS (steps)];

  for (int i = 0; i < (int) G_N_ELEMENTS (steps); i++) {
    steps[i] = (Step){ .database = fixture->database, .number = i, .is_bad = i % 5 == 0 };
    threads[i] = g_thread_new ("step", share, &steps[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_thread_join (threads[i]);
    g_assert_true (steps[i].was_refused == steps[i].is_bad);
  }
  g_assert_cmpint (count (fixture->database, "SELECT count(*) FROM alarms"), ==, 32);
  g_assert_cmpint (count (fixture->database, "SELECT count(DISTINCT detail) FROM alarms"), ==, 32);
}

static void test_open_again (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autofree char *value = NULL;

  g_assert_true (tambo_database_set_setting (fixture->database, "name", "Utopia", &error));
  g_assert_true (tambo_database_set_setting (fixture->database, "name", "Tambo", &error));
  g_assert_null (tambo_database_create (fixture->location, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  tambo_database_close (fixture->database);
  fixture->database = tambo_database_open (fixture->location, &error);
  g_assert_no_error (error);
  value = tambo_database_dup_setting (fixture->database, "name", &error);
  g_assert_cmpstr (value, ==, "Tambo");
  g_assert_true (tambo_database_lead (fixture->database));
}

/* A file of the first version, in the journal mode of its time. */
static void test_migration (Fixture *fixture, gconstpointer data) {
  g_autofree char *path = g_build_filename (fixture->folder, "old.db", NULL);
  g_autoptr (TamboDatabase) database = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, tambo_hq_schema[0], NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle,
                                 "INSERT INTO settings VALUES ('name', 'old');"
                                 "PRAGMA user_version=1;",
                                 NULL, NULL, NULL),
                   ==, SQLITE_OK);
  sqlite3_close (handle);
  database = tambo_database_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (database, "PRAGMA user_version"), ==, TAMBO_HQ_SCHEMA_VERSION);
  g_assert_cmpint (count (database, "SELECT count(*) FROM settings WHERE value = 'old'"), ==, 1);
}

int main (int argc, char **argv) {
  static const struct {
    const char *path;
    void (*run) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/hq/database/values", test_values },       { "/hq/database/changes", test_changes },
    { "/hq/database/rollback", test_rollback },   { "/hq/database/failed-post", test_failed_post },
    { "/hq/database/share", test_share },         { "/hq/database/open-again", test_open_again },
    { "/hq/database/migration", test_migration },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
