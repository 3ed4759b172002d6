/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "practice-station.h"

#include "base/error.h"
#include "station/audit-desk.h"
#include "station/backup.h"
#include "station/enrol.h"
#include "station/sealed-file.h"
#include "store/cases.h"

static char *beside (Practice *practice, const char *name) {
  g_autofree char *root = g_path_get_dirname (practice->folder);

  return g_build_filename (root, name, NULL);
}

static GBytes *password_new (const char *text) {
  return tambo_secret_new (text, strlen (text));
}

static char *make_backup (Practice *practice) {
  g_autoptr (GBytes) password = password_new (PASSWORD);
  g_autoptr (GError) error = NULL;
  char *path = beside (practice, "backup");

  sign_in (practice, "supervisor");
  tambo_backup_make (practice->station, path, password, &error);
  g_assert_no_error (error);
  return path;
}

static gboolean restore (const char *folder, const char *path, const char *password_text,
                         gboolean replace, const char *second, char **out_kept, GError **error) {
  g_autoptr (GBytes) password = password_new (password_text);
  g_autoptr (GBytes) second_password = password_new (PASSWORD);
  TamboRestoring restoring = { folder,          path,   "supervisor", password, second,
                               second_password, replace };

  return tambo_backup_restore (&restoring, out_kept, error);
}

