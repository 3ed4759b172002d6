/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "chip/reader.h"
#include "simulator/process.h"

#define PCSCD "/usr/sbin/pcscd"
#define STEP_US 5000
#define PATIENCE_SECONDS 60

gboolean wire_is_possible (void) {
  return g_file_test (PCSCD, G_FILE_TEST_IS_EXECUTABLE);
}

static GSubprocess *start (const char *const *argv, GSubprocessFlags flags) {
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr (GError) error = NULL;

  /* a test that breaks off leaves nobody behind */
  g_subprocess_launcher_set_child_setup (launcher, tambo_simulator_child_setup, NULL, NULL);
  GSubprocess *process = g_subprocess_launcher_spawnv (launcher, argv, &error);

  g_assert_no_error (error);
  return process;
}

static void stop (GSubprocess **process) {
  if (!*process)
    return;
  g_subprocess_send_signal (*process, SIGTERM);
  g_subprocess_wait (*process, NULL, NULL);
  g_clear_object (process);
}

static void start_reader (Wire *wire) {
  g_autofree char *port = g_strdup_printf ("%u", wire->port);
  const char *const argv[] = { TAMBO_SIMULATOR, "reader", "--dir", wire->folder,
                               "--port",        port,     NULL };
  wire->reader = start (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (wire->reader));
  g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);

  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "reader "));
  wire->port = (guint) g_ascii_strtoull (line + strlen ("reader "), NULL, 10);
}

Wire *wire_new (void) {
  Wire *wire = g_new0 (Wire, 1);

  /* PC/SC reads the name of its socket once in a process: so it is always the same one */
  wire->folder = g_strdup_printf ("/tmp/tambo-wire-%d", (int) getpid ());
  g_assert_cmpint (g_mkdir (wire->folder, 0700), ==, 0);
  g_autofree char *socket = g_build_filename (wire->folder, "pcscd.comm", NULL);
  wire->control = g_build_filename (wire->folder, "card.control", NULL);
  wire->dump = g_build_filename (wire->folder, "dump", NULL);
  g_setenv ("PCSCLITE_CSOCK_NAME", socket, TRUE);
  start_reader (wire);
  return wire;
}

static void remove_files (const char *folder) {
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_remove (path);
  }
  g_rmdir (folder);
}

void wire_free (Wire *wire) {
  wire_stop_card (wire);
  stop (&wire->reader);
  remove_files (wire->dump);
  remove_files (wire->folder);
  g_free (wire->folder);
  g_free (wire->control);
  g_free (wire->dump);
  g_free (wire);
}

void wire_stop_card (Wire *wire) {
  stop (&wire->card);
}

char *wire_ask (const Wire *wire, const char *line) {
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (wire->control);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  gint64 end = g_get_monotonic_time () + PATIENCE_SECONDS * G_USEC_PER_SEC;
  do {
    g_clear_error (&error);
    connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
    if (!connection)
      g_usleep (STEP_US);
  } while (!connection && g_get_monotonic_time () < end);
  g_assert_no_error (error);
  g_autofree char *whole = g_strconcat (line, "\n", NULL);
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_assert_true (g_output_stream_write_all (out, whole, strlen (whole), NULL, NULL, &error));
  g_autoptr (GDataInputStream) in =
      g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_autofree char *answer = g_data_input_stream_read_line (in, NULL, NULL, &error);
  g_assert_no_error (error);
  if (!answer || !g_str_has_prefix (answer, "ok"))
    g_error ("the card answers “%s” to “%s”", answer ? answer : "", line);
  return g_strdup (answer[2] ? answer + 3 : "");
}

void wire_tell (const Wire *wire, const char *format, ...) {
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_autofree char *answer = wire_ask (wire, line);
}

char *wire_status (const Wire *wire, const char *name) {
  g_autofree char *status = wire_ask (wire, "status");
  g_auto (GStrv) words = g_strsplit (status, " ", -1);
  g_autofree char *prefix = g_strconcat (name, "=", NULL);

  for (guint i = 0; words[i]; i++)
    if (g_str_has_prefix (words[i], prefix))
      return g_strdup (words[i] + strlen (prefix));
  g_error ("the card's status “%s” lacks “%s”", status, name);
}

static gboolean is_card_there (void) {
  g_autoptr (GPtrArray) rows = tambo_readers_list (NULL);

  for (guint i = 0; rows && i < rows->len; i++)
    if (((const TamboReaderRow *) g_ptr_array_index (rows, i))->card_present)
      return TRUE;
  return FALSE;
}

gboolean wire_wait (gboolean present, double seconds) {
  gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);

  while (is_card_there () != present) {
    if (g_get_monotonic_time () > end)
      return FALSE;
    g_usleep (STEP_US);
  }
  return TRUE;
}

/* What somebody wants to know whose card did not come. */
static void tell_readers (const Wire *wire) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = tambo_readers_list (&error);
  const char *pid = g_subprocess_get_identifier (wire->card);

  g_test_message ("the card's process %s", pid ? "runs" : "has ended");
  if (!rows)
    g_test_message ("the readers: %s", error->message);
  for (guint i = 0; rows && i < rows->len; i++) {
    const TamboReaderRow *row = g_ptr_array_index (rows, i);
    g_test_message ("the reader %s has %s card", row->name, row->card_present ? "a" : "no");
  }
}

void wire_lay_card (Wire *wire, const char *const *options) {
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  const char *const always[] = { "--control", wire->control, "--dump", wire->dump, "--vpcd" };

  wire_stop_card (wire);
  g_assert_true (wire_wait (FALSE, PATIENCE_SECONDS));
  g_ptr_array_add (argv, g_strdup (TAMBO_SIMULATOR));
  g_ptr_array_add (argv, g_strdup ("card"));
  for (gsize i = 0; i < G_N_ELEMENTS (always); i++)
    g_ptr_array_add (argv, g_strdup (always[i]));
  g_ptr_array_add (argv, g_strdup_printf ("%u", wire->port));
  for (guint i = 0; options[i]; i++)
    g_ptr_array_add (argv, g_strdup (options[i]));
  g_ptr_array_add (argv, NULL);
  wire->card = start ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  if (!wire_wait (TRUE, PATIENCE_SECONDS)) {
    tell_readers (wire);
    g_error ("no reader has the card after %d s", PATIENCE_SECONDS);
  }
}

/* pcscd is the child of the simulator that plays the reader. */
static pid_t find_pcscd (const Wire *wire) {
  const char *pid = g_subprocess_get_identifier (wire->reader);
  g_autofree char *path = g_strdup_printf ("/proc/%s/task/%s/children", pid, pid);
  g_autofree char *children = NULL;

  g_assert_true (g_file_get_contents (path, &children, NULL, NULL));
  return (pid_t) g_ascii_strtoll (children, NULL, 10);
}

void wire_kill (Wire *wire) {
  pid_t pid = find_pcscd (wire);

  g_assert_cmpint (pid, >, 1);
  kill (pid, SIGKILL);
  g_subprocess_wait (wire->reader, NULL, NULL);
  g_clear_object (&wire->reader);
}

void wire_revive (Wire *wire) {
  start_reader (wire);
}
