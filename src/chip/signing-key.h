/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A private key of Doc 9303-12 section 4.4 that signs: RSA or a curve, in memory or in a PKCS#11 token.
 */
#pragma once

#include "base/token.h"

/* Immutable and shared by reference. */
typedef struct _TamboSigningKey TamboSigningKey;

/* PKEY stays the caller's. UNSUPPORTED for another kind of key. */
TamboSigningKey *tambo_signing_key_new (EVP_PKEY *pkey, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* PEM, not encrypted: PKCS#8 or the older forms. */
TamboSigningKey *tambo_signing_key_parse (GBytes *pem, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes TOKEN, also when it fails. */
TamboSigningKey *tambo_signing_key_new_from_token (TamboToken *token,
                                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboSigningKey *tambo_signing_key_ref (TamboSigningKey *key);
void tambo_signing_key_unref (TamboSigningKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboSigningKey, tambo_signing_key_unref)

EVP_PKEY *tambo_signing_key_get_public (TamboSigningKey *key);  /* borrowed */
EVP_PKEY *tambo_signing_key_get_private (TamboSigningKey *key); /* borrowed; NULL in a token */
GBytes *tambo_signing_key_dup_pem (TamboSigningKey *key);       /* a secret; NULL in a token */
gboolean tambo_signing_key_is_rsa (TamboSigningKey *key);
/* The hash as strong as the key: "SHA256", "SHA384", "SHA512". */
const char *tambo_signing_key_get_digest (TamboSigningKey *key);

/* Over DATA hashed with DIGEST: ECDSA-Sig-Value, RSASSA-PKCS1-v1_5 or, with PSS, RSASSA-PSS whose salt
 * is as long as the hash. */
GBytes *tambo_signing_key_sign (TamboSigningKey *key, const char *digest, gboolean pss,
                                gconstpointer data, gsize size,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
