/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Preloaded: the time since the system started is an hour later from the moment at which the file
 * TAMBO_LATER_FILE is there.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int clock_gettime (clockid_t clock, struct timespec *time);

int clock_gettime (clockid_t clock, struct timespec *time) {
  static int (*real) (clockid_t, struct timespec *);
  const char *file = clock == CLOCK_BOOTTIME ? getenv ("TAMBO_LATER_FILE") : NULL;

  if (real == NULL)
    real = (int (*) (clockid_t, struct timespec *)) dlsym (RTLD_NEXT, "clock_gettime");
  int result = real (clock, time);
  if (result == 0 && file != NULL && access (file, F_OK) == 0)
    time->tv_sec += 60 * 60;
  return result;
}
