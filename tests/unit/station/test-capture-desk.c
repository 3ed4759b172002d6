/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Attempts at the desk, with a slap scanner that the simulator plays: three of them, the best of each finger,
 * no finger twice, and nothing lost of what was good.
 */
#include "practice-station.h"
#include "refused-store.h"

#include "../capture/played-scanner.h"
#include "station/capture-desk.h"
#include "station/enrol.h"

static PlayedScanner scanner;
static char *data_folder;

typedef struct {
  Practice *practice;
  TamboEnrolment *enrolment;
  TamboDeviceManager *devices;
  int attempts, prints, best; /* best: quality of the prints that were told */
  char *why;
} Visit;

static void visit_clear (Visit *visit) {
  practice_free (visit->practice);
  tambo_enrolment_free (visit->enrolment);
  g_object_unref (visit->devices);
  g_free (visit->why);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Visit, visit_clear)

static void on_attempt (int attempt, const char *why, gpointer data) {
  Visit *visit = data;

  visit->attempts = attempt;
  g_free (visit->why);
  visit->why = g_strdup (why);
}

static void on_print (TamboPrintReport *report, gpointer data) {
  Visit *visit = data;

  visit->prints++;
  visit->best = MAX (visit->best, report->quality.index);
  tambo_print_report_free (report);
}

static void visit_begin (Visit *visit, const char *procedure) {
  g_autoptr (GError) error = NULL;

  *visit = (Visit){ .practice = practice_new (TRUE), .devices = tambo_device_manager_new () };
  visit->enrolment =
      tambo_enrol_begin (visit->practice->station, procedure, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tambo_device_manager_scan (visit->devices, NULL, &error));
}

static TamboCaptureDesk desk_of (Visit *visit) {
  visit->attempts = visit->prints = visit->best = 0;
  return (TamboCaptureDesk){
    .station = visit->practice->station,
    .devices = visit->devices,
    .enrolment = visit->enrolment,
    .attempt = on_attempt,
    .print = on_print,
    .data = visit,
  };
}

static gboolean take_slap (Visit *visit, TamboPress press, GError **error) {
  TamboCaptureDesk desk = desk_of (visit);

  return tambo_capture_desk_slap (&desk, press, 0, NULL, error);
}

static gboolean take_finger (Visit *visit, TamboFinger finger, GError **error) {
  TamboCaptureDesk desk = desk_of (visit);

  return tambo_capture_desk_finger (&desk, finger, NULL, error);
}

static const TamboSample *find (const Visit *visit, const char *finger) {
  g_autofree char *slot = g_strconcat ("finger-", finger, NULL);

  return tambo_enrolment_find_sample (visit->enrolment, slot);
}

static void test_good (void) {
  static const char *const names[] = { "right-index", "right-middle", "right-ring",
                                       "right-little" };
  g_auto (Visit) visit;
  g_autoptr (GError) error = NULL;

  visit_begin (&visit, "passport");
  g_assert_true (take_slap (&visit, TAMBO_PRESS_RIGHT_FOUR, &error));
  g_assert_no_error (error);
  g_assert_cmpint (visit.attempts, ==, 1);
  g_assert_cmpint (visit.prints, ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const TamboSample *sample = find (&visit, names[i]);
    g_assert_nonnull (sample);
    g_assert_cmpstr (sample->device, ==, "Tambo Practice Slap (sbi-1.0)");
    g_assert_cmpint (sample->ppi, ==, 500);
  }
}

