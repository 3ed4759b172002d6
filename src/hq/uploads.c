/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/uploads.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"

#define SYNC_EVERY (256 * 1024)

struct _TamboUploads {
  char *folder;
  GMutex lock;
  GHashTable *writers; /* sha256 -> TamboUpload, borrowed: who may write */
};

struct _TamboUpload {
  TamboUploads *uploads;
  char *sha256;
  int fd;
  gint64 offset; /* written */
  gint64 durable;
  gint64 size;
};

TamboUploads *tambo_uploads_new (const char *folder) {
  TamboUploads *uploads = g_new0 (TamboUploads, 1);

  uploads->folder = g_build_filename (folder, "partial", NULL);
  g_mutex_init (&uploads->lock);
  uploads->writers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return uploads;
}

void tambo_uploads_free (TamboUploads *uploads) {
  g_hash_table_unref (uploads->writers);
  g_mutex_clear (&uploads->lock);
  g_free (uploads->folder);
  g_free (uploads);
}

static char *partial_path (TamboUploads *uploads, const char *sha256) {
  return g_build_filename (uploads->folder, sha256, NULL);
}

static gboolean fail_errno (GError **error, const char *what) {
  tambo_error_set_errno (error, errno, what);
  return FALSE;
}

static gboolean sync_folder_of (const char *path, GError **error) {
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean is_synced = fd >= 0 && fsync (fd) == 0;

  if (!is_synced)
    fail_errno (error, "a folder of records");
  if (fd >= 0)
    close (fd);
  return is_synced;
}

/* The file's size, once it is durable: a process that was killed may have left bytes that only the
 * page cache knows. */
static gboolean durable_size (int fd, gint64 *out_size, GError **error) {
  struct stat status;

  if (fdatasync (fd) != 0 || fstat (fd, &status) != 0)
    return fail_errno (error, "a partial record");
  *out_size = status.st_size;
  return TRUE;
}

gboolean tambo_uploads_offset (TamboUploads *uploads, const char *sha256, gint64 *out_offset,
                               GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&uploads->lock);
  g_autofree char *path = partial_path (uploads, sha256);
  gboolean is_known;
  int fd;

  /* A broken connection may still have its writer here: all that it wrote counts. */
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0 && errno == ENOENT) {
    *out_offset = 0;
    return TRUE;
  }
  if (fd < 0)
    return fail_errno (error, "a partial record");
  is_known = durable_size (fd, out_offset, error);
  close (fd);
  return is_known;
}

TamboUpload *tambo_upload_begin (TamboUploads *uploads, const char *sha256, gint64 offset,
                                 gint64 size, GError **error) {
  g_autofree char *path = partial_path (uploads, sha256);
  g_autoptr (TamboUpload) upload = g_new0 (TamboUpload, 1);
  g_autoptr (GMutexLocker) locker = NULL; /* let go before UPLOAD is freed: cleared in reverse */

  upload->uploads = uploads;
  upload->sha256 = g_strdup (sha256);
  upload->size = size;
  upload->fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (upload->fd < 0) {
    fail_errno (error, "a partial record");
    return NULL;
  }
  if (!sync_folder_of (path, error))
    return NULL;
  locker = g_mutex_locker_new (&uploads->lock);
  /* From here on an older writer finds itself replaced and adds nothing more. */
  g_hash_table_remove (uploads->writers, sha256);
  if (!durable_size (upload->fd, &upload->offset, error))
    return NULL;
  upload->durable = upload->offset;
  if (upload->offset != offset) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE,
                 "the record goes on from byte %" G_GINT64_FORMAT, upload->offset);
    return NULL;
  }
  g_hash_table_insert (uploads->writers, g_strdup (sha256), upload);
  return g_steal_pointer (&upload);
}

void tambo_upload_free (TamboUpload *upload) {
  if (upload == NULL)
    return;
  g_mutex_lock (&upload->uploads->lock);
  if (g_hash_table_lookup (upload->uploads->writers, upload->sha256) == upload)
    g_hash_table_remove (upload->uploads->writers, upload->sha256);
  g_mutex_unlock (&upload->uploads->lock);
  if (upload->fd >= 0)
    close (upload->fd);
  g_free (upload->sha256);
  g_free (upload);
}

static gboolean is_writer (TamboUpload *upload, GError **error) {
  if (g_hash_table_lookup (upload->uploads->writers, upload->sha256) == upload)
    return TRUE;
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE,
                       "another connection goes on with this record");
  return FALSE;
}

static gboolean write_fully (TamboUpload *upload, const guint8 *data, gsize size) {
  while (size > 0) {
    gssize n = write (upload->fd, data, size);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return FALSE;
    data += n;
    size -= (gsize) n;
    upload->offset += n;
  }
  return TRUE;
}

static gboolean make_durable (TamboUpload *upload) {
  if (fdatasync (upload->fd) != 0)
    return FALSE;
  upload->durable = upload->offset;
  return TRUE;
}

gboolean tambo_upload_write (TamboUpload *upload, gconstpointer data, gsize size, GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&upload->uploads->lock);

  if (!is_writer (upload, error))
    return FALSE;
  if ((gint64) size > upload->size - upload->offset) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID,
                         "the record is longer than its manifest says");
    return FALSE;
  }
  if (!write_fully (upload, data, size)
      || (upload->offset - upload->durable >= SYNC_EVERY && !make_durable (upload)))
    return fail_errno (error, "a partial record");
  return TRUE;
}

gboolean tambo_upload_sync (TamboUpload *upload, gint64 *out_offset, GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&upload->uploads->lock);

  if (!is_writer (upload, error))
    return FALSE;
  if (!make_durable (upload))
    return fail_errno (error, "a partial record");
  *out_offset = upload->durable;
  return TRUE;
}

/* Under the lock. */
static gboolean check_content (const char *path, const char *sha256, GError **error) {
  g_autoptr (GBytes) bytes = tambo_file_read (path, TAMBO_RECORD_MAX_SIZE, error);
  g_autofree char *hash = NULL;

  if (bytes == NULL)
    return FALSE;
  hash = tambo_sha256_hex (bytes);
  if (strcmp (hash, sha256) == 0)
    return TRUE;
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INTEGRITY,
                       "the bytes that came are not those of the manifest");
  return FALSE;
}

gboolean tambo_uploads_finish (TamboUploads *uploads, const char *sha256, const char *path,
                               GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&uploads->lock);
  g_autofree char *partial = partial_path (uploads, sha256);
  g_autofree char *shelf = g_path_get_dirname (path);
  g_autoptr (GError) cause = NULL;

  g_hash_table_remove (uploads->writers, sha256);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return check_content (path, sha256, error);
  if (!check_content (partial, sha256, &cause)) {
    if (g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INTEGRITY)) {
      /* Should even this fail, the next try finds the same and comes here again. */
      int ignored G_GNUC_UNUSED = truncate (partial, 0);
    }
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (!tambo_file_make_folder (shelf, 0700, error))
    return FALSE;
  if (rename (partial, path) != 0)
    return fail_errno (error, "a whole record");
  return sync_folder_of (path, error) && sync_folder_of (partial, error);
}
