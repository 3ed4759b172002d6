/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "play.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static char *run_at_desk (const char *folder, const char *script, int *out_code) {
  const char *const argv[] = { TAMBO_SIMULATOR, "desk", "--dir", folder, "--",
                               "/bin/sh",       "-c",   script,  NULL };
  const char *const environment[] = { "SIMULATOR=" TAMBO_SIMULATOR, "SENSOR=" SENSOR_CLIENT,
                                      "PAD=" PAD_CLIENT, NULL };
  return play_run (argv, environment, out_code);
}

static void test_environment (void) {
  g_autofree char *folder = play_make_folder ();
  int code;
  g_autofree char *text =
      run_at_desk (folder,
                   "echo $FP_VIRTUAL_IMAGE; echo $TAMBO_CAMERA_PORT; echo $PCSCLITE_CSOCK_NAME;"
                   "echo $UMOCKDEV_DIR; echo $LD_PRELOAD; echo $TAMBO_SIMULATOR_CONTROL; exit 7",
                   &code);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 0);
  g_assert_cmpint (code, ==, 7);
  g_assert_cmpuint (g_strv_length (lines), ==, 7);
  for (guint i = 0; i < 6; i++)
    if (i != 1 && i != 4)
      g_assert_true (g_str_has_prefix (lines[i], folder));
  g_assert_true (g_str_has_prefix (lines[1], "ptpip:127.0.0.1:"));
  g_assert_true (g_str_has_prefix (lines[4], "libumockdev-preload.so.0"));
  play_remove_folder (folder);
}

/* The testbed of the pad must not hide the other devices, nor they it. */
static void test_devices_together (void) {
  g_autofree char *folder = play_make_folder ();
  int code;
  g_autofree char *text = run_at_desk (folder, "$SENSOR 2 && $PAD name", &code);
  g_assert_cmpint (code, ==, 0);
  g_assert_true (g_str_has_prefix (text, "388 480 "));
  g_assert_nonnull (strstr (text, "found /dev/hidraw0"));
  g_assert_nonnull (strstr (text, "get 08: 08 53 54 55"));
  play_remove_folder (folder);
}

static void test_control (void) {
  g_autofree char *folder = play_make_folder ();
  int code;
  g_autofree char *text = run_at_desk (folder,
                                       "unset LD_PRELOAD; exec 2>&1;"
                                       "$SIMULATOR control finger seed 5;"
                                       "$SIMULATOR control pad sign;"
                                       "$SIMULATOR control camera portrait drawn;"
                                       "$SIMULATOR control card remove;"
                                       "$SIMULATOR control card insert;"
                                       "$SIMULATOR control finger bite;"
                                       "$SIMULATOR control camera portrait /no/such/file;"
                                       "$SIMULATOR control chair move",
                                       &code);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", 0);
  g_assert_cmpuint (g_strv_length (lines), ==, 8);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpstr (lines[i], ==, "ok");
  for (guint i = 5; i < 8; i++)
    g_assert_true (g_str_has_prefix (lines[i], "tambo-simulator: control: "));
  g_assert_cmpint (code, ==, 2 - 1);
  play_remove_folder (folder);
}

static gboolean is_empty (const char *folder) {
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  return g_dir_read_name (entries) == NULL;
}

/* Starts a desk, waits for its command, sends SIGNAL: command, devices and files must go. */
static void end_desk (int signal_number) {
  g_autofree char *folder = play_make_folder ();
  const char *const arguments[] = {
    "desk", "--dir", folder, "--", "/bin/sh", "-c", "echo $$; exec sleep 1000", NULL
  };
  Play *play = play_start (arguments);
  pid_t command = atoi (play->ready);
  g_assert_cmpint (command, >, 1);
  g_assert_cmpint (kill (command, 0), ==, 0);
  g_assert_false (is_empty (folder));
  g_subprocess_send_signal (play->process, signal_number);
  g_subprocess_wait (play->process, NULL, NULL);
  if (signal_number != SIGKILL)
    g_assert_cmpint (g_subprocess_get_exit_status (play->process), ==, 128 + SIGTERM);
  for (int tenths = 0; tenths < 80 && !is_empty (folder); tenths++)
    g_usleep (100000);
  g_object_unref (play->process);
  g_free (play->ready);
  g_free (play);
  play_remove_folder (folder);
}

static void test_ends (void) {
  end_desk (SIGTERM);
  end_desk (SIGINT);
  end_desk (SIGKILL);
}

static void test_failures (void) {
  g_autofree char *folder = play_make_folder ();
  const char *const missing[] = { TAMBO_SIMULATOR,    "desk", "--dir", folder, "--",
                                  "/no/such/command", NULL };
  const char *const nothing[] = { TAMBO_SIMULATOR, "desk", "--dir", folder, NULL };
  int code;
  g_autofree char *first = play_run (missing, NULL, &code);
  g_assert_cmpint (code, ==, 1);
  g_autofree char *second = play_run (nothing, NULL, &code);
  g_assert_cmpint (code, ==, 2);
  g_autofree char *third = run_at_desk (folder, "kill -9 $$", &code);
  g_assert_cmpint (code, ==, 128 + SIGKILL);
  play_remove_folder (folder);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  if (!g_file_test ("/usr/sbin/pcscd", G_FILE_TEST_EXISTS)) {
    g_print ("1..0 # SKIP pcscd is not installed\n");
    return 0;
  }
  g_test_add_func ("/simulator/desk/environment", test_environment);
  g_test_add_func ("/simulator/desk/devices-together", test_devices_together);
  g_test_add_func ("/simulator/desk/control", test_control);
  g_test_add_func ("/simulator/desk/ends", test_ends);
  g_test_add_func ("/simulator/desk/failures", test_failures);
  return g_test_run ();
}
