/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The key of a played fingerprint scanner and its provider's certificate over it, made at start, and
 * JSON Web Signatures with them (RFC 7515, compact, x5c in the header).
 */
#pragma once

#include <json-glib/json-glib.h>

typedef struct _TamboSbiSigner TamboSbiSigner;

typedef enum {
  TAMBO_SBI_RS256,
  TAMBO_SBI_ES256,
} TamboSbiAlgorithm;

/* VALID_FROM and VALID_TO, seconds from now, are of the scanner's certificate. */
TamboSbiSigner *tambo_sbi_signer_new (TamboSbiAlgorithm algorithm, long valid_from, long valid_to,
                                      GError **error);
void tambo_sbi_signer_free (TamboSbiSigner *signer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboSbiSigner, tambo_sbi_signer_free)

/* What a station has to trust: the provider's certificate. */
char *tambo_sbi_signer_dup_provider_pem (TamboSbiSigner *signer);
char *tambo_sbi_signer_sign (TamboSbiSigner *signer, JsonObject *payload);
/* The payload alone, as a scanner without a key gives it. */
char *tambo_sbi_encode_payload (JsonObject *payload);
char *tambo_sbi_base64url_encode (gconstpointer data, gsize size);
