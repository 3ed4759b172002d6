/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/headquarters.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "hq/authority.h"
#include "hq/connector.h"
#include "hq/document-signer.h"
#include "hq/envelope-keys.h"
#include "hq/gallery.h"
#include "hq/key-folder.h"
#include "hq/recent.h"
#include "hq/uploads.h"

#define MAX_PEM (64 * 1024)
#define SERVER_DAYS (2 * 365)

static gboolean write_bytes (const char *folder, const char *name, GBytes *bytes, int mode,
                             GError **error) {
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return tambo_file_write_durable (path, bytes, mode, error);
}

static gboolean write_text (const char *folder, const char *name, const char *text,
                            GError **error) {
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return write_bytes (folder, name, bytes, 0644, error);
}

static gboolean write_key (const char *folder, const char *name, TamboKey *key, GError **error) {
  g_autoptr (GBytes) pem = tambo_key_dup_private_pem (key);

  return write_bytes (folder, name, pem, 0600, error);
}

static gboolean make_folders (const char *folder, const char *blobs, GError **error) {
  g_autofree char *private = g_build_filename (folder, "private", NULL);

  return tambo_file_make_folder (folder, 0700, error)
         && tambo_file_make_folder (private, 0700, error)
         && (blobs == NULL || tambo_file_make_folder (blobs, 0700, error))
         && tambo_uploads_make_folders (blobs != NULL ? blobs : folder, error);
}

/* Where something is that is not in the folder. */
static gboolean write_place (const char *folder, const char *name, const char *place,
                             GError **error) {
  g_autoptr (GBytes) bytes = g_bytes_new (place, strlen (place));

  return write_bytes (folder, name, bytes, 0600, error);
}

/* localhost first, so that the server can always be asked where it runs. */
static char **with_localhost (const char *const *hosts) {
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_add_many (builder, "localhost", "127.0.0.1", "::1", NULL);
  for (gsize i = 0; hosts != NULL && hosts[i] != NULL; i++)
    g_strv_builder_add (builder, hosts[i]);
  return g_strv_builder_end (builder);
}

static gboolean make_transport (const char *folder, const TamboHqSettings *settings,
                                GError **error) {
  g_autoptr (TamboKey) authority_key = tambo_key_generate ();
  g_autoptr (TamboKey) server_key = tambo_key_generate ();
  g_auto (GStrv) hosts = with_localhost (settings->hosts);
  g_autofree char *name = g_strconcat (settings->name, " transport authority", NULL);
  g_autofree char *authority = tambo_authority_make (authority_key, name, error);
  g_autofree char *server = NULL;

  if (authority == NULL)
    return FALSE;
  server = tambo_authority_issue (authority_key, authority, server_key, "headquarters",
                                  TAMBO_AUTHORITY_SERVER, (const char *const *) hosts, SERVER_DAYS,
                                  error);
  return server != NULL && write_key (folder, "private/authority.pem", authority_key, error)
         && write_key (folder, "private/server.pem", server_key, error)
         && write_text (folder, "ca.pem", authority, error)
         && write_text (folder, "server.pem", server, error);
}

static gboolean make_own_keys (const char *folder, const char *envelope, GError **error) {
  g_autoptr (TamboKey) signing_key = tambo_key_generate ();

  return write_key (folder, "private/signing.pem", signing_key, error)
         && tambo_envelope_keys_create (folder, envelope, error);
}

static gboolean make_database (const char *folder, const TamboHqSettings *settings,
                               GError **error) {
  g_autofree char *path = g_build_filename (folder, "hq.db", NULL);
  g_autofree char *incarnation = tambo_id_new ();
  g_autoptr (TamboDatabase) database =
      tambo_database_create (settings->database != NULL ? settings->database : path, error);

  return database != NULL && tambo_database_set_setting (database, "name", settings->name, error)
         && tambo_database_set_setting (database, "state", settings->state, error)
         && tambo_database_set_setting (database, "practice", settings->practice ? "1" : "0", error)
         && tambo_database_set_setting (database, "chip_fingers",
                                        settings->chip_fingers ? "1" : "0", error)
         && (settings->chip_profile == NULL
             || tambo_database_set_setting (database, "chip_profile", settings->chip_profile->name,
                                            error))
         && tambo_database_set_setting (database, "incarnation", incarnation, error)
         && (settings->database == NULL
             || write_place (folder, "database", settings->database, error));
}

/* A headquarters from before these settings has none of them: it does not know its chips. */
static gboolean load_chip_settings (TamboHq *hq, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *profile = tambo_database_dup_setting (hq->database, "chip_profile", &cause);
  g_autofree char *fingers =
      cause == NULL ? tambo_database_dup_setting (hq->database, "chip_fingers", &cause) : NULL;

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  hq->chip_profile = profile != NULL ? tambo_chip_profile_find (profile) : NULL;
  hq->chip_fingers = g_strcmp0 (fingers, "1") == 0;
  return TRUE;
}

