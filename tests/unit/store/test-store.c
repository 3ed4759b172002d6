/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"
#include "desk.h"

static void test_create_makes_a_private_file (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GDir) dir = NULL;
  struct stat status;
  guint files = 0;

  desk_init (&desk);
  g_assert_cmpint (g_stat (desk.path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_true (tambo_id_is_valid (tambo_store_get_incarnation (desk.store)));
  dir = g_dir_open (desk.folder, 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    files++;
  g_assert_cmpuint (files, ==, 2); /* and its journal */
}

static void test_create_never_overwrites (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize size_before, size_after;

  desk_init (&desk);
  g_file_get_contents (desk.path, &before, &size_before, NULL);
  g_assert_null (tambo_store_create (desk.path, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_EXISTS);
  g_file_get_contents (desk.path, &after, &size_after, NULL);
  g_assert_cmpmem (before, size_before, after, size_after);
}

/* What a power cut in the middle of the making leaves does not stand in the way of the next one. */
static void test_create_after_a_power_cut (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *rest = NULL;
  g_autofree char *journal = NULL;
  TamboStore *store;

  desk_init (&desk);
  path = g_build_filename (desk.folder, "second.db", NULL);
  rest = g_strconcat (path, ".new", NULL);
  journal = g_strconcat (rest, "-journal", NULL);
  g_assert_true (g_file_set_contents (rest, "half a page", -1, NULL));
  g_assert_true (g_file_set_contents (journal, "half a journal", -1, NULL));
  store = tambo_store_create (path, &error);
  g_assert_no_error (error);
  tambo_store_close (store);
  g_assert_false (g_file_test (rest, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (journal, G_FILE_TEST_EXISTS));
}

/* A home folder may be a link to another disk. */
static void test_open_through_a_link (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStore) store = NULL;
  g_autofree char *link = NULL;
  g_autofree char *path = NULL;

  desk_init (&desk);
  link = g_strconcat (desk.folder, "-link", NULL);
  path = g_build_filename (link, "store.db", NULL);
  g_assert_cmpint (symlink (desk.folder, link), ==, 0);
  store = tambo_store_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_unlink (link), ==, 0);
}

static void test_open_keeps_the_incarnation (void) {
  g_auto (Desk) desk = { 0 };
  g_autofree char *incarnation = NULL;

  desk_init (&desk);
  incarnation = g_strdup (tambo_store_get_incarnation (desk.store));
  desk_reopen (&desk);
  g_assert_cmpstr (tambo_store_get_incarnation (desk.store), ==, incarnation);
}

static void assert_open_fails (const char *path, TamboStoreError code) {
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_store_open (path, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, (int) code);
}

static void test_open_refuses_what_is_no_store (void) {
  g_auto (Desk) desk = { 0 };
  g_autofree char *path = NULL;
  sqlite3 *db;

  desk_init (&desk);
  path = g_build_filename (desk.folder, "other.db", NULL);
  assert_open_fails (path, TAMBO_STORE_ERROR_NOT_FOUND);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  assert_open_fails (path, TAMBO_STORE_ERROR_CORRUPT);
  g_assert_true (g_file_set_contents (path, "this is a letter and no database at all", -1, NULL));
  assert_open_fails (path, TAMBO_STORE_ERROR_CORRUPT);
  g_unlink (path);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "CREATE TABLE t (a)", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  assert_open_fails (path, TAMBO_STORE_ERROR_CORRUPT);
}

static void test_open_refuses_a_newer_version (void) {
  g_auto (Desk) desk = { 0 };

  desk_init (&desk);
  g_clear_pointer (&desk.store, tambo_store_close);
  desk_set_version (&desk, tambo_migrations_newest () + 1);
  assert_open_fails (desk.path, TAMBO_STORE_ERROR_VERSION);
  desk_set_version (&desk, tambo_migrations_newest ());
  desk_reopen (&desk);
}

static gboolean is_zero (const char *bytes, gsize size) {
  for (gsize i = 0; i < size; i++)
    if (bytes[i] != 0)
      return FALSE;
  return TRUE;
}

/* A file cut anywhere is an error and never a crash, unless it was the unused end of a page. */
static void test_open_survives_truncation (void) {
  g_auto (Desk) desk = { 0 };
  g_autofree char *contents = NULL;
  g_autofree char *path = NULL;
  gsize size;

  desk_init (&desk);
  g_clear_pointer (&desk.store, tambo_store_close);
  g_file_get_contents (desk.path, &contents, &size, NULL);
  /* Behind the last page is what the last commit left, which nobody reads. */
  size = MIN (size, (gsize) desk_count (&desk, "SELECT page_count * page_size"
                                               " FROM pragma_page_count, pragma_page_size"));
  path = g_build_filename (desk.folder, "cut.db", NULL);
  for (gsize length = 0; length < size; length += 4096 - 7) {
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboStore) store = NULL;

    g_assert_true (g_file_set_contents (path, contents, (gssize) length, NULL));
    store = tambo_store_open (path, &error);
    if (store != NULL && tambo_store_verify (store, &error)) {
      g_assert_true (is_zero (contents + length, size - length));
      continue;
    }
    g_assert_nonnull (error);
    g_assert_true (error->domain == TAMBO_STORE_ERROR);
  }
}

static char *pragma (TamboStore *store, const char *name) {
  g_autofree char *sql = g_strconcat ("PRAGMA ", name, NULL);
  g_autoptr (sqlite3_stmt) statement = tambo_db_find (store, name, NULL, sql, "");

  return tambo_db_dup_text (statement, 0);
}

static void test_pragmas (void) {
  static const char *const wanted[][2] = {
    { "journal_mode", "persist" }, { "synchronous", "3" },
    { "page_size", "16384" },      { "foreign_keys", "1" },
    { "trusted_schema", "0" },     { "cell_size_check", "1" },
    { "secure_delete", "1" },      { "temp_store", "2" },
    { "busy_timeout", "5000" },    { "application_id", "1413565762" },
  };
  g_auto (Desk) desk = { 0 };

  desk_init (&desk);
  desk_reopen (&desk);
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++) {
    g_autofree char *value = pragma (desk.store, wanted[i][0]);

    g_assert_cmpstr (value, ==, wanted[i][1]);
  }
}

