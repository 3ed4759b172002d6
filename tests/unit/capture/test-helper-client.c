/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>

#include "capture/helper-client.h"
#include "scripted.h"

#define PATIENCE_MS 60000

static char *folder;
static const char *const arguments[] = { "fingerprint", "one", NULL };

static gint64 now_ms (void) {
  return g_get_monotonic_time () / 1000;
}

static TamboHelper *spawn (void) {
  g_autoptr (GError) error = NULL;
  g_autofree char *pid = g_build_filename (folder, "pid", NULL);
  TamboHelper *helper = NULL;

  g_unlink (pid);
  helper = tambo_helper_spawn (arguments, NULL, &error);
  g_assert_no_error (error);
  return helper;
}

static void assert_fails (TamboHelper *helper, guint deadline_ms, GQuark domain, int code) {
  TamboHelperFrame frame;
  g_autoptr (GError) error = NULL;

  g_assert_false (tambo_helper_receive (helper, deadline_ms, NULL, &frame, &error));
  g_assert_error (error, domain, code);
}

static void test_silence (void) {
  TamboHelper *helper = NULL;
  gint64 start;
  pid_t pid;

  scripted_say (folder, "stubborn", "fingerprint", NULL);
  helper = spawn ();
  pid = scripted_pid (folder);
  start = now_ms ();
  assert_fails (helper, 300, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_TIMEOUT);
  g_assert_cmpint (now_ms () - start, >=, 295);
  tambo_helper_end (helper);
  g_assert_true (scripted_is_gone (pid, TAMBO_HELPER_GRACE_MS));
}

static void test_death (void) {
  TamboHelper *helper = NULL;
  pid_t pid;

  scripted_say (folder, "crash", "fingerprint", NULL);
  helper = spawn ();
  assert_fails (helper, 10000, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED);
  pid = scripted_pid (folder);
  tambo_helper_end (helper);
  g_assert_true (scripted_is_gone (pid, PATIENCE_MS));
}

/* Commands to the dead give an error, not SIGPIPE. */
static void test_command_to_the_dead (void) {
  TamboHelper *helper = NULL;
  gboolean sent = TRUE;

  scripted_say (folder, "crash", "fingerprint", NULL);
  helper = spawn ();
  for (int i = 0; i < 500 && sent; i++) {
    sent = tambo_helper_send (helper, TAMBO_HELPER_STILL, NULL);
    g_usleep (10 * 1000);
  }
  g_assert_false (sent);
  tambo_helper_end (helper);
}

