/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../leftovers.h"
#include "play.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

static void check_signatures (const char *text, int may_lose) {
  int reports, down, lost, away;
  const char *line = strstr (text, "signature:");
  for (int i = 0; i < 2; i++, line = strstr (line + 1, "signature:")) {
    g_assert_nonnull (line);
    g_assert_cmpint (sscanf (line, "signature: reports %d down %d lost %d away %d", &reports, &down,
                             &lost, &away),
                     ==, 4);
    g_assert_cmpint (down, >, 200);
    g_assert_cmpint (reports, >, down);
    g_assert_cmpint (lost, <=, may_lose);
    g_assert_cmpint (away, ==, 1);
  }
}

/* An unmodified hidapi client under umockdev's preload library. Over USB a report that is asked for with more
 * bytes than it has is as short as over hidraw. */
static void check_client (const char *client, const char *only, const char *found) {
  /* hidapi drops what comes over USB after 30 reports for which its program had no time. */
  int may_lose = g_str_equal (client, USB_PAD_CLIENT) ? 3 : 0;
  g_autofree char *folder = play_make_folder ();
  const char *const arguments[] = { "pad", "--dir", folder, "--seed", "3", only, NULL };
  const char *const argv[] = { client, NULL };
  Play *play = play_start (arguments);
  g_assert_true (g_str_has_prefix (play->ready, "pad /"));
  g_autofree char *bed = g_strconcat ("UMOCKDEV_DIR=", play->ready + strlen ("pad "), NULL);
  const char *const environment[] = { bed, "LD_PRELOAD=libumockdev-preload.so.0", NULL };

  g_autofree char *text = play_run (argv, environment, NULL);
  g_assert_nonnull (strstr (text, found));
  g_assert_nonnull (strstr (text, "get 08: 08 53 54 55 2d 35 33 30 00"));
  g_assert_nonnull (strstr (text, "get 09: 09 2a 30 19 50 03 ff 03 20 01 e0 c8 09 ec"));
  g_assert_nonnull (strstr (text, "get 77: -1"));
  g_assert_nonnull (strstr (text, "get 32: 32 03"));
  g_assert_null (strstr (text, "strange"));
  check_signatures (text, may_lose);
  g_assert_nonnull (strstr (text, "quiet 0"));
  g_assert_nonnull (strstr (text, "blocking read 7"));
  play_stop (play);
  play_remove_folder (folder);
}

static void test_hidraw (void) {
  check_client (PAD_CLIENT, "--only=hidraw",
                "found /dev/hidraw0: Wacom Co.,Ltd., STU-530, interface 0");
}

static void test_usb (void) {
  check_client (USB_PAD_CLIENT, "--only=usb",
                "found 1-1:1.0: Wacom Co.,Ltd., STU-530, interface 0");
}

/* libusb takes the pad from the kernel's driver, and gives it back. */
static void test_both (void) {
  check_client (USB_PAD_CLIENT, NULL, "found 1-1:1.0: Wacom Co.,Ltd., STU-530, interface 0");
}

static gboolean shows (const char *program, Play *play, const char *wanted) {
  const char *const client[] = { program, "name", NULL };
  g_autofree char *bed = g_strconcat ("UMOCKDEV_DIR=", play->ready + strlen ("pad "), NULL);
  /* hidapi forgets what it had when a device does not open. */
  const char *const environment[] = { bed, "LD_PRELOAD=libumockdev-preload.so.0",
                                      "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0",
                                      NULL };
  int code;
  g_autofree char *text = play_run (client, environment, &code);
  return strstr (text, wanted) != NULL;
}

static void expect_of (const char *program, Play *play, const char *wanted) {
  g_assert_true (shows (program, play, wanted));
}

/* What a fault sets off takes a moment. */
static void expect_soon (const char *program, Play *play, const char *wanted) {
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  while (!shows (program, play, wanted))
    g_assert_cmpint (g_get_monotonic_time (), <, deadline);
}

static void expect (Play *play, const char *wanted) {
  expect_of (PAD_CLIENT, play, wanted);
}

static void expect_usb (Play *play, const char *wanted) {
  expect_of (USB_PAD_CLIENT, play, wanted);
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
  expect_soon (PAD_CLIENT, play, "no pad");
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

static guint count_descriptors (Play *play) {
  g_autofree char *path =
      g_strdup_printf ("/proc/%s/fd", g_subprocess_get_identifier (play->process));
  return leftovers_count_entries (path);
}

/* A whole day of a loose plug: each node was given back with it. */
static void test_leftovers (void) {
  g_autofree char *folder = play_make_folder ();
  g_autofree char *control = g_build_filename (folder, "control", NULL);
  const char *const arguments[] = { "pad", "--dir", folder, "--control", control, NULL };
  Play *play = play_start (arguments);
  gint64 deadline = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;
  guint before = count_descriptors (play);
  for (int i = 0; i < 40; i++) {
    play_tell (control, "unplug");
    play_tell (control, "plug");
  }
  /* The last talk with its control may still be closing. */
  while (count_descriptors (play) > before + 2)
    g_assert_cmpint (g_get_monotonic_time (), <, deadline);
  play_stop (play);
  play_remove_folder (folder);
}

static void test_usb_faults (void) {
  g_autofree char *folder = play_make_folder ();
  g_autofree char *control = g_build_filename (folder, "control", NULL);
  const char *const arguments[] = { "pad", "--dir", folder, "--control", control, NULL };
  Play *play = play_start (arguments);
  expect_usb (play, "get 08: 08 53 54 55 2d 35 33 30 00");
  play_tell (control, "fault busy");
  expect_usb (play, "cannot open");
  play_tell (control, "fault hang@2"); /* the claim is the first step */
  expect_usb (play, "get 08:\n");
  play_tell (control, "fault unplug@2");
  expect_usb (play, "get 08:\n");
  play_tell (control, "fault none");
  expect_soon (USB_PAD_CLIENT, play, "no pad");
  for (int i = 1; i < 4; i++) {
    play_tell (control, "plug");
    expect_usb (play, "found 1-1:1.0: ");
    expect_usb (play, "get 08: 08 53 54 55 2d 35 33 30 00");
    play_tell (control, "unplug");
    expect_usb (play, "no pad");
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
  g_test_add_func ("/simulator/pad/hidraw", test_hidraw);
  g_test_add_func ("/simulator/pad/usb", test_usb);
  g_test_add_func ("/simulator/pad/both", test_both);
  g_test_add_func ("/simulator/pad/faults", test_faults);
  g_test_add_func ("/simulator/pad/usb-faults", test_usb_faults);
  g_test_add_func ("/simulator/pad/leftovers", test_leftovers);
  g_test_add_func ("/simulator/pad/folder-too-long", test_folder_too_long);
  return g_test_run ();
}
