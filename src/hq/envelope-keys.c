/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/envelope-keys.h"

#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/token.h"
#include "hq/key-folder.h"

/* "ID FROM" of each key that was announced, oldest first, one behind the other with a blank. Its number is
 * the version. */
#define SETTING "envelope_keys"
#define MAX_PEM (64 * 1024)

/* The first key has no id in its name. ENDING is "pem" or "uri". */
static char *dup_name (const char *id, const char *ending) {
  return id != NULL ? g_strdup_printf ("envelope-%s.%s", id, ending)
                    : g_strconcat ("envelope.", ending, NULL);
}

static char *dup_public_path (const char *folder, const char *id) {
  g_autofree char *name = dup_name (id, "pem");

  return g_build_filename (folder, name, NULL);
}

static char *dup_private_path (const char *folder, const char *id, const char *ending) {
  g_autofree char *name = dup_name (id, ending);

  return tambo_key_folder_dup_decider_path (folder, name);
}

static gboolean is_key_id (const char *id) {
  return strlen (id) == 16 && strspn (id, "0123456789abcdef") == 16;
}

static TamboKey *load_pem (const char *path, GError **error) {
  g_autoptr (GBytes) pem = tambo_file_read (path, MAX_PEM, error);
  TamboKey *key;
  gsize size;
  const char *text;

  if (pem == NULL)
    return NULL;
  text = g_bytes_get_data (pem, &size);
  key = tambo_key_new_from_pem (text, (gssize) size, error);
  tambo_secret_wipe ((gpointer) text, size);
  return key;
}

static gboolean write_public (const char *folder, const char *id, TamboKey *key, GError **error) {
  g_autofree char *path = dup_public_path (folder, id);
  g_autofree char *pem = tambo_key_dup_public_pem (key);
  g_autoptr (GBytes) bytes = g_bytes_new (pem, strlen (pem));

  return tambo_file_write_durable (path, bytes, 0644, error);
}

static TamboKey *without_private (TamboKey *key, GError **error) {
  g_autoptr (GBytes) point = tambo_key_dup_point (key);

  return tambo_key_new_from_point (g_bytes_get_data (point, NULL), g_bytes_get_size (point), error);
}

/* A folder from before the public halves lay by themselves gets them from the private ones. */
static TamboKey *load_public (const char *folder, const char *id, GError **error) {
  g_autofree char *path = dup_public_path (folder, id);
  g_autofree char *private_path = NULL;
  g_autoptr (TamboKey) key = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return load_pem (path, error);
  private_path = dup_private_path (folder, id, "pem");
  key = load_pem (private_path, error);
  if (key == NULL || !write_public (folder, id, key, error))
    return NULL;
  return without_private (key, error);
}

TamboKey *tambo_envelope_keys_load (const char *folder, GError **error) {
  return load_public (folder, NULL, error);
}

/* ---- private halves ---- */

static TamboKey *open_token (const char *uri, GError **error) {
  g_autoptr (TamboToken) token = tambo_token_open (uri, error);

  return token != NULL ? tambo_key_new_from_token (g_steal_pointer (&token), error) : NULL;
}

static TamboKey *load_private (TamboHq *hq, const char *id, GError **error) {
  g_autofree char *path = dup_private_path (hq->folder, id, "uri");
  g_autofree char *pem_path = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *uri = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
    pem_path = dup_private_path (hq->folder, id, "pem");
    return load_pem (pem_path, error);
  }
  bytes = tambo_file_read (path, MAX_PEM, error);
  if (bytes == NULL)
    return NULL;
  uri = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return open_token (uri, error);
}

static TamboKey *load_named (TamboHq *hq, const char *id, GError **error) {
  g_autofree char *first = tambo_key_dup_id (hq->envelope_key);
  g_autoptr (TamboKey) key = NULL;
  g_autofree char *found = NULL;

  if (hq->decider_key != NULL) {
    key = open_token (hq->decider_key, error);
    if (key == NULL)
      return NULL;
    found = tambo_key_dup_id (key);
    if (strcmp (id, found) == 0)
      return g_steal_pointer (&key);
    g_clear_pointer (&key, tambo_key_unref);
    g_clear_pointer (&found, g_free);
  }
  key = load_private (hq, strcmp (id, first) == 0 ? NULL : id, error);
  if (key == NULL)
    return NULL;
  found = tambo_key_dup_id (key);
  if (strcmp (id, found) == 0)
    return g_steal_pointer (&key);
  g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED,
               "the private key in the place of envelope key %s is another one", id);
  return NULL;
}

/* What is not there is another's; a disk that fails says nothing of it. */
gboolean tambo_hq_check_envelope_key (TamboHq *hq, const char *id, GError **error) {
  g_autofree char *first = tambo_key_dup_id (hq->envelope_key);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboKey) key = NULL;

  if (strcmp (id, first) == 0)
    return TRUE;
  key = is_key_id (id) ? load_public (hq->folder, id, &cause) : NULL;
  if (key != NULL)
    return TRUE;
  if (cause != NULL && !g_error_matches (cause, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND,
                         "the record is sealed for another key than headquarters'");
  return FALSE;
}

