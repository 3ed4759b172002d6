/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/control.h"
#include "simulator/simulator-error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct {
  char *folder, *path, *heard;
  TamboControl *control;
} Fixture;

static gboolean hear (char **words, gpointer data, GError **error) {
  Fixture *fixture = data;
  if (g_str_equal (words[0], "fail")) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED, "as\nwished");
    return FALSE;
  }
  g_free (fixture->heard);
  fixture->heard = g_strjoinv ("|", words);
  return TRUE;
}

static void set_up (Fixture *fixture, gconstpointer unused) {
  fixture->folder = g_dir_make_tmp ("tambo-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "control", NULL);
  fixture->control = tambo_control_listen (fixture->path, hear, fixture, NULL);
  g_assert_nonnull (fixture->control);
}

static void tear_down (Fixture *fixture, gconstpointer unused) {
  tambo_control_free (fixture->control);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->heard);
}

static void test_words (Fixture *fixture, gconstpointer unused) {
  const char *const words[] = { "image", "a file's name.png", "", "$HOME", NULL };
  g_autoptr (GError) error = NULL;
  g_assert_true (tambo_control_send (fixture->path, words, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->heard, ==, "image|a file's name.png||$HOME");
}

static void test_failure (Fixture *fixture, gconstpointer unused) {
  const char *const words[] = { "fail", NULL };
  g_autoptr (GError) error = NULL;
  g_assert_false (tambo_control_send (fixture->path, words, &error));
  g_assert_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED);
  g_assert_cmpstr (error->message, ==, "as wished");
}

static void test_too_long (Fixture *fixture, gconstpointer unused) {
  g_autofree char *word = g_strnfill (TAMBO_CONTROL_MAX_LINE, 'x');
  const char *const words[] = { word, NULL }, *const lines[] = { "a\nb", NULL };
  g_assert_false (tambo_control_send (fixture->path, words, NULL));
  g_assert_false (tambo_control_send (fixture->path, lines, NULL));
}

/* A peer that sends no line, or more than one line may hold, harms nobody but itself. */
static void test_rude_peers (Fixture *fixture, gconstpointer unused) {
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autofree char *flood = g_strnfill (3 * TAMBO_CONTROL_MAX_LINE, 'x');
  static const char *const starts[] = { "", "half a line", "\n", "\"\n", NULL };
  g_strlcpy (address.sun_path, fixture->path, sizeof address.sun_path);
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++) {
    const char *text = starts[i] != NULL ? starts[i] : flood;
    int fd = socket (AF_UNIX, SOCK_STREAM, 0);
    g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
    send (fd, text, strlen (text), MSG_NOSIGNAL);
    close (fd);
  }
  const char *const words[] = { "still", "there", NULL };
  g_assert_true (tambo_control_send (fixture->path, words, NULL));
  g_assert_cmpstr (fixture->heard, ==, "still|there");
}

static void test_nobody (void) {
  const char *const words[] = { "hello", NULL };
  g_autofree char *longer = g_strnfill (200, 'x');
  g_autoptr (GError) error = NULL;
  g_assert_false (tambo_control_send ("/no/such/socket", words, &error));
  g_assert_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED);
  g_assert_false (tambo_control_send (longer, words, NULL));
  g_assert_null (tambo_control_listen (longer, hear, NULL, NULL));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/simulator/control/words", Fixture, NULL, set_up, test_words, tear_down);
  g_test_add ("/simulator/control/failure", Fixture, NULL, set_up, test_failure, tear_down);
  g_test_add ("/simulator/control/too-long", Fixture, NULL, set_up, test_too_long, tear_down);
  g_test_add ("/simulator/control/rude-peers", Fixture, NULL, set_up, test_rude_peers, tear_down);
  g_test_add_func ("/simulator/control/nobody", test_nobody);
  return g_test_run ();
}