gboolean tambo_hq_create (const char *folder, const TamboHqSettings *settings, GError **error) {
  g_autofree char *file = g_build_filename (folder, "hq.db", NULL);
  g_autofree char *place = g_build_filename (folder, "database", NULL);

  if (g_file_test (file, G_FILE_TEST_EXISTS) || g_file_test (place, G_FILE_TEST_EXISTS)) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_EXISTS, "%s holds a headquarters already",
                 folder);
    return FALSE;
  }
  /* The database comes last: without it the folder is not a headquarters. */
  return make_folders (folder, settings->blobs, error)
         && (settings->blobs == NULL || write_place (folder, "blobs", settings->blobs, error))
         && make_transport (folder, settings, error)
         && tambo_document_signer_create (folder, settings, error)
         && make_own_keys (folder, settings->envelope, error)
         && make_database (folder, settings, error);
}

/* NAME may be NULL: FOLDER is then the whole path. */
static GBytes *read_file (const char *folder, const char *name, GError **error) {
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return tambo_file_read (path, MAX_PEM, error);
}

static char *read_text (const char *folder, const char *name, GError **error) {
  g_autoptr (GBytes) bytes = read_file (folder, name, error);
  gsize size;
  const char *data;

  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &size);
  return g_strndup (data, size);
}

static GBytes *read_secret (const char *folder, const char *name, GError **error) {
  char *text = read_text (folder, name, error);

  return text != NULL ? tambo_secret_new_take_string (text) : NULL;
}

static TamboKey *read_key (const char *folder, const char *name, GError **error) {
  g_autoptr (GBytes) pem = read_secret (folder, name, error);
  gsize size;
  const char *data;

  if (pem == NULL)
    return NULL;
  data = g_bytes_get_data (pem, &size);
  return tambo_key_new_from_pem (data, (gssize) size, error);
}

static TamboKey *read_signing_key (TamboHq *hq, TamboHqRole role, GError **error) {
  g_autofree char *path = role == TAMBO_HQ_DECIDER
                              ? tambo_key_folder_dup_decider_path (hq->folder, "signing.pem")
                              : tambo_key_folder_dup_path (hq->folder, "signing.pem");

  return read_key (path, NULL, error);
}

static gboolean load_private_keys (TamboHq *hq, TamboHqRole role, GError **error) {
  const char *folder = hq->folder;

  if (role == TAMBO_HQ_VIEWER)
    return TRUE;
  if ((hq->signing_key = read_signing_key (hq, role, error)) == NULL)
    return FALSE;
  return role == TAMBO_HQ_DECIDER
         || ((hq->authority_key = read_key (folder, "private/authority.pem", error)) != NULL
             && (hq->server_key_pem = read_secret (folder, "private/server.pem", error)) != NULL);
}

static gboolean load_keys (TamboHq *hq, TamboHqRole role, GError **error) {
  const char *folder = hq->folder;

  return load_private_keys (hq, role, error)
         && (hq->envelope_key = tambo_envelope_keys_load (folder, error)) != NULL
         && (hq->authority_pem = read_text (folder, "ca.pem", error)) != NULL
         && (hq->server_pem = read_text (folder, "server.pem", error)) != NULL
         && (hq->csca_pem = read_text (folder, "csca.pem", error)) != NULL;
}

static char *need_setting (TamboHq *hq, const char *name, GError **error) {
  g_autoptr (GError) cause = NULL;
  char *value = tambo_database_dup_setting (hq->database, name, &cause);

  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  else if (value == NULL)
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE, "the database has no %s", name);
  return value;
}

/* What the file NAME of the folder says; NULL without an error when there is none. */
static char *read_place (const char *folder, const char *name, GError **error) {
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  text = read_text (folder, name, error);
  return text != NULL ? g_strdup (g_strstrip (text)) : NULL;
}

/* From now on the folder's headquarters is in DATABASE. The file is kept under another name. */
static TamboDatabase *move_database (const char *folder, const char *file, const char *database,
                                     GError **error) {
  g_autoptr (TamboDatabase) from = tambo_database_open (file, error);
  g_autoptr (TamboDatabase) to = from != NULL ? tambo_database_create (database, error) : NULL;
  g_autofree char *moved = g_strconcat (file, ".moved", NULL);

  if (to == NULL || !tambo_database_copy (from, to, error)
      || !write_place (folder, "database", database, error))
    return NULL;
  g_clear_pointer (&from, tambo_database_close);
  if (rename (file, moved) != 0) {
    tambo_error_set_errno (error, errno, file);
    return NULL;
  }
  return g_steal_pointer (&to);
}

static TamboDatabase *open_database (const char *folder, const char *place, GError **error) {
  g_autofree char *file = g_build_filename (folder, "hq.db", NULL);
  g_autoptr (GError) cause = NULL;
  g_autofree char *kept = place == NULL ? read_place (folder, "database", &cause) : NULL;
  g_autoptr (TamboDatabase) database = NULL;

  if (place == NULL)
    place = kept != NULL ? kept : file;
  if (cause == NULL)
    database = tambo_database_open (place, &cause);
  if (g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND)
      && tambo_database_is_uri (place) && g_file_test (file, G_FILE_TEST_EXISTS))
    return move_database (folder, file, place, error);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return g_steal_pointer (&database);
}

