/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/process.h"

#include "simulator/simulator-error.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

gboolean tambo_simulator_parse_options (int *argc, char ***argv, const char *parameters,
                                        const char *summary, const GOptionEntry *options) {
  g_autoptr (GOptionContext) context = g_option_context_new (parameters);
  g_autoptr (GError) error = NULL;
  g_option_context_set_summary (context, summary);
  g_option_context_add_main_entries (context, options, NULL);
  if (g_option_context_parse (context, argc, argv, &error))
    return TRUE;
  g_printerr ("tambo-simulator: %s; see --help\n", error->message);
  return FALSE;
}

int tambo_simulator_fail (const char *what, const GError *error) {
  g_printerr ("tambo-simulator: %s: %s\n", what, error->message);
  return g_error_matches (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE) ? 2 : 1;
}

void tambo_simulator_announce (const char *format, ...) {
  va_list arguments;
  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
  putchar ('\n');
  fflush (stdout);
}

static gboolean end_loop (gpointer data) {
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

GMainLoop *tambo_simulator_main_loop_new (void) {
  GMainLoop *loop = g_main_loop_new (NULL, FALSE);
  g_unix_signal_add (SIGINT, end_loop, loop);
  g_unix_signal_add (SIGTERM, end_loop, loop);
  g_unix_signal_add (SIGHUP, end_loop, loop);
  signal (SIGPIPE, SIG_IGN);
  return loop;
}

gboolean tambo_simulator_unix_address (const char *path, gpointer out_address, guint *out_size,
                                       GError **error) {
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  if (strlen (path) >= sizeof address.sun_path) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "the socket name %s is longer than %zu bytes", path, sizeof address.sun_path - 1);
    return FALSE;
  }
  strcpy (address.sun_path, path);
  memcpy (out_address, &address, sizeof address);
  *out_size = sizeof address;
  return TRUE;
}

int tambo_simulator_listen_tcp (guint16 port, guint16 *out_port, GError **error) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  int yes = 1;

  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0)
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (fd < 0 || bind (fd, (struct sockaddr *) &address, sizeof address) < 0 || listen (fd, 8) < 0
      || getsockname (fd, (struct sockaddr *) &address, &size) < 0) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "cannot listen on 127.0.0.1 port %u: %s", port, g_strerror (errno));
    if (fd >= 0)
      close (fd);
    return -1;
  }
  *out_port = ntohs (address.sin_port);
  return fd;
}

void tambo_simulator_child_setup (gpointer unused) {
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

int tambo_simulator_end_child (GPid pid) {
  int status = 0;
  kill (pid, SIGTERM);
  for (int turns = 0; turns < 200; turns++) {
    pid_t ended = waitpid (pid, &status, WNOHANG);
    if (ended == pid || (ended < 0 && errno == ECHILD))
      return status;
    g_usleep (10000);
  }
  kill (pid, SIGKILL);
  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    ;
  return status;
}

char **tambo_simulator_command (char **argv) {
  char **command = argv + 1;
  if (command[0] != NULL && g_str_equal (command[0], "--"))
    command++;
  return command[0] != NULL ? command : NULL;
}

typedef struct {
  GMainLoop *loop; /* borrowed */
  GPid pid;        /* 0: it has ended */
  int status;
} Command;

static void on_command_end (GPid pid, int status, gpointer data) {
  Command *command = data;
  command->pid = 0;
  command->status = status;
  g_main_loop_quit (command->loop);
}

gboolean tambo_simulator_run_command (GMainLoop *loop, char **argv, char **environment,
                                      int *out_code, GError **error) {
  Command command = { .loop = loop };
  if (!g_spawn_async (NULL, argv, environment,
                      G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD
                          | G_SPAWN_CHILD_INHERITS_STDIN,
                      tambo_simulator_child_setup, NULL, &command.pid, error))
    return FALSE;
  guint watch = g_child_watch_add (command.pid, on_command_end, &command);
  g_main_loop_run (loop);
  if (command.pid != 0) { /* a signal came to us */
    g_source_remove (watch);
    command.status = tambo_simulator_end_child (command.pid);
  }
  *out_code =
      WIFSIGNALED (command.status) ? 128 + WTERMSIG (command.status) : WEXITSTATUS (command.status);
  return TRUE;
}
