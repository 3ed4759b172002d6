/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/authority.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/hash.h"
#include "hq/hq-error.h"

#define AUTHORITY_DAYS (20 * 365)
#define SERIAL_SIZE 16
/* Stations' clocks may run behind. */
#define BACKDATE_SECONDS (24 * 3600)

static char *pem_of (X509 *certificate, GError **error) {
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *data;
  long size;

  if (bio == NULL || PEM_write_bio_X509 (bio, certificate) != 1) {
    tambo_error_set_openssl (error, "the certificate cannot be written");
    return NULL;
  }
  size = BIO_get_mem_data (bio, &data);
  return g_strndup (data, (gsize) size);
}

static X509 *certificate_from_pem (const char *pem, GError **error) {
  g_autoptr (BIO) bio = BIO_new_mem_buf (pem, -1);
  X509 *certificate = bio != NULL ? PEM_read_bio_X509 (bio, NULL, NULL, NULL) : NULL;

  if (certificate == NULL)
    tambo_error_set_openssl (error, "the certificate cannot be read");
  return certificate;
}

static gboolean set_serial (X509 *certificate) {
  guint8 serial[SERIAL_SIZE];
  g_autoptr (BIGNUM) number = NULL;

  tambo_random (serial, sizeof serial);
  serial[0] = (serial[0] & 0x7f) | 0x40; /* positive, never short */
  number = BN_bin2bn (serial, sizeof serial, NULL);
  return number != NULL && BN_to_ASN1_INTEGER (number, X509_get_serialNumber (certificate)) != NULL;
}

static gboolean add_extension (X509 *certificate, X509 *issuer, int nid, const char *value) {
  X509V3_CTX context;
  g_autoptr (X509_EXTENSION) extension = NULL;

  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  return extension != NULL && X509_add_ext (certificate, extension, -1) == 1;
}

static gboolean fill (X509 *certificate, TamboKey *subject_key, const char *common_name, int days) {
  return X509_set_version (certificate, X509_VERSION_3) == 1 && set_serial (certificate)
         && X509_gmtime_adj (X509_getm_notBefore (certificate),
                             days < 0 ? 2 * 86400L * days : -BACKDATE_SECONDS)
                != NULL
         && X509_gmtime_adj (X509_getm_notAfter (certificate), 86400L * days) != NULL
         && X509_NAME_add_entry_by_txt (X509_get_subject_name (certificate), "CN", MBSTRING_UTF8,
                                        (const guint8 *) common_name, -1, -1, 0)
                == 1
         && X509_set_pubkey (certificate, tambo_key_get_evp_pkey (subject_key)) == 1;
}

