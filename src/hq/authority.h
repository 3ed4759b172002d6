/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The X.509 authority of the transport (RFC 5280): its own certificate, the server's, the stations'.
 * It has nothing to do with the document signers' authority (CSCA).
 */
#pragma once

#include "base/crypto.h"

/* A self-signed authority; PEM. */
char *tambo_authority_make (TamboKey *key, const char *common_name,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
  TAMBO_AUTHORITY_SERVER,
  TAMBO_AUTHORITY_STATION,
} TamboAuthorityPurpose;

/* A certificate for the public part of SUBJECT_KEY; HOSTS (NULL-terminated names and addresses) are for
 * the server's. DAYS from now; negative makes one that is past. PEM. */
char *tambo_authority_issue (TamboKey *authority_key, const char *authority_pem,
                             TamboKey *subject_key, const char *common_name,
                             TamboAuthorityPurpose purpose, const char *const *hosts, int days,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The key of a PKCS#10 request: its own signature holds and its CN is COMMON_NAME. */
TamboKey *tambo_authority_read_request (const char *csr_pem, const char *common_name,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SHA-256 of the DER, hexadecimal. */
char *tambo_certificate_fingerprint (const char *pem, GError **error) G_GNUC_WARN_UNUSED_RESULT;