static void test_nonsense (void) {
  g_autoptr (GByteArray) noise = g_byte_array_new ();
  TamboHelper *helper = NULL;
  pid_t pid;

  tambo_put_bytes (noise, "HTTP/1.1 200 OK\r\n", 17);
  scripted_say (folder, "play", "fingerprint", noise);
  helper = spawn ();
  assert_fails (helper, 10000, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
  pid = scripted_pid (folder);
  tambo_helper_end (helper);
  g_assert_true (scripted_is_gone (pid, PATIENCE_MS));
}

/* Cut at every byte: what was whole arrives, the rest is a death in the middle. */
static void test_half_answers (void) {
  g_autoptr (GByteArray) answer = g_byte_array_new ();

  tambo_helper_put_finger_status (answer, TAMBO_FINGER_PRESENT);
  for (guint size = 0; size < answer->len; size++) {
    g_autoptr (GByteArray) part = g_byte_array_new ();
    g_autoptr (TamboHelper) helper = NULL;

    tambo_put_bytes (part, answer->data, size);
    scripted_say (folder, "play-and-die", "fingerprint", part);
    helper = spawn ();
    assert_fails (helper, 10000, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED);
  }
}

static void test_frames_in_order (void) {
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  g_autoptr (GError) busy =
      g_error_new_literal (TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_BUSY, "held by fprintd");
  g_autoptr (TamboHelper) helper = NULL;
  g_autoptr (GError) error = NULL;
  TamboHelperFrame frame;
  TamboFingerStatus status;

  tambo_helper_put_header (answer, TAMBO_HELPER_ALIVE, 0);
  tambo_helper_put_finger_status (answer, TAMBO_FINGER_NEEDED);
  tambo_helper_put_header (answer, TAMBO_HELPER_ALIVE, 0);
  tambo_helper_put_finger_status (answer, TAMBO_FINGER_PRESENT);
  tambo_helper_put_error (answer, busy);
  scripted_say (folder, "chatter", "fingerprint", answer);
  helper = spawn ();
  g_assert_true (tambo_helper_receive (helper, 10000, NULL, &frame, &error));
  g_assert_true (tambo_helper_parse_finger_status (&frame, &status, &error));
  g_assert_cmpint (status, ==, TAMBO_FINGER_NEEDED);
  g_assert_true (tambo_helper_receive (helper, 10000, NULL, &frame, &error));
  g_assert_true (tambo_helper_parse_finger_status (&frame, &status, &error));
  g_assert_cmpint (status, ==, TAMBO_FINGER_PRESENT);
  g_assert_false (tambo_helper_receive (helper, 10000, NULL, &frame, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_BUSY);
  g_assert_cmpstr (error->message, ==, "held by fprintd");
}

static gpointer cancel_soon (gpointer cancellable) {
  g_usleep (200 * 1000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

/* The caller is free at once; the stubborn process is killed behind its back; the next helper for
 * the device waits for that. */
static void test_cancel (void) {
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  TamboHelper *helper = NULL;
  TamboHelperFrame frame;
  gint64 start = 0;
  GThread *thread = NULL;
  pid_t pid;

  scripted_say (folder, "stubborn", "fingerprint", NULL);
  helper = spawn ();
  pid = scripted_pid (folder);
  start = now_ms ();
  thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_false (tambo_helper_receive (helper, 10000, cancellable, &frame, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  tambo_helper_end (helper);
  g_assert_cmpint (now_ms () - start, <, TAMBO_HELPER_GRACE_MS);
  g_thread_join (thread);

  g_clear_error (&error);
  g_assert_null (tambo_helper_spawn (arguments, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  scripted_say (folder, "hang", "fingerprint", NULL);
  helper = spawn ();
  g_assert_cmpint (now_ms () - start, >=, TAMBO_HELPER_GRACE_MS);
  g_assert_true (scripted_is_gone (pid, PATIENCE_MS));
  tambo_helper_end (helper);
}

/* A helper that ends by itself when its input does is not made to wait for: not each time in vain, at least, where the
 * machine is busy with other things. */
static void test_orderly_end (void) {
  gint64 fastest = G_MAXINT64;

  for (int i = 0; i < 3; i++) {
    TamboHelper *helper = NULL;
    gint64 start;
    pid_t pid;

    scripted_say (folder, "hang", "fingerprint", NULL);
    helper = spawn ();
    pid = scripted_pid (folder);
    start = now_ms ();
    tambo_helper_end (helper);
    g_assert_true (scripted_is_gone (pid, PATIENCE_MS));
    fastest = MIN (fastest, now_ms () - start);
  }
  g_assert_cmpint (fastest, <, TAMBO_HELPER_GRACE_MS);
}

static void test_no_helper (void) {
  g_autoptr (GError) error = NULL;

  g_setenv ("TAMBO_LIBEXECDIR", "/nonexistent", TRUE);
  g_assert_null (tambo_helper_spawn (arguments, NULL, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED);
  g_setenv ("TAMBO_LIBEXECDIR", folder, TRUE);
}

int main (int argc, char **argv) {
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = scripted_set_up ();
  g_test_add_func ("/capture/helper-client/silence", test_silence);
  g_test_add_func ("/capture/helper-client/death", test_death);
  g_test_add_func ("/capture/helper-client/command-to-the-dead", test_command_to_the_dead);
  g_test_add_func ("/capture/helper-client/nonsense", test_nonsense);
  g_test_add_func ("/capture/helper-client/half-answers", test_half_answers);
  g_test_add_func ("/capture/helper-client/frames-in-order", test_frames_in_order);
  g_test_add_func ("/capture/helper-client/cancel", test_cancel);
  g_test_add_func ("/capture/helper-client/orderly-end", test_orderly_end);
  g_test_add_func ("/capture/helper-client/no-helper", test_no_helper);
  status = g_test_run ();
  scripted_tear_down (folder);
  return status;
}