char *tambo_authority_make (TamboKey *key, const char *common_name, GError **error) {
  g_autoptr (X509) certificate = X509_new ();

  if (certificate == NULL || !fill (certificate, key, common_name, AUTHORITY_DAYS)
      || X509_set_issuer_name (certificate, X509_get_subject_name (certificate)) != 1
      || !add_extension (certificate, certificate, NID_basic_constraints,
                         "critical,CA:TRUE,pathlen:0")
      || !add_extension (certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign")
      || !add_extension (certificate, certificate, NID_subject_key_identifier, "hash")
      || X509_sign (certificate, tambo_key_get_evp_pkey (key), EVP_sha256 ()) <= 0) {
    tambo_error_set_openssl (error, "the authority cannot be made");
    return NULL;
  }
  return pem_of (certificate, error);
}

/* "DNS:localhost,IP:127.0.0.1" */
static char *alternative_names (const char *const *hosts) {
  GString *names = g_string_new (NULL);

  for (gsize i = 0; hosts[i] != NULL; i++)
    g_string_append_printf (names, "%s%s:%s", i > 0 ? "," : "",
                            g_hostname_is_ip_address (hosts[i]) ? "IP" : "DNS", hosts[i]);
  return g_string_free (names, FALSE);
}

static gboolean are_hosts (const char *const *hosts) {
  for (gsize i = 0; hosts[i] != NULL; i++)
    for (const char *p = hosts[i]; *p != '\0' || p == hosts[i]; p++)
      if (!g_ascii_isalnum (*p) && (*p == '\0' || strchr (".-:*", *p) == NULL))
        return FALSE;
  return TRUE;
}

static gboolean extend (X509 *certificate, X509 *issuer, TamboAuthorityPurpose purpose,
                        const char *const *hosts) {
  g_autofree char *names = hosts != NULL ? alternative_names (hosts) : NULL;

  return add_extension (certificate, issuer, NID_basic_constraints, "critical,CA:FALSE")
         && add_extension (certificate, issuer, NID_key_usage, "critical,digitalSignature")
         && add_extension (certificate, issuer, NID_ext_key_usage,
                           purpose == TAMBO_AUTHORITY_SERVER ? "serverAuth" : "clientAuth")
         && add_extension (certificate, issuer, NID_subject_key_identifier, "hash")
         && add_extension (certificate, issuer, NID_authority_key_identifier, "keyid:always")
         && (names == NULL || add_extension (certificate, issuer, NID_subject_alt_name, names));
}

char *tambo_authority_issue (TamboKey *authority_key, const char *authority_pem,
                             TamboKey *subject_key, const char *common_name,
                             TamboAuthorityPurpose purpose, const char *const *hosts, int days,
                             GError **error) {
  g_autoptr (X509) issuer = certificate_from_pem (authority_pem, error);
  g_autoptr (X509) certificate = X509_new ();

  if (issuer == NULL)
    return NULL;
  /* The names go into OpenSSL's own little language, where a comma begins another one. */
  if (hosts != NULL && !are_hosts (hosts)) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID,
                         "a host has characters that no host name has");
    return NULL;
  }
  if (certificate == NULL || !fill (certificate, subject_key, common_name, days)
      || X509_set_issuer_name (certificate, X509_get_subject_name (issuer)) != 1
      || !extend (certificate, issuer, purpose, hosts)
      || X509_sign (certificate, tambo_key_get_evp_pkey (authority_key), EVP_sha256 ()) <= 0) {
    tambo_error_set_openssl (error, "the certificate cannot be made");
    return NULL;
  }
  return pem_of (certificate, error);
}

static gboolean has_common_name (X509_NAME *name, const char *common_name) {
  char text[128];
  int length = X509_NAME_get_text_by_NID (name, NID_commonName, text, sizeof text);

  return X509_NAME_entry_count (name) == 1 && length == (int) strlen (common_name)
         && memcmp (text, common_name, (gsize) length) == 0;
}

static TamboKey *key_of (EVP_PKEY *pkey, GError **error) {
  guint8 *point = NULL;
  gsize size = EVP_PKEY_get1_encoded_public_key (pkey, &point);
  TamboKey *key = tambo_key_new_from_point (point, size, error);

  OPENSSL_free (point);
  return key;
}

TamboKey *tambo_authority_read_request (const char *csr_pem, const char *common_name,
                                        GError **error) {
  g_autoptr (BIO) bio = BIO_new_mem_buf (csr_pem, -1);
  g_autoptr (X509_REQ) request = bio != NULL ? PEM_read_bio_X509_REQ (bio, NULL, NULL, NULL) : NULL;
  EVP_PKEY *pkey = request != NULL ? X509_REQ_get0_pubkey (request) : NULL;

  if (pkey == NULL || X509_REQ_verify (request, pkey) != 1
      || !has_common_name (X509_REQ_get_subject_name (request), common_name)) {
    tambo_error_set_openssl (NULL, "");
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID,
                 "the certificate request is not one of station %s", common_name);
    return NULL;
  }
  return key_of (pkey, error);
}

char *tambo_certificate_fingerprint (const char *pem, GError **error) {
  g_autoptr (X509) certificate = certificate_from_pem (pem, error);
  guint8 hash[TAMBO_SHA256_SIZE];
  guint size = sizeof hash;

  if (certificate == NULL)
    return NULL;
  if (X509_digest (certificate, EVP_sha256 (), hash, &size) != 1 || size != sizeof hash) {
    tambo_error_set_openssl (error, "the certificate has no fingerprint");
    return NULL;
  }
  return tambo_hex_encode (hash, sizeof hash);
}
