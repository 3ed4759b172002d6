/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A capture helper that misbehaves on order: in $TAMBO_TEST_FOLDER it finds its mode and what to say,
 * and there it leaves its process number.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/helper-protocol.h"

static void leave_pid (const char *folder) {
  g_autofree char *path = g_build_filename (folder, "pid", NULL);
  g_autofree char *text = g_strdup_printf ("%d", getpid ());

  g_file_set_contents (path, text, -1, NULL);
}

static void play (const char *folder, int argc, char **argv) {
  gboolean listing = argc > 2 && g_str_equal (argv[1], "list");
  g_autofree char *name =
      listing ? g_strdup_printf ("list-%s", argv[2]) : g_strdup (argc > 1 ? argv[1] : "none");
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *bytes = NULL;
  gsize size = 0;

  if (!g_file_get_contents (path, &bytes, &size, NULL))
    exit (3);
  for (gsize i = 0; i < size;) {
    ssize_t n = write (STDOUT_FILENO, bytes + i, size - i);

    if (n <= 0)
      exit (4);
    i += (gsize) n;
  }
}

static void wait_for_end (void) {
  char byte;

  while (read (STDIN_FILENO, &byte, 1) > 0)
    continue;
}

/* Two pictures, then it goes: what a camera does that switches itself off. */
static void play_camera (void) {
  static const guint8 jpeg[] = { 0xff, 0xd8, 0xff, 0xe0, 0x00 };
  char command[TAMBO_HELPER_HEADER_SIZE];

  for (int i = 0; i < 2; i++) {
    g_autoptr (GByteArray) array = g_byte_array_new ();

    if (read (STDIN_FILENO, command, sizeof command) != sizeof command)
      return;
    tambo_helper_put_header (array, TAMBO_HELPER_PICTURE, sizeof jpeg + 1);
    tambo_put_bytes (array, jpeg, sizeof jpeg);
    tambo_put_u8 (array, (guint8) command[4]);
    if (write (STDOUT_FILENO, array->data, array->len) != (ssize_t) array->len)
      return;
  }
}

static void say_alive (void) {
  g_autoptr (GByteArray) array = g_byte_array_new ();

  tambo_helper_put_header (array, TAMBO_HELPER_ALIVE, 0);
  if (write (STDOUT_FILENO, array->data, array->len) != (ssize_t) array->len)
    exit (4);
}

/* Slower in all than a step may be silent. */
static void play_slow_camera (void) {
  for (int i = 0; i < 10; i++) {
    say_alive ();
    g_usleep (G_USEC_PER_SEC / 2);
  }
  play_camera ();
}

int main (int argc, char **argv) {
  const char *folder = g_getenv ("TAMBO_TEST_FOLDER");
  g_autofree char *order = g_build_filename (folder, "mode", NULL);
  g_autofree char *mode = NULL;

  if (!g_file_get_contents (order, &mode, NULL, NULL))
    return 2;
  leave_pid (folder);
  if (g_str_equal (mode, "stubborn")) {
    signal (SIGTERM, SIG_IGN);
    for (;;)
      pause ();
  } else if (g_str_equal (mode, "hang")) {
    wait_for_end ();
  } else if (g_str_equal (mode, "play")) {
    play (folder, argc, argv);
    wait_for_end ();
  } else if (g_str_equal (mode, "play-and-die")) {
    play (folder, argc, argv);
  } else if (g_str_equal (mode, "crash")) {
    signal (SIGSEGV, SIG_DFL);
    raise (SIGSEGV);
  } else if (g_str_equal (mode, "camera")) {
    play_camera ();
  } else if (g_str_equal (mode, "slow-camera")) {
    play_slow_camera ();
  } else if (g_str_equal (mode, "mute-camera")) {
    say_alive ();
    wait_for_end ();
  } else if (g_str_equal (mode, "chatter")) {
    for (int i = 0; i < 20000; i++)
      fputs ("a library that talks and talks\n", stderr);
    play (folder, argc, argv);
    wait_for_end ();
  }
  return EXIT_SUCCESS;
}
