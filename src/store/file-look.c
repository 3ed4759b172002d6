/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/file-look.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

gboolean tambo_file_look (const char *path, TamboFileLook *out_look) {
  struct statx status;

  if (statx (AT_FDCWD, path, 0, STATX_TYPE | STATX_INO | STATX_SIZE, &status) != 0)
    return FALSE;
  out_look->device = makedev (status.stx_dev_major, status.stx_dev_minor);
  out_look->inode = status.stx_ino;
  out_look->size = (gint64) status.stx_size;
  out_look->is_regular = S_ISREG (status.stx_mode);
  return TRUE;
}

gboolean tambo_file_look_is_same (const TamboFileLook *one, const TamboFileLook *other) {
  return one->device == other->device && one->inode == other->inode;
}
