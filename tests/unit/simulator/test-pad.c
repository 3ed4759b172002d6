/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "play.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* An unmodified hidapi client under umockdev's preload library. */
static void test_hidapi (void) {
  g_autofree char *folder = play_make_folder ();
  const char *const arguments[] = { "pad", "--dir", folder, "--seed", "3", NULL };
  const char *const client[] = { PAD_CLIENT, NULL };
  Play *play = play_start (arguments);
  g_assert_true (g_str_has_prefix (play->ready, "pad /"));
  g_autofree char *bed = g_strconcat ("UMOCKDEV_DIR=", play->ready + strlen ("pad "), NULL);
  const char *const environment[] = { bed, "LD_PRELOAD=libumockdev-preload.so.0", NULL };

  g_autofree char *text = play_run (client, environment, NULL);
  g_assert_nonnull (strstr (text, "found /dev/hidraw0: Wacom Co.,Ltd., STU-530, interface 0"));
  g_assert_nonnull (strstr (text, "get 08: 08 53 54 55 2d 35 33 30 00"));
  g_assert_nonnull (strstr (text, "get 09: 09 2a 30 19 50 03 ff 03 20 01 e0 c8 09 ec"));
  g_assert_nonnull (strstr (text, "get 77: -1"));
  g_assert_nonnull (strstr (text, "get 32: 32 03"));
  g_assert_null (strstr (text, "strange"));
  int reports, down, lost, away;
  const char *line = strstr (text, "signature:");
  for (int i = 0; i < 2; i++, line = strstr (line + 1, "signature:")) {
    g_assert_nonnull (line);
    g_assert_cmpint (sscanf (line, "signature: reports %d down %d lost %d away %d", &reports, &down,
                             &lost, &away),
                     ==, 4);
    g_assert_cmpint (down, >, 200);
    g_assert_cmpint (reports, >, down);
    g_assert_cmpint (lost, ==, 0);
    g_assert_cmpint (away, ==, 1);
  }
  g_assert_nonnull (strstr (text, "quiet 0"));
  g_assert_nonnull (strstr (text, "blocking read 7"));
  play_stop (play);
  play_remove_folder (folder);
}

static void expect (Play *play, const char *wanted) {
  const char *const client[] = { PAD_CLIENT, "name", NULL };
  g_autofree char *bed = g_strconcat ("UMOCKDEV_DIR=", play->ready + strlen ("pad "), NULL);
  /* hidapi forgets what it had when a device does not open. */
  const char *const environment[] = { bed, "LD_PRELOAD=libumockdev-preload.so.0",
                                      "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0",
                                      NULL };
  int code;
  g_autofree char *text = play_run (client, environment, &code);
  g_assert_nonnull (strstr (text, wanted));
}

/* It comes and goes, each time as a new node, and every fault ends with its cause. */
static void test_faults (void) {
  g_autofree char *folder = play_make_folder ();
  g_autofree char *control = g_build_filename (folder, "control", NULL);
  const char *const arguments[] = { "pad", "--dir", folder, "--control", control, NULL };
  Play *play = play_start (arguments);
  expect (play, "get 08: 08 53 54 55 2d 35 33 30 00");
  play_tell (control, "fault busy");
  expect (play, "cannot open");
  play_tell (control, "fault unplug@1");
  expect (play, "cannot open");
  expect (play, "no pad");
  play_tell (control, "fault none");
  expect (play, "no pad");
  play_tell (control, "plug");
  expect (play, "found /dev/hidraw1: ");
  expect (play, "get 08: 08 53 54 55 2d 35 33 30 00");
  for (int i = 2; i < 6; i++) {
    g_autofree char *wanted = g_strdup_printf ("found /dev/hidraw%d: ", i);
    play_tell (control, "unplug");
    expect (play, "no pad");
    play_tell (control, "plug");
    expect (play, wanted);
  }
  play_stop (play);
  play_remove_folder (folder);
}

static void test_folder_too_long (void) {
  g_autofree char *folder = play_make_folder ();
  g_autofree char *name = g_strnfill (90, 'x');
  g_autofree char *path = g_build_filename (folder, name, NULL);
  const char *const argv[] = { TAMBO_SIMULATOR, "pad", "--dir", path, NULL };
  int code;
  g_autofree char *text = play_run (argv, NULL, &code);
  g_assert_cmpint (code, ==, 2);
  g_rmdir (path);
  play_remove_folder (folder);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/pad/hidapi", test_hidapi);
  g_test_add_func ("/simulator/pad/faults", test_faults);
  g_test_add_func ("/simulator/pad/folder-too-long", test_folder_too_long);
  return g_test_run ();
}
