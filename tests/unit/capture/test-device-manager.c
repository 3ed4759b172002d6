/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/device-manager.h"
#include "scripted.h"

static char *folder;

static void put_row (GByteArray *array, const char *id, TamboDeviceState state,
                     const char *detail) {
  g_autoptr (TamboDeviceRow) row = tambo_device_row_new (id, "Name", "driver", state, detail);

  tambo_helper_put_device (array, row);
}

static void say_list (const char *kind, const GByteArray *rows, gboolean whole) {
  g_autoptr (GByteArray) answer = g_byte_array_new ();

  if (rows != NULL)
    tambo_put_bytes (answer, rows->data, rows->len);
  if (whole)
    tambo_helper_put_header (answer, TAMBO_HELPER_DONE, 0);
  scripted_say (folder, "play-and-die", kind, answer);
}

static void say_nothing_is_there (void) {
  say_list ("list-fingerprint", NULL, TRUE);
  say_list ("list-camera", NULL, TRUE);
  say_list ("list-pad", NULL, TRUE);
  say_list ("list-printer", NULL, TRUE);
}

static void on_items_changed_cb (GListModel *model, guint position, guint removed, guint added,
                                 gpointer data) {
  guint *changes = data;

  changes[0]++;
  changes[1] = position;
  changes[2] = removed;
  changes[3] = added;
}

static void scan (TamboDeviceManager *manager) {
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_device_manager_scan (manager, NULL, &error));
  g_assert_no_error (error);
}

static void test_rows_stay (void) {
  g_autoptr (TamboDeviceManager) manager = tambo_device_manager_new ();
  g_autoptr (GByteArray) rows = g_byte_array_new ();
  g_autoptr (TamboDevice) first = NULL;
  g_autoptr (TamboDevice) again = NULL;
  g_autoptr (TamboDevice) gone = NULL;
  guint changes[4] = { 0 };

  g_signal_connect (manager, "items-changed", G_CALLBACK (on_items_changed_cb), changes);
  say_nothing_is_there ();
  scan (manager);
  g_assert_cmpuint (changes[0], ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 0);

  put_row (rows, "usb:1", TAMBO_DEVICE_READY, NULL);
  put_row (rows, "usb:2", TAMBO_DEVICE_READY, NULL);
  say_list ("list-camera", rows, TRUE);
  scan (manager);
  g_assert_cmpuint (changes[0], ==, 1);
  g_assert_cmpuint (changes[3], ==, 2);
  first = g_list_model_get_item (G_LIST_MODEL (manager), 0);
  gone = g_list_model_get_item (G_LIST_MODEL (manager), 1);
  g_assert_true (TAMBO_IS_CAMERA (first));

  g_byte_array_set_size (rows, 0);
  put_row (rows, "usb:1", TAMBO_DEVICE_NO_PERMISSION, "no access");
  say_list ("list-camera", rows, TRUE);
  scan (manager);
  again = g_list_model_get_item (G_LIST_MODEL (manager), 0);
  g_assert_true (again == first);
  g_assert_cmpint (tambo_device_get_state (first), ==, TAMBO_DEVICE_NO_PERMISSION);
  g_assert_cmpstr (tambo_device_get_detail (first), ==, "no access");
  g_assert_cmpint (tambo_device_get_state (gone), ==, TAMBO_DEVICE_REMOVED);
  g_assert_cmpuint (changes[0], ==, 2);
  g_assert_cmpuint (changes[1], ==, 1);
  g_assert_cmpuint (changes[2], ==, 1);
  g_assert_cmpuint (changes[3], ==, 0);
}

static void test_broken_helper (void) {
  g_autoptr (TamboDeviceManager) manager = tambo_device_manager_new ();
  g_autoptr (GByteArray) rows = g_byte_array_new ();
  g_autoptr (TamboDevice) device = NULL;
  g_autoptr (TamboSignaturePad) pad = NULL;
  g_autoptr (GError) error = NULL;

  say_nothing_is_there ();
  put_row (rows, "usb:1", TAMBO_DEVICE_READY, NULL);
  say_list ("list-pad", rows, FALSE);
  scan (manager);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 1);
  device = g_list_model_get_item (G_LIST_MODEL (manager), 0);
  g_assert_cmpint (tambo_device_get_kind (device), ==, TAMBO_DEVICE_SIGNATURE_PAD);
  g_assert_cmpint (tambo_device_get_state (device), ==, TAMBO_DEVICE_FAILED);
  pad = tambo_device_manager_dup_signature_pad (manager, NULL, &error);
  g_assert_null (pad);
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED);
}

