/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Preloaded, what a day at the desk cannot wait for, each from the moment at which a file is there:
 * TAMBO_LATER_FILE: the time since the system started is an hour later.
 * TAMBO_YEARS_FILE: the calendar is thirty years later.
 * TAMBO_FULL_FILE: the disk has room for little more than three cases.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define YEARS (30 * 365 * 24 * 60 * 60L)
#define ROOM ((64 + 3 * 8 + 1) * 1024 * 1024UL)

int clock_gettime (clockid_t clock, struct timespec *time);
time_t time (time_t *seconds);
int statvfs (const char *path, struct statvfs *look);

static int is_there (const char *name) {
  const char *file = getenv (name);

  return file != NULL && access (file, F_OK) == 0;
}

int clock_gettime (clockid_t clock, struct timespec *time) {
  static int (*real) (clockid_t, struct timespec *);

  if (real == NULL)
    real = (int (*) (clockid_t, struct timespec *)) dlsym (RTLD_NEXT, "clock_gettime");
  int result = real (clock, time);
  if (result == 0 && clock == CLOCK_BOOTTIME && is_there ("TAMBO_LATER_FILE"))
    time->tv_sec += 60 * 60;
  if (result == 0 && clock == CLOCK_REALTIME && is_there ("TAMBO_YEARS_FILE"))
    time->tv_sec += YEARS;
  return result;
}

time_t time (time_t *seconds) {
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);
  if (seconds != NULL)
    *seconds = now.tv_sec;
  return now.tv_sec;
}

int statvfs (const char *path, struct statvfs *look) {
  static int (*real) (const char *, struct statvfs *);

  if (real == NULL)
    real = (int (*) (const char *, struct statvfs *)) dlsym (RTLD_NEXT, "statvfs");
  int result = real (path, look);
  if (result == 0 && is_there ("TAMBO_FULL_FILE"))
    look->f_bavail = look->f_bfree = ROOM / look->f_frsize;
  return result;
}
