/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"

typedef struct {
  char *folder;
  char *path; /* of a file in it that does not exist yet */
} Fixture;

static void set_up (Fixture *fixture, gconstpointer data) {
  fixture->folder = g_dir_make_tmp ("tambo-file-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "file", NULL);
}

static void tear_down (Fixture *fixture, gconstpointer data) {
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0); /* nothing was left behind */
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void test_round_trip (Fixture *fixture, gconstpointer data) {
  const gsize sizes[] = { 0, 1, 4096, 1000003 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree guint8 *content = g_malloc (sizes[i] + 1);
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (GBytes) back = NULL;
    g_autoptr (GError) error = NULL;
    struct stat status;

    memset (content, (int) i + 1, sizes[i]);
    bytes = g_bytes_new (content, sizes[i]);
    g_assert_true (tambo_file_write_durable (fixture->path, bytes, 0600, &error));
    g_assert_no_error (error);
    g_assert_cmpint (stat (fixture->path, &status), ==, 0);
    g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
    back = tambo_file_read (fixture->path, sizes[i], &error);
    g_assert_no_error (error);
    g_assert_true (g_bytes_equal (bytes, back));
  }
}

static void test_read_is_bounded (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) bytes = g_bytes_new ("12345", 5);
  g_autoptr (GBytes) back = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_file_write_durable (fixture->path, bytes, 0644, NULL));
  g_assert_null (tambo_file_read (fixture->path, 4, &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED);
  back = tambo_file_read (fixture->path, 5, NULL);
  g_assert_nonnull (back);
}

static void test_read_names_the_cause (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) absent = NULL;
  g_autoptr (GError) folder = NULL;
  g_autoptr (GError) endless = NULL;

  g_assert_null (tambo_file_read (fixture->path, 10, &absent));
  g_assert_error (absent, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND);
  g_assert_null (tambo_file_read (fixture->folder, 10, &folder));
  g_assert_error (folder, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_IO);
  g_assert_null (tambo_file_read ("/dev/zero", 10, &endless));
  g_assert_error (endless, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED);
}

static void test_read_of_a_forbidden_file (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) bytes = g_bytes_new ("1", 1);
  g_autoptr (GError) error = NULL;

  if (geteuid () == 0) {
    g_test_skip ("root may read everything");
    return;
  }
  g_assert_true (tambo_file_write_durable (fixture->path, bytes, 0000, NULL));
  g_assert_null (tambo_file_read (fixture->path, 10, &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_PERMISSION);
}

/* A write that stops half way: the limit on file sizes stands for a disk that fails. */
static void test_failed_write_changes_nothing (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) old_bytes = g_bytes_new ("old", 3);
  g_autofree guint8 *zeros = g_malloc0 (100000);
  g_autoptr (GBytes) new_bytes = g_bytes_new (zeros, 100000);
  g_autoptr (GBytes) back = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit limit, tight;
  gboolean written;

  g_assert_true (tambo_file_write_durable (fixture->path, old_bytes, 0600, NULL));
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  signal (SIGXFSZ, SIG_IGN);
  tight = limit;
  tight.rlim_cur = 50000;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &tight), ==, 0);
  written = tambo_file_write_durable (fixture->path, new_bytes, 0600, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  signal (SIGXFSZ, SIG_DFL);

  g_assert_false (written);
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_IO);
  back = tambo_file_read (fixture->path, 100, NULL);
  g_assert_true (g_bytes_equal (back, old_bytes));
}

static void test_write_into_no_folder (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) bytes = g_bytes_new ("1", 1);
  g_autofree char *path = g_build_filename (fixture->folder, "absent", "file", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (tambo_file_write_durable (path, bytes, 0600, &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND);
}

static void test_make_folder (Fixture *fixture, gconstpointer data) {
  g_autofree char *outer = g_build_filename (fixture->folder, "a", NULL);
  g_autofree char *inner = g_build_filename (outer, "b", NULL);
  g_autofree char *below_file = g_build_filename (fixture->path, "c", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new ("1", 1);
  g_autoptr (GError) error = NULL;
  struct stat status;

  g_assert_true (tambo_file_make_folder (inner, 0700, &error));
  g_assert_true (tambo_file_make_folder (inner, 0700, &error));
  g_assert_no_error (error);
  g_assert_cmpint (stat (inner, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0700);
  g_assert_true (tambo_file_write_durable (fixture->path, bytes, 0600, NULL));
  g_assert_false (tambo_file_make_folder (below_file, 0700, &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_IO);
  g_rmdir (inner);
  g_rmdir (outer);
}

static void test_free_space (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  guint64 free_bytes = 0;

  g_assert_true (tambo_file_free_space (fixture->folder, &free_bytes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (free_bytes, >, 0);
  g_assert_false (tambo_file_free_space (fixture->path, &free_bytes, &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND);
}

static void test_write_verified (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) bytes = g_bytes_new_static ("sealed", 6);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autofree char *empty = g_build_filename (fixture->folder, "empty", NULL);
  g_autoptr (GBytes) read = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_file_write_verified (fixture->path, bytes, &error));
  g_assert_no_error (error);
  read = tambo_file_read (fixture->path, 100, &error);
  g_assert_true (g_bytes_equal (read, bytes));
  g_assert_true (tambo_file_write_verified (empty, nothing, &error));
  /* It never writes over anything. */
  g_assert_false (tambo_file_write_verified (fixture->path, nothing, &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_IO);
  g_unlink (empty);
  g_unlink (fixture->path);
}

static void test_publish (Fixture *fixture, gconstpointer data) {
  g_autofree char *partial = g_build_filename (fixture->folder, "bundle.partial", NULL);
  g_autofree char *whole = g_build_filename (fixture->folder, "bundle", NULL);
  g_autofree char *inside = g_build_filename (partial, "file", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("sealed", 6);
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_file_make_folder (partial, 0700, &error));
  g_assert_true (tambo_file_write_verified (inside, bytes, &error));
  g_assert_true (tambo_file_publish (partial, whole, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (partial, G_FILE_TEST_EXISTS));
  g_assert_false (tambo_file_publish (partial, whole, &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (tambo_file_remove_folder (whole, &error));
  g_assert_false (g_file_test (whole, G_FILE_TEST_EXISTS));
  g_assert_true (tambo_file_remove_folder (whole, &error));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
  ADD ("/file/round-trip", test_round_trip);
  ADD ("/file/read-is-bounded", test_read_is_bounded);
  ADD ("/file/read-names-the-cause", test_read_names_the_cause);
  ADD ("/file/read-of-a-forbidden-file", test_read_of_a_forbidden_file);
  ADD ("/file/failed-write-changes-nothing", test_failed_write_changes_nothing);
  ADD ("/file/write-into-no-folder", test_write_into_no_folder);
  ADD ("/file/make-folder", test_make_folder);
  ADD ("/file/free-space", test_free_space);
  ADD ("/file/write-verified", test_write_verified);
  ADD ("/file/publish", test_publish);
  return g_test_run ();
}
