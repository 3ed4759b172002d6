/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/registration.h"

#include <openssl/pem.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/error.h"

static char *pem_of_request (X509_REQ *request, GError **error) {
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *data;
  long size;

  if (bio == NULL || PEM_write_bio_X509_REQ (bio, request) != 1) {
    tambo_error_set_openssl (error, "the certificate request cannot be written");
    return NULL;
  }
  size = BIO_get_mem_data (bio, &data);
  return g_strndup (data, (gsize) size);
}

char *tambo_registration_make_csr (TamboKey *key, const char *station, GError **error) {
  g_autoptr (X509_REQ) request = X509_REQ_new ();
  EVP_PKEY *pkey = tambo_key_get_evp_pkey (key);

  if (!tambo_station_code_is_valid (station)) {
    g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL,
                 "\"%s\" is not a station code: 1 to 32 letters, digits, '.', '_' and '-'",
                 station);
    return NULL;
  }
  if (request == NULL || X509_REQ_set_version (request, X509_REQ_VERSION_1) != 1
      || X509_NAME_add_entry_by_txt (X509_REQ_get_subject_name (request), "CN", MBSTRING_UTF8,
                                     (const guint8 *) station, -1, -1, 0)
             != 1
      || X509_REQ_set_pubkey (request, pkey) != 1
      || X509_REQ_sign (request, pkey, EVP_sha256 ()) <= 0) {
    tambo_error_set_openssl (error, "the certificate request cannot be made");
    return NULL;
  }
  return pem_of_request (request, error);
}

gboolean tambo_register (const char *url, const char *ca_file,
                         const TamboRegistration *registration, GCancellable *cancellable,
                         char **out_certificate_pem, TamboTrust **out_trust, GError **error) {
  TamboClientSettings settings = { .url = url, .ca_file = ca_file };
  g_autoptr (TamboClient) client = tambo_client_new (&settings);
  g_autoptr (GError) cause = NULL;
  char *text = tambo_registration_to_json (registration);
  g_autofree char *answer = tambo_client_register (client, text, cancellable, &cause);

  tambo_secret_string_free (text);
  if (answer != NULL)
    return tambo_registration_answer_from_json (answer, -1, out_certificate_pem, out_trust, error);
  /* All that an operator typed is the invitation, and there is no record yet to look at. */
  if (g_error_matches (cause, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_REFUSED))
    cause->code = TAMBO_SYNC_ERROR_TOKEN;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

char *tambo_renew (const TamboClientSettings *settings, const char *station, const char *csr,
                   GCancellable *cancellable, GError **error) {
  g_autoptr (TamboClient) client = tambo_client_new (settings);
  TamboRenewalRequest request = { .station = (char *) station, .csr = (char *) csr };
  g_autofree char *text = tambo_renewal_request_to_json (&request);
  g_autofree char *answer = tambo_client_renew (client, text, cancellable, error);

  return answer != NULL ? tambo_renewal_answer_from_json (answer, -1, error) : NULL;
}