TamboKey *tambo_hq_find_envelope_key (TamboHq *hq, const char *id, GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&hq->signer_lock);
  TamboKey *key = g_hash_table_lookup (hq->private_keys, id);

  if (key != NULL)
    return tambo_key_ref (key);
  if (!tambo_hq_check_envelope_key (hq, id, error))
    return NULL;
  key = load_named (hq, id, error);
  if (key != NULL)
    g_hash_table_insert (hq->private_keys, g_strdup (id), tambo_key_ref (key));
  return key;
}

void tambo_hq_forget_private_keys (TamboHq *hq) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&hq->signer_lock);

  g_hash_table_remove_all (hq->private_keys);
  g_clear_pointer (&hq->document_signer, tambo_signer_free);
}

gboolean tambo_hq_may_decide (TamboHq *hq) {
  g_autofree char *pem = dup_private_path (hq->folder, NULL, "pem");
  g_autofree char *uri = dup_private_path (hq->folder, NULL, "uri");

  return hq->decider_key != NULL || access (pem, R_OK) == 0 || access (uri, R_OK) == 0;
}

/* ---- new keys ---- */

/* In URI's token, or made here. The private half, or where it is, is on the disk before anybody is told. */
static TamboKey *make_key (const char *uri, GError **error) {
  return uri != NULL ? open_token (uri, error) : tambo_key_generate ();
}

static gboolean write_private (const char *folder, const char *id, TamboKey *key, const char *uri,
                               GError **error) {
  g_autofree char *path = dup_private_path (folder, id, uri != NULL ? "uri" : "pem");
  g_autoptr (GBytes) bytes =
      uri != NULL ? g_bytes_new (uri, strlen (uri)) : tambo_key_dup_private_pem (key);

  return tambo_file_write_durable (path, bytes, 0600, error);
}

gboolean tambo_envelope_keys_create (const char *folder, const char *uri, GError **error) {
  g_autoptr (TamboKey) key = make_key (uri, error);

  return key != NULL && write_private (folder, NULL, key, uri, error)
         && write_public (folder, NULL, key, error);
}

/* The words of the setting; empty before the first announcement. */
static char **load_announced (TamboHq *hq, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = tambo_database_dup_setting (hq->database, SETTING, &cause);

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return text != NULL ? g_strsplit (text, " ", -1) : g_new0 (char *, 1);
}

gboolean tambo_hq_get_reference_version (TamboHq *hq, gint64 *out_version, GError **error) {
  g_auto (GStrv) words = load_announced (hq, error);

  if (words == NULL)
    return FALSE;
  *out_version = g_strv_length (words) / 2;
  return TRUE;
}

static gboolean check_new (TamboHq *hq, const char *id, GError **error) {
  g_autoptr (GError) cause = NULL;

  if (tambo_hq_check_envelope_key (hq, id, &cause))
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE, "the key %s was announced already",
                 id);
  else if (!g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    return TRUE;
  return FALSE;
}

char *tambo_hq_announce_envelope_key (TamboHq *hq, const char *from, const char *uri,
                                      GError **error) {
  g_autoptr (TamboKey) key = make_key (uri, error);
  g_autofree char *id = key != NULL ? tambo_key_dup_id (key) : NULL;
  g_autoptr (TamboWork) work = NULL;
  g_auto (GStrv) words = NULL;
  g_autofree char *before = NULL;
  g_autofree char *text = NULL;

  if (key == NULL || !check_new (hq, id, error))
    return NULL;
  if (!write_private (hq->folder, id, key, uri, error) || !write_public (hq->folder, id, key, error)
      || (work = tambo_work_begin (hq->database, error)) == NULL
      || (words = load_announced (hq, error)) == NULL)
    return NULL;
  before = g_strjoinv (" ", words);
  text = g_strconcat (before, *before != '\0' ? " " : "", id, " ", from, NULL);
  return tambo_database_set_setting (hq->database, SETTING, text, error)
                 && tambo_work_commit (work, error)
             ? g_steal_pointer (&id)
             : NULL;
}

char *tambo_hq_sign_reference (TamboHq *hq, GError **error) {
  g_auto (GStrv) words = load_announced (hq, error);
  g_autofree char *now = tambo_clock_now ();
  g_autoptr (TamboReference) reference = NULL;
  guint n = words != NULL ? g_strv_length (words) / 2 : 0;

  if (words == NULL)
    return NULL;
  if (n == 0) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND,
                         "there is no reference data");
    return NULL;
  }
  reference = tambo_reference_new (n, now);
  for (guint i = 0; i < n; i++) {
    g_autoptr (TamboKey) key = load_public (hq->folder, words[2 * i], error);

    if (key == NULL)
      return NULL;
    tambo_reference_add_key (reference, key, words[2 * i + 1]);
  }
  return tambo_reference_sign (reference, hq->signing_key);
}