/* Of three that are not good enough, the best is in the case; by finger and by hand. */
static void test_best_of_three (void) {
  g_auto (Visit) visit;
  g_autoptr (GError) error = NULL;

  visit_begin (&visit, "strict");
  played_scanner_tell (&scanner, "fault poor\n");
  g_assert_false (take_finger (&visit, TAMBO_FINGER_RIGHT_INDEX, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY);
  g_clear_error (&error);
  g_assert_cmpint (visit.attempts, ==, 3);
  g_assert_nonnull (visit.why);
  g_assert_cmpint (visit.prints, ==, 3);
  g_assert_cmpint (find (&visit, "right-index")->quality, ==, visit.best);

  g_assert_false (take_slap (&visit, TAMBO_PRESS_RIGHT_FOUR, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY);
  g_assert_cmpint (visit.attempts, ==, 3);
  g_assert_cmpint (visit.prints, ==, 12);
  g_assert_nonnull (find (&visit, "right-ring"));
  g_assert_nonnull (find (&visit, "right-little"));
  played_scanner_tell (&scanner, "fault none\n");
}

/* The disk fails as the best is kept: that is what is told, and not the quality alone. */
static void test_best_not_kept (void) {
  RefusedStore refused = { SQLITE_INSERT, "samples" };
  g_auto (Visit) visit;
  g_autoptr (GError) error = NULL;

  visit_begin (&visit, "strict");
  played_scanner_tell (&scanner, "fault poor\n");
  refused_store_set (visit.practice->station, &refused);
  g_assert_false (take_finger (&visit, TAMBO_FINGER_RIGHT_INDEX, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_FAILED);
  refused_store_set (visit.practice->station, NULL);
  g_assert_null (find (&visit, "right-index"));
  played_scanner_tell (&scanner, "fault none\n");
}

/* One finger of the hand is poor: the others are good at once, and it alone is asked for again. */
static void test_one_poor (void) {
  g_auto (Visit) visit;
  g_autoptr (GError) error = NULL;

  visit_begin (&visit, "strict");
  played_scanner_tell (&scanner, "fault poor-last\n");
  g_assert_false (take_slap (&visit, TAMBO_PRESS_RIGHT_FOUR, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY);
  g_assert_nonnull (strstr (error->message, "right-little"));
  g_assert_cmpint (visit.attempts, ==, 3);
  g_assert_cmpint (visit.prints, ==, 4 + 1 + 1);
  g_assert_cmpint (find (&visit, "right-index")->quality, >=, 90);
  g_assert_cmpint (find (&visit, "right-little")->quality, <, 90);
  played_scanner_tell (&scanner, "fault none\n");
}

/* The same hand under the other one's name, finger by finger and as a whole. */
static void test_twins (void) {
  g_auto (Visit) visit;
  g_autoptr (GError) error = NULL;

  visit_begin (&visit, "passport");
  g_assert_true (take_slap (&visit, TAMBO_PRESS_RIGHT_FOUR, &error));
  played_scanner_tell (&scanner, "fault other-hand\n");
  g_assert_false (take_slap (&visit, TAMBO_PRESS_LEFT_FOUR, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_OTHER_FINGER);
  g_assert_nonnull (
      strstr (error->message, "left-index is the finger that was taken as right-index"));
  g_assert_cmpint (visit.attempts, ==, 3);
  g_clear_error (&error);
  g_assert_false (take_finger (&visit, TAMBO_FINGER_LEFT_RING, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_OTHER_FINGER);
  g_assert_null (find (&visit, "left-index"));
  g_assert_null (find (&visit, "left-ring"));
  g_assert_nonnull (find (&visit, "right-index"));
  played_scanner_tell (&scanner, "fault none\n");
}

/* A finger with an exception is neither waited for nor taken. */
static void test_exception (void) {
  g_auto (Visit) visit;
  g_autoptr (GError) error = NULL;

  visit_begin (&visit, "passport");
  g_assert_true (tambo_enrol_add_finger_exception (visit.practice->station, visit.enrolment,
                                                   TAMBO_FINGER_RIGHT_RING, "amputated", &error));
  g_assert_true (take_slap (&visit, TAMBO_PRESS_RIGHT_FOUR, &error));
  g_assert_no_error (error);
  g_assert_cmpint (visit.prints, ==, 3);
  g_assert_null (find (&visit, "right-ring"));
}

/* What the scanner cannot be believed ends it at once, and what was there stays. */
static void test_no_attempts (void) {
  g_auto (Visit) visit;
  g_autoptr (GError) error = NULL;

  visit_begin (&visit, "passport");
  g_assert_true (take_finger (&visit, TAMBO_FINGER_RIGHT_INDEX, &error));
  played_scanner_tell (&scanner, "fault broken-chain\n");
  g_assert_false (take_slap (&visit, TAMBO_PRESS_RIGHT_FOUR, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNTRUSTED);
  g_assert_cmpint (visit.attempts, ==, 1);
  g_assert_cmpint (visit.prints, ==, 0);
  g_assert_nonnull (find (&visit, "right-index"));
  played_scanner_tell (&scanner, "fault none\n");
}

/* The project's passport, and the same with a quality that few reach. */
static void make_procedures (void) {
  g_autofree char *source =
      g_build_filename (g_getenv ("TAMBO_DATADIR"), "procedures", "passport.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *text = NULL;

  data_folder = g_dir_make_tmp ("data-XXXXXX", &error);
  folder = g_build_filename (data_folder, "procedures", NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_get_contents (source, &text, NULL, &error));
  write_text (folder, "passport.json", text);
  g_autoptr (JsonObject) procedure = tambo_json_parse_object (text, -1, &error);
  json_object_set_string_member (procedure, "id", "strict");
  json_object_set_int_member (procedure, "minimum_finger_quality", 90);
  g_autofree char *strict = tambo_json_canonical (procedure);
  write_text (folder, "strict.json", strict);
  g_setenv ("TAMBO_DATADIR", data_folder, TRUE);
}

static void remove_procedures (void) {
  static const char *const names[] = { "procedures/passport.json", "procedures/strict.json",
                                       "procedures", "" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (data_folder, names[i], NULL);
    g_assert_cmpint (g_remove (path), ==, 0);
  }
  g_free (data_folder);
}

int main (int argc, char **argv) {
  int result;

  g_setenv ("TAMBO_LIBEXECDIR", CAPTURE_HELPER_FOLDER, TRUE);
  /* The played fingers are grown when they are laid for the first time. */
  g_setenv ("TAMBO_SBI_TIMEOUT", "100", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/capture-desk/good", test_good);
  g_test_add_func ("/station/capture-desk/best-of-three", test_best_of_three);
  g_test_add_func ("/station/capture-desk/best-not-kept", test_best_not_kept);
  g_test_add_func ("/station/capture-desk/one-poor", test_one_poor);
  g_test_add_func ("/station/capture-desk/twins", test_twins);
  g_test_add_func ("/station/capture-desk/exception", test_exception);
  g_test_add_func ("/station/capture-desk/no-attempts", test_no_attempts);
  make_procedures ();
  played_scanner_start (&scanner, (const char *const[]){ NULL });
  result = g_test_run ();
  played_scanner_end (&scanner);
  played_scanner_clear (&scanner);
  remove_procedures ();
  return result;
}
