/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/protocol.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/json.h"

#define MAX_PEM (16 * 1024)

static gboolean malformed (GError **error, const char *what, const char *cause) {
  g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL, "%s: %s", what, cause);
  return FALSE;
}

void tambo_renewal_request_free (TamboRenewalRequest *request) {
  if (request == NULL)
    return;
  g_free (request->station);
  g_free (request->csr);
  g_free (request);
}

char *tambo_renewal_request_to_json (const TamboRenewalRequest *request) {
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "station", request->station);
  json_object_set_string_member (object, "csr", request->csr);
  return tambo_json_canonical (object);
}

TamboRenewalRequest *tambo_renewal_request_from_json (const char *text, gssize size,
                                                      GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, size, &cause);
  const char *station = object != NULL ? tambo_json_get_string (object, "station", &cause) : NULL;
  const char *csr = station != NULL ? tambo_json_get_string (object, "csr", &cause) : NULL;
  TamboRenewalRequest *request;

  if (csr == NULL || !tambo_station_code_is_valid (station) || strlen (csr) > MAX_PEM) {
    malformed (error, "the renewal", cause != NULL ? cause->message : "a member has no form");
    return NULL;
  }
  request = g_new0 (TamboRenewalRequest, 1);
  request->station = g_strdup (station);
  request->csr = g_strdup (csr);
  return request;
}

char *tambo_renewal_answer_to_json (const char *certificate_pem) {
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "certificate", certificate_pem);
  return tambo_json_canonical (object);
}

char *tambo_renewal_answer_from_json (const char *text, gssize size, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, size, &cause);
  const char *pem = object != NULL ? tambo_json_get_string (object, "certificate", &cause) : NULL;

  if (pem == NULL || strlen (pem) > MAX_PEM) {
    malformed (error, "the renewal", cause != NULL ? cause->message : "a member has no form");
    return NULL;
  }
  return g_strdup (pem);
}

static gboolean read_time (const ASN1_TIME *time, gint64 *out_seconds) {
  struct tm parts;

  if (time == NULL || ASN1_TIME_to_tm (time, &parts) != 1)
    return FALSE;
  *out_seconds = timegm (&parts);
  return TRUE;
}

gboolean tambo_certificate_get_dates (const char *pem, gint64 *out_from, gint64 *out_to,
                                      GError **error) {
  g_autoptr (BIO) bio = BIO_new_mem_buf (pem, -1);
  g_autoptr (X509) certificate = bio != NULL ? PEM_read_bio_X509 (bio, NULL, NULL, NULL) : NULL;

  if (certificate != NULL && read_time (X509_get0_notBefore (certificate), out_from)
      && read_time (X509_get0_notAfter (certificate), out_to))
    return TRUE;
  tambo_error_set_openssl (error, "the certificate cannot be read");
  return FALSE;
}

gboolean tambo_certificate_is_half_over (gint64 from, gint64 to, gint64 now) {
  return now - from >= (to - from) / 2;
}
