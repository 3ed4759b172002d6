/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Before umockdev's library: each program is refused udev's socket for the first TAMBO_REFUSED times, as where another
 * one begins to listen in the same moment.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>

static _Atomic int asked;

int bind (int fd, const struct sockaddr *address, socklen_t size) {
  int (*next) (int, const struct sockaddr *, socklen_t) =
      (int (*) (int, const struct sockaddr *, socklen_t)) dlsym (RTLD_NEXT, "bind");
  const char *refused = getenv ("TAMBO_REFUSED");

  if (address->sa_family == AF_NETLINK && refused != NULL && asked++ < atoi (refused)) {
    errno = EADDRINUSE;
    return -1;
  }
  return next (fd, address, size);
}
