/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/control.h"

#include "simulator/process.h"
#include "simulator/simulator-error.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_SECONDS 10

struct _TamboControl {
  char *path;
  TamboControlFunc func;
  gpointer data; /* borrowed */
  int listener, stop;
  GThread *thread;
};

static void set_patience (int fd) {
  struct timeval patience = { .tv_sec = PATIENCE_SECONDS };
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

/* NULL when the peer sent no whole line in time. */
static char *read_line (int fd) {
  char line[TAMBO_CONTROL_MAX_LINE];
  gsize size = 0;
  while (size < sizeof line) {
    gssize got = recv (fd, line + size, sizeof line - size, 0);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return NULL;
    char *end = memchr (line + size, '\n', (gsize) got);
    size += (gsize) got;
    if (end != NULL)
      return g_strndup (line, (gsize) (end - line));
  }
  return NULL;
}

static gboolean write_line (int fd, const char *line) {
  g_autofree char *whole = g_strconcat (line, "\n", NULL);
  gsize size = strlen (whole), sent = 0;
  while (sent < size) {
    gssize put = send (fd, whole + sent, size - sent, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR)
      continue;
    if (put <= 0)
      return FALSE;
    sent += (gsize) put;
  }
  return TRUE;
}

static void serve (TamboControl *control, int fd) {
  g_autofree char *line = NULL;
  set_patience (fd);
  while ((line = read_line (fd)) != NULL) {
    g_auto (GStrv) words = NULL;
    g_autoptr (GError) error = NULL;
    g_autofree char *answer = g_strdup ("ok");
    if (!g_shell_parse_argv (line, NULL, &words, &error)
        || !control->func (words, control->data, &error)) {
      g_free (answer);
      answer = g_strdup_printf ("error: %s", error->message);
    }
    g_strdelimit (answer, "\n", ' ');
    if (!write_line (fd, answer))
      return;
    g_clear_pointer (&line, g_free);
  }
}

static gpointer listen_thread (gpointer data) {
  TamboControl *control = data;
  struct pollfd fds[] = { { control->listener, POLLIN, 0 }, { control->stop, POLLIN, 0 } };
  for (;;) {
    if (poll (fds, G_N_ELEMENTS (fds), -1) < 0 && errno != EINTR)
      return NULL;
    if (fds[1].revents != 0)
      return NULL;
    if (fds[0].revents == 0)
      continue;
    int fd = accept4 (control->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
      continue;
    serve (control, fd);
    close (fd);
  }
}

TamboControl *tambo_control_listen (const char *path, TamboControlFunc func, gpointer data,
                                    GError **error) {
  struct sockaddr_un address;
  guint size;
  if (!tambo_simulator_unix_address (path, &address, &size, error))
    return NULL;

  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  unlink (path);
  if (fd < 0 || bind (fd, (struct sockaddr *) &address, size) < 0 || chmod (path, 0600) < 0
      || listen (fd, 4) < 0) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "cannot listen on %s: %s", path, g_strerror (errno));
    if (fd >= 0)
      close (fd);
    return NULL;
  }

  TamboControl *control = g_new0 (TamboControl, 1);
  control->path = g_strdup (path);
  control->func = func;
  control->data = data;
  control->listener = fd;
  control->stop = eventfd (0, EFD_CLOEXEC);
  control->thread = g_thread_new ("control", listen_thread, control);
  return control;
}

void tambo_control_free (TamboControl *control) {
  if (control == NULL)
    return;
  eventfd_write (control->stop, 1);
  g_thread_join (control->thread);
  close (control->listener);
  close (control->stop);
  unlink (control->path);
  g_free (control->path);
  g_free (control);
}

static char *join_words (const char *const *words) {
  GString *line = g_string_new (NULL);
  for (guint i = 0; words[i] != NULL; i++) {
    gboolean plain = words[i][0] != '\0';
    for (const char *c = words[i]; *c != '\0'; c++)
      plain = plain && (g_ascii_isalnum (*c) || strchr ("_./:,-+=@", *c) != NULL);
    g_autofree char *word = plain ? g_strdup (words[i]) : g_shell_quote (words[i]);
    g_string_append_printf (line, "%s%s", i == 0 ? "" : " ", word);
  }
  return g_string_free (line, FALSE);
}

static gboolean take_answer (const char *answer, GError **error) {
  if (answer == NULL) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_MALFORMED,
                 "the played device gave no answer");
    return FALSE;
  }
  if (g_str_equal (answer, "ok") || g_str_has_prefix (answer, "ok "))
    return TRUE;
  const char *cause = g_str_has_prefix (answer, "error: ") ? answer + strlen ("error: ") : answer;
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED, "%s", cause);
  return FALSE;
}

gboolean tambo_control_send (const char *path, const char *const *words, GError **error) {
  struct sockaddr_un address;
  guint size;
  if (!tambo_simulator_unix_address (path, &address, &size, error))
    return FALSE;

  g_autofree char *line = join_words (words);
  if (strlen (line) + 1 >= TAMBO_CONTROL_MAX_LINE || strchr (line, '\n') != NULL) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
                 "the command is longer than one line of %d bytes", TAMBO_CONTROL_MAX_LINE);
    return FALSE;
  }
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect (fd, (struct sockaddr *) &address, size) < 0) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "nothing is played at %s: %s", path, g_strerror (errno));
    if (fd >= 0)
      close (fd);
    return FALSE;
  }
  set_patience (fd);
  g_autofree char *answer = write_line (fd, line) ? read_line (fd) : NULL;
  close (fd);
  return take_answer (answer, error);
}

/* The desk runs in a folder of its own: it must get file names that hold everywhere. */
static void make_files_absolute (char **words) {
  guint n = g_strv_length (words);
  if (n != 3 || !(g_str_equal (words[1], "image") || g_str_equal (words[1], "portrait"))
      || g_str_equal (words[2], "drawn"))
    return;
  char *whole = g_canonicalize_filename (words[2], NULL);
  g_free (words[2]);
  words[2] = whole;
}

int tambo_simulator_control_main (int argc, char **argv) {
  g_autofree char *dir = NULL;
  const GOptionEntry options[] = {
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, "The desk's folder", "DIR" },
    { NULL },
  };
  if (!tambo_simulator_parse_options (
          &argc, &argv, "DEVICE COMMAND…",
          "Tells a running desk what happens at its devices:\n"
          "  finger seed N | finger image FILE | finger press\n"
          "  camera portrait FILE | camera portrait drawn\n"
          "  pad sign | pad last SECONDS\n"
          "  finger|camera|pad fault LIST | finger|camera|pad unplug | finger|camera|pad plug\n"
          "  card insert | card remove | card tear N | card fault LIST | card new [PROFILE [SCP]]\n"
          "Without --dir the socket is the one in TAMBO_SIMULATOR_CONTROL.",
          options))
    return 2;

  g_autofree char *path = dir != NULL ? g_build_filename (dir, "control", NULL)
                                      : g_strdup (g_getenv ("TAMBO_SIMULATOR_CONTROL"));
  if (path == NULL || argc < 2) {
    g_printerr ("tambo-simulator: control needs --dir DIR and a command; see --help\n");
    return 2;
  }
  g_auto (GStrv) words = g_strdupv (argv + 1);
  g_autoptr (GError) error = NULL;
  make_files_absolute (words);
  if (!tambo_control_send (path, (const char *const *) words, &error))
    return tambo_simulator_fail ("control", error);
  g_print ("ok\n");
  return 0;
}
