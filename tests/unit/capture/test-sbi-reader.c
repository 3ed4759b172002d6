/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The whole way: the desk's reader, the real helper, HTTP on the loopback, and the simulator's scanner with
 * everything that can go wrong with it.
 */
#include <string.h>

#include "capture/device-manager.h"
#include "capture/helper-devices.h"
#include "../leftovers.h"
#include "played-scanner.h"

/* Most tests share one: its fingers take a while to grow. */
static PlayedScanner shared;

static void scanner_stop (PlayedScanner *scanner) {
  played_scanner_end (scanner);
  played_scanner_clear (scanner);
}

static TamboFingerprintReader *reader_new (const PlayedScanner *scanner) {
  g_autofree char *id = g_strdup_printf ("sbi:%s:" PLAYED_SERIAL, scanner->port);
  g_autoptr (TamboDeviceRow) row =
      tambo_device_row_new (id, "Tambo Practice Slap", "sbi-1.0", TAMBO_DEVICE_READY, NULL);

  row->presses = 0xf;
  return TAMBO_FINGERPRINT_READER (tambo_helper_device_new (TAMBO_DEVICE_FINGERPRINT_READER, row));
}

static GPtrArray *press (TamboFingerprintReader *reader, TamboPress what, TamboFinger finger,
                         GCancellable *cancellable, GError **error) {
  const TamboFingerRequest request = { .press = what, .finger = finger };

  return tambo_fingerprint_reader_press (reader, &request, cancellable, error);
}

/* ---- well ---- */

static void test_list (void) {
  PlayedScanner scanner;
  g_autoptr (TamboDeviceManager) manager = tambo_device_manager_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  played_scanner_start (&scanner, (const char *const[]){ NULL });
  g_assert_true (tambo_device_manager_scan (manager, NULL, &error));
  g_autoptr (TamboFingerprintReader) reader =
      tambo_device_manager_dup_reader_for (manager, TAMBO_PRESS_THUMBS, &error);
  g_assert_no_error (error);
  id = g_strdup_printf ("sbi:%s:" PLAYED_SERIAL, scanner.port);
  g_assert_cmpstr (tambo_device_get_id (TAMBO_DEVICE (reader)), ==, id);
  g_assert_cmpstr (tambo_device_get_name (TAMBO_DEVICE (reader)), ==, "Tambo Practice Slap");
  g_assert_cmpstr (tambo_device_get_driver (TAMBO_DEVICE (reader)), ==, "sbi-1.0");
  g_assert_cmphex (tambo_fingerprint_reader_get_presses (reader), ==, 0xf);
  played_scanner_end (&scanner);

  g_assert_true (tambo_device_manager_scan (manager, NULL, &error));
  g_assert_cmpint (tambo_device_get_state (TAMBO_DEVICE (reader)), ==, TAMBO_DEVICE_REMOVED);
  g_assert_null (tambo_device_manager_dup_reader_for (manager, TAMBO_PRESS_THUMBS, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_NO_DEVICE);
  played_scanner_clear (&scanner);
  played_scanner_use (&shared);
}

/* Twice, so that the second chain begins where the first ended. */
static void test_presses (void) {
  static const struct {
    TamboPress press;
    TamboFinger finger;
    guint n, fingers;
  } rows[] = {
    { TAMBO_PRESS_RIGHT_FOUR, TAMBO_FINGER_UNKNOWN, 4, 0x3c },
    { TAMBO_PRESS_THUMBS, TAMBO_FINGER_UNKNOWN, 2, 0x42 },
    { TAMBO_PRESS_SINGLE, TAMBO_FINGER_RIGHT_RING, 1, 0x10 },
    { TAMBO_PRESS_SINGLE, TAMBO_FINGER_UNKNOWN, 1, 0x04 },
  };

  g_autoptr (TamboFingerprintReader) reader = reader_new (&shared);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) captures = press (reader, rows[i].press, rows[i].finger, NULL, &error);
    guint fingers = 0;

    g_assert_no_error (error);
    g_assert_cmpuint (captures->len, ==, rows[i].n);
    for (guint j = 0; j < captures->len; j++) {
      const TamboFingerprintCapture *capture = captures->pdata[j];
      fingers |= 1u << capture->finger;
      g_assert_cmpint (capture->image->ppi, ==, 500);
      g_assert_cmpint (capture->quality, ==, 80);
      g_assert_cmpint (capture->image->width, ==, 388);
    }
    g_assert_cmphex (fingers, ==, rows[i].fingers);
  }
}

