/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/digital-seal.h"

#include <openssl/sha.h>
#include <string.h>

#include "base/error.h"
#include "chip/certificate.h"
#include "chip/ecdsa-plain.h"

#define MAX_NAME 64

void tambo_seal_free (TamboSeal *seal) {
  if (seal == NULL)
    return;
  tambo_idb_free (seal->idb);
  g_free (seal->signer);
  g_free (seal);
}

static void refer_to (GBytes *certificate, guint8 out_reference[TAMBO_IDB_REFERENCE_SIZE]) {
  guint8 hash[SHA_DIGEST_LENGTH];

  SHA1 (g_bytes_get_data (certificate, NULL), g_bytes_get_size (certificate), hash);
  memcpy (out_reference, hash + sizeof hash - TAMBO_IDB_REFERENCE_SIZE, TAMBO_IDB_REFERENCE_SIZE);
}

static GBytes *encode_certificate (const char *pem, GError **error) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (pem, strlen (pem));
  g_autoptr (X509) certificate = tambo_certificate_parse (bytes, error);
  unsigned char *der = NULL;
  int size = certificate != NULL ? i2d_X509 (certificate, &der) : -1;

  if (certificate != NULL && size < 0)
    tambo_error_set_openssl (error, "the certificate of the seal");
  GBytes *result = size > 0 ? g_bytes_new (der, (gsize) size) : NULL;
  OPENSSL_free (der);
  return result;
}

void tambo_seal_set_country (TamboIdb *idb, const char *csca) {
  g_autoptr (GBytes) bytes = csca != NULL ? g_bytes_new_static (csca, strlen (csca)) : NULL;
  g_autoptr (X509) certificate = bytes != NULL ? tambo_certificate_parse (bytes, NULL) : NULL;
  g_autofree char *country =
      certificate != NULL ? tambo_certificate_dup_country (certificate) : NULL;

  g_snprintf (idb->country, sizeof idb->country, "%.3s<<<", country != NULL ? country : "");
}

char *tambo_seal_sign (TamboIdb *idb, TamboKey *key, const char *certificate, GError **error) {
  g_autoptr (GBytes) der = encode_certificate (certificate, error);
  if (der == NULL)
    return NULL;
  refer_to (der, idb->reference);
  g_autoptr (GBytes) statement = tambo_idb_make_statement (idb, error);
  if (statement == NULL)
    return NULL;

  gsize size;
  gconstpointer data = g_bytes_get_data (statement, &size);
  g_autoptr (GBytes) signature = tambo_key_sign (key, data, size);
  g_clear_pointer (&idb->signature, g_bytes_unref);
  idb->signature =
      tambo_ecdsa_der_to_plain (tambo_key_get_evp_pkey (key), g_bytes_get_data (signature, NULL),
                                g_bytes_get_size (signature));
  g_clear_pointer (&idb->certificate, g_bytes_unref);
  idb->certificate = g_steal_pointer (&der);
  return tambo_idb_encode (idb, statement);
}

/* ---- verification ---- */

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean refuse (GError **error, const char *format, ...) {
  va_list arguments;

  va_start (arguments, format);
  g_propagate_error (error, g_error_new_valist (TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
                                                format, arguments));
  va_end (arguments);
  return FALSE;
}

static X509 *read_signer (const TamboIdb *idb, GError **error) {
  guint8 reference[TAMBO_IDB_REFERENCE_SIZE];

  if (idb->certificate == NULL) {
    refuse (error, "the seal does not have its signer's certificate");
    return NULL;
  }
  refer_to (idb->certificate, reference);
  if (memcmp (reference, idb->reference, sizeof reference) != 0) {
    refuse (error, "the seal names another certificate than it has");
    return NULL;
  }
  return tambo_certificate_parse (idb->certificate, error);
}

static gboolean check_signature (const TamboIdb *idb, X509 *signer, GError **error) {
  g_autoptr (GBytes) signature = tambo_ecdsa_plain_to_der (g_bytes_get_data (idb->signature, NULL),
                                                           g_bytes_get_size (idb->signature));
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  gsize size;
  const guint8 *data = g_bytes_get_data (idb->statement, &size);

  if (signature != NULL
      && EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, X509_get0_pubkey (signer)) == 1
      && EVP_DigestVerify (context, g_bytes_get_data (signature, NULL),
                           g_bytes_get_size (signature), data, size)
             == 1)
    return TRUE;
  tambo_error_set_openssl (NULL, "");
  return refuse (error, "the signature does not hold: what it says was changed");
}

static gboolean is_issued_by (X509 *signer, GBytes *file) {
  g_autoptr (X509) authority = tambo_certificate_parse (file, NULL);
  gboolean is = authority != NULL && X509_check_issued (authority, signer) == X509_V_OK
                && X509_verify (signer, X509_get0_pubkey (authority)) == 1;

  tambo_error_set_openssl (NULL, "");
  return is;
}

static gboolean check_issuer (X509 *signer, GPtrArray *authorities, GError **error) {
  for (guint i = 0; i < authorities->len; i++)
    if (is_issued_by (signer, g_ptr_array_index (authorities, i)))
      return TRUE;
  return refuse (error, "it is signed with a key that no authority known here has certified");
}

static gboolean check_dates (const TamboIdb *idb, X509 *signer, const char *today, GError **error) {
  g_autofree char *from = tambo_certificate_dup_date (X509_get0_notBefore (signer));
  g_autofree char *to = tambo_certificate_dup_date (X509_get0_notAfter (signer));

  if (strcmp (idb->date, from) < 0 || strcmp (idb->date, to) > 0)
    return refuse (error, "it is dated %s, and its signer's certificate is valid from %s to %s",
                   idb->date, from, to);
  if (*idb->expiry != '\0' && strcmp (idb->expiry, today) < 0)
    return refuse (error, "it has expired on %s", idb->expiry);
  return TRUE;
}

static char *dup_common_name (X509 *certificate) {
  char name[MAX_NAME + 1] = "";

  X509_NAME_get_text_by_NID (X509_get_subject_name (certificate), NID_commonName, name,
                             sizeof name);
  return g_utf8_make_valid (name, -1);
}

TamboSeal *tambo_seal_verify (const char *text, GPtrArray *authorities, const char *today,
                              GError **error) {
  g_autoptr (TamboSeal) seal = g_new0 (TamboSeal, 1);
  g_autoptr (X509) signer = NULL;

  seal->idb = tambo_idb_parse (text, error);
  if (seal->idb == NULL)
    return NULL;
  signer = read_signer (seal->idb, error);
  if (signer == NULL || !check_issuer (signer, authorities, error)
      || !check_signature (seal->idb, signer, error)
      || !check_dates (seal->idb, signer, today, error))
    return NULL;
  seal->signer = dup_common_name (signer);
  return g_steal_pointer (&seal);
}
