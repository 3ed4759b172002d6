/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/helper-devices.h"
#include "scripted.h"

static char *folder;

static TamboCamera *camera_new (void) {
  g_autoptr (TamboDeviceRow) row =
      tambo_device_row_new ("usb:001,007", "Nikon", "ptp2", TAMBO_DEVICE_READY, NULL);

  return TAMBO_CAMERA (tambo_helper_camera_new (row));
}

static guint8 last_byte (GBytes *bytes) {
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return data[size - 1];
}

/* The connection stays open from frame to still; one that the camera closed is opened anew. */
static void test_frames_and_still (void) {
  g_autoptr (TamboCamera) camera = camera_new ();
  g_autofree char *pid_path = g_build_filename (folder, "pid", NULL);
  g_autoptr (GError) error = NULL;
  pid_t first, second;

  scripted_say (folder, "camera", "camera", NULL);
  for (int i = 0; i < 2; i++) {
    g_autoptr (GBytes) picture = i == 0 ? tambo_camera_next_frame (camera, NULL, &error)
                                        : tambo_camera_capture (camera, NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpint (last_byte (picture), ==,
                     i == 0 ? TAMBO_HELPER_NEXT_FRAME : TAMBO_HELPER_STILL);
  }
  first = scripted_pid (folder);
  g_unlink (pid_path);
  for (int i = 0; i < 2; i++) {
    g_autoptr (GBytes) picture = tambo_camera_next_frame (camera, NULL, &error);

    g_assert_no_error (error);
    g_assert_nonnull (picture);
  }
  second = scripted_pid (folder);
  g_assert_cmpint (second, !=, first);
  tambo_camera_stop (camera);
  g_assert_true (scripted_is_gone (second, 2500));
  g_assert_cmpint (tambo_device_get_state (TAMBO_DEVICE (camera)), ==, TAMBO_DEVICE_READY);
}

/* A camera that dies at every opening is not opened for ever. */
static void test_dead_camera (void) {
  g_autoptr (TamboCamera) camera = camera_new ();
  g_autoptr (GError) error = NULL;

  scripted_say (folder, "crash", "camera", NULL);
  g_assert_null (tambo_camera_next_frame (camera, NULL, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED);
  g_assert_cmpint (tambo_device_get_state (TAMBO_DEVICE (camera)), ==, TAMBO_DEVICE_FAILED);
}

/* What is no JPEG file is not handed on. */
static void test_no_picture (void) {
  g_autoptr (TamboCamera) camera = camera_new ();
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  tambo_helper_put_header (answer, TAMBO_HELPER_PICTURE, 4);
  tambo_put_bytes (answer, "II*\0", 4);
  scripted_say (folder, "play", "camera", answer);
  g_assert_null (tambo_camera_capture (camera, NULL, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
}

/* No live view, or no focus: the camera is still there and still good for a picture. */
static void test_harmless_errors (void) {
  g_autoptr (TamboCamera) camera = camera_new ();
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  g_autoptr (GError) no_view =
      g_error_new_literal (TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNSUITABLE, "no live view");
  g_autoptr (GError) no_focus =
      g_error_new_literal (TAMBO_CAPTURE_RETRY, TAMBO_CAPTURE_RETRY_OUT_OF_FOCUS, "out of focus");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) picture = NULL;

  tambo_helper_put_error (answer, no_view);
  tambo_helper_put_error (answer, no_focus);
  tambo_helper_put_header (answer, TAMBO_HELPER_PICTURE, 3);
  tambo_put_bytes (answer, "\xff\xd8\xff", 3);
  scripted_say (folder, "play", "camera", answer);
  g_assert_null (tambo_camera_next_frame (camera, NULL, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNSUITABLE);
  g_clear_error (&error);
  g_assert_null (tambo_camera_capture (camera, NULL, &error));
  g_assert_error (error, TAMBO_CAPTURE_RETRY, TAMBO_CAPTURE_RETRY_OUT_OF_FOCUS);
  g_assert_cmpint (tambo_device_get_state (TAMBO_DEVICE (camera)), ==, TAMBO_DEVICE_READY);
  g_clear_error (&error);
  picture = tambo_camera_capture (camera, NULL, &error);
  g_assert_no_error (error);
}

/* A camera that never says a word after its drivers are there is opened anew after four seconds, by the first
 * picture as well, and given up after the second time; a busy machine needs some to start a helper. */
static void test_mute_camera (void) {
  g_autoptr (TamboCamera) camera = camera_new ();
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  scripted_say (folder, "mute-camera", "camera", NULL);
  g_assert_null (tambo_camera_capture (camera, NULL, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_TIMEOUT);
  g_assert_cmpstr (error->message, ==, "the device did not answer within 4.0 s");
  g_assert_cmpint (g_get_monotonic_time () - start, <, 15 * G_USEC_PER_SEC);
}

static void test_slow_camera (void) {
  g_autoptr (TamboCamera) camera = camera_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) picture = NULL;

  scripted_say (folder, "slow-camera", "camera", NULL);
  picture = tambo_camera_capture (camera, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (last_byte (picture), ==, TAMBO_HELPER_STILL);
}

static gpointer stop_soon (gpointer camera) {
  g_usleep (200 * 1000);
  tambo_camera_stop (camera);
  return NULL;
}

static gpointer cancel_later (gpointer cancellable) {
  g_usleep (400 * 1000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

/* A stop from the window while a frame is awaited does not wait, and is not lost. */
static void test_stop_while_running (void) {
  g_autoptr (TamboCamera) camera = camera_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *pid_path = g_build_filename (folder, "pid", NULL);
  g_autoptr (GError) error = NULL;
  GThread *stopper = NULL;
  GThread *canceller = NULL;
  pid_t pid;

  g_unlink (pid_path);
  scripted_say (folder, "hang", "camera", NULL);
  stopper = g_thread_new ("stop", stop_soon, camera);
  canceller = g_thread_new ("cancel", cancel_later, cancellable);
  g_assert_null (tambo_camera_next_frame (camera, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (stopper);
  g_thread_join (canceller);
  pid = scripted_pid (folder);
  g_assert_true (scripted_is_gone (pid, 2500));
}

int main (int argc, char **argv) {
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = scripted_set_up ();
  g_test_add_func ("/capture/camera/frames-and-still", test_frames_and_still);
  g_test_add_func ("/capture/camera/dead-camera", test_dead_camera);
  g_test_add_func ("/capture/camera/no-picture", test_no_picture);
  g_test_add_func ("/capture/camera/harmless-errors", test_harmless_errors);
  g_test_add_func ("/capture/camera/mute-camera", test_mute_camera);
  g_test_add_func ("/capture/camera/slow-camera", test_slow_camera);
  g_test_add_func ("/capture/camera/stop-while-running", test_stop_while_running);
  status = g_test_run ();
  scripted_tear_down (folder);
  return status;
}
