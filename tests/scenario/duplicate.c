/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Before umockdev's library, which knows a node by the descriptor that was opened and not by one that was duplicated:
 * GStreamer starts and stops a webcam's stream on such a one. Loaded into programs that look at the played webcam.
 */
#include <dlfcn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MAX_DESCRIPTORS 1024
#define VIDEO 'V'

static _Atomic int originals[MAX_DESCRIPTORS]; /* and one more; 0: none */

int dup (int fd) {
  int (*next) (int) = (int (*) (int)) dlsym (RTLD_NEXT, "dup");
  int copy = next (fd);

  if (copy >= 0 && copy < MAX_DESCRIPTORS)
    originals[copy] = fd + 1;
  return copy;
}

int ioctl (int fd, unsigned long request, ...) {
  int (*next) (int, unsigned long, void *) =
      (int (*) (int, unsigned long, void *)) dlsym (RTLD_NEXT, "ioctl");
  int is_copy = fd >= 0 && fd < MAX_DESCRIPTORS && originals[fd] != 0;
  va_list rest;
  void *argument;

  va_start (rest, request);
  argument = va_arg (rest, void *);
  va_end (rest);
  /* Numbers are used again: only what Video4Linux is asked goes to the one that was opened. */
  return next (is_copy && ((request >> 8) & 0xff) == VIDEO ? originals[fd] - 1 : fd, request,
               argument);
}

int close (int fd) {
  int (*next) (int) = (int (*) (int)) dlsym (RTLD_NEXT, "close");

  if (fd >= 0 && fd < MAX_DESCRIPTORS)
    originals[fd] = 0;
  return next (fd);
}