static void test_choosing (void) {
  g_autoptr (TamboDeviceManager) manager = tambo_device_manager_new ();
  g_autoptr (GByteArray) rows = g_byte_array_new ();
  g_autoptr (TamboFingerprintReader) reader = NULL;
  g_autoptr (TamboFingerprintReader) refused = NULL;
  g_autoptr (TamboCamera) camera = NULL;
  g_autoptr (GError) error = NULL;

  say_nothing_is_there ();
  put_row (rows, "chip", TAMBO_DEVICE_UNSUITABLE, "matches inside");
  put_row (rows, "image", TAMBO_DEVICE_READY, NULL);
  say_list ("list-fingerprint", rows, TRUE);
  scan (manager);
  reader = tambo_device_manager_dup_fingerprint_reader (manager, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tambo_device_get_id (TAMBO_DEVICE (reader)), ==, "image");
  refused = tambo_device_manager_dup_fingerprint_reader (manager, "chip", &error);
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNSUITABLE);
  g_assert_cmpstr (error->message, ==, "matches inside");
  g_clear_error (&error);
  camera = tambo_device_manager_dup_camera (manager, NULL, &error);
  g_assert_null (camera);
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_NO_DEVICE);
}

/* Webcams come after the cameras that are made for pictures, and those that cannot be listed take nobody's place. */
static void test_webcams (void) {
#ifdef TAMBO_WITH_WEBCAMS
  g_autoptr (TamboDeviceManager) manager = tambo_device_manager_new ();
  g_autoptr (GByteArray) rows = g_byte_array_new ();
  g_autoptr (TamboCamera) webcam = NULL;
  g_autoptr (TamboCamera) still = NULL;
  g_autoptr (TamboCamera) again = NULL;

  g_setenv ("TAMBO_WEBCAMS", "yes", TRUE);
  say_nothing_is_there ();
  put_row (rows, "webcam:node:/dev/video0", TAMBO_DEVICE_READY, NULL);
  say_list ("list-webcam", rows, TRUE);
  scan (manager);
  webcam = tambo_device_manager_dup_camera (manager, NULL, NULL);
  g_assert_cmpstr (tambo_device_get_id (TAMBO_DEVICE (webcam)), ==, "webcam:node:/dev/video0");
  g_byte_array_set_size (rows, 0);
  put_row (rows, "usb:1", TAMBO_DEVICE_READY, NULL);
  say_list ("list-camera", rows, TRUE);
  scan (manager);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 2);
  still = tambo_device_manager_dup_camera (manager, NULL, NULL);
  g_assert_cmpstr (tambo_device_get_id (TAMBO_DEVICE (still)), ==, "usb:1");
  say_list ("list-webcam", NULL, FALSE);
  scan (manager);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 2);
  again = tambo_device_manager_dup_camera (manager, NULL, NULL);
  g_assert_true (again == still);
  g_setenv ("TAMBO_WEBCAMS", "no", TRUE);
#else
  g_test_skip ("built without GStreamer");
#endif
}

static void on_scanned_cb (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (GError) error = NULL;
  gboolean *done = data;

  g_assert_true (tambo_device_manager_scan_finish (TAMBO_DEVICE_MANAGER (source), result, &error));
  g_assert_no_error (error);
  *done = TRUE;
}

static void test_async (void) {
  g_autoptr (TamboDeviceManager) manager = tambo_device_manager_new ();
  g_autoptr (GByteArray) rows = g_byte_array_new ();
  gboolean done = FALSE;

  say_nothing_is_there ();
  put_row (rows, "image", TAMBO_DEVICE_READY, NULL);
  say_list ("list-fingerprint", rows, TRUE);
  tambo_device_manager_scan_async (manager, NULL, on_scanned_cb, &done);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 0);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 1);
}

static gpointer cancel_soon (gpointer cancellable) {
  g_usleep (200 * 1000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void test_cancel (void) {
  g_autoptr (TamboDeviceManager) manager = tambo_device_manager_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  GThread *thread = NULL;

  scripted_say (folder, "hang", "list-camera", NULL);
  thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_false (tambo_device_manager_scan (manager, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* At once, on a busy machine as well: a listing that hangs is waited for twice as long. */
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
  g_thread_join (thread);
}

int main (int argc, char **argv) {
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = scripted_set_up ();
  g_test_add_func ("/capture/device-manager/rows-stay", test_rows_stay);
  g_test_add_func ("/capture/device-manager/broken-helper", test_broken_helper);
  g_test_add_func ("/capture/device-manager/choosing", test_choosing);
  g_test_add_func ("/capture/device-manager/webcams", test_webcams);
  g_test_add_func ("/capture/device-manager/async", test_async);
  g_test_add_func ("/capture/device-manager/cancel", test_cancel);
  status = g_test_run ();
  scripted_tear_down (folder);
  return status;
}