static void test_makes (void) {
  static const char *const makes[][5] = {
    { "--spec=0.9.5", "--es256", "--compression=wsq", NULL },
    { "--spec=0.9.5", "--record-2005", "--hash-digits", "--compression=raw", NULL },
    { "--compression=png", "--es256", "--hash-digits", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (makes); i++) {
    PlayedScanner scanner;
    g_autoptr (GError) error = NULL;

    played_scanner_start (&scanner, makes[i]);
    g_autoptr (TamboFingerprintReader) reader = reader_new (&scanner);
    g_autoptr (GPtrArray) captures =
        press (reader, TAMBO_PRESS_SINGLE, TAMBO_FINGER_LEFT_INDEX, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (captures->len, ==, 1);
    g_assert_cmpint (((TamboFingerprintCapture *) captures->pdata[0])->finger, ==,
                     TAMBO_FINGER_LEFT_INDEX);
    scanner_stop (&scanner);
    played_scanner_use (&shared);
  }
}

/* ---- the glass ---- */

typedef struct {
  guint frames, statuses;
} Glass;

static gboolean on_glass_cb (GBytes *jpeg, gpointer data) {
  Glass *glass = data;

  g_assert_cmpuint (glass->statuses, ==, 0); /* not after the capture has begun */
  return ++glass->frames == 3;
}

static void on_status_cb (TamboFingerStatus status, gpointer data) {
  ((Glass *) data)->statuses++;
}

static void test_glass (void) {
  static const char *const faults[] = { "fault stream:nonsense\n", "fault stream:error-500\n",
                                        "fault stream:closed\n", "fault stream:endless\n" };
  Glass glass = { 0 };
  const TamboFingerRequest request = {
    .press = TAMBO_PRESS_SINGLE,
    .finger = TAMBO_FINGER_RIGHT_INDEX,
    .status = on_status_cb,
    .glass = on_glass_cb,
    .data = &glass,
  };
  g_autoptr (GError) error = NULL;

  g_autoptr (TamboFingerprintReader) reader = reader_new (&shared);
  g_autoptr (GPtrArray) captures = tambo_fingerprint_reader_press (reader, &request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (glass.frames, ==, 3);
  g_assert_cmpuint (glass.statuses, ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autoptr (GError) cause = NULL;

    glass = (Glass){ 0 };
    played_scanner_tell (&shared, faults[i]);
    g_assert_null (tambo_fingerprint_reader_press (reader, &request, NULL, &cause));
    g_assert_cmpuint (cause->domain, ==, TAMBO_CAPTURE_ERROR);
    g_assert_cmpuint (glass.statuses, ==, 0);
    g_test_message ("%s%s", faults[i], cause->message);
    played_scanner_tell (&shared, "fault none\n");
  }
}

/* ---- what goes wrong ---- */

typedef struct {
  const char *fault;
  gboolean is_retry;
  int code;
  const char *words;
} Row;

static const Row rows[] = {
  { "fewer-fingers", TRUE, TAMBO_CAPTURE_RETRY_FEWER_FINGERS,
    "3 of 4 fingers, without right-little" },
  { "wrong-finger", TRUE, TAMBO_CAPTURE_RETRY_OTHER_FINGERS, "saw left-index where right-index" },
  { "no-finger", TRUE, TAMBO_CAPTURE_RETRY_GENERAL, "saw no finger (SBI error 101" },
  { "wrong-signature", FALSE, TAMBO_CAPTURE_ERROR_UNTRUSTED, "a signature that does not hold" },
  { "stranger", FALSE, TAMBO_CAPTURE_ERROR_UNTRUSTED, "not told to trust" },
  { "broken-chain", FALSE, TAMBO_CAPTURE_ERROR_UNTRUSTED, "chain of hashes" },
  { "other-scanner", FALSE, TAMBO_CAPTURE_ERROR_UNTRUSTED, "taken by the scanner “TAMBO00000002”" },
  { "other-transaction", FALSE, TAMBO_CAPTURE_ERROR_UNTRUSTED, "transactionId “yesterday-0001”" },
  { "old", FALSE, TAMBO_CAPTURE_ERROR_UNTRUSTED, "more than 5 minutes" },
  { "other-version", FALSE, TAMBO_CAPTURE_ERROR_PROTOCOL, "specVersion “0.9.2”" },
  { "nonsense", FALSE, TAMBO_CAPTURE_ERROR_PROTOCOL, "answered nonsense" },
  { "endless", FALSE, TAMBO_CAPTURE_ERROR_PROTOCOL, "does not stop answering" },
  { "error-500", FALSE, TAMBO_CAPTURE_ERROR_FAILED, "HTTP status 500" },
  { "closed", FALSE, TAMBO_CAPTURE_ERROR_FAILED, "broke" },
  { "cut", FALSE, TAMBO_CAPTURE_ERROR_FAILED, "broke" },
  { "hang", FALSE, TAMBO_CAPTURE_ERROR_TIMEOUT, "did not answer within 4 s" },
  { "info:wrong-signature", FALSE, TAMBO_CAPTURE_ERROR_UNTRUSTED,
    "the information of the scanner" },
  { "info:stranger", FALSE, TAMBO_CAPTURE_ERROR_UNTRUSTED, "not told to trust" },
  { "info:nonsense", FALSE, TAMBO_CAPTURE_ERROR_PROTOCOL, "no list of devices" },
  { "info:endless", FALSE, TAMBO_CAPTURE_ERROR_PROTOCOL, "does not stop answering" },
  { "info:error-500", FALSE, TAMBO_CAPTURE_ERROR_FAILED, "HTTP status 500" },
  { "info:closed", FALSE, TAMBO_CAPTURE_ERROR_FAILED, "broke" },
  { "info:hang", FALSE, TAMBO_CAPTURE_ERROR_TIMEOUT, "did not answer within 2 s" },
};

static void test_faults (void) {

  g_autoptr (TamboFingerprintReader) reader = reader_new (&shared);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *line = g_strdup_printf ("fault %s\n", rows[i].fault);
    GQuark domain = rows[i].is_retry ? TAMBO_CAPTURE_RETRY : TAMBO_CAPTURE_ERROR;
    g_autoptr (GError) error = NULL;

    played_scanner_tell (&shared, line);
    if (g_str_equal (rows[i].fault, "hang"))
      g_setenv ("TAMBO_SBI_TIMEOUT", "1", TRUE);
    g_assert_null (press (reader, TAMBO_PRESS_RIGHT_FOUR, TAMBO_FINGER_UNKNOWN, NULL, &error));
    g_setenv ("TAMBO_SBI_TIMEOUT", "100", TRUE);
    g_test_message ("%s: %s", rows[i].fault, error->message);
    g_assert_error (error, domain, rows[i].code);
    g_assert_nonnull (strstr (error->message, rows[i].words));
    g_clear_error (&error);
    /* The next attempt, once the cause is gone; the chain goes on from before. */
    played_scanner_tell (&shared, "fault none\n");
    g_autoptr (GPtrArray) captures =
        press (reader, TAMBO_PRESS_SINGLE, TAMBO_FINGER_RIGHT_INDEX, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (captures->len, ==, 1);
    g_assert_cmpint (tambo_device_get_state (TAMBO_DEVICE (reader)), ==, TAMBO_DEVICE_READY);
  }
}

static void test_states (void) {
  static const struct {
    const char *status;
    TamboCaptureError code;
    TamboDeviceState state;
  } states[] = {
    { "status Busy\n", TAMBO_CAPTURE_ERROR_BUSY, TAMBO_DEVICE_BUSY },
    { "status 'Not Ready'\n", TAMBO_CAPTURE_ERROR_FAILED, TAMBO_DEVICE_FAILED },
    { "status 'Not Registered'\n", TAMBO_CAPTURE_ERROR_NOT_REGISTERED,
      TAMBO_DEVICE_NOT_REGISTERED },
  };

  g_autoptr (TamboFingerprintReader) reader = reader_new (&shared);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
    g_autoptr (GError) error = NULL;

    played_scanner_tell (&shared, states[i].status);
    g_assert_null (press (reader, TAMBO_PRESS_SINGLE, TAMBO_FINGER_RIGHT_INDEX, NULL, &error));
    g_assert_error (error, TAMBO_CAPTURE_ERROR, (int) states[i].code);
    g_assert_cmpint (tambo_device_get_state (TAMBO_DEVICE (reader)), ==, states[i].state);
  }
  played_scanner_tell (&shared, "status Ready\n");
}

static void test_service_gone (void) {
  PlayedScanner scanner;
  g_autoptr (GError) error = NULL;

  played_scanner_start (&scanner, (const char *const[]){ NULL });
  g_autoptr (TamboFingerprintReader) reader = reader_new (&scanner);
  played_scanner_end (&scanner);
  g_assert_null (press (reader, TAMBO_PRESS_SINGLE, TAMBO_FINGER_RIGHT_INDEX, NULL, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_REMOVED);
  g_assert_nonnull (strstr (error->message, "does not run"));
  played_scanner_clear (&scanner);
  played_scanner_use (&shared);
}

static void test_expired (void) {
  PlayedScanner scanner;
  g_autoptr (GError) error = NULL;

  played_scanner_start (&scanner, (const char *const[]){ "--expired", NULL });
  g_autoptr (TamboFingerprintReader) reader = reader_new (&scanner);
  g_assert_null (press (reader, TAMBO_PRESS_SINGLE, TAMBO_FINGER_RIGHT_INDEX, NULL, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNTRUSTED);
  g_assert_nonnull (strstr (error->message, "expired on"));
  scanner_stop (&scanner);
  played_scanner_use (&shared);
}

/* ---- cancelled ---- */

static void on_needed_cb (TamboFingerStatus status, gpointer data) {
  g_cancellable_cancel (data);
}

/* While the scanner waits for a finger; and it can be asked again at once. */
static void test_cancel (void) {
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const TamboFingerRequest request = {
    .press = TAMBO_PRESS_RIGHT_FOUR,
    .status = on_needed_cb,
    .data = cancellable,
  };
  g_autoptr (GError) error = NULL;
  gint64 begin;

  played_scanner_tell (&shared, "fault hang\n");
  g_autoptr (TamboFingerprintReader) reader = reader_new (&shared);
  begin = g_get_monotonic_time ();
  g_assert_null (tambo_fingerprint_reader_press (reader, &request, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_test_message ("cancelled after %d ms", (int) (g_get_monotonic_time () - begin) / 1000);
  g_clear_error (&error);
  played_scanner_tell (&shared, "fault none\n");
  g_autoptr (GPtrArray) captures =
      press (reader, TAMBO_PRESS_SINGLE, TAMBO_FINGER_RIGHT_INDEX, NULL, &error);
  g_assert_no_error (error);
}

/* ---- what is left over ---- */

/* Once the helpers so far are gone. */
static Leftovers hold_scanner_alone (void) {
  gint64 deadline = g_get_monotonic_time () + 60 * G_TIME_SPAN_SECOND;

  while (leftovers_count_children () > 1 && g_get_monotonic_time () < deadline)
    g_usleep (20 * 1000);
  return leftovers_count ();
}

/* Well, refused, broken off, cancelled, in turn; 1,000 times with TAMBO_LONG_TESTS. */
static void test_leftovers (void) {
  static const char *const faults[] = { "fault none\n", "fault broken-chain\n", "fault closed\n",
                                        "fault hang\n" };
  const guint cycles = g_getenv ("TAMBO_LONG_TESTS") != NULL ? 1000 : 24;
  g_autoptr (TamboFingerprintReader) reader = reader_new (&shared);
  Leftovers before = { 0 }, now;

  for (guint i = 0; i < cycles + 4; i++) {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    const TamboFingerRequest request = {
      .press = TAMBO_PRESS_SINGLE,
      .finger = TAMBO_FINGER_RIGHT_INDEX,
      .status = i % 4 == 3 ? on_needed_cb : NULL,
      .data = cancellable,
    };
    g_autoptr (GPtrArray) captures = NULL;

    /* GLib's own workers are there after the first round. */
    if (i == 4)
      before = hold_scanner_alone ();
    played_scanner_tell (&shared, faults[i % 4]);
    captures = tambo_fingerprint_reader_press (reader, &request, cancellable, NULL);
    g_assert_true ((captures != NULL) == (i % 4 == 0));
  }
  played_scanner_tell (&shared, "fault none\n");
  now = leftovers_count_rested (&before, 60);
  g_test_message ("after %u cycles: %u descriptors, %u threads, %u processes; before %u, %u, %u",
                  cycles, now.descriptors, now.threads, now.children, before.descriptors,
                  before.threads, before.children);
  g_assert_false (leftovers_exceed (&now, &before));
}

int main (int argc, char **argv) {
  g_setenv ("TAMBO_LIBEXECDIR", CAPTURE_HELPER_FOLDER, TRUE);
  /* The played fingers are grown when they are laid for the first time. */
  g_setenv ("TAMBO_SBI_TIMEOUT", "100", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture/sbi-reader/list", test_list);
  g_test_add_func ("/capture/sbi-reader/presses", test_presses);
  g_test_add_func ("/capture/sbi-reader/makes", test_makes);
  g_test_add_func ("/capture/sbi-reader/glass", test_glass);
  g_test_add_func ("/capture/sbi-reader/faults", test_faults);
  g_test_add_func ("/capture/sbi-reader/states", test_states);
  g_test_add_func ("/capture/sbi-reader/service-gone", test_service_gone);
  g_test_add_func ("/capture/sbi-reader/expired", test_expired);
  g_test_add_func ("/capture/sbi-reader/cancel", test_cancel);
  g_test_add_func ("/capture/sbi-reader/leftovers", test_leftovers);
  played_scanner_start (&shared, (const char *const[]){ NULL });
  int result = g_test_run ();
  scanner_stop (&shared);
  return result;
}