static char *find_blobs (const char *folder, const char *place, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *kept = place == NULL ? read_place (folder, "blobs", &cause) : NULL;

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_strdup (place != NULL ? place : kept != NULL ? kept : folder);
}

static gboolean load_settings (TamboHq *hq, GError **error) {
  g_autofree char *practice = NULL;

  if ((hq->name = need_setting (hq, "name", error)) == NULL
      || (hq->state = need_setting (hq, "state", error)) == NULL
      || (hq->incarnation = need_setting (hq, "incarnation", error)) == NULL
      || (practice = need_setting (hq, "practice", error)) == NULL)
    return FALSE;
  hq->practice = strcmp (practice, "1") == 0;
  return load_chip_settings (hq, error);
}

/* Receipts of one log are signed with one key: the first folder that opens a database says with which. */
static gboolean check_keys (TamboHq *hq, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *own = hq->signing_key != NULL ? tambo_key_dup_id (hq->signing_key) : NULL;
  g_autofree char *known = tambo_database_dup_setting (hq->database, "signing_key", &cause);

  if (own == NULL)
    return TRUE;
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (known == NULL)
    return tambo_database_set_setting (hq->database, "signing_key", own, error);
  if (strcmp (known, own) == 0)
    return TRUE;
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE,
                       "the database is that of a headquarters with other keys");
  return FALSE;
}

TamboHq *tambo_hq_open_as (TamboHqRole role, const char *folder, const char *database,
                           const char *blobs, GError **error) {
  g_autoptr (TamboHq) hq = g_new0 (TamboHq, 1);

  hq->folder = g_strdup (folder);
  g_mutex_init (&hq->signer_lock);
  hq->private_keys =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) tambo_key_unref);
  hq->recent = tambo_recent_new ();
  if ((hq->database = open_database (folder, database, error)) == NULL
      || (hq->blobs = find_blobs (folder, blobs, error)) == NULL || !load_settings (hq, error)
      || !load_keys (hq, role, error) || !check_keys (hq, error))
    return NULL;
  hq->uploads = tambo_uploads_new (hq->blobs);
  return g_steal_pointer (&hq);
}

TamboHq *tambo_hq_open_at (const char *folder, const char *database, const char *blobs,
                           GError **error) {
  return tambo_hq_open_as (TAMBO_HQ_WHOLE, folder, database, blobs, error);
}

TamboHq *tambo_hq_open (const char *folder, GError **error) {
  return tambo_hq_open_at (folder, NULL, NULL, error);
}

void tambo_hq_close (TamboHq *hq) {
  if (hq == NULL)
    return;
  g_clear_pointer (&hq->uploads, tambo_uploads_free);
  g_clear_pointer (&hq->recent, tambo_recent_free);
  g_clear_pointer (&hq->database, tambo_database_close);
  g_clear_pointer (&hq->authority_key, tambo_key_unref);
  g_clear_pointer (&hq->signing_key, tambo_key_unref);
  g_clear_pointer (&hq->envelope_key, tambo_key_unref);
  g_clear_pointer (&hq->server_key_pem, g_bytes_unref);
  g_clear_pointer (&hq->document_signer, tambo_signer_free);
  g_clear_pointer (&hq->private_keys, g_hash_table_unref);
  g_clear_pointer (&hq->gallery, tambo_gallery_free);
  g_clear_pointer (&hq->connectors, tambo_connectors_free);
  g_free (hq->decider_key);
  g_mutex_clear (&hq->signer_lock);
  g_free (hq->authority_pem);
  g_free (hq->server_pem);
  g_free (hq->csca_pem);
  g_free (hq->folder);
  g_free (hq->blobs);
  g_free (hq->name);
  g_free (hq->state);
  g_free (hq->incarnation);
  g_free (hq);
}

const TamboSigner *tambo_hq_get_document_signer (TamboHq *hq, GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&hq->signer_lock);

  if (hq->document_signer == NULL)
    hq->document_signer = tambo_document_signer_open (hq->folder, error);
  return hq->document_signer;
}

TamboTrust *tambo_hq_make_trust (TamboHq *hq) {
  TamboTrust *trust = g_new0 (TamboTrust, 1);

  trust->name = g_strdup (hq->name);
  trust->signing_key = tambo_key_ref (hq->signing_key);
  trust->envelope_key = tambo_key_ref (hq->envelope_key);
  trust->csca = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (trust->csca, g_strdup (hq->csca_pem));
  trust->practice = hq->practice;
  return trust;
}

gboolean tambo_hq_raise (TamboHq *hq, const char *station, const char *kind, GError **error,
                         const char *detail_format, ...) {
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *detail = NULL;
  va_list arguments;

  va_start (arguments, detail_format);
  detail = g_strdup_vprintf (detail_format, arguments);
  va_end (arguments);
  return tambo_database_run (hq->database, error,
                             "INSERT INTO alarms (at, station, kind, detail) VALUES (?, ?, ?, ?)",
                             "ssss", now, station, kind, detail);
}
