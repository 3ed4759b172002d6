/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A station on a small disk of its own, in a mount namespace, that fills up in the middle of a case.
 */
#include "practice-station.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "station/ballast.h"
#include "station/enrol.h"

#define DISK "size=260m"

static gboolean has_ballast (Practice *practice) {
  g_autofree char *path = g_build_filename (practice->folder, "ballast", NULL);
  GStatBuf status;

  /* It takes its room, and does not only say so. */
  return g_stat (path, &status) == 0 && status.st_blocks * 512 >= TAMBO_BALLAST_SIZE;
}

static guint64 free_space (Practice *practice) {
  guint64 bytes = 0;
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_file_free_space (practice->folder, &bytes, &error));
  return bytes;
}

/* Fills the disk to the last block; never one that is somebody else's too. */
static void fill (Practice *practice, const char *name) {
  g_autofree char *root = g_path_get_dirname (practice->folder);
  struct statvfs disk;

  g_assert_cmpint (statvfs (root, &disk), ==, 0);
  g_assert_cmpuint (disk.f_blocks * disk.f_frsize, <=, 260 << 20);
  g_autofree char *path = g_build_filename (root, name, NULL);
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL, 0600);

  g_assert_cmpint (fd, >=, 0);
  off_t size = 0;

  for (off_t step = 1 << 20; step >= 4096; step /= 4)
    while (fallocate (fd, 0, size, step) == 0)
      size += step;
  close (fd);
  g_assert_cmpuint (free_space (practice), <, 4096);
}

static void drop (Practice *practice, const char *name) {
  g_autofree char *root = g_path_get_dirname (practice->folder);
  g_autofree char *path = g_build_filename (root, name, NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

static TamboEnrolment *enrol_but_signature (Practice *practice) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) portrait = portrait_new ();
  g_autoptr (TamboImage) ridges = ridges_new ();
  TamboEnrolment *enrolment =
      tambo_enrol_begin (practice->station, "passport", NULL, MRZ_LINES, NULL, &error);

  g_assert_no_error (error);
  tambo_enrol_add_portrait (practice->station, enrolment, portrait, "test", &error);
  add_finger (practice, enrolment, TAMBO_FINGER_RIGHT_INDEX, ridges, &error);
  add_finger (practice, enrolment, TAMBO_FINGER_LEFT_INDEX, ridges, &error);
  g_assert_no_error (error);
  return enrolment;
}

static TamboSignature *signature_new (void) {
  TamboSignature *signature = tambo_signature_new (1000, 500, 1023, 2540);

  for (guint i = 0; i < 200; i++) {
    TamboPenSample sample = { 100 + i * 4, 250 + (i % 40) * 3, 600, i * 5 };
    g_array_append_val (signature->samples, sample);
  }
  return signature;
}

/* What was begun ends on a full disk; nothing new begins; the ballast comes back with the room. */
static void test_full_disk_can_finish (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = enrol_but_signature (practice);
  g_autoptr (TamboSignature) signature = signature_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (has_ballast (practice));
  fill (practice, "filler");
  g_assert_null (tambo_enrol_begin (practice->station, "passport", NULL, MRZ_LINES, NULL, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_assert_true (has_ballast (practice));

  tambo_enrol_add_signature (practice->station, enrolment, signature, "test", &error);
  g_assert_no_error (error);
  g_assert_false (has_ballast (practice));
  tambo_enrol_seal (practice->station, enrolment, &error);
  g_assert_no_error (error);
  g_assert_cmpint (enrolment->state, ==, TAMBO_CASE_QUEUED);
  g_assert_cmpuint (tambo_station_count_waiting (practice->station), ==, 1);
  g_assert_true (tambo_store_verify (tambo_station_get_store (practice->station), &error));

  drop (practice, "filler");
  g_clear_object (&practice->station);
  practice->station = tambo_station_open (practice->folder, &error);
  g_assert_no_error (error);
  g_assert_true (has_ballast (practice));
}

/* Sealing and signing in alone, each as the first to meet the full disk. */
static void test_seal_and_sign_in_relieve (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = enrol_but_signature (practice);
  g_autoptr (TamboSignature) signature = signature_new ();
  g_autoptr (GError) error = NULL;

  tambo_enrol_add_signature (practice->station, enrolment, signature, "test", &error);
  g_assert_no_error (error);
  fill (practice, "filler");
  tambo_enrol_seal (practice->station, enrolment, &error);
  g_assert_no_error (error);
  g_assert_false (has_ballast (practice));

  drop (practice, "filler");
  tambo_ballast_restore (practice->folder);
  g_assert_true (has_ballast (practice));
  fill (practice, "filler");
  sign_in (practice, "clerk");
  g_assert_false (has_ballast (practice));
}

/* Without ballast a full disk is an error that names itself, and the case is as it was. */
static void test_without_ballast (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = enrol_but_signature (practice);
  g_autoptr (TamboSignature) signature = signature_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (practice->folder, "ballast", NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
  fill (practice, "filler");
  g_assert_false (
      tambo_enrol_add_signature (practice->station, enrolment, signature, "test", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NO_SPACE);
  g_clear_error (&error);
  g_assert_cmpuint (enrolment->samples->len, ==, 3);
  drop (practice, "filler");
  g_assert_true (
      tambo_enrol_add_signature (practice->station, enrolment, signature, "test", &error));
  g_assert_true (tambo_enrol_seal (practice->station, enrolment, &error));
}

/* Nobody else sees the small disk, and it goes with this process. */
static gboolean mount_small_disk (const char *folder) {
  return unshare (CLONE_NEWNS) == 0 && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
         && mount ("tmpfs", folder, "tmpfs", 0, DISK) == 0;
}

int main (int argc, char **argv) {
  /* GLib looks for TMPDIR once. */
  g_autofree char *folder = g_strdup ("/tmp/tambo-disk-XXXXXX");
  gboolean is_small = g_mkdtemp (folder) != NULL && mount_small_disk (folder);
  int status = 0;

  if (is_small)
    g_setenv ("TMPDIR", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  if (is_small) {
    g_test_add_func ("/station/ballast/finish", test_full_disk_can_finish);
    g_test_add_func ("/station/ballast/relieve", test_seal_and_sign_in_relieve);
    g_test_add_func ("/station/ballast/without", test_without_ballast);
    status = g_test_run ();
    umount2 (folder, MNT_DETACH);
  } else {
    g_print ("1..0 # SKIP a small disk cannot be mounted here\n");
  }
  g_rmdir (folder);
  return status;
}
