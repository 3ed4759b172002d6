/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/error.h"

static void set_errno_for (GError **error, int saved_errno, const char *verb, const char *path) {
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *context = g_strdup_printf ("cannot %s %s", verb, name);

  tambo_error_set_errno (error, saved_errno, context);
}

/* Reads until the end or until SIZE bytes; -1 with errno. */
static gssize read_fully (int fd, guint8 *buffer, gsize size) {
  gsize used = 0;

  while (used < size) {
    gssize n = read (fd, buffer + used, size - used);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -1;
    if (n == 0)
      break;
    used += (gsize) n;
  }
  return (gssize) used;
}

static GBytes *read_descriptor (int fd, const char *path, gsize max_size, GError **error) {
  struct stat status;
  g_autofree guint8 *buffer = NULL;
  gsize room = max_size;
  gssize used;

  if (fstat (fd, &status) != 0) {
    set_errno_for (error, errno, "read", path);
    return NULL;
  }
  if (S_ISREG (status.st_mode) && (guint64) status.st_size < max_size)
    room = (gsize) status.st_size;
  /* One byte more than is expected tells the end from a file that is too large or has grown. */
  buffer = g_try_malloc (room + 1);
  if (buffer == NULL) {
    set_errno_for (error, ENOMEM, "read", path);
    return NULL;
  }
  used = read_fully (fd, buffer, room + 1);
  if (used < 0) {
    set_errno_for (error, errno, "read", path);
    return NULL;
  }
  if ((gsize) used > room) {
    g_autofree char *name = g_filename_display_name (path);

    g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
                 "%s is larger than the %" G_GSIZE_FORMAT " bytes that are allowed", name, room);
    return NULL;
  }
  return g_bytes_new_take (g_steal_pointer (&buffer), (gsize) used);
}

GBytes *tambo_file_read (const char *path, gsize max_size, GError **error) {
  GBytes *bytes;
  int fd;

  g_return_val_if_fail (max_size < G_MAXSSIZE, NULL);
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) {
    set_errno_for (error, errno, "read", path);
    return NULL;
  }
  bytes = read_descriptor (fd, path, max_size, error);
  close (fd);
  return bytes;
}

static gboolean write_fully (int fd, GBytes *bytes) {
  gsize size, used = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  while (used < size) {
    gssize n = write (fd, data + used, size - used);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return FALSE;
    used += (gsize) n;
  }
  return TRUE;
}

static gboolean sync_folder (const char *folder) {
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int result, saved_errno;

  if (fd < 0)
    return FALSE;
  result = fsync (fd);
  saved_errno = errno;
  close (fd);
  errno = saved_errno;
  return result == 0;
}

/* Fills and closes FD; FALSE with errno. close() may be the one to report a full disk. */
static gboolean fill_and_close (int fd, GBytes *bytes, int mode) {
  gboolean written = fchmod (fd, (mode_t) mode) == 0 && write_fully (fd, bytes) && fsync (fd) == 0;
  int saved_errno = errno;

  if (close (fd) != 0 && written)
    return FALSE;
  errno = saved_errno;
  return written;
}

gboolean tambo_file_write_durable (const char *path, GBytes *bytes, int mode, GError **error) {
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *temporary = g_strdup_printf ("%s.XXXXXX", path);
  int fd = mkostemp (temporary, O_CLOEXEC);

  if (fd < 0) {
    set_errno_for (error, errno, "write", path);
    return FALSE;
  }
  if (!fill_and_close (fd, bytes, mode) || rename (temporary, path) != 0) {
    int saved_errno = errno;

    unlink (temporary);
    set_errno_for (error, saved_errno, "write", path);
    return FALSE;
  }
  if (!sync_folder (folder)) {
    set_errno_for (error, errno, "make durable", path);
    return FALSE;
  }
  return TRUE;
}

static gboolean is_folder (const char *path) {
  struct stat status;

  return stat (path, &status) == 0 && S_ISDIR (status.st_mode);
}

gboolean tambo_file_make_folder (const char *path, int mode, GError **error) {
  g_autofree char *parent = g_path_get_dirname (path);

  if (is_folder (path))
    return TRUE;
  if (!is_folder (parent) && g_strcmp0 (parent, path) != 0
      && !tambo_file_make_folder (parent, 0755, error))
    return FALSE;
  if (mkdir (path, (mode_t) mode) != 0) {
    /* Another process may have been quicker. */
    if (errno == EEXIST && is_folder (path))
      return TRUE;
    set_errno_for (error, errno, "make the folder", path);
    return FALSE;
  }
  if (!sync_folder (parent)) {
    set_errno_for (error, errno, "make durable", path);
    return FALSE;
  }
  return TRUE;
}

/* What the medium holds, and not what memory still does. */
static GBytes *read_back (const char *path, gsize size, GError **error) {
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  GBytes *bytes;

  if (fd < 0) {
    set_errno_for (error, errno, "read", path);
    return NULL;
  }
  posix_fadvise (fd, 0, 0, POSIX_FADV_DONTNEED);
  bytes = read_descriptor (fd, path, size, error);
  close (fd);
  return bytes;
}

gboolean tambo_file_write_verified (const char *path, GBytes *bytes, GError **error) {
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  g_autoptr (GBytes) found = NULL;
  gboolean is_written;
  int saved_errno;

  if (fd < 0) {
    set_errno_for (error, errno, "write", path);
    return FALSE;
  }
  is_written = write_fully (fd, bytes) && fsync (fd) == 0;
  saved_errno = errno;
  if (close (fd) != 0 && is_written) {
    saved_errno = errno;
    is_written = FALSE;
  }
  if (!is_written) {
    set_errno_for (error, saved_errno, "write", path);
    return FALSE;
  }
  found = read_back (path, g_bytes_get_size (bytes), error);
  if (found == NULL)
    return FALSE;
  if (g_bytes_equal (found, bytes))
    return TRUE;
  g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY,
               "%s does not hold what was written to it", path);
  return FALSE;
}

gboolean tambo_file_publish (const char *from, const char *to, GError **error) {
  g_autofree char *parent = g_path_get_dirname (to);

  if ((!is_folder (from) || sync_folder (from)) && rename (from, to) == 0 && sync_folder (parent))
    return TRUE;
  set_errno_for (error, errno, "finish", to);
  return FALSE;
}

gboolean tambo_file_remove_folder (const char *path, GError **error) {
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *inside = g_build_filename (path, name, NULL);

    if (unlink (inside) != 0) {
      set_errno_for (error, errno, "remove", inside);
      return FALSE;
    }
  }
  if (rmdir (path) == 0 || errno == ENOENT)
    return TRUE;
  set_errno_for (error, errno, "remove", path);
  return FALSE;
}

gboolean tambo_file_free_space (const char *path, guint64 *out_bytes, GError **error) {
  struct statvfs status;

  if (statvfs (path, &status) != 0) {
    set_errno_for (error, errno, "measure the free space of", path);
    return FALSE;
  }
  *out_bytes = (guint64) status.f_bavail * status.f_frsize;
  return TRUE;
}
