/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/headquarters.h"

#include <stdarg.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "hq/authority.h"
#include "hq/document-signer.h"
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

static gboolean make_folders (const char *folder, GError **error) {
  static const char *const names[] = { "private", "partial", "records" };

  if (!tambo_file_make_folder (folder, 0700, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);

    if (!tambo_file_make_folder (path, 0700, error))
      return FALSE;
  }
  return TRUE;
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

static gboolean make_own_keys (const char *folder, GError **error) {
  g_autoptr (TamboKey) signing_key = tambo_key_generate ();
  g_autoptr (TamboKey) envelope_key = tambo_key_generate ();

  return write_key (folder, "private/signing.pem", signing_key, error)
         && write_key (folder, "private/envelope.pem", envelope_key, error);
}

static gboolean make_database (const char *folder, const TamboHqSettings *settings,
                               GError **error) {
  g_autofree char *path = g_build_filename (folder, "hq.db", NULL);
  g_autofree char *incarnation = tambo_id_new ();
  g_autoptr (TamboDatabase) database = tambo_database_create (path, error);

  return database != NULL && tambo_database_set_setting (database, "name", settings->name, error)
         && tambo_database_set_setting (database, "state", settings->state, error)
         && tambo_database_set_setting (database, "practice", settings->practice ? "1" : "0", error)
         && tambo_database_set_setting (database, "chip_fingers",
                                        settings->chip_fingers ? "1" : "0", error)
         && (settings->chip_profile == NULL
             || tambo_database_set_setting (database, "chip_profile", settings->chip_profile->name,
                                            error))
         && tambo_database_set_setting (database, "incarnation", incarnation, error);
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
  g_autofree char *database = g_build_filename (folder, "hq.db", NULL);

  if (g_file_test (database, G_FILE_TEST_EXISTS)) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_EXISTS, "%s holds a headquarters already",
                 folder);
    return FALSE;
  }
  /* The database comes last: without it the folder is not a headquarters. */
  return make_folders (folder, error) && make_transport (folder, settings, error)
         && tambo_document_signer_create (folder, settings, error) && make_own_keys (folder, error)
         && make_database (folder, settings, error);
}

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

static gboolean load_keys (TamboHq *hq, GError **error) {
  const char *folder = hq->folder;

  return (hq->authority_key = read_key (folder, "private/authority.pem", error)) != NULL
         && (hq->signing_key = read_key (folder, "private/signing.pem", error)) != NULL
         && (hq->envelope_key = read_key (folder, "private/envelope.pem", error)) != NULL
         && (hq->server_key_pem = read_secret (folder, "private/server.pem", error)) != NULL
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

static gboolean load_settings (TamboHq *hq, GError **error) {
  g_autofree char *path = g_build_filename (hq->folder, "hq.db", NULL);
  g_autofree char *practice = NULL;

  hq->database = tambo_database_open (path, error);
  if (hq->database == NULL || (hq->name = need_setting (hq, "name", error)) == NULL
      || (hq->state = need_setting (hq, "state", error)) == NULL
      || (hq->incarnation = need_setting (hq, "incarnation", error)) == NULL
      || (practice = need_setting (hq, "practice", error)) == NULL)
    return FALSE;
  hq->practice = strcmp (practice, "1") == 0;
  return load_chip_settings (hq, error);
}

TamboHq *tambo_hq_open (const char *folder, GError **error) {
  g_autoptr (TamboHq) hq = g_new0 (TamboHq, 1);

  hq->folder = g_strdup (folder);
  g_mutex_init (&hq->signer_lock);
  if (!load_settings (hq, error) || !load_keys (hq, error))
    return NULL;
  hq->uploads = tambo_uploads_new (folder);
  return g_steal_pointer (&hq);
}

void tambo_hq_close (TamboHq *hq) {
  if (hq == NULL)
    return;
  g_clear_pointer (&hq->uploads, tambo_uploads_free);
  g_clear_pointer (&hq->database, tambo_database_close);
  g_clear_pointer (&hq->authority_key, tambo_key_unref);
  g_clear_pointer (&hq->signing_key, tambo_key_unref);
  g_clear_pointer (&hq->envelope_key, tambo_key_unref);
  g_clear_pointer (&hq->server_key_pem, g_bytes_unref);
  g_clear_pointer (&hq->document_signer, tambo_signer_free);
  g_mutex_clear (&hq->signer_lock);
  g_free (hq->authority_pem);
  g_free (hq->server_pem);
  g_free (hq->csca_pem);
  g_free (hq->folder);
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

char *tambo_hq_record_path (TamboHq *hq, const char *sha256) {
  char shelf[3] = { sha256[0], sha256[1], '\0' };

  return g_build_filename (hq->folder, "records", shelf, sha256, NULL);
}
