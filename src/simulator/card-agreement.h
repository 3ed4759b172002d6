/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The chip's end of Chip Authentication version 1, ICAO Doc 9303-11 section 6.2: MSE:Set KAT for 3DES,
 * MSE:Set AT and GENERAL AUTHENTICATE for all ciphers; DH and ECDH.
 */
#pragma once

#include "chip/secure-messaging.h"

typedef struct _TamboCardAgreement TamboCardAgreement;

/* The private key, PEM, whose public half DG14 has. */
TamboCardAgreement *tambo_card_agreement_new (GBytes *key, GBytes *dg14,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_card_agreement_free (TamboCardAgreement *agreement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCardAgreement, tambo_card_agreement_free)

/* MSE (22) or GENERAL AUTHENTICATE (86), unwrapped: the status word. Once the key has come OUT_SESSION
 * begins behind the answer, and OUT_TERMINAL_KEY is its Comp; both are NULL before. */
guint16 tambo_card_agreement_process (TamboCardAgreement *agreement, const TamboCommand *command,
                                      TamboSecureMessaging **out_session,
                                      GBytes **out_terminal_key);
