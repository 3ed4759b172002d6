/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "station/operator-desk.h"
#include "station/sealed-file.h"
#include "station/station-private.h"
#include "store/audit.h"
#include "store/backup.h"

#define LOG2_N 17
#define STORE "store.db"
#define COPY_SIZE (256 * 1024)

/* What a station is, in this order. Inside the sealed file: name length (1), name, size (8), bytes; a
 * name of no length ends it. */
static const char *const names[] = { "station.json", "station.key", "station.pem",
                                     "ca.pem",       "trust.json",  STORE };

static gboolean is_known (const char *name) {
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean set_io (GError **error, const char *what) {
  tambo_error_set_errno (error, errno, what);
  return FALSE;
}

/* ---- making ---- */

static gboolean put_contents (TamboSealedFile *sealed, FILE *file, GError **error) {
  g_autofree guint8 *buffer = g_malloc (COPY_SIZE);
  gboolean is_put = TRUE;
  gsize got;

  while (is_put && (got = fread (buffer, 1, COPY_SIZE, file)) > 0)
    is_put = tambo_sealed_file_write (sealed, buffer, got, error);
  tambo_secret_wipe (buffer, COPY_SIZE);
  if (is_put && ferror (file))
    return set_io (error, "the station cannot be read");
  return is_put;
}

/* A registration that was not made yet has no file. */
static gboolean put_file (TamboSealedFile *sealed, const char *name, const char *path,
                          GError **error) {
  FILE *file = fopen (path, "rbe");
  GStatBuf status;
  gboolean is_put;

  if (file == NULL && errno == ENOENT)
    return TRUE;
  if (file == NULL || fstat (fileno (file), &status) != 0) {
    if (file != NULL)
      fclose (file);
    return set_io (error, "the station cannot be read");
  }
  g_autoptr (GByteArray) head = g_byte_array_new ();
  tambo_put_u8 (head, (guint8) strlen (name));
  tambo_put_bytes (head, name, strlen (name));
  tambo_put_u64 (head, (guint64) status.st_size);
  is_put = tambo_sealed_file_write (sealed, head->data, head->len, error)
           && put_contents (sealed, file, error);
  fclose (file);
  return is_put;
}

static gboolean write_backup (TamboStation *station, const char *store_copy, const char *path,
                              GBytes *password, GError **error) {
  g_autoptr (TamboSealedFile) sealed = tambo_sealed_file_create (path, password, LOG2_N, error);

  if (sealed == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *own = tambo_station_path (station, names[i]);
    const char *from = strcmp (names[i], STORE) == 0 ? store_copy : own;
    if (!put_file (sealed, names[i], from, error))
      return FALSE;
  }
  return tambo_sealed_file_write (sealed, "", 1, error) && tambo_sealed_file_finish (sealed, error);
}

/* ---- reading back ---- */

static gboolean take_contents (TamboSealedFile *sealed, guint64 size, int fd, GError **error) {
  g_autofree guint8 *buffer = g_malloc (COPY_SIZE);

  while (size > 0) {
    gsize part = (gsize) MIN (size, COPY_SIZE);

    if (!tambo_sealed_file_read (sealed, buffer, part, error))
      return FALSE;
    if (write (fd, buffer, part) != (gssize) part)
      return set_io (error, "the station cannot be written");
    size -= part;
  }
  tambo_secret_wipe (buffer, COPY_SIZE);
  return fsync (fd) == 0 || set_io (error, "the station cannot be written");
}

/* One file into FOLDER; *OUT_NAME is "" at the end. */
static gboolean take_file (TamboSealedFile *sealed, const char *folder, char *name,
                           GError **error) {
  guint8 length, size_bytes[8];
  TamboReader reader = tambo_reader (size_bytes, sizeof size_bytes);
  guint64 size;

  if (!tambo_sealed_file_read (sealed, &length, 1, error)
      || !tambo_sealed_file_read (sealed, name, length, error))
    return FALSE;
  name[length] = '\0';
  if (length == 0)
    return TRUE;
  if (!is_known (name)) {
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
                         "the backup has a file that no station has");
    return FALSE;
  }
  if (!tambo_sealed_file_read (sealed, size_bytes, sizeof size_bytes, error)
      || !tambo_reader_u64 (&reader, &size))
    return FALSE;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return set_io (error, "the station cannot be written");
  gboolean is_taken = take_contents (sealed, size, fd, error);
  close (fd);
  return is_taken;
}

static gboolean unpack (const char *path, const char *folder, GBytes *password, GError **error) {
  g_autoptr (TamboSealedFile) sealed = tambo_sealed_file_open (path, password, error);
  char name[256] = "?";

  if (sealed == NULL)
    return FALSE;
  while (*name != '\0')
    if (!take_file (sealed, folder, name, error))
      return FALSE;
  if (!tambo_sealed_file_is_at_end (sealed)) {
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY,
                         "the backup has something behind its end");
    return FALSE;
  }
  return TRUE;
}

