/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Certificates of Doc 9303-12 section 7.1: reading one, and what it says of itself. Private to the
 * room; making them is signer.c's, chains are certificate-store.h's.
 */
#pragma once

#include <time.h>

#include "base/cleanup.h"
#include "chip/chip-error.h"

/* PEM or DER, nothing behind it. */
X509 *tambo_certificate_parse (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* TRUE when SIGNER may sign documents, its chain ends in a CSCA among FILES (certificate-store.h) and
 * all of it is valid today and not revoked. AUTHENTICATION otherwise. */
gboolean tambo_certificate_verify_chain (X509 *signer, GPtrArray *files,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Explicit parameters are accepted only where they are those of a curve that has a name. */
gboolean tambo_certificate_curve_is_known (X509 *certificate);

/* The key is for signatures, and the certificate demands nothing that is not known here. */
gboolean tambo_certificate_check_usage (X509 *signer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Section 7.1.1.6: the signer signs documents of this DOCUMENT_CODE ("P", "IR"); TRUE too without such
 * a list. */
gboolean tambo_certificate_check_document_type (X509 *signer, const char *document_code,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All of CHAIN (X509, signer first) is valid today, and its first was when it signed. SIGNED_AT is NULL
 * where nobody says when that was. */
gboolean tambo_certificate_check_validity (GPtrArray *chain, const ASN1_TIME *signed_at,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The country of the subject's name in capitals; NULL without. */
char *tambo_certificate_dup_country (X509 *certificate);
/* "2026-11-22", UTC. */
char *tambo_certificate_dup_date (const ASN1_TIME *time);
