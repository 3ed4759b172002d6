/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/reserve.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "desk.h"
#include "store/outbox.h"

#define MIB (1024 * 1024)
#define N_RECORDS 12

static gint64 blocks_of (const char *path) {
  struct stat status;

  g_assert_cmpint (stat (path, &status), ==, 0);
  return (gint64) status.st_blocks * 512;
}

static gint64 size_of (const char *path) {
  struct stat status;

  g_assert_cmpint (stat (path, &status), ==, 0);
  return status.st_size;
}

static gboolean can_reserve (const char *folder) {
  g_autofree char *path = g_build_filename (folder, "trial", NULL);
  int fd = open (path, O_RDWR | O_CREAT, 0600);
  struct statvfs disk;
  gboolean can = fallocate (fd, FALLOC_FL_KEEP_SIZE, 0, MIB) == 0 && blocks_of (path) >= MIB
                 && fstatvfs (fd, &disk) == 0 && disk.f_bavail * disk.f_frsize >= 1024ul * MIB;

  close (fd);
  g_unlink (path);
  return can;
}

static void append (Desk *desk, gint64 sequence) {
  g_autofree char *id = g_strdup_printf ("event-%" G_GINT64_FORMAT, sequence);
  g_autoptr (GBytes) bytes = desk_bytes (MIB);
  g_autoptr (GError) error = NULL;
  TamboOutboxRow row = { .id = id, .kind = (char *) "event", .sequence = sequence };

  tambo_outbox_append (desk->store, &row, "{}", bytes, &error);
  g_assert_no_error (error);
}

/* Ahead of what is written, and the file is no longer than it was. */
static void test_store (void) {
  g_auto (Desk) desk = { 0 };

  desk_init (&desk);
  if (!can_reserve (desk.folder)) {
    g_test_skip ("the disk cannot reserve, or is nearly full");
    return;
  }
  append (&desk, 1);
  g_assert_cmpint (blocks_of (desk.path), <, size_of (desk.path) + MIB / 2);
  for (gint64 i = 2; i <= N_RECORDS; i++)
    append (&desk, i);
  g_assert_cmpint (size_of (desk.path), <, (N_RECORDS + 1) * MIB);
  g_assert_cmpint (blocks_of (desk.path), >, size_of (desk.path) + MIB / 2);
  g_assert_true (tambo_store_verify (desk.store, NULL));
}

/* Whoever makes the file shorter gives the room back; it comes again. */
static void test_shorter (void) {
  g_autofree char *folder = g_dir_make_tmp ("tambo-reserve-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  TamboReserve reserve = { 0 };

  if (!can_reserve (folder)) {
    g_test_skip ("the disk cannot reserve, or is nearly full");
    g_rmdir (folder);
    return;
  }
  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  tambo_reserve_grow (&reserve, path, 8 * MIB);
  g_assert_cmpint (blocks_of (path), >=, 2 * MIB);
  g_assert_cmpint (size_of (path), ==, 1);
  g_assert_cmpint (truncate (path, 0), ==, 0);
  tambo_reserve_forget (&reserve);
  g_assert_cmpint (blocks_of (path), <, MIB);
  tambo_reserve_grow (&reserve, path, 8 * MIB);
  g_assert_cmpint (blocks_of (path), >=, 2 * MIB);
  tambo_reserve_clear (&reserve);
  g_unlink (path);
  g_rmdir (folder);
}

static void test_no_file (void) {
  TamboReserve reserve = { 0 };

  tambo_reserve_grow (&reserve, "/nowhere/store.db", 100 * MIB);
  g_assert_false (reserve.is_open);
  tambo_reserve_clear (&reserve);
}

/* A file that cannot have any is not asked again. */
static void test_refused (void) {
  TamboReserve reserve = { 0 };

  tambo_reserve_grow (&reserve, "/dev/null", 100 * MIB);
  tambo_reserve_grow (&reserve, "/dev/null", 200 * MIB);
  g_assert_true (!reserve.is_open || reserve.is_refused || reserve.end == 0);
  tambo_reserve_clear (&reserve);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reserve/store", test_store);
  g_test_add_func ("/reserve/shorter", test_shorter);
  g_test_add_func ("/reserve/no-file", test_no_file);
  g_test_add_func ("/reserve/refused", test_refused);
  return g_test_run ();
}