static void remove_folder (const char *folder) {
  static const char *const others[] = { STORE "-journal", "ballast" };

  for (gsize i = 0; i < G_N_ELEMENTS (names) + G_N_ELEMENTS (others); i++) {
    g_autofree char *path = g_build_filename (
        folder, i < G_N_ELEMENTS (names) ? names[i] : others[i - G_N_ELEMENTS (names)], NULL);
    g_unlink (path);
  }
  g_rmdir (folder);
}

/* An empty folder beside PATH, on its disk. */
static char *make_folder_beside (const char *path, GError **error) {
  g_autofree char *folder = g_strconcat (path, ".XXXXXX", NULL);

  if (g_mkdtemp_full (folder, 0700) == NULL) {
    set_io (error, "there is no room beside it");
    return NULL;
  }
  return g_steal_pointer (&folder);
}

static gboolean verify_folder (const char *folder, GError **error) {
  g_autofree char *path = g_build_filename (folder, STORE, NULL);
  g_autoptr (TamboStore) store = tambo_store_open (path, error);

  return store != NULL && tambo_store_verify (store, error);
}

static gboolean read_back (TamboStation *station, const char *path, GBytes *password,
                           GError **error) {
  g_autofree char *own = tambo_station_path (station, "read-back");
  g_autofree char *folder = make_folder_beside (own, error);
  gboolean holds =
      folder != NULL && unpack (path, folder, password, error) && verify_folder (folder, error);

  if (folder != NULL)
    remove_folder (folder);
  return holds;
}

static gboolean make_unnamed (TamboStation *station, const char *unfinished, GBytes *password,
                              GError **error) {
  g_autofree char *copy = tambo_station_path (station, "backup.db");
  gboolean is_made;

  /* What a backup that was killed left behind. */
  g_unlink (copy);
  is_made = tambo_store_copy (tambo_station_get_store (station), copy, error)
            && write_backup (station, copy, unfinished, password, error);
  g_unlink (copy);
  return is_made && read_back (station, unfinished, password, error);
}

gboolean tambo_backup_make (TamboStation *station, const char *path, GBytes *password,
                            GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_STATION_BACKUP, error);
  g_autofree char *unfinished = g_strconcat (path, ".new", NULL);
  TamboStore *store = tambo_station_get_store (station);

  if (actor == NULL)
    return FALSE;
  if (g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_EXISTS, "'%s' is there already",
                 path);
    return FALSE;
  }
  g_unlink (unfinished);
  if (!tambo_audit_append (store, actor, "station.backup", NULL, NULL, error)
      || !make_unnamed (station, unfinished, password, error)) {
    g_unlink (unfinished);
    return FALSE;
  }
  return g_rename (unfinished, path) == 0 || set_io (error, "the backup cannot be named");
}

/* ---- restoring ---- */

/* The supervisor and the second person sign in to the station that was in the backup. */
static char *permit (TamboStation *station, const TamboRestoring *restoring, GError **error) {
  gboolean needs_second;

  if (restoring->operator_id == NULL) {
    g_set_error_literal (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_SIGNED_IN,
                         "no operator was named");
    return NULL;
  }
  if (!tambo_station_sign_in (station, restoring->operator_id, restoring->password, error)
      || !tambo_operator_desk_has_second (station, &needs_second, error)
      || (restoring->second_id != NULL
          && !tambo_station_bring_second (station, restoring->second_id, restoring->second_password,
                                          error)))
    return NULL;
  return tambo_station_permit (
      station, needs_second ? TAMBO_OPERATION_STATION_RESTORE : TAMBO_OPERATION_STATION_BACKUP,
      error);
}

static gboolean renew (const char *folder, const TamboRestoring *restoring, GError **error) {
  g_autoptr (TamboStation) station = tambo_station_open (folder, error);
  g_autofree char *actor = station != NULL ? permit (station, restoring, error) : NULL;

  return actor != NULL
         && tambo_store_renew_incarnation (tambo_station_get_store (station), actor, error);
}

/* The old one out of the way, the new one in its place. */
static gboolean exchange (const char *folder, const char *restored, char **out_kept,
                          GError **error) {
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *kept = g_strdup_printf ("%s.replaced-%s", folder, now);

  if (g_rename (folder, kept) != 0) {
    if (errno != ENOENT)
      return set_io (error, "the station cannot be put aside");
    g_clear_pointer (&kept, g_free);
  }
  if (g_rename (restored, folder) != 0)
    return set_io (error, "the restored station cannot be put in its place");
  *out_kept = g_steal_pointer (&kept);
  return TRUE;
}

gboolean tambo_backup_restore (const TamboRestoring *restoring, char **out_kept, GError **error) {
  g_autofree char *settings = g_build_filename (restoring->folder, "station.json", NULL);
  g_autofree char *restored = NULL;

  if (!restoring->replace && g_file_test (settings, G_FILE_TEST_EXISTS)) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_EXISTS,
                 "'%s' holds a station already", restoring->folder);
    return FALSE;
  }
  restored = make_folder_beside (restoring->folder, error);
  if (restored == NULL)
    return FALSE;
  if (!unpack (restoring->path, restored, restoring->password, error)
      || !verify_folder (restored, error) || !renew (restored, restoring, error)
      || !exchange (restoring->folder, restored, out_kept, error)) {
    remove_folder (restored);
    return FALSE;
  }
  return TRUE;
}
