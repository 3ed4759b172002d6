/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "play.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int remove_entry (const char *path, const struct stat *info, int kind, struct FTW *place) {
  return remove (path);
}

static guint16 port_of (const Play *play) {
  guint port = 0;
  g_assert_cmpint (sscanf (play->ready, "port %u", &port), ==, 1);
  return (guint16) port;
}

#define GOOD_SESSION                                                                               \
  "init 0\nframe: ffd8 to ffd9\nframe: ffd8 to ffd9\nframe: ffd8 to ffd9\npicture: ffd8 to ffd9\n"

/* What a client of libgphoto2 says of two sessions; OUT_CODE as of play_run. */
static char *take_pictures (guint16 port, int *out_code) {
  g_autofree char *name = g_strdup_printf ("ptpip:127.0.0.1:%u:%u", port, port);
  g_autofree char *home = play_make_folder (); /* libgphoto2 keeps settings there */
  g_autofree char *setting = g_strconcat ("HOME=", home, NULL);
  const char *const client[] = { CAMERA_CLIENT, name, NULL };
  /* libgphoto2 keeps a few bytes for ever; that is not ours to report. */
  const char *const environment[] = { setting,
                                      "ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0",
                                      NULL };
  char *text = play_run (client, environment, out_code);
  nftw (home, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
  return text;
}

static void expect_pictures (guint16 port) {
  g_autofree char *text = take_pictures (port, NULL);
  g_assert_cmpstr (text, ==, GOOD_SESSION GOOD_SESSION);
}

static void test_gphoto2 (void) {
  const char *const arguments[] = { "camera", NULL };
  g_autoptr (Play) play = play_start (arguments);
  expect_pictures (port_of (play));
}

static int dial (guint16 port) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  struct timeval patience = { .tv_sec = 1 };
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  int fd = socket (AF_INET, SOCK_STREAM, 0);
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  return fd;
}

/* What does not speak PTP/IP is shown out, and the next station is served. */
static void test_rude_stations (void) {
  static const struct {
    const char *bytes;
    gsize size;
  } starts[] = {
    { "", 0 },
    { "GET / HTTP/1.1\r\n\r\n", 18 },
    { "\xff\xff\xff\xff\x01\0\0\0", 8 },
    { "\x08\0\0\0\x01\0\0\0\x08\0\0\0\x06\0\0\0", 16 }, /* an empty operation */
    { "\x08\0\0\0\x01\0\0\0\x13\0\0\0\x06\0\0\0\1\0\0\0\2\0\1\0\0\0\0", 27 }, /* odd parameters */
    { "\x08\0\0\0\x01\0\0\0\x12\0\0\0\x06\0\0\0\2\0\0\0\x16\x10\1\0\0\0\x0b\0\0\0\x0c\0\0\0abc",
      37 },
    { "\x08\0\0\0\x03\0\0\0", 8 }, /* events without a session */
  };
  const char *const arguments[] = { "camera", NULL };
  g_autoptr (Play) play = play_start (arguments);
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    for (gsize size = 0; size <= starts[i].size; size += MAX (1, starts[i].size)) {
      int fd = dial (port_of (play));
      send (fd, starts[i].bytes, size, MSG_NOSIGNAL);
      if (size == 0)
        shutdown (fd, SHUT_WR);
      char answer[256];
      while (size != 0 && recv (fd, answer, sizeof answer, 0) > 0)
        ;
      close (fd);
    }
  expect_pictures (port_of (play));
}

static void test_second_station_refused (void) {
  static const guint8 hello[] = { 8, 0, 0, 0, 1, 0, 0, 0 };
  const char *const arguments[] = { "camera", NULL };
  guint8 answer[256];
  g_autoptr (Play) play = play_start (arguments);
  int first = dial (port_of (play)), second = dial (port_of (play));
  g_assert_cmpint (send (first, hello, sizeof hello, 0), ==, sizeof hello);
  g_assert_cmpint (recv (first, answer, sizeof answer, 0), >=, 8);
  g_assert_cmpint (answer[4], ==, 2);
  g_assert_cmpint (send (second, hello, sizeof hello, 0), ==, sizeof hello);
  g_assert_cmpint (recv (second, answer, sizeof answer, 0), >=, 8);
  g_assert_cmpint (answer[4], ==, 5);
  close (first);
  close (second);
}

static void test_port_taken (void) {
  const char *const arguments[] = { "camera", NULL };
  g_autoptr (Play) play = play_start (arguments);
  g_autofree char *port = g_strdup_printf ("%u", port_of (play));
  const char *const again[] = { TAMBO_SIMULATOR, "camera", "--port", port, NULL };
  const char *const missing[] = { TAMBO_SIMULATOR, "camera", "--portrait", "/no/such/file", NULL };
  int code;
  g_autofree char *text = play_run (again, NULL, &code);
  g_assert_cmpint (code, ==, 1);
  g_autofree char *more = play_run (missing, NULL, &code);
  g_assert_cmpint (code, ==, 1);
}

/* Every fault as libgphoto2 tells it, and pictures as soon as the cause is gone. */
static void test_faults (void) {
  static const struct {
    const char *command, *answer;
  } turns[] = {
    { "fault busy", "init 0\nframe: error " },
    { "fault no-focus", "init 0\nframe: ffd8 to ffd9" },
    { "fault error", "init -1\n" },
    { "fault close@1", "init -" },
    { "fault garbage", "init -" },
    { "fault hang", "init -" },
    { "fault unplug@1", "init -" },
    { "fault none", "init -" }, /* still away */
    { "plug", GOOD_SESSION },
    { "unplug", "init -" },
    { "plug", GOOD_SESSION },
  };
  g_autofree char *folder = play_make_folder ();
  g_autofree char *control = g_build_filename (folder, "control", NULL);
  const char *const arguments[] = { "camera", "--control", control, NULL };
  Play *play = play_start (arguments);
  for (guint i = 0; i < G_N_ELEMENTS (turns); i++) {
    int code;
    play_tell (control, turns[i].command);
    g_autofree char *text = take_pictures (port_of (play), &code);
    g_test_message ("%s: %s", turns[i].command, text);
    g_assert_nonnull (strstr (text, turns[i].answer));
    g_assert_cmpint (code, ==, g_str_has_prefix (turns[i].answer, GOOD_SESSION) ? 0 : 1);
  }
  play_stop (play);
  play_remove_folder (folder);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/camera/gphoto2", test_gphoto2);
  g_test_add_func ("/simulator/camera/rude-stations", test_rude_stations);
  g_test_add_func ("/simulator/camera/second-station", test_second_station_refused);
  g_test_add_func ("/simulator/camera/failures", test_port_taken);
  g_test_add_func ("/simulator/camera/faults", test_faults);
  return g_test_run ();
}
