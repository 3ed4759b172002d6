/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * EF.SOD, Doc 9303-10 section 4.6.2 and 9303-11 section 5.1 (passive authentication): CMS SignedData
 * in tag 77 over an LDSSecurityObject (OID 2.23.136.1.1.1) of SHA-256 hashes, signed by a document
 * signer whose certificate lies inside; certificate profiles of Doc 9303-12 section 7.
 */
#pragma once

#include "base/crypto.h"
#include "chip/lds.h"

/* PEM certificate and P-256 key of a CSCA or a document signer. */
typedef struct {
  TamboKey *key;
  char *certificate; /* PEM */
} TamboSigner;

void tambo_signer_free (TamboSigner *signer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboSigner, tambo_signer_free)

/* The certificate as DER, which is how a CSCA travels. */
GBytes *tambo_signer_dup_certificate_der (const TamboSigner *signer,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A self-signed CSCA of COUNTRY (two letters) and a document signer under it. */
TamboSigner *tambo_csca_new (const char *country, const char *common_name, int years,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboSigner *tambo_document_signer_new (const TamboSigner *csca, const char *common_name, int years,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Hashes every data group that LDS holds and signs. The result begins with tag 77. */
GBytes *tambo_sod_sign (const TamboLds *lds, const TamboSigner *signer,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One row of a verdict. */
typedef enum {
  TAMBO_VERDICT_PASSED,
  TAMBO_VERDICT_FAILED,
  TAMBO_VERDICT_SKIPPED, /* cannot be decided: the part is not there */
} TamboVerdictResult;

typedef struct {
  char *check; /* "access-control", "sod-signature", "document-signer", "hash-DG1", … */
  TamboVerdictResult result;
  char *detail; /* why; "" when there is nothing to say */
} TamboVerdict;

void tambo_verdict_free (TamboVerdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboVerdict, tambo_verdict_free)
void tambo_verdict_add (GPtrArray *verdicts, const char *check, TamboVerdictResult result,
                        const char *detail_format, ...) G_GNUC_PRINTF (4, 5);

/* Passive authentication of LDS against CSCA: files (GBytes) with certificates, links, master lists and
 * revocation lists, told apart by what they are. Adds to VERDICTS (TamboVerdict) sod-format and
 * sod-signature; of the signer document-signer (its chain ends in a CSCA), signer-usage (key usage and
 * document types), signer-validity (today, and when it signed), signer-revocation and country; and one
 * hash-DGn for every data group that is there, that COM announces or that the SOD names. TRUE when none
 * failed. */
gboolean tambo_passive_authentication (const TamboLds *lds, GPtrArray *csca, GPtrArray *verdicts);

/* The CMS inside tag 77, DER; what `openssl cms -verify -inform DER` takes. */
GBytes *tambo_sod_dup_cms (GBytes *sod, GError **error) G_GNUC_WARN_UNUSED_RESULT;
