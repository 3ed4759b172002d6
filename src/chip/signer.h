/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who signs: a country signing CA or a document signer, its certificate of Doc 9303-12 section 7.1,
 * table 6, and how it signs (section 4.4).
 */
#pragma once

#include "chip/signing-key.h"

/* How a SOD is made; all zero is what every reader takes. */
typedef struct {
  guint lds_version;  /* 0, or 1: with ldsVersionInfo, Doc 9303-10 section 4.6.2.3 */
  const char *digest; /* "SHA256", "SHA384", "SHA512", static; NULL: what fits the key */
  gboolean pss;       /* RSASSA-PSS where the key is RSA; else RSASSA-PKCS1-v1_5 */
} TamboSignatureForm;

typedef struct {
  TamboSigningKey *key;
  char *certificate; /* PEM */
  TamboSignatureForm form;
} TamboSigner;

/* CERTIFICATE is PEM or DER. UNSUPPORTED when it is of another key. */
TamboSigner *tambo_signer_new (TamboSigningKey *key, GBytes *certificate,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_signer_free (TamboSigner *signer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboSigner, tambo_signer_free)

/* A key with its certificate: PEM or DER, a file of its own or, with CERTIFICATE NULL, the one that lies
 * in the token under the same id. */
TamboSigner *tambo_signer_new_from_token (const char *uri, GBytes *certificate,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The certificate as DER, which is how a CSCA travels. */
GBytes *tambo_signer_dup_certificate_der (const TamboSigner *signer,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The hash that FORM names or that fits the key. */
const char *tambo_signer_get_digest (const TamboSigner *signer);

/* A self-signed CSCA of COUNTRY (two letters) with a new P-256 key, and a document signer under it. */
TamboSigner *tambo_csca_new (const char *country, const char *common_name, int years,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboSigner *tambo_document_signer_new (const TamboSigner *csca, const char *common_name, int years,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a key that is there already. A CSCA signs its certificates, so its key is in memory; a
 * document signer's may be in a token. Certificates are signed as the CSCA's FORM says. */
TamboSigner *tambo_csca_new_for_key (TamboSigningKey *key, const TamboSignatureForm *form,
                                     const char *country, const char *common_name, int years,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboSigner *tambo_document_signer_new_for_key (const TamboSigner *csca, TamboSigningKey *key,
                                                const char *common_name, int years,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
