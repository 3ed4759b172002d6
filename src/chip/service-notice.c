/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/service-notice.h"

#include <sys/inotify.h>
#include <unistd.h>

/* Where the library of pcscd looks, too. */
#define SOCKET_VARIABLE "PCSCLITE_CSOCK_NAME"
#define SOCKET "/run/pcscd/pcscd.comm"

#define EVENTS (IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

/* The folder of the socket, or while that is missing the nearest one above it. */
int tambo_service_notice_open (void) {
  const char *place = g_getenv (SOCKET_VARIABLE);
  g_autofree char *folder = g_path_get_dirname (place != NULL ? place : SOCKET);
  int notice = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);

  if (notice < 0)
    return -1;
  while (inotify_add_watch (notice, folder, EVENTS) < 0) {
    g_autofree char *below = g_steal_pointer (&folder);
    folder = g_path_get_dirname (below);
    if (g_str_equal (folder, below)) {
      close (notice);
      return -1;
    }
  }
  return notice;
}

void tambo_service_notice_close (int notice) {
  if (notice >= 0)
    close (notice);
}

gboolean tambo_service_notice_wait (int notice, guint milliseconds, GCancellable *cancellable) {
  GPollFD fds[2] = { { .fd = notice, .events = G_IO_IN } };
  gboolean can_cancel = g_cancellable_make_pollfd (cancellable, &fds[1]);

  /* A negative one is passed over. */
  g_poll (fds, can_cancel ? 2 : 1, (gint) MIN (milliseconds, G_MAXINT));
  if (can_cancel)
    g_cancellable_release_fd (cancellable);
  return (fds[0].revents & G_IO_IN) != 0;
}
