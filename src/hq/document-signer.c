/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/document-signer.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/file.h"
#include "hq/key-folder.h"

#define MAX_PEM (64 * 1024)
#define CSCA_YEARS 15
#define SIGNER_YEARS 11 /* as long as the documents that it signs, and a little */
/* Keys, and certificates in another folder (hq/key-folder.h). */
#define CSCA_KEY "csca.pem"
#define CSCA_CERTIFICATE "csca.pem"
#define SIGNER_KEY "signer.pem"
#define SIGNER_URI "signer.uri"
#define SIGNER_CERTIFICATE "signer.pem"

static gboolean write_secret (const char *folder, const char *name, GBytes *bytes, GError **error) {
  g_autofree char *path = tambo_key_folder_dup_decider_path (folder, name);

  return tambo_file_write_durable (path, bytes, 0600, error);
}

static GBytes *read_secret (const char *folder, const char *name, GError **error) {
  g_autofree char *path = tambo_key_folder_dup_decider_path (folder, name);

  return tambo_file_read (path, MAX_PEM, error);
}

static GBytes *read_certificate (const char *folder, const char *name, GError **error) {
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return tambo_file_read (path, MAX_PEM, error);
}

static gboolean remove_secret (const char *folder, const char *name, GError **error) {
  g_autofree char *path = tambo_key_folder_dup_decider_path (folder, name);

  if (g_unlink (path) == 0 || errno == ENOENT)
    return TRUE;
  tambo_error_set_errno (error, errno, name);
  return FALSE;
}

static gboolean write_certificate (const char *folder, const char *name, const TamboSigner *signer,
                                   GError **error) {
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GBytes) pem = g_bytes_new (signer->certificate, strlen (signer->certificate));

  return tambo_file_write_durable (path, pem, 0644, error);
}

static gboolean write_key (const char *folder, const char *name, const TamboSigner *signer,
                           GError **error) {
  g_autoptr (GBytes) pem = tambo_signing_key_dup_pem (signer->key);

  return write_secret (folder, name, pem, error);
}

static TamboSigner *read_signer (const char *folder, const char *key_name,
                                 const char *certificate_name, GError **error) {
  g_autoptr (GBytes) pem = read_secret (folder, key_name, error);
  g_autoptr (GBytes) certificate =
      pem != NULL ? read_certificate (folder, certificate_name, error) : NULL;
  g_autoptr (TamboSigningKey) key =
      certificate != NULL ? tambo_signing_key_parse (pem, error) : NULL;

  if (pem != NULL)
    tambo_secret_wipe ((gpointer) g_bytes_get_data (pem, NULL), g_bytes_get_size (pem));
  return key != NULL ? tambo_signer_new (key, certificate, error) : NULL;
}

static TamboSigner *certify_token (const TamboSigner *csca, const char *common_name,
                                   const char *uri, GError **error) {
  g_autoptr (TamboToken) token = tambo_token_open (uri, error);
  g_autoptr (TamboSigningKey) key =
      token != NULL ? tambo_signing_key_new_from_token (g_steal_pointer (&token), error) : NULL;

  return key != NULL
             ? tambo_document_signer_new_for_key (csca, key, common_name, SIGNER_YEARS, error)
             : NULL;
}

/* The certificate comes last: what lies there before it still fits the old key. */
static gboolean write_signer (const char *folder, const TamboSigner *signer, const char *uri,
                              GError **error) {
  if (uri == NULL)
    return write_key (folder, SIGNER_KEY, signer, error)
           && remove_secret (folder, SIGNER_URI, error)
           && write_certificate (folder, SIGNER_CERTIFICATE, signer, error);

  g_autoptr (GBytes) text = g_bytes_new (uri, strlen (uri));
  return write_secret (folder, SIGNER_URI, text, error) && remove_secret (folder, SIGNER_KEY, error)
         && write_certificate (folder, SIGNER_CERTIFICATE, signer, error);
}

static gboolean make_signer (const char *folder, const char *name, const TamboSigner *csca,
                             const char *uri, GError **error) {
  g_autofree char *common_name = g_strconcat (name, " document signer", NULL);
  g_autoptr (TamboSigner) signer =
      uri != NULL ? certify_token (csca, common_name, uri, error)
                  : tambo_document_signer_new (csca, common_name, SIGNER_YEARS, error);

  return signer != NULL && write_signer (folder, signer, uri, error);
}

gboolean tambo_document_signer_create (const char *folder, const TamboHqSettings *settings,
                                       GError **error) {
  g_autofree char *csca_name = g_strconcat (settings->name, " CSCA", NULL);
  g_autoptr (TamboSigner) csca = tambo_csca_new (settings->country, csca_name, CSCA_YEARS, error);

  return csca != NULL && make_signer (folder, settings->name, csca, settings->signer, error)
         && write_key (folder, CSCA_KEY, csca, error)
         && write_certificate (folder, CSCA_CERTIFICATE, csca, error);
}

gboolean tambo_document_signer_replace (const char *folder, const char *name, const char *uri,
                                        GError **error) {
  g_autoptr (TamboSigner) csca = read_signer (folder, CSCA_KEY, CSCA_CERTIFICATE, error);

  return csca != NULL && make_signer (folder, name, csca, uri, error);
}

/* NULL without an error when the key is in a file. */
static char *read_uri (const char *folder, GError **error) {
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) text = read_secret (folder, SIGNER_URI, &local_error);

  if (text != NULL)
    return g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  if (!g_error_matches (local_error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

TamboSigner *tambo_document_signer_open (const char *folder, GError **error) {
  g_autoptr (GError) local_error = NULL;
  g_autofree char *uri = read_uri (folder, &local_error);

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  if (uri == NULL)
    return read_signer (folder, SIGNER_KEY, SIGNER_CERTIFICATE, error);
  g_autoptr (GBytes) certificate = read_certificate (folder, SIGNER_CERTIFICATE, error);
  return certificate != NULL ? tambo_signer_new_from_token (uri, certificate, error) : NULL;
}
