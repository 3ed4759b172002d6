/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * EF.SOD, Doc 9303-10 section 4.6.2 and 9303-11 section 5.1 (passive authentication): CMS SignedData
 * in tag 77 over an LDSSecurityObject (OID 2.23.136.1.1.1) of hashes, signed by a document signer whose
 * certificate lies inside.
 */
#pragma once

#include "chip/lds.h"
#include "chip/signer.h"

/* Hashes every data group that LDS holds and signs, as SIGNER's form says. The result begins with tag
 * 77. */
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
 * document types), signer-validity (today, and when it signed), signer-revocation and country; of EF.COM
 * com-format where it is broken, lds-version and lds-groups (it says what the SOD says); and one
 * hash-DGn for every data group that is there, that COM announces or that the SOD names. TRUE when none
 * failed. */
gboolean tambo_passive_authentication (const TamboLds *lds, GPtrArray *csca, GPtrArray *verdicts);

/* The CMS inside tag 77, DER; what `openssl cms -verify -inform DER` takes. */
GBytes *tambo_sod_dup_cms (GBytes *sod, GError **error) G_GNUC_WARN_UNUSED_RESULT;
