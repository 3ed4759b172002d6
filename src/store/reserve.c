/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/reserve.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MIN_STORE_SIZE (4 * 1024 * 1024)
#define SHARE 4 /* of the store, that it gets ahead */
#define MAX_AHEAD (16 * 1024 * 1024)
#define MIN_ROOM 64 /* times as much has to be free */

static gboolean open_once (TamboReserve *reserve, const char *path) {
  if (reserve->is_open)
    return TRUE;
  reserve->fd = open (path, O_WRONLY | O_CLOEXEC);
  reserve->is_open = reserve->fd >= 0;
  return reserve->is_open;
}

static gboolean has_room (int fd, gint64 ahead) {
  struct statvfs disk;

  return fstatvfs (fd, &disk) == 0
         && (gdouble) disk.f_bavail * (gdouble) disk.f_frsize >= (gdouble) ahead * MIN_ROOM;
}

void tambo_reserve_grow (TamboReserve *reserve, const char *path, gint64 size) {
  gint64 ahead = MIN (size / SHARE, MAX_AHEAD);
  gint64 start = reserve->end > 0 ? reserve->end : size;

  if (size < MIN_STORE_SIZE || size <= reserve->end || reserve->is_refused
      || !open_once (reserve, path) || !has_room (reserve->fd, ahead))
    return;
  /* Some file systems cannot. */
  reserve->is_refused =
      fallocate (reserve->fd, FALLOC_FL_KEEP_SIZE, start, size + ahead - start) != 0;
  reserve->end = size + ahead;
}

void tambo_reserve_forget (TamboReserve *reserve) {
  reserve->end = 0;
}

void tambo_reserve_clear (TamboReserve *reserve) {
  if (reserve->is_open)
    close (reserve->fd);
  reserve->is_open = FALSE;
}
