/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who goes on with a record that has a part gets a file of its own with a copy of that part, which takes the
 * place of the old one. A writer sees by its file's missing name that another has taken over; what it still
 * writes goes nowhere. Changes of the name are made under a lock of the file (flock), which is held
 * for moments only.
 */
#include "hq/uploads.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"

/* A slow line loses at most so much to a power cut; a fast one is not held up by more than one sync. */
#define SYNC_BYTES (256 * 1024)
#define SYNC_PAUSE (1 * G_TIME_SPAN_SECOND)
#define SYNC_BYTES_AT_MOST (8 * 1024 * 1024)
#define COPY_SIZE (64 * 1024)
#define MAX_TRIES 8
#define LEFT_SECONDS 3600

struct _TamboUploads {
  char *partial, *records;
};

struct _TamboUpload {
  TamboUploads *uploads;
  char *path;
  int fd;
  gint64 offset; /* written */
  gint64 durable;
  gint64 size;
  gint64 synced_at;
  gboolean has_durable_name;
  EVP_MD_CTX *hash; /* of all bytes up to the offset */
};

TamboUploads *tambo_uploads_new (const char *folder) {
  TamboUploads *uploads = g_new0 (TamboUploads, 1);

  uploads->partial = g_build_filename (folder, "partial", NULL);
  uploads->records = g_build_filename (folder, "records", NULL);
  return uploads;
}

void tambo_uploads_free (TamboUploads *uploads) {
  g_free (uploads->partial);
  g_free (uploads->records);
  g_free (uploads);
}

static char *partial_path (TamboUploads *uploads, const char *sha256) {
  return g_build_filename (uploads->partial, sha256, NULL);
}

char *tambo_uploads_record_path (TamboUploads *uploads, const char *sha256) {
  const char shelf[3] = { sha256[0], sha256[1], '\0' };

  return g_build_filename (uploads->records, shelf, sha256, NULL);
}

static gboolean fail_errno (GError **error, const char *what) {
  tambo_error_set_errno (error, errno, what);
  return FALSE;
}

static gboolean fail_replaced (GError **error) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE,
                       "another connection goes on with this record");
  return FALSE;
}

static gboolean sync_folder (const char *folder, GError **error) {
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean is_synced = fd >= 0 && fsync (fd) == 0;

  if (!is_synced)
    fail_errno (error, "a folder of records");
  if (fd >= 0)
    close (fd);
  return is_synced;
}

gboolean tambo_uploads_make_folders (const char *folder, GError **error) {
  g_autoptr (TamboUploads) uploads = tambo_uploads_new (folder);

  if (!tambo_file_make_folder (uploads->partial, 0700, error)
      || !tambo_file_make_folder (uploads->records, 0700, error))
    return FALSE;
  for (guint i = 0; i < 256; i++) {
    g_autofree char *shelf = g_strdup_printf ("%s/%02x", uploads->records, i);

    if (mkdir (shelf, 0700) != 0 && errno != EEXIST)
      return fail_errno (error, "a folder of records");
  }
  return sync_folder (uploads->records, error);
}

/* A part of what is whole by now, or a copy that was not given its name, "SHA256.XXXXXX". */
static gboolean is_left_over (TamboUploads *uploads, const char *name, const char *path) {
  g_autofree char *record = NULL;
  struct stat status;

  if (lstat (path, &status) != 0
      || status.st_mtime > g_get_real_time () / G_USEC_PER_SEC - LEFT_SECONDS)
    return FALSE;
  record = tambo_uploads_record_path (uploads, name);
  return strchr (name, '.') != NULL || access (record, F_OK) == 0;
}

void tambo_uploads_sweep (TamboUploads *uploads) {
  g_autoptr (GDir) folder = g_dir_open (uploads->partial, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *path = g_build_filename (uploads->partial, name, NULL);

    if (is_left_over (uploads, name, path))
      unlink (path);
  }
}

/* The part that is there */

/* FD is the file that PATH names. */
static gboolean is_named (int fd, const char *path) {
  struct stat own, named;

  return fstat (fd, &own) == 0 && own.st_nlink > 0 && lstat (path, &named) == 0
         && own.st_ino == named.st_ino && own.st_dev == named.st_dev;
}

/* The file of PATH with its lock; -1 with errno ENOENT when there is none. Closing it unlocks. */
static int open_locked (const char *path) {
  for (int i = 0; i < MAX_TRIES; i++) {
    int fd = open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0)
      return -1;
    if (flock (fd, LOCK_EX) == 0 && is_named (fd, path))
      return fd;
    close (fd);
  }
  errno = EBUSY;
  return -1;
}

/* The file's size, once it is durable: a process that was killed may have left bytes that only the
 * page cache knows. */
