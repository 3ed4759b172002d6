/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "play.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static gboolean accepts (const char *folder) {
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autofree char *path = g_build_filename (folder, "pcscd.comm", NULL);
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);
  gboolean good = connect (fd, (struct sockaddr *) &address, sizeof address) == 0;
  close (fd);
  return good;
}

/* Two at once, and a second after the first has ended: nobody is in another's way. */
static void test_isolated (void) {
  if (!g_file_test ("/usr/sbin/pcscd", G_FILE_TEST_EXISTS)) {
    g_test_skip ("pcscd is not installed");
    return;
  }
  g_autofree char *here = play_make_folder (), *there = play_make_folder ();
  const char *const in_here[] = { "reader", "--dir", here, NULL };
  const char *const in_there[] = { "reader", "--dir", there, NULL };
  guint first = 0, second = 0;
  Play *one = play_start (in_here);
  Play *two = play_start (in_there);
  g_assert_cmpint (sscanf (one->ready, "reader %u", &first), ==, 1);
  g_assert_cmpint (sscanf (two->ready, "reader %u", &second), ==, 1);
  g_assert_cmpuint (first, !=, second);
  g_assert_true (accepts (here));
  g_assert_true (accepts (there));
  play_stop (one);
  g_assert_false (accepts (here));
  g_assert_true (accepts (there));
  one = play_start (in_here);
  g_assert_true (accepts (here));
  play_stop (two);
  play_stop (one);
  play_remove_folder (here);
  play_remove_folder (there);
}

/* Its cards would all come to the other one. */
static void test_port_taken (void) {
  if (!g_file_test ("/usr/sbin/pcscd", G_FILE_TEST_EXISTS)) {
    g_test_skip ("pcscd is not installed");
    return;
  }
  g_autofree char *here = play_make_folder (), *there = play_make_folder ();
  const char *const in_here[] = { "reader", "--dir", here, NULL };
  Play *one = play_start (in_here);
  const char *port = one->ready + strlen ("reader ");
  const char *const in_there[] = {
    TAMBO_SIMULATOR, "reader", "--dir", there, "--port", port, NULL
  };
  int code;
  g_autofree char *text = play_run (in_there, NULL, &code);
  g_assert_cmpint (code, ==, 1);
  g_assert_cmpstr (text, ==, "");
  g_assert_true (accepts (here));
  play_stop (one);
  play_remove_folder (here);
  play_remove_folder (there);
}

static void test_usage (void) {
  const char *const argv[] = { TAMBO_SIMULATOR, "reader", NULL };
  int code;
  g_autofree char *text = play_run (argv, NULL, &code);
  g_assert_cmpint (code, ==, 2);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/reader/isolated", test_isolated);
  g_test_add_func ("/simulator/reader/port-taken", test_port_taken);
  g_test_add_func ("/simulator/reader/usage", test_usage);
  return g_test_run ();
}
