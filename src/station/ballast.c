/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/ballast.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "station/enrol.h"

/* Twice an enrolment's room stays free beside it. */
#define ROOM_NEEDED (TAMBO_BALLAST_SIZE + 2 * TAMBO_ENROL_FREE_SPACE)

static char *ballast_path (const char *folder) {
  return g_build_filename (folder, "ballast", NULL);
}

static gboolean is_aboard (const char *path) {
  struct stat status;

  return stat (path, &status) == 0 && status.st_size == TAMBO_BALLAST_SIZE;
}

char *tambo_ballast_dup_path (TamboStation *station) {
  return ballast_path (tambo_station_get_folder (station));
}

void tambo_ballast_restore (const char *folder) {
  g_autofree char *path = ballast_path (folder);
  guint64 free_bytes;
  int fd, result;

  if (is_aboard (path) || !tambo_file_free_space (folder, &free_bytes, NULL)
      || free_bytes < ROOM_NEEDED)
    return;
  fd = open (path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return;
  /* posix_fallocate would write the whole of it where the file system cannot reserve. */
  result = fallocate (fd, 0, 0, TAMBO_BALLAST_SIZE);
  close (fd);
  if (result != 0)
    unlink (path);
}

static gboolean is_full (const GError *error) {
  return g_error_matches (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NO_SPACE)
         || g_error_matches (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NO_SPACE);
}

gboolean tambo_ballast_relieves (TamboStation *station, GError **error) {
  g_autofree char *path = ballast_path (tambo_station_get_folder (station));

  if (!is_full (*error) || !is_aboard (path) || unlink (path) != 0)
    return FALSE;
  g_info ("the disk is full; the ballast was dropped: %s", (*error)->message);
  g_clear_error (error);
  return TRUE;
}
