/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * EF.CardSecurity, Doc 9303-10 section 3.11.4 and 9303-11 section 9.2.11: SecurityInfos under a
 * document signer's signature, with the chip's public key for chip authentication mapping.
 */
#pragma once

#include "chip/pace.h"
#include "chip/sod.h"

/* Adds card-security (signature, and the signer's chain where CSCA has certificates) and
 * chip-authentication (the chip proved in SESSION that it holds a private key of the file) to VERDICTS.
 * FILE may be NULL: it could not be read. */
void tambo_card_security_judge (GBytes *file, const TamboPaceSession *session,
                                const TamboPaceInfo *info, GPtrArray *csca, GPtrArray *verdicts);
/* A file for a chip with this PUBLIC_KEY over the parameters of INFO. */
GBytes *tambo_card_security_sign (const TamboPaceInfo *info, GBytes *public_key,
                                  const TamboSigner *signer,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