static guint count_files (const char *folder) {
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

/* A draft with a portrait comes back on another disk, under the operators' own passwords. */
static void test_round_trip (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment =
      tambo_enrol_begin (practice->station, "passport", NULL, MRZ_LINES, NULL, &error);
  g_autoptr (GBytes) portrait = portrait_new ();
  g_autoptr (GBytes) password = password_new (PASSWORD);
  guint files = count_files (practice->folder);
  g_autofree char *kept = NULL;
  gint64 entries, countersigned;

  g_assert_true (tambo_enrol_add_portrait (practice->station, enrolment, portrait, "test", &error));
  g_autofree char *path = make_backup (practice);
  g_assert_cmpuint (count_files (practice->folder), ==, files);

  g_autofree char *folder = beside (practice, "restored");
  restore (folder, path, PASSWORD, FALSE, "deputy", &kept, &error);
  g_assert_no_error (error);
  g_assert_null (kept);
  g_autoptr (TamboStation) station = tambo_station_open (folder, &error);
  g_assert_no_error (error);
  g_assert_true (tambo_station_sign_in (station, "clerk", password, &error));
  g_autoptr (TamboEnrolment) resumed = tambo_enrol_resume (station, enrolment->id, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) again = tambo_enrol_load_sample (station, resumed, "portrait", &error);
  g_assert_true (g_bytes_equal (again, portrait));
  g_assert_true (tambo_audit_desk_verify (station, &entries, &countersigned, &error));
  g_assert_cmpstr (tambo_store_get_incarnation (tambo_station_get_store (station)), !=,
                   tambo_store_get_incarnation (tambo_station_get_store (practice->station)));

  /* Never over a station, unless that is what is wanted; then it is kept. */
  g_assert_false (restore (folder, path, PASSWORD, FALSE, "deputy", &kept, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_true (restore (folder, path, PASSWORD, TRUE, "deputy", &kept, &error));
  g_autoptr (TamboStation) old = tambo_station_open (kept, &error);
  g_assert_no_error (error);
}

/* A station comes back before two who belong to it. */
static void test_restoring_takes_two (void) {
  static const struct {
    const char *second;
    TamboStationError code;
  } refused[] = {
    { NULL, TAMBO_STATION_ERROR_FOUR_EYES },
    { "supervisor", TAMBO_STATION_ERROR_FOUR_EYES },
    { "clerk", TAMBO_STATION_ERROR_ROLE },
  };
  g_autoptr (Practice) practice = practice_new (FALSE);
  g_autofree char *path = make_backup (practice);
  g_autofree char *folder = beside (practice, "restored");
  g_autofree char *kept = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_assert_false (restore (folder, path, PASSWORD, FALSE, refused[i].second, &kept, &error));
    g_assert_error (error, TAMBO_STATION_ERROR, (int) refused[i].code);
    g_clear_error (&error);
    g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  }
  g_assert_true (restore (folder, path, PASSWORD, FALSE, "deputy", &kept, &error));
  g_autoptr (TamboStation) station = tambo_station_open (folder, &error);
  assert_audit (station, "supervisor+deputy", "station.restore");
}

static void test_only_a_supervisor (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  g_autoptr (GBytes) password = password_new (PASSWORD);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = beside (practice, "backup");

  g_assert_false (tambo_backup_make (practice->station, path, password, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ROLE);
  g_clear_error (&error);
  g_autofree char *made = make_backup (practice);
  g_assert_false (tambo_backup_make (practice->station, made, password, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_EXISTS);
}

static void assert_refused (Practice *practice, const char *contents, gsize size,
                            const char *password_text) {
  g_autoptr (GError) error = NULL;
  g_autofree char *path = beside (practice, "changed");
  g_autofree char *folder = beside (practice, "nothing");
  g_autofree char *root = g_path_get_dirname (practice->folder);
  g_autofree char *kept = NULL;
  guint files;

  g_assert_true (g_file_set_contents (path, contents, (gssize) size, NULL));
  files = count_files (root);
  g_assert_false (restore (folder, path, password_text, FALSE, "deputy", &kept, &error));
  g_assert_true (error->domain == TAMBO_BASE_ERROR);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_files (root), ==, files);
}

static void test_damage_is_seen (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  g_autofree char *path = make_backup (practice);
  g_autofree char *contents = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  assert_refused (practice, contents, size, "another password");
  assert_refused (practice, contents, size - 1, PASSWORD);
  assert_refused (practice, contents, size / 2, PASSWORD);
  assert_refused (practice, contents, 40, PASSWORD);
  assert_refused (practice, contents, 0, PASSWORD);
  const gsize places[] = { 3, 16, 20, 33, 50, size / 2, size - 5 };
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    contents[places[i]] ^= 1;
    assert_refused (practice, contents, size, PASSWORD);
    contents[places[i]] ^= 1;
  }
  g_autofree char *longer = g_malloc (size + 1);
  memcpy (longer, contents, size);
  longer[size] = 'x';
  assert_refused (practice, longer, size + 1, PASSWORD);
}

/* Whole chunks left out or exchanged. */
static void test_chunks (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) password = password_new (PASSWORD);
  g_autofree char *path = beside (practice, "sealed");
  g_autofree char *contents = NULL;
  g_autofree char *zeros = g_malloc0 (3 << 20);
  gsize size, header = 15 + 1 + 16, chunk = 4 + 12 + (1 << 20) + 16;
  g_autoptr (TamboSealedFile) sealed = tambo_sealed_file_create (path, password, 10, &error);

  g_assert_true (tambo_sealed_file_write (sealed, zeros, 3 << 20, &error));
  g_assert_true (tambo_sealed_file_finish (sealed, &error));
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  g_assert_cmpuint (size, ==, header + 3 * chunk + 4 + 12 + 16);
  assert_refused (practice, contents, header + 3 * chunk, PASSWORD);
  g_autofree char *swapped = g_memdup2 (contents, size);
  memcpy (swapped + header, contents + header + chunk, chunk);
  memcpy (swapped + header + chunk, contents + header, chunk);
  g_assert_true (g_file_set_contents (path, swapped, (gssize) size, NULL));
  g_autoptr (TamboSealedFile) opened = tambo_sealed_file_open (path, password, &error);
  g_assert_no_error (error);
  g_assert_false (tambo_sealed_file_read (opened, zeros, 1, &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY);
}

/* The station's private key lies open in its folder, but not in the backup. */
static void test_nothing_is_readable (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autofree char *path = make_backup (practice);
  g_autofree char *contents = NULL;
  const char *const needles[] = { "PRIVATE KEY", "SQLite format", "MIG-TEST", "station.json" };
  gsize size;

  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (needles); i++)
    g_assert_null (memmem (contents, size, needles[i], strlen (needles[i])));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/backup/two", test_restoring_takes_two);
  g_test_add_func ("/station/backup/round-trip", test_round_trip);
  g_test_add_func ("/station/backup/roles", test_only_a_supervisor);
  g_test_add_func ("/station/backup/damage", test_damage_is_seen);
  g_test_add_func ("/station/backup/chunks", test_chunks);
  g_test_add_func ("/station/backup/unreadable", test_nothing_is_readable);
  return g_test_run ();
}
