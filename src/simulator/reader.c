/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/reader.h"

#include "base/file.h"
#include "simulator/process.h"
#include "simulator/simulator-error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define DRIVER "pcsc/drivers/serial/libifdvpcd.so"
#define SOCKET_NAME "pcscd.comm"
#define CONFIGURATION "pcscd.conf.d"
#define READY_MS 60000 /* a busy machine takes its time */
#define LOWEST_PORT 10000
#define HIGHEST_PORT 32000
#define MAX_TRIES 5
#define FOREIGN_LOOKS 100 /* a second */
#define LISTEN_FD 3       /* the first descriptor of socket activation */

typedef struct {
  const char *socket_path, *folder, *file; /* the latter two of the configuration; borrowed */
  int listener;
  guint16 port;
  guint foreign_looks;    /* in a row, at which another program listened on the port */
  gboolean is_port_taken; /* by that program, after it was chosen */
  GPid pid;
  guint watch;
  GMainLoop *loop; /* borrowed */
} Reader;

static char *find_driver (void) {
  static const char *const folders[] = { "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
                                         "/usr/lib64", "/usr/lib", "/usr/local/lib" };
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    char *path = g_build_filename (folders[i], DRIVER, NULL);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return path;
    g_free (path);
  }
  return NULL;
}

/* The driver takes PORT for its first slot and the next one for its second. */
static gboolean are_free (guint16 port) {
  guint16 first, second;
  int a = tambo_simulator_listen_tcp (port, &first, NULL);
  int b = a >= 0 ? tambo_simulator_listen_tcp ((guint16) (port + 1), &second, NULL) : -1;

  if (a >= 0)
    close (a);
  if (b >= 0)
    close (b);
  return b >= 0;
}

/* By chance, below the ports that the kernel gives to outgoing connections: pcscd opens them only later,
 * and one of those could be taken meanwhile. */
static gboolean choose_port (Reader *reader, guint16 wanted, GError **error) {
  reader->port = wanted;
  for (int tries = 0; reader->port == 0 && tries < 200; tries++) {
    guint16 port = (guint16) g_random_int_range (LOWEST_PORT, HIGHEST_PORT);

    if (are_free (port))
      reader->port = port;
  }
  if (reader->port != 0)
    return TRUE;
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
               "no two TCP ports in a row are free");
  return FALSE;
}

static gboolean write_configuration (Reader *reader, GError **error) {
  g_autofree char *driver = find_driver ();
  if (driver == NULL) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "the driver %s is missing: install vsmartcard-vpcd", DRIVER);
    return FALSE;
  }
  g_autofree char *text = g_strdup_printf ("FRIENDLYNAME \"Practice reader\"\n"
                                           "DEVICENAME /dev/null:0x%04X\n"
                                           "LIBPATH %s\n"
                                           "CHANNELID 0x%04X\n",
                                           reader->port, driver, reader->port);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  return tambo_file_make_folder (reader->folder, 0700, error)
         && tambo_file_write_durable (reader->file, bytes, 0600, error);
}

static gboolean bind_socket (Reader *reader, GError **error) {
  struct sockaddr_un address;
  guint size;
  if (!tambo_simulator_unix_address (reader->socket_path, &address, &size, error))
    return FALSE;
  unlink (reader->socket_path);
  reader->listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (reader->listener < 0 || bind (reader->listener, (struct sockaddr *) &address, size) < 0
      || listen (reader->listener, 16) < 0) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "cannot listen on %s: %s", reader->socket_path, g_strerror (errno));
    return FALSE;
  }
  return TRUE;
}

static gboolean start_pcscd (Reader *reader, GError **error) {
  /* pcscd takes the socket only when LISTEN_PID is its own number: the shell's, which it becomes. */
  const char *const argv[] = { "/bin/sh",
                               "-c",
                               "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$@\"",
                               "sh",
                               "/usr/sbin/pcscd",
                               "--foreground",
                               "-c",
                               reader->folder,
                               NULL };
  const int target = LISTEN_FD;
  return g_spawn_async_with_pipes_and_fds (
      NULL, argv, NULL,
      G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
      tambo_simulator_child_setup, NULL, -1, -1, -1, &reader->listener, &target, 1, &reader->pid,
      NULL, NULL, NULL, error);
}

/* The inode of the socket that listens on the port; NULL. A connection would already be a card. */
static char *find_listener (guint16 port) {
  static const char *const tables[] = { "/proc/net/tcp", "/proc/net/tcp6" };
  g_autofree char *wanted = g_strdup_printf (":%04X", port);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    g_autofree char *text = NULL;
    if (!g_file_get_contents (tables[i], &text, NULL, NULL))
      continue;
    g_auto (GStrv) lines = g_strsplit (text, "\n", 0);
    for (char **line = lines; *line != NULL; line++) {
      char address[64], state[8], inode[32];
      if (sscanf (*line, " %*s %63s %*s %7s %*s %*s %*s %*s %*s %31s", address, state, inode) == 3
          && g_str_has_suffix (address, wanted) && g_str_equal (state, "0A"))
        return g_strdup (inode);
    }
  }
  return NULL;
}

