/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/envelope-keys.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"

/* "ID FROM" of each key that was announced, oldest first, one behind the other with a blank. Its number is
 * the version. */
#define SETTING "envelope_keys"
#define MAX_PEM (64 * 1024)

static char *dup_key_path (TamboHq *hq, const char *id) {
  g_autofree char *name = g_strdup_printf ("envelope-%s.pem", id);

  return g_build_filename (hq->folder, "private", name, NULL);
}

static gboolean is_key_id (const char *id) {
  return strlen (id) == 16 && strspn (id, "0123456789abcdef") == 16;
}

static TamboKey *load_key (TamboHq *hq, const char *id, GError **error) {
  g_autofree char *path = dup_key_path (hq, id);
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

TamboKey *tambo_hq_find_envelope_key (TamboHq *hq, const char *id, GError **error) {
  g_autofree char *first = tambo_key_dup_id (hq->envelope_key);
  g_autofree char *path = is_key_id (id) ? dup_key_path (hq, id) : NULL;

  if (strcmp (id, first) == 0)
    return tambo_key_ref (hq->envelope_key);
  if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    return load_key (hq, id, error);
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND,
                       "the record is sealed for another key than headquarters'");
  return NULL;
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

char *tambo_hq_announce_envelope_key (TamboHq *hq, const char *from, GError **error) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autofree char *id = tambo_key_dup_id (key);
  g_autofree char *path = dup_key_path (hq, id);
  g_autoptr (GBytes) pem = tambo_key_dup_private_pem (key);
  g_autoptr (TamboWork) work = NULL;
  g_auto (GStrv) words = NULL;
  g_autofree char *before = NULL;
  g_autofree char *text = NULL;

  /* The key is on the disk before anybody is told of it. */
  if (!tambo_file_write_durable (path, pem, 0600, error)
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
    g_autoptr (TamboKey) key = load_key (hq, words[2 * i], error);

    if (key == NULL)
      return NULL;
    tambo_reference_add_key (reference, key, words[2 * i + 1]);
  }
  return tambo_reference_sign (reference, hq->signing_key);
}
