/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "play.h"

#include "simulator/control.h"
#include "simulator/process.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

static char *read_line (GInputStream *stream) {
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (stream);
  g_autoptr (GError) error = NULL;
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  char *line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  return line;
}

Play *play_start (const char *const *arguments) {
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_ptr_array_add (argv, (gpointer) TAMBO_SIMULATOR);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);
  Play *play = g_new0 (Play, 1);
  play->process =
      g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  play->ready = read_line (g_subprocess_get_stdout_pipe (play->process));
  return play;
}

void play_stop (Play *play) {
  if (play == NULL)
    return;
  g_subprocess_send_signal (play->process, SIGTERM);
  g_subprocess_wait (play->process, NULL, NULL);
  g_assert_true (g_subprocess_get_if_exited (play->process));
  g_assert_cmpint (g_subprocess_get_exit_status (play->process), ==, 0);
  g_object_unref (play->process);
  g_free (play->ready);
  g_free (play);
}

char *play_run (const char *const *argv, const char *const *environment, int *out_code) {
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  for (guint i = 0; environment != NULL && environment[i] != NULL; i++) {
    g_auto (GStrv) pair = g_strsplit (environment[i], "=", 2);
    g_subprocess_launcher_setenv (launcher, pair[0], pair[1], TRUE);
  }
  g_autoptr (GSubprocess) process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  char *text = NULL;
  g_subprocess_communicate_utf8 (process, NULL, NULL, &text, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s printed: %s", argv[0], text);
  int code = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
  if (out_code != NULL)
    *out_code = code;
  else
    g_assert_cmpint (code, ==, 0);
  return text;
}

void play_tell (const char *control, const char *command) {
  g_auto (GStrv) words = g_strsplit (command, " ", 0);
  g_autoptr (GError) error = NULL;
  tambo_control_send (control, (const char *const *) words, &error);
  g_assert_no_error (error);
}

char *play_make_folder (void) {
  char *folder = g_strdup ("/tmp/tambo-XXXXXX");
  g_assert_nonnull (g_mkdtemp_full (folder, 0700));
  return folder;
}

/* Processes that were told to end take their files with them a moment later. */
void play_remove_folder (const char *folder) {
  int status = g_rmdir (folder);

  for (int i = 0; status < 0 && errno == ENOTEMPTY && i < 50; i++) {
    g_usleep (100 * 1000);
    status = g_rmdir (folder);
  }
  if (status < 0) {
    g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
    const char *left = dir != NULL ? g_dir_read_name (dir) : NULL;
    g_error ("%s is not left empty: %s", folder, left != NULL ? left : g_strerror (errno));
  }
}