static gboolean has_socket (GPid pid, const char *inode) {
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd", (int) pid);
  g_autofree char *wanted = g_strdup_printf ("socket:[%s]", inode);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *link = g_build_filename (path, name, NULL);
    g_autofree char *target = g_file_read_link (link, NULL);
    if (g_strcmp0 (target, wanted) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Two that begin at the same moment may choose the same port: the cards of both would come to one reader. */
static gboolean is_ready (Reader *reader) {
  g_autofree char *inode = find_listener (reader->port);
  gboolean is_own = inode != NULL && has_socket (reader->pid, inode);
  reader->foreign_looks = inode != NULL && !is_own ? reader->foreign_looks + 1 : 0;
  /* For a moment listens whoever looks for a free one. */
  reader->is_port_taken = reader->foreign_looks >= FOREIGN_LOOKS;
  return is_own;
}

static void on_pcscd_end (GPid pid, int status, gpointer data) {
  Reader *reader = data;
  reader->pid = 0;
  reader->watch = 0;
  g_main_loop_quit (reader->loop);
}

static gboolean wait_ready (Reader *reader, GError **error) {
  gint64 until = g_get_monotonic_time () + READY_MS * 1000LL;
  reader->watch = g_child_watch_add (reader->pid, on_pcscd_end, reader);
  while (!is_ready (reader)) {
    g_main_context_iteration (NULL, FALSE);
    if (reader->is_port_taken) {
      g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                   "another program listens on port %u", reader->port);
      return FALSE;
    }
    if (reader->pid == 0 || g_get_monotonic_time () > until) {
      g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                   reader->pid == 0 ? "pcscd ended at once" : "pcscd opened no reader in %d s",
                   READY_MS / 1000);
      return FALSE;
    }
    g_usleep (10000);
  }
  return TRUE;
}

static void stop (Reader *reader) {
  if (reader->watch != 0)
    g_source_remove (reader->watch);
  if (reader->pid != 0)
    tambo_simulator_end_child (reader->pid);
  if (reader->listener >= 0) {
    close (reader->listener);
    unlink (reader->socket_path);
  }
  unlink (reader->file);
  rmdir (reader->folder);
}

static gboolean begin (Reader *reader, guint16 port, GError **error) {
  return choose_port (reader, port, error) && write_configuration (reader, error)
         && bind_socket (reader, error) && start_pcscd (reader, error)
         && wait_ready (reader, error);
}

static gboolean play (const char *dir, guint16 port, GError **error) {
  g_autofree char *whole = g_canonicalize_filename (dir, NULL);
  if (!tambo_file_make_folder (whole, 0700, error))
    return FALSE;
  g_autofree char *socket_path = g_build_filename (whole, SOCKET_NAME, NULL);
  g_autofree char *folder = g_build_filename (whole, CONFIGURATION, NULL);
  g_autofree char *file = g_build_filename (folder, "reader.conf", NULL);
  g_autoptr (GMainLoop) loop = tambo_simulator_main_loop_new ();
  const Reader unused = { socket_path, folder, file, .listener = -1, .loop = loop };
  Reader reader = unused;
  g_autoptr (GError) cause = NULL;

  gboolean good = begin (&reader, port, &cause);
  for (int tries = 1; !good && reader.is_port_taken && port == 0 && tries < MAX_TRIES; tries++) {
    stop (&reader);
    reader = unused;
    g_clear_error (&cause);
    good = begin (&reader, port, &cause);
  }
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  if (good) {
    tambo_simulator_announce ("reader %u", reader.port);
    g_main_loop_run (loop);
  }
  stop (&reader);
  return good;
}

int tambo_simulator_reader_main (int argc, char **argv) {
  g_autofree char *dir = NULL;
  int port = 0;
  const GOptionEntry options[] = {
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, "For the socket, " SOCKET_NAME, "DIR" },
    { "port", 0, 0, G_OPTION_ARG_INT, &port, "Where the card connects; else a free one", "P" },
    { NULL },
  };
  if (!tambo_simulator_parse_options (
          &argc, &argv, NULL,
          "Starts a pcscd of its own with one virtual reader. Prints \"reader PORT\" when it is\n"
          "ready; programs find it with PCSCLITE_CSOCK_NAME=DIR/" SOCKET_NAME ".",
          options))
    return 2;
  if (dir == NULL || port < 0 || port >= G_MAXUINT16) {
    g_printerr ("tambo-simulator: reader needs --dir and no odd --port; see --help\n");
    return 2;
  }
  g_autoptr (GError) error = NULL;
  return play (dir, (guint16) port, &error) ? 0 : tambo_simulator_fail ("reader", error);
}