static void test_settings (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *value = NULL;
  g_autofree char *again = NULL;

  desk_init (&desk);
  g_assert_null (tambo_store_dup_setting (desk.store, "language", &error));
  g_assert_no_error (error);
  g_assert_true (tambo_store_set_setting (desk.store, "language", "es", &error));
  g_assert_true (tambo_store_set_setting (desk.store, "language", "pt", &error));
  desk_reopen (&desk);
  value = tambo_store_dup_setting (desk.store, "language", &error);
  g_assert_cmpstr (value, ==, "pt");
  g_assert_true (tambo_store_set_setting (desk.store, "language", NULL, &error));
  again = tambo_store_dup_setting (desk.store, "language", &error);
  g_assert_null (again);
  g_assert_false (tambo_store_set_setting (desk.store, "incarnation", "another", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID);
}

static void test_seal_binds_the_place (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plaintext = g_bytes_new ("ERIKSSON", 8);
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (GBytes) opened = NULL;
  g_autoptr (GBytes) elsewhere = NULL;

  desk_init (&desk);
  sealed = tambo_store_seal (desk.store, "cases/1", plaintext, &error);
  g_assert_no_error (error);
  opened = tambo_store_unseal (desk.store, "cases/1", sealed, &error);
  g_assert_true (g_bytes_equal (opened, plaintext));
  elsewhere = tambo_store_unseal (desk.store, "cases/2", sealed, &error);
  g_assert_null (elsewhere);
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "cases/2"));
}

static void test_locked (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plaintext = g_bytes_new ("ERIKSSON", 8);

  desk_init (&desk);
  g_assert_true (tambo_store_is_unlocked (desk.store));
  tambo_store_lock (desk.store);
  g_assert_false (tambo_store_is_unlocked (desk.store));
  g_assert_null (tambo_store_seal (desk.store, "cases/1", plaintext, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED);
  g_clear_error (&error);
  g_assert_null (tambo_store_unseal (desk.store, "cases/1", plaintext, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/create/private", test_create_makes_a_private_file);
  g_test_add_func ("/store/create/never-overwrites", test_create_never_overwrites);
  g_test_add_func ("/store/create/after-power-cut", test_create_after_a_power_cut);
  g_test_add_func ("/store/open/incarnation", test_open_keeps_the_incarnation);
  g_test_add_func ("/store/open/link", test_open_through_a_link);
  g_test_add_func ("/store/open/no-store", test_open_refuses_what_is_no_store);
  g_test_add_func ("/store/open/newer", test_open_refuses_a_newer_version);
  g_test_add_func ("/store/open/truncated", test_open_survives_truncation);
  g_test_add_func ("/store/pragmas", test_pragmas);
  g_test_add_func ("/store/settings", test_settings);
  g_test_add_func ("/store/seal", test_seal_binds_the_place);
  g_test_add_func ("/store/locked", test_locked);
  return g_test_run ();
}