static gboolean durable_size (int fd, gint64 *out_size, GError **error) {
  struct stat status;

  if (fstat (fd, &status) != 0 || fdatasync (fd) != 0)
    return fail_errno (error, "a partial record");
  *out_size = status.st_size;
  return TRUE;
}

gboolean tambo_uploads_offset (TamboUploads *uploads, const char *sha256, gint64 *out_offset,
                               GError **error) {
  g_autofree char *path = partial_path (uploads, sha256);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  gboolean is_known;

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

/* Writing */

static gboolean write_fully (TamboUpload *upload, const guint8 *data, gsize size) {
  EVP_DigestUpdate (upload->hash, data, size);
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

static gboolean make_durable (TamboUpload *upload, GError **error) {
  if (fdatasync (upload->fd) != 0)
    return fail_errno (error, "a partial record");
  if (!upload->has_durable_name && !sync_folder (upload->uploads->partial, error))
    return FALSE;
  upload->has_durable_name = TRUE;
  upload->durable = upload->offset;
  upload->synced_at = g_get_monotonic_time ();
  return TRUE;
}

static gboolean copy_part (TamboUpload *upload, int from) {
  guint8 buffer[COPY_SIZE];
  gssize n;

  while ((n = pread (from, buffer, sizeof buffer, upload->offset)) > 0)
    if (!write_fully (upload, buffer, (gsize) n))
      return FALSE;
  return n == 0;
}

/* Under the lock of the file FROM. */
static gboolean take_over (TamboUpload *upload, int from, GError **error) {
  g_autofree char *name = g_strconcat (upload->path, ".XXXXXX", NULL);

  upload->fd = g_mkstemp_full (name, O_RDWR | O_APPEND | O_CLOEXEC, 0640);
  if (upload->fd < 0)
    return fail_errno (error, "a partial record");
  if (!copy_part (upload, from) || fdatasync (upload->fd) != 0
      || rename (name, upload->path) != 0) {
    fail_errno (error, "a partial record");
    unlink (name);
    return FALSE;
  }
  upload->durable = upload->offset;
  return TRUE;
}

/* A new file, or a copy of the part that is there. */
static gboolean open_part (TamboUpload *upload, GError **error) {
  for (int i = 0; i < MAX_TRIES; i++) {
    int old;
    gboolean is_taken;

    upload->fd =
        open (upload->path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (upload->fd >= 0)
      return TRUE;
    if (errno != EEXIST)
      break;
    old = open_locked (upload->path);
    if (old < 0 && errno != ENOENT)
      break;
    if (old < 0)
      continue;
    is_taken = take_over (upload, old, error);
    close (old);
    return is_taken;
  }
  return fail_errno (error, "a partial record");
}

TamboUpload *tambo_upload_begin (TamboUploads *uploads, const char *sha256, gint64 offset,
                                 gint64 size, GError **error) {
  g_autoptr (TamboUpload) upload = g_new0 (TamboUpload, 1);

  upload->uploads = uploads;
  upload->path = partial_path (uploads, sha256);
  upload->size = size;
  upload->fd = -1;
  upload->synced_at = g_get_monotonic_time ();
  upload->hash = EVP_MD_CTX_new ();
  EVP_DigestInit_ex (upload->hash, EVP_sha256 (), NULL);
  /* An older writer is stopped even when the offset is another one: it would move the end on. */
  if (!open_part (upload, error))
    return NULL;
  if (upload->offset != offset) {
    if (upload->offset == 0)
      unlink (upload->path);
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE,
                 "the record goes on from byte %" G_GINT64_FORMAT, upload->offset);
    return NULL;
  }
  return g_steal_pointer (&upload);
}

void tambo_upload_free (TamboUpload *upload) {
  if (upload == NULL)
    return;
  if (upload->fd >= 0)
    close (upload->fd);
  EVP_MD_CTX_free (upload->hash);
  g_free (upload->path);
  g_free (upload);
}

/* It has another name, or none, when somebody else went on with it. */
static gboolean is_writer (TamboUpload *upload, GError **error) {
  struct stat status;

  return (fstat (upload->fd, &status) == 0 && status.st_nlink > 0) || fail_replaced (error);
}

gboolean tambo_upload_write (TamboUpload *upload, gconstpointer data, gsize size, GError **error) {
  gint64 loose;

  if (!is_writer (upload, error))
    return FALSE;
  if ((gint64) size > upload->size - upload->offset) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID,
                         "the record is longer than its manifest says");
    return FALSE;
  }
  if (!write_fully (upload, data, size))
    return fail_errno (error, "a partial record");
  loose = upload->offset - upload->durable;
  if (loose < SYNC_BYTES || tambo_upload_is_whole (upload)
      || (loose < SYNC_BYTES_AT_MOST && g_get_monotonic_time () - upload->synced_at < SYNC_PAUSE))
    return TRUE;
  return make_durable (upload, error);
}

