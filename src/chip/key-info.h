/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a document tells of its chip's keys: the public key in DG15, and the SecurityInfos of Doc 9303-11
 * section 9.2 for DG14 and EF.CardAccess. An issuer's end; reading them is card-access.h's.
 */
#pragma once

#include <openssl/evp.h>

#include "chip/card-access.h"

/* PEM or DER of a public key, a private key or a certificate; what is public of it. MALFORMED. */
EVP_PKEY *tambo_public_key_parse (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SubjectPublicKeyInfo, DER; a curve is written out as numbers (section 9.5). The content of DG15. */
GBytes *tambo_public_key_info (EVP_PKEY *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Each appends to INFOS, for tambo_dg14_encode, GBytes of one SecurityInfo each. */
void tambo_key_infos_add_pace (GPtrArray *infos, const TamboPaceInfo *pace);
/* Which hash a curve's key signs with (section 9.2.3), what DG14 must say then; nothing for RSA. */
void tambo_key_infos_add_active (GPtrArray *infos, EVP_PKEY *key);
/* ChipAuthenticationPublicKeyInfo of KEY, on a curve, and ChipAuthenticationInfo (sections 9.2.5 and
 * 9.2.6). UNSUPPORTED for another kind of key. */
gboolean tambo_key_infos_add_chip_authentication (GPtrArray *infos, EVP_PKEY *key,
                                                  TamboPaceCipher cipher, GError **error);
/* The same for a new key on P-256 with AES-128. OUT_PEM is its private half, a secret. */
gboolean tambo_key_infos_generate_chip_key (GPtrArray *infos, GBytes **out_pem, GError **error);
