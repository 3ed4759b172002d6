/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "played-scanner.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

void played_scanner_use (const PlayedScanner *scanner) {
  g_setenv ("TAMBO_SBI_PORTS", scanner->port, TRUE);
  g_setenv ("TAMBO_SBI_TRUST", scanner->trust, TRUE);
}

/* A test that fails leaves none behind. */
static void on_child_cb (gpointer data) {
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

void played_scanner_start (PlayedScanner *scanner, const char *const *words) {
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) arguments = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *ready = NULL;

  scanner->folder = g_dir_make_tmp ("sbi-XXXXXX", &error);
  g_assert_no_error (error);
  scanner->control = g_build_filename (scanner->folder, "control", NULL);
  scanner->trust = g_build_filename (scanner->folder, "trust.pem", NULL);
  g_strv_builder_add_many (builder, TAMBO_SIMULATOR, "sbi", "--port", "0", "--seed", "700",
                           "--trust", scanner->trust, "--control", scanner->control, NULL);
  g_strv_builder_addv (builder, (const char **) words);
  arguments = g_strv_builder_end (builder);
  g_subprocess_launcher_set_child_setup (launcher, on_child_cb, NULL, NULL);
  scanner->process =
      g_subprocess_launcher_spawnv (launcher, (const char *const *) arguments, &error);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (scanner->process));
  ready = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (ready, "port "));
  scanner->port = g_strdup (ready + strlen ("port "));
  played_scanner_use (scanner);
}

void played_scanner_end (const PlayedScanner *scanner) {
  g_subprocess_send_signal (scanner->process, SIGTERM);
  g_assert_true (g_subprocess_wait (scanner->process, NULL, NULL));
  g_assert_true (g_subprocess_get_successful (scanner->process));
}

void played_scanner_clear (PlayedScanner *scanner) {
  g_object_unref (scanner->process);
  g_unlink (scanner->control);
  g_unlink (scanner->trust);
  g_assert_cmpint (g_rmdir (scanner->folder), ==, 0);
  g_free (scanner->folder);
  g_free (scanner->control);
  g_free (scanner->trust);
  g_free (scanner->port);
  *scanner = (PlayedScanner){ NULL };
}

void played_scanner_tell (const PlayedScanner *scanner, const char *line) {
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (scanner->control);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_autoptr (GDataInputStream) answers = NULL;
  g_autofree char *answer = NULL;

  g_assert_no_error (error);
  g_assert_true (
      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), line,
                                 strlen (line), NULL, NULL, &error));
  answers = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  answer = g_data_input_stream_read_line (answers, NULL, NULL, &error);
  g_assert_cmpstr (answer, ==, "ok");
}
