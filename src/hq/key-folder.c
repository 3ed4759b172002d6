/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/key-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"

#define PRIVATE "private"
#define DECIDER "decider"
#define MAX_FILE (64 * 1024)
/* Both need it: one signs receipts, the other what goes to the stations. */
#define SHARED "signing.pem"

char *tambo_key_folder_dup_path (const char *folder, const char *name) {
  return g_build_filename (folder, PRIVATE, name, NULL);
}

gboolean tambo_key_folder_is_split (const char *folder) {
  g_autofree char *path = g_build_filename (folder, DECIDER, NULL);

  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

char *tambo_key_folder_dup_decider_path (const char *folder, const char *name) {
  return g_build_filename (folder, tambo_key_folder_is_split (folder) ? DECIDER : PRIVATE, name,
                           NULL);
}

static gboolean fail_errno (GError **error, const char *path) {
  tambo_error_set_errno (error, errno, path);
  return FALSE;
}

static gboolean is_deciders (const char *name) {
  static const char *const prefixes[] = { "envelope", "signer.", "csca.", "gallery.",
                                          "connectors." };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (name, prefixes[i]))
      return TRUE;
  return strcmp (name, SHARED) == 0;
}

/* A copy that is there before the original goes. */
static gboolean move_file (const char *from_folder, const char *to_folder, const char *name,
                           uid_t uid, gid_t gid, GError **error) {
  g_autofree char *from = g_build_filename (from_folder, name, NULL);
  g_autofree char *to = g_build_filename (to_folder, name, NULL);
  g_autoptr (GBytes) bytes = tambo_file_read (from, MAX_FILE, error);
  gboolean is_written;

  if (bytes == NULL)
    return FALSE;
  is_written = tambo_file_write_durable (to, bytes, 0600, error);
  explicit_bzero ((gpointer) g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (!is_written)
    return FALSE;
  if (chown (to, uid, gid) != 0)
    return fail_errno (error, to);
  return strcmp (name, SHARED) == 0 || g_unlink (from) == 0 || fail_errno (error, from);
}

static gboolean move_files (const char *from, const char *to, uid_t uid, gid_t gid,
                            GError **error) {
  g_autoptr (GDir) dir = g_dir_open (from, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    if (is_deciders (name) && !move_file (from, to, name, uid, gid, error))
      return FALSE;
  return TRUE;
}

/* Folders keep their group for what is made in them. Nothing behind a symbolic link. */
static gboolean share_path (const char *path, gid_t gid, mode_t folder_mode, mode_t file_mode,
                            GError **error) {
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  struct stat status;
  gboolean is_shared = fd >= 0 && fstat (fd, &status) == 0 && fchown (fd, (uid_t) -1, gid) == 0
                       && fchmod (fd, S_ISDIR (status.st_mode) ? folder_mode : file_mode) == 0;

  if (!is_shared)
    fail_errno (error, path);
  if (fd >= 0)
    close (fd);
  return is_shared;
}

/* The sealed records: who decides reads them. */
static gboolean share_tree (const char *path, gid_t gid, GError **error) {
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!share_path (path, gid, 02750, 0640, error))
    return FALSE;
  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return TRUE;
  dir = g_dir_open (path, 0, error);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    if (!share_tree (child, gid, error))
      return FALSE;
  }
  return dir != NULL;
}

static gboolean share_database (const char *folder, gid_t gid, GError **error) {
  static const char *const names[] = { "hq.db",      "hq.db-wal", "hq.db-shm",
                                       "hq.db.lock", "database",  "blobs" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);

    if (g_file_test (path, G_FILE_TEST_EXISTS) && !share_path (path, gid, 02770, 0660, error))
      return FALSE;
  }
  return TRUE;
}

gboolean tambo_key_folder_split (const char *folder, const char *blobs, uid_t uid, gid_t gid,
                                 GError **error) {
  g_autofree char *from = g_build_filename (folder, PRIVATE, NULL);
  g_autofree char *to = g_build_filename (folder, DECIDER, NULL);
  g_autofree char *records = g_build_filename (blobs, "records", NULL);

  if (g_mkdir (to, 0700) != 0 && errno != EEXIST)
    return fail_errno (error, to);
  if (chown (to, uid, gid) != 0 || chmod (to, 0700) != 0)
    return fail_errno (error, to);
  /* The database's journal comes and goes beside it: both make files in the folder. */
  return move_files (from, to, uid, gid, error) && share_path (folder, gid, 02770, 0660, error)
         && share_database (folder, gid, error)
         && (strcmp (blobs, folder) == 0 || share_path (blobs, gid, 02750, 0640, error))
         && share_tree (records, gid, error);
}