gboolean tambo_upload_is_whole (TamboUpload *upload) {
  return upload->offset == upload->size;
}

gboolean tambo_upload_sync (TamboUpload *upload, gint64 *out_offset, GError **error) {
  if (!make_durable (upload, error) || !is_writer (upload, error))
    return FALSE;
  *out_offset = upload->durable;
  return TRUE;
}

/* The whole record */

static char *hash_of_file (int fd, GError **error) {
  EVP_MD_CTX *hash = EVP_MD_CTX_new ();
  guint8 buffer[COPY_SIZE], digest[TAMBO_SHA256_SIZE];
  gint64 offset = 0;
  gssize n;

  EVP_DigestInit_ex (hash, EVP_sha256 (), NULL);
  while ((n = pread (fd, buffer, sizeof buffer, offset)) > 0) {
    EVP_DigestUpdate (hash, buffer, (gsize) n);
    offset += n;
  }
  EVP_DigestFinal_ex (hash, digest, NULL);
  EVP_MD_CTX_free (hash);
  if (n == 0)
    return tambo_hex_encode (digest, sizeof digest);
  fail_errno (error, "a record");
  return NULL;
}

static char *hash_of_upload (TamboUpload *upload) {
  guint8 digest[TAMBO_SHA256_SIZE];

  EVP_DigestFinal_ex (upload->hash, digest, NULL);
  EVP_DigestInit_ex (upload->hash, EVP_sha256 (), NULL);
  return tambo_hex_encode (digest, sizeof digest);
}

/* The file of PATH, which FD is, holds what SHA256 says. HASH is taken. Another content is removed: it is
 * nothing that was ever acknowledged. */
static gboolean check_content (const char *path, char *hash, const char *sha256, GError **error) {
  g_autofree char *own = hash;

  if (own == NULL)
    return FALSE;
  if (strcmp (own, sha256) == 0)
    return TRUE;
  unlink (path);
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INTEGRITY,
                       "the bytes that came are not those of the manifest");
  return FALSE;
}

/* A folder that was made without its shelves gets them one by one. */
static gboolean put_on_shelf (const char *partial, const char *path, const char *shelf,
                              GError **error) {
  if (rename (partial, path) == 0)
    return TRUE;
  if (errno != ENOENT)
    return fail_errno (error, "a whole record");
  if (!tambo_file_make_folder (shelf, 0700, error))
    return FALSE;
  return rename (partial, path) == 0 || fail_errno (error, "a whole record");
}

/* The name first: where one journal has names and data, as in ext4, one wait is then enough for both. After
 * a power cut between the two the content is found wanting before anything is signed. */
static gboolean make_whole_durable (int fd, const char *shelf, GError **error) {
  if (fdatasync (fd) != 0)
    return fail_errno (error, "a whole record");
  return sync_folder (shelf, error);
}

/* It lies in its place, but nobody knows whether all of it is on the disk. */
static gboolean finish_again (const char *path, const char *shelf, const char *sha256, int fd,
                              GError **error) {
  char *hash = hash_of_file (fd, error);

  return check_content (path, hash, sha256, error) && make_whole_durable (fd, shelf, error);
}

static gboolean finish_part (const char *partial, const char *path, const char *shelf,
                             const char *sha256, TamboUpload *upload, int fd, GError **error) {
  char *hash;

  if (upload != NULL && !is_named (upload->fd, partial))
    return fail_replaced (error);
  hash = upload != NULL ? hash_of_upload (upload) : hash_of_file (fd, error);
  return check_content (partial, hash, sha256, error) && put_on_shelf (partial, path, shelf, error)
         && make_whole_durable (fd, shelf, error);
}

gboolean tambo_uploads_finish (TamboUploads *uploads, const char *sha256, TamboUpload *upload,
                               GError **error) {
  g_autofree char *partial = partial_path (uploads, sha256);
  g_autofree char *path = tambo_uploads_record_path (uploads, sha256);
  g_autofree char *shelf = g_path_get_dirname (path);
  gboolean is_finished;
  int fd = open_locked (partial);

  if (fd >= 0) {
    is_finished = finish_part (partial, path, shelf, sha256, upload, fd, error);
    close (fd);
    return is_finished;
  }
  if (errno != ENOENT || (fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) < 0)
    return errno == ENOENT ? fail_replaced (error) : fail_errno (error, "a whole record");
  is_finished = finish_again (path, shelf, sha256, fd, error);
  close (fd);
  return is_finished;
}
